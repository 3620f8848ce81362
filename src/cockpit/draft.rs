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
    /// The words as they are written without a person.
    written: String,
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
        Self { area, written: begun.clone(), begun }
    }

    /// What stands there now, saved or not.
    pub(super) fn words(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The words a person has saved, if they are others than nobody would have written.
    pub(super) fn saved(&self) -> Option<&str> {
        (self.begun != self.written).then_some(self.begun.as_str())
    }

    pub(super) fn is_unsaved(&self) -> bool {
        self.words() != self.begun
    }

    pub(super) fn save(&mut self) {
        self.begun = self.words();
    }

    /// A draft whose words were saved before goaround was begun again.
    pub(super) fn recalled(words: &str, blank: Style) -> Self {
        Self { written: String::new(), ..Self::new(words, blank) }
    }

    /// The words as they were saved last; `None` if nobody has saved any of their own.
    pub(super) fn restored(self) -> Option<Self> {
        self.saved()?;
        let Self { begun, written, area } = self;
        Some(Self { written, ..Self::new(&begun, area.search_style()) })
    }

    /// Whether a person must fill a blank yet.
    pub(super) fn has_blank(&self) -> bool {
        self.words().contains("[[")
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

    /// Puts a line in at the end, or in the place of everything; says why where there is no room for it.
    pub(super) fn append(&mut self, line: &str, anew: bool) -> Result<(), &'static str> {
        let line = inert(line);
        let kept = if anew { String::new() } else { self.words() };
        if kept.len() + 1 + line.len() > WORDS_MAX {
            return Err("not taken: the message is too long already");
        }
        if anew {
            self.area.select_all();
            self.area.cut();
            self.area.insert_str(line);
        } else {
            self.area.move_cursor(CursorMove::Bottom);
            self.area.move_cursor(CursorMove::End);
            self.area.insert_str(format!("\n{line}"));
        }
        Ok(())
    }

    /// Puts `words` in the place of the first blank; says why where there is none, or no room.
    pub(super) fn fill(&mut self, words: &str) -> Result<(), &'static str> {
        let whole = self.words();
        let Some(start) = whole.find("[[") else { return Err("no blank is left open") };
        let end = whole[start..].find("]]").map_or(whole.len(), |end| start + end + 2);
        let filled = format!("{}{}{}", &whole[..start], inert(words), &whole[end..]);
        if filled.len() > WORDS_MAX {
            return Err("not taken: the message is too long already");
        }
        self.area.select_all();
        self.area.cut();
        self.area.insert_str(filled);
        Ok(())
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
