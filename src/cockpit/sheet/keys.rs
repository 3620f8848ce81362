//! The line of keys below the debrief.

use super::Sheet;
use crate::cockpit::theme::{Theme, Token};
use crate::cockpit::words;
use ratatui::text::{Line, Span};

/// The keys of a finding that is chosen.
const KEPT_KEYS: [(&str, &str); 2] = [("e", "change"), ("x", "take out")];

/// The keys while the numbers are read, the most wanted first.
const READ_KEYS: [(&str, &str); 8] = [
    ("q", "leaves"),
    ("Tab", "moment"),
    ("R", "replay"),
    ("m", "markdown"),
    ("h", "html"),
    ("N", "next drill"),
    ("f", "finding"),
    ("j k", "move"),
];

impl Sheet {
    /// The keys; where they have no room, those that are missed least are left out.
    pub(super) fn keys(&self, theme: &Theme, width: usize) -> Line<'static> {
        let words = match (self.debrief.answers.unlock(), &self.finding) {
            (false, _) => "Enter accepts   Ctrl-D declines   Ctrl-C leaves it for `goaround debrief`",
            (true, None) if self.removing => "y takes it out   any other key keeps it",
            (true, None) => {
                let kept = self.kept.iter().flat_map(|_| &KEPT_KEYS);
                return read_keys(kept.chain(&READ_KEYS), theme, width);
            }
            (true, Some(_)) if self.offered().is_some() => {
                "Enter next   Backspace on an empty line goes back   Esc leaves it as it was"
            }
            (true, Some(_)) => "Enter next   Backspace on an empty line goes back   Esc drops the finding",
        };
        Line::from(Span::styled(words, theme.of(Token::Muted)))
    }
}

fn read_keys<'a>(keys: impl Iterator<Item = &'a (&'a str, &'a str)>, theme: &Theme, width: usize) -> Line<'static> {
    let mut text = String::new();
    for (key, word) in keys {
        let told = format!("{}{key} {word}", if text.is_empty() { "" } else { "  " });
        if words::columns(&text) + words::columns(&told) <= width {
            text.push_str(&told);
        }
    }
    Line::from(Span::styled(text, theme.of(Token::Muted)))
}
