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
mod tests;
