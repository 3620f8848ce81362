//! The words of a message while a person edits them. They outlive every view: only a person drops them.

use super::field::edit;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Style;
use tui_textarea::{CursorMove, TextArea, WrapMode};

/// The longest message that can be typed, in bytes: escaped, it is still shown whole before it leaves.
const WORDS_MAX: usize = 2_000;

/// A blank that a person must fill, as far as it reaches on its line.
const BLANK: &str = r"\[\[[^\]]*(\]\]|$)";

/// A message being edited.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) area: TextArea<'static>,
    /// The words as they were when editing began, or when they were last saved.
    begun: String,
    saved: bool,
}

impl Draft {
    /// A draft that begins with `words`; `blank` is the style of what a person must fill.
    pub(super) fn new(words: &str, blank: Style) -> Self {
        let mut area = TextArea::new(words.lines().map(inert).collect());
        area.set_cursor_line_style(Style::new());
        area.set_selection_style(Style::new().reversed());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_search_style(blank);
        area.set_search_pattern(BLANK).expect("the pattern is a literal");
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        let begun = area.lines().join("\n");
        Self { area, begun, saved: false }
    }

    /// What stands there now, saved or not.
    pub(super) fn words(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The words a person has saved, if they have.
    pub(super) fn saved(&self) -> Option<&str> {
        self.saved.then_some(self.begun.as_str())
    }

    pub(super) fn is_unsaved(&self) -> bool {
        self.words() != self.begun
    }

    pub(super) fn save(&mut self) {
        (self.begun, self.saved) = (self.words(), true);
    }

    /// The words as they were saved last; `None` if nobody has saved any.
    pub(super) fn restored(self) -> Option<Self> {
        self.saved.then(|| Self { saved: true, ..Self::new(&self.begun, self.area.search_style()) })
    }

    /// Moves to the next blank; answers whether there is one.
    pub(super) fn next_blank(&mut self) -> bool {
        self.area.search_forward(false)
    }

    /// Puts text in at the cursor, as lines of inert text, as much as there is room for.
    pub(super) fn insert(&mut self, text: &str) {
        let lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(inert).collect();
        let mut fits = lines.join("\n");
        let room = WORDS_MAX.saturating_sub(self.words().len());
        let ends = fits.char_indices().map(|(at, c)| at + c.len_utf8());
        fits.truncate(ends.take_while(|end| *end <= room).last().unwrap_or(0));
        self.area.insert_str(fits);
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        match key.code {
            KeyCode::Char(c) if plain => self.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Enter => self.insert("\n"),
            KeyCode::Up => self.area.move_cursor(CursorMove::Up),
            KeyCode::Down => self.area.move_cursor(CursorMove::Down),
            _ => edit(&mut self.area, key),
        }
    }
}

/// One line that acts on no terminal.
fn inert(line: &str) -> String {
    Text::new(&line.replace('\t', " ")).to_string()
}
