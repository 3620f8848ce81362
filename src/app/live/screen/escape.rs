//! What is said to a terminal beside the picture: its title, a call, its clipboard. Foreign words end no sequence.

use crate::text::Text;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// The most that is put on a terminal's clipboard, in bytes: some cut what is longer than 100 000 letters of base64.
pub const COPY_MAX: usize = 74_000;
/// The longest title or call, in characters.
const WORDS_MAX: usize = 120;
/// The terminals that print what they do not understand.
const DEAF: [&str; 3] = ["", "dumb", "linux"];

/// How a person is called when something happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// By the bell, and by a notification of the desktop where the terminal can show one.
    #[default]
    Full,
    /// By the bell alone.
    Bell,
    /// Not at all.
    Off,
}

/// How this terminal is spoken to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    notify: Notify,
    /// Whether it swallows what it does not understand.
    hears: bool,
    /// Whether tmux stands in between, which keeps to itself what is not wrapped for the terminal behind it.
    tmux: bool,
}

impl Voice {
    /// As the environment tells what the terminal is.
    pub(super) fn of_environment(notify: Notify) -> Self {
        let term = std::env::var("TERM").unwrap_or_default();
        let tmux = std::env::var_os("TMUX").is_some_and(|server| !server.is_empty());
        Self { notify, hears: !DEAF.contains(&term.as_str()), tmux }
    }

    /// The window's title.
    pub(super) fn title(self, words: &str) -> String {
        if self.hears { format!("\x1b]2;{}\x07", clean(words)) } else { String::new() }
    }

    /// Calls a person. The bell is always plain: whatever stands in between hands it on in its own way, also where it
    /// does not let a wrapped sequence through.
    pub(super) fn call(self, words: &str) -> String {
        let words = clean(words);
        match self.notify {
            Notify::Off => String::new(),
            Notify::Full if self.hears => {
                // Two ways to say one thing: what a terminal does not know it does not show.
                let (plain, titled) = (format!("\x1b]9;{words}\x07"), format!("\x1b]777;notify;goaround;{words}\x07"));
                format!("\x07{}{}", self.wrap(&plain), self.wrap(&titled))
            }
            Notify::Full | Notify::Bell => "\x07".into(),
        }
    }

    /// Puts `text` on the clipboard; what is too long for one is not sent.
    pub(super) fn copy(self, text: &str) -> String {
        if !self.hears || text.len() > COPY_MAX {
            return String::new();
        }
        let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
        // tmux takes the plain one where `set-clipboard` is on, and hands the wrapped one on where passing is allowed.
        if self.tmux { format!("{plain}{}", self.wrap(&plain)) } else { plain }
    }

    fn wrap(self, sequence: &str) -> String {
        if self.tmux { format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")) } else { sequence.into() }
    }
}

/// `words` without anything that could end a sequence, begin one, or split it: inert, and no semicolon.
fn clean(words: &str) -> String {
    let mut clean: String = Text::new(words).as_str().chars().take(WORDS_MAX).collect();
    // OSC 9 and 777 split at semicolons, and some terminals read `4;…` behind OSC 9 as the state of a progress bar.
    clean = clean.replace(';', ",");
    clean
}

#[cfg(test)]
mod tests {
    //! Claims about what a terminal is told.

    use super::*;

    const PLAIN: Voice = Voice { notify: Notify::Full, hears: true, tmux: false };
    const TMUX: Voice = Voice { tmux: true, ..PLAIN };

    #[test]
    fn a_call_rings_and_notifies_in_both_ways() {
        assert_eq!(PLAIN.call("p99 BREACH"), "\x07\x1b]9;p99 BREACH\x07\x1b]777;notify;goaround;p99 BREACH\x07");
    }

    #[test]
    fn in_tmux_the_bell_is_plain_and_the_rest_is_wrapped() {
        let said = TMUX.call("x");
        let wrapped = "\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\\x1bPtmux;\x1b\x1b]777;notify;goaround;x\x07\x1b\\";
        assert_eq!(said, format!("\x07{wrapped}"));
    }

    #[test]
    fn less_is_said_where_less_is_wanted_or_understood() {
        assert_eq!(Voice { notify: Notify::Bell, ..PLAIN }.call("x"), "\x07");
        assert_eq!(Voice { notify: Notify::Off, ..PLAIN }.call("x"), "");
        let deaf = Voice { hears: false, ..TMUX };
        assert_eq!((deaf.call("x"), deaf.title("x"), deaf.copy("x")), ("\x07".into(), String::new(), String::new()));
    }

    #[test]
    fn no_word_ends_splits_or_begins_a_sequence() {
        let said = PLAIN.call("a\x07b\x1b\\c;d\u{9c}e\u{202e}f\nnotify;x");
        assert_eq!(said.matches('\x07').count(), 3, "the bell and one end of each sequence: {said:?}");
        assert_eq!(said.matches('\x1b').count(), 2, "one beginning of each: {said:?}");
        assert_eq!(said.matches(';').count(), 1 + 3, "only our own: {said:?}");
        assert!(!said.contains(['\u{9c}', '\u{202e}', '\n']), "{said:?}");
        assert!(PLAIN.title(&"x".repeat(10_000)).len() < 200);
    }

    #[test]
    fn a_copy_is_sent_both_ways_in_tmux_and_not_at_all_when_it_is_too_long() {
        assert_eq!(PLAIN.copy("hi"), "\x1b]52;c;aGk=\x07");
        assert_eq!(TMUX.copy("hi"), "\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
        assert!(!PLAIN.copy(&"x".repeat(COPY_MAX)).is_empty());
        assert_eq!(PLAIN.copy(&"x".repeat(COPY_MAX + 1)), "");
    }
}
