//! Whether the terminal is dark or light: it is asked behind the first frame, and its answer is taken out of the keys.
//!
//! Nothing waits for the answer, and however late it comes, in whatever pieces, it presses no key. Two things cannot be
//! told apart, and are settled for the person: an Esc that comes alone is theirs, and so are the first letters behind it
//! where they come one at a time. What belongs to half an answer, a hexadecimal digit, is the answer's until another key
//! is pressed.

use crate::cockpit::Background;
use crossterm::event::{Event, KeyCode, KeyModifiers};

/// Asks for the colour behind the text (OSC 11). A bell ends it, because some end their answer as the question ended,
/// and what ends otherwise may arrive in two pieces.
pub(super) const ASK: &[u8] = b"\x1b]11;?\x07";
/// How an answer begins. Nobody types this: from here on it is one.
const BEGINNING: &str = "\x1b]11;rgb";
/// What is waited for as an answer for as long as it takes: nobody types this either.
const SURE: &str = "\x1b]11;";
/// What an answer begins with, and alone is a key.
const ESC: &str = "\x1b";
/// The longest answer, in bytes: four channels of four digits, and what is around them.
const ANSWER_BYTES_MAX: usize = 40;
/// After so many silent looks nobody waits any more for what was held to be pressed: it is dropped, and what follows it is
/// the rest of the answer all the same.
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
    /// Whether the terminal was asked and has not answered: an OSC that begins is an answer then, and no Alt with `]`.
    awaits: bool,
    /// Whether an answer is due: an Esc may be the first byte of one then, which came in two pieces.
    due: bool,
    /// Whether a lone Esc was let go of: the next letters may be the rest of an answer, or a person's.
    esc_gone: bool,
    told: Option<Background>,
}

impl Sieve {
    /// One that was told whether there will be an answer.
    pub(super) fn expecting(due: bool) -> Self {
        Self { awaits: due, due, ..Self::default() }
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
                self.learn();
                (self.awaits, self.due) = (false, false);
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
            return if self.silent == SILENCE_MAX { self.on_half() } else { Vec::new() };
        }
        let keys = std::mem::take(&mut self.held);
        // A slow line brings the rest of an answer behind an Esc that could be kept from nobody.
        self.esc_gone = self.awaits && !self.typed.is_empty();
        if !self.esc_gone {
            self.forget();
        }
        keys
    }

    /// Whether a lone Esc is held back, which a person may be waiting for.
    pub(super) fn holds_esc(&self) -> bool {
        self.typed == ESC && !self.held.is_empty()
    }

    /// No Esc is held back any more because an answer may begin with it.
    pub(super) fn give_up(&mut self) {
        self.due = false;
    }

    /// The rest of an answer is late. Only an Esc behind half a colour is a person's, who gets the keys back with it.
    fn on_half(&mut self) -> Vec<Event> {
        let last = self.held.pop();
        self.held.clear();
        if !self.typed.ends_with(ESC) || self.learn() {
            return Vec::new();
        }
        self.forget();
        last.into_iter().collect()
    }

    /// What the colour that was read says; whether it says anything.
    fn learn(&mut self) -> bool {
        let colour = self.typed.trim_start_matches(SURE).trim_end_matches(['\x07', '\\', '\x1b']);
        self.told = Background::of_colour(colour);
        self.told.is_some()
    }

    /// Whether what was read is an answer's beginning, and no keys of a person.
    fn is_answer(&self) -> bool {
        let comes_as_one = self.awaits && !self.esc_gone && self.typed.starts_with("\x1b]");
        comes_as_one || self.typed.starts_with(SURE)
    }

    fn hold_or(&mut self, event: Option<Event>, free: &mut Vec<Event>) {
        let Some(event) = event else { return };
        self.hold(event);
        if self.reads() == Reads::Keys {
            free.append(&mut self.held);
            let esc_gone = self.awaits && self.typed == ESC;
            self.forget();
            if esc_gone {
                (self.typed, self.esc_gone) = (ESC.into(), true);
            }
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
            let begins = BEGINNING.starts_with(&self.typed) && (self.typed != ESC || self.due);
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
