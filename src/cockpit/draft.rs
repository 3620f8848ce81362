//! The words of a message while a person edits them. They outlive every view: only a person drops them.

use super::field::edit;
use super::words::wrap;
use crate::incident::blanks_in;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Clear;
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

    /// Which line the cursor is in, where the rows there are do not hold all of them.
    pub(super) fn place(&self, width: usize, room: usize) -> String {
        let lines = self.area.lines();
        let rows: usize = lines.iter().map(|line| wrap(line, width).len().max(1)).sum();
        if rows <= room { String::new() } else { format!("line {} of {}; ", self.area.cursor().0 + 1, lines.len()) }
    }

    /// Draws the words. In a window that has grown no row below the last one stays blank while the first are scrolled
    /// away.
    pub(super) fn draw(&self, frame: &mut Frame, area: Rect) {
        if area.is_empty() {
            return;
        }
        frame.render_widget(&self.area, area);
        let mut ends = self.area.clone();
        ends.move_cursor(CursorMove::Bottom);
        ends.move_cursor(CursorMove::End);
        let rows = ends.screen_cursor().row + 1;
        let top = usize::from(self.area.scroll_offset().0);
        let over = (top + usize::from(area.height)).saturating_sub(rows).min(top);
        if over > 0 {
            let (row, column) = (self.area.cursor().0, self.area.cursor().1);
            ends.scroll((-i16::try_from(over).unwrap_or(i16::MAX), 0));
            ends.move_cursor(jump(row, column));
            frame.render_widget(Clear, area);
            frame.render_widget(&ends, area);
        }
    }

    /// Whether a person must fill a blank yet.
    pub(super) fn has_blank(&self) -> bool {
        self.words().contains("[[")
    }

    /// Marks the next blank whole, so that typing takes its place; answers whether there is one.
    pub(super) fn next_blank(&mut self) -> bool {
        let at = (self.area.cursor().0, self.area.cursor().1);
        let blanks = self.blanks();
        let next = blanks.iter().find(|(row, from, _)| (*row, *from) >= at).or(blanks.first());
        let Some(&(row, from, to)) = next else { return false };
        self.unmark();
        self.area.move_cursor(jump(row, from));
        self.area.start_selection();
        self.area.move_cursor(jump(row, to));
        true
    }

    /// Whether a blank is marked: what is typed takes its place.
    pub(super) fn is_marked(&self) -> bool {
        self.area.is_selecting()
    }

    /// Leaves a marked blank as it stands.
    pub(super) fn unmark(&mut self) {
        self.area.cancel_selection();
    }

    /// Where every blank stands: its line, its first character and the one behind its last.
    fn blanks(&self) -> Vec<(usize, usize, usize)> {
        let mut blanks = Vec::new();
        for (row, line) in self.area.lines().iter().enumerate() {
            for blank in blanks_in(line) {
                let chars = |bytes: usize| line[..bytes].chars().count();
                blanks.push((row, chars(blank.start), chars(blank.end)));
            }
        }
        blanks
    }

    /// Fills what was not known when these words were written, where nobody has filled it otherwise.
    pub(super) fn learn(&mut self, fill: impl Fn(&str) -> String) {
        let (words, begun) = (fill(&self.words()), fill(&self.begun));
        if words != self.words() {
            let cursor = self.area.cursor();
            self.area.select_all();
            self.area.cut();
            self.area.insert_str(words);
            self.area.move_cursor(jump(cursor.0, cursor.1));
        }
        self.begun = begun;
    }

    /// Puts text in at the cursor, as lines of inert text, as much as there is room for.
    pub(super) fn insert(&mut self, text: &str) {
        let lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(inert).collect();
        let mut fits = lines.join("\n");
        if self.is_marked() {
            self.area.delete_char();
        }
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
            self.unmark();
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
        let goes = [KeyCode::Up, KeyCode::Down, KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End];
        if goes.contains(&key.code) {
            self.unmark();
        }
        match key.code {
            KeyCode::Char(c) if plain => self.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Enter => self.insert("\n"),
            KeyCode::Up => self.area.move_cursor(CursorMove::Up),
            KeyCode::Down => self.area.move_cursor(CursorMove::Down),
            _ => edit(&mut self.area, key),
        }
    }
}

/// To this character of this line; a message is far too short for either to be cut.
fn jump(row: usize, column: usize) -> CursorMove {
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    CursorMove::Jump(place(row), place(column))
}

/// One line that acts on no terminal.
fn inert(line: &str) -> String {
    Text::new(&line.replace('\t', " ")).to_string()
}
