//! One line of text being typed, and what it is for.

use super::scene::Sight;
use crate::incident::{AttemptId, ReadBack, Way};
use crate::playbook::Id;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

/// What a typed line is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Purpose {
    /// Why a step is begun although an earlier one is open.
    OutOfOrder(Id, Begin),
    Skip(Id),
    Override(Id),
    Defer(Id),
    Reopen(Id),
    Declare(u8),
    SizeUp,
    Note,
    /// Why a branch is opened by hand.
    OpenBranch(Id),
    /// Who gives this answer, where a step asks for a second person.
    Answer(Box<Answering>),
    /// Why a lever is picked that no raised symptom lists.
    PickAnyway(Box<Picking>),
    /// Why it is fired although an interlock does not hold, of what was armed when that was asked.
    FireAnyway(Sight),
    /// The target of an irreversible lever must be typed exactly.
    TypeTarget(Text),
    /// Who approves what is armed.
    Approver,
    /// The target, typed by the one who approves, of what was armed then.
    Approve(Box<Approving>),
    /// What was seen of a pull that nothing can read back, and whether it is as wanted.
    Attest(AttemptId, ReadBack),
    Close,
    /// What an observer objects to.
    Object,
    /// What an event of a replay says.
    FindEvent,
}

impl Purpose {
    /// Whether it ends something, or is a person's word for what was seen: only a person types it.
    pub(super) fn is_a_word(&self) -> bool {
        matches!(self, Self::Close | Self::Attest(..) | Self::Answer(_) | Self::Approve(_))
    }

    /// What must be typed exactly.
    pub(super) fn target(&self) -> Option<&Text> {
        match self {
            Self::TypeTarget(want) => Some(want),
            Self::Approve(approving) => Some(&approving.want),
            Self::OutOfOrder(..)
            | Self::Skip(_)
            | Self::Override(_)
            | Self::Defer(_)
            | Self::Reopen(_)
            | Self::Declare(_)
            | Self::SizeUp
            | Self::Note
            | Self::FireAnyway(_)
            | Self::OpenBranch(_)
            | Self::Answer(_)
            | Self::PickAnyway(_)
            | Self::Approver
            | Self::Attest(..)
            | Self::Close
            | Self::Object
            | Self::FindEvent => None,
        }
    }
}

/// What a second person approves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Approving {
    pub(super) approver: Text,
    pub(super) lever: Id,
    pub(super) way: Way,
    pub(super) want: Text,
    pub(super) request_sha256: String,
}

/// An answer that waits for the name of the person who gives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answering {
    pub(super) step: Id,
    pub(super) saw: Text,
    pub(super) took_ms: u64,
}

/// A choice that waits for its reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picking {
    pub(super) step: Id,
    pub(super) lever: Id,
    pub(super) took_ms: u64,
}

/// How a step is begun.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Begin {
    /// It is run.
    Run,
    /// Its question is asked.
    Ask,
}

/// The line.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) purpose: Purpose,
    pub(super) title: String,
    pub(super) hint: String,
    /// Whether keys stay out of it until it is opened: it holds words that can be taken as they are.
    pub(super) shut: bool,
    pub(super) area: TextArea<'static>,
}

/// The longest line, in characters.
pub(super) const TYPED_MAX: usize = 400;

impl Field {
    pub(super) fn new(purpose: Purpose, title: impl Into<String>, hint: impl Into<String>) -> Self {
        let mut area = TextArea::default();
        area.set_cursor_line_style(ratatui::style::Style::new());
        area.set_selection_style(ratatui::style::Style::new().reversed());
        Self { purpose, title: title.into(), hint: hint.into(), shut: false, area }
    }

    /// Whether a second person is typing.
    pub(super) fn is_approval(&self) -> bool {
        matches!(self.purpose, Purpose::Approver | Purpose::Approve(_))
    }

    /// The same with a text to begin with.
    pub(super) fn holding(mut self, text: &str) -> Self {
        self.insert(text);
        self
    }

    /// The same with words that can be taken as they are: no key that was meant for elsewhere gets into them.
    pub(super) fn ready(self, text: &str) -> Self {
        Self { shut: true, ..self.holding(text) }
    }

    /// Lets keys in, behind the words that stand there.
    pub(super) fn open(&mut self) {
        if std::mem::take(&mut self.shut) && !self.area.is_empty() {
            self.insert("; ");
        }
    }

    /// Puts text in at the cursor: one line, inert, bounded.
    pub(super) fn insert(&mut self, text: &str) {
        let room = TYPED_MAX.saturating_sub(self.area.lines().iter().map(|line| line.chars().count()).sum());
        let one_line: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let inert: String = Text::new(&one_line).as_str().chars().take(room).collect();
        self.area.insert_str(inert);
    }

    /// Puts `text` in the place of what stands there.
    pub(super) fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.cut();
        self.insert(text);
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        match key.code {
            KeyCode::Char(c) if plain => self.insert_char(c),
            _ => edit(&mut self.area, key),
        }
    }

    fn insert_char(&mut self, c: char) {
        let typed: usize = self.area.lines().iter().map(|line| line.chars().count()).sum();
        let inert = Text::new(c.encode_utf8(&mut [0; 4]));
        if typed + inert.as_str().chars().count() <= TYPED_MAX {
            self.area.insert_str(inert.as_str());
        }
    }

    /// What was typed, without blanks around it.
    pub(super) fn text(&self) -> Text {
        Text::new(self.area.lines().join(" ").trim())
    }
}

/// What a key without a character does to text being typed: moves within a line, or takes away.
pub(super) fn edit(area: &mut TextArea, key: KeyEvent) {
    let control = key.modifiers == KeyModifiers::CONTROL;
    match key.code {
        KeyCode::Char('w') if control => drop(area.delete_word()),
        KeyCode::Char('u') if control => drop(area.delete_line_by_head()),
        KeyCode::Backspace => drop(area.delete_char()),
        KeyCode::Delete => drop(area.delete_next_char()),
        KeyCode::Left => area.move_cursor(CursorMove::Back),
        KeyCode::Right => area.move_cursor(CursorMove::Forward),
        KeyCode::Home => area.move_cursor(CursorMove::Head),
        KeyCode::End => area.move_cursor(CursorMove::End),
        _ => {}
    }
}
