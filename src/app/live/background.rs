//! Whether the terminal is dark or light: it is asked once, before anything else reads its keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{IsTerminal, stdin, stdout};
use std::time::Duration;
use terminal_colorsaurus::{QueryOptions, background_color};

/// How long the terminal may take to answer. One far away answers later: see [`LateAnswer`].
const ANSWER_MAX: Duration = Duration::from_millis(100);
/// A background lighter than this is a light one (0 is black, 1 is white).
const LIGHT: f32 = 0.5;

/// What is behind the terminal's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text stands on it.
    Dark,
    /// Dark text stands on it.
    Light,
}

impl Background {
    /// Asks the terminal by OSC 11; `None` when it does not say. One that takes no bytes now is not asked.
    pub fn ask() -> Option<Self> {
        if !stdin().is_terminal() || !takes_bytes() {
            return None;
        }
        let mut options = QueryOptions::default();
        options.timeout = ANSWER_MAX;
        let background = background_color(options).ok()?;
        Some(if background.perceived_lightness() > LIGHT { Self::Light } else { Self::Dark })
    }
}

/// Whether standard output is a terminal that would take a few bytes at once: writing to a stopped one hangs.
fn takes_bytes() -> bool {
    let stdout = stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    stdout.is_terminal() && poll(&mut fds, Some(&now)).is_ok() && fds[0].revents() == PollFlags::OUT
}

/// The beginning of an answer, as keys after `Alt-]`.
const BEGINNING: &str = "11;rgb";
/// The longest answer: four channels of four digits, and what is between them.
const ANSWER_LEN_MAX: usize = 32;

/// Takes an answer that comes too late out of the keys: it arrives letter by letter, and `r` would begin a step.
#[derive(Debug, Default)]
pub(super) struct LateAnswer {
    held: Vec<Event>,
    typed: String,
}

impl LateAnswer {
    /// Takes the next event; what is none of an answer comes back, in order.
    pub(super) fn sift(&mut self, event: Event) -> Vec<Event> {
        let key = event.as_key_press_event();
        let begins = key.is_some_and(|key| is(key, ']', KeyModifiers::ALT));
        if begins || self.held.is_empty() {
            let mut free = self.let_go();
            if begins {
                self.held.push(event)
            } else {
                free.push(event)
            }
            return free;
        }
        self.held.push(event);
        let ends = |key| is(key, '\\', KeyModifiers::ALT) || is(key, 'g', KeyModifiers::CONTROL);
        if key.is_some_and(ends) && self.typed.starts_with(BEGINNING) {
            *self = Self::default();
            return Vec::new();
        }
        self.typed.extend(key.filter(|key| key.modifiers.is_empty()).and_then(|key| key.code.as_char()));
        if self.may_go_on() { Vec::new() } else { self.let_go() }
    }

    /// Nothing more has come for a while: what was held was typed by a person.
    pub(super) fn let_go(&mut self) -> Vec<Event> {
        std::mem::take(self).held
    }

    /// Whether every event since the first was a letter that an answer has there.
    fn may_go_on(&self) -> bool {
        let whole = self.held.len() == self.typed.len() + 1 && self.held.len() <= ANSWER_LEN_MAX;
        let (head, tail) = self.typed.split_at(self.typed.len().min(BEGINNING.len()));
        whole
            && BEGINNING.starts_with(head)
            && tail.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '/' | 'a'))
    }
}

fn is(key: KeyEvent, letter: char, modifiers: KeyModifiers) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers == modifiers
}
