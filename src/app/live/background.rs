//! Whether the terminal is dark or light: it is asked behind the first frame, and its answer is taken out of the keys.
//!
//! Nothing waits for the answer, and however late it comes, it presses no key.

use crate::cockpit::Background;
use crossterm::event::{Event, KeyCode, KeyModifiers};

/// Asks for the colour behind the text (OSC 11). A bell ends it, because some end their answer as the question ended,
/// and what ends otherwise may arrive in two pieces.
pub(super) const ASK: &[u8] = b"\x1b]11;?\x07";
/// How an answer begins. Nobody types this: from here on it is one.
const BEGINNING: &str = "\x1b]11;rgb";
/// What is waited for as an answer, and dropped rather than pressed when nothing follows: nobody types this either.
const SURE: &str = "\x1b]11;";
/// The longest answer, in bytes: four channels of four digits, and what is around them.
const ANSWER_BYTES_MAX: usize = 40;
/// So many silent looks after it began, the rest of an answer will not come any more.
const SILENCE_MAX: u8 = 10;

/// What was read so far, beside an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// All of it.
    Answer,
    /// The beginning of it.
    Part,
    /// None.
    Keys,
}

/// Takes the answer out of the keys: it arrives letter by letter, and `r` would begin a step.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    held: Vec<Event>,
    /// What is held as it was read, and before it what was let go of and may still have been the beginning.
    typed: String,
    silent: u8,
    /// Whether an answer is due: an Esc may be the first byte of one then, which came in two pieces.
    due: bool,
    /// Whether a lone Esc was let go of: the next letters may be the rest of an answer, or a person's.
    esc_gone: bool,
    told: Option<Background>,
}

impl Sieve {
    /// One that was told whether there will be an answer.
    pub(super) fn expecting(due: bool) -> Self {
        Self { due, ..Self::default() }
    }

    /// Takes the next event; what is none of an answer comes back, in order.
    pub(super) fn sift(&mut self, event: Event) -> Vec<Event> {
        if matches!(event, Event::Resize(..) | Event::FocusGained | Event::FocusLost) {
            // These arrive beside the bytes, and interrupt no answer.
            return vec![event];
        }
        self.hold(event);
        match self.reads() {
            Reads::Part => Vec::new(),
            Reads::Answer => {
                let colour = self.typed.trim_start_matches("\x1b]11;").trim_end_matches(['\x07', '\\', '\x1b']);
                self.told = Background::of_colour(colour);
                self.due = false;
                self.forget();
                Vec::new()
            }
            Reads::Keys => {
                // The last of them may begin an answer of its own.
                let last = self.held.pop();
                let mut free = self.let_go();
                self.hold_or(last, &mut free);
                free
            }
        }
    }

    /// What the terminal has told, once.
    pub(super) fn told(&mut self) -> Option<Background> {
        self.told.take()
    }

    /// Nothing has come for a while: what was held was typed by a person, unless no person types that.
    pub(super) fn on_silence(&mut self) -> Vec<Event> {
        self.silent = self.silent.saturating_add(1);
        if self.is_answer() {
            if self.silent >= SILENCE_MAX {
                self.forget();
            }
            return Vec::new();
        }
        let keys = std::mem::take(&mut self.held);
        // A slow line brings the rest of an answer behind an Esc that could be kept from nobody.
        self.esc_gone = self.due && !self.typed.is_empty();
        if !self.esc_gone {
            self.forget();
        }
        keys
    }

    /// Whether a lone Esc is held back, which a person may be waiting for.
    pub(super) fn holds_esc(&self) -> bool {
        self.typed == "\x1b" && !self.held.is_empty()
    }

    /// There will be no answer any more that could not be told from an Esc.
    pub(super) fn give_up(&mut self) {
        self.due = false;
        if self.held.is_empty() {
            self.forget();
        }
    }

    /// Whether what was read is an answer's beginning, and no keys of a person.
    fn is_answer(&self) -> bool {
        let comes_as_one = self.due && !self.esc_gone && self.typed.starts_with("\x1b]");
        comes_as_one || self.typed.starts_with(SURE)
    }

    fn hold_or(&mut self, event: Option<Event>, free: &mut Vec<Event>) {
        let Some(event) = event else { return };
        self.hold(event);
        if self.reads() == Reads::Keys {
            free.append(&mut self.held);
            self.forget();
        }
    }

    fn hold(&mut self, event: Event) {
        // What has no letter is in no answer: it ends what was read as one.
        self.typed.push_str(&bytes(&event).unwrap_or_else(|| "\n".into()));
        self.held.push(event);
        self.silent = 0;
    }

    /// What was held, as keys; the beginning of an answer is none.
    fn let_go(&mut self) -> Vec<Event> {
        let keys = if self.typed.starts_with(BEGINNING) { Vec::new() } else { std::mem::take(&mut self.held) };
        self.forget();
        keys
    }

    fn forget(&mut self) {
        self.held.clear();
        self.typed.clear();
        self.esc_gone = false;
    }

    fn reads(&self) -> Reads {
        let Some(rest) = self.typed.strip_prefix(BEGINNING) else {
            let begins = BEGINNING.starts_with(&self.typed) && (self.typed != "\x1b" || self.due);
            return if begins { Reads::Part } else { Reads::Keys };
        };
        let whole = rest.strip_suffix('\x07').or_else(|| rest.strip_suffix("\x1b\\"));
        let part = whole.or_else(|| rest.strip_suffix('\x1b')).unwrap_or(rest);
        let fits = part.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '/' | 'a'));
        match whole {
            _ if !fits || self.typed.len() > ANSWER_BYTES_MAX => Reads::Keys,
            Some(_) => Reads::Answer,
            None => Reads::Part,
        }
    }
}

/// The bytes that crossterm has made this event of, if an answer can hold them.
fn bytes(event: &Event) -> Option<String> {
    let key = event.as_key_press_event()?;
    match (key.code, key.modifiers) {
        (KeyCode::Esc, KeyModifiers::NONE) => Some("\x1b".into()),
        (KeyCode::Char('g'), KeyModifiers::CONTROL) => Some("\x07".into()),
        (KeyCode::Char(c), KeyModifiers::ALT) => Some(format!("\x1b{c}")),
        (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => Some(c.into()),
        _ => None,
    }
}
