//! Text that came from elsewhere, made inert once, at the door.
//!
//! Whatever a backend, a file or a person wrote passes through [`Text`] before it may be stored or shown:
//! control characters, bidi overrides and zero-width characters become visible escapes, and the length is
//! bounded. Secrets are known only by reference ([`SecretRef`]) and are cut out by a [`Redactor`].

mod nearest;
mod place;
mod redact;
mod secret;
mod shell;

pub use nearest::nearest;
pub use place::line_of;
pub use redact::Redactor;
pub use secret::SecretRef;
pub use shell::shell_word;

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt::{self, Write};

/// One line of text that can be shown anywhere: no escape, control, bidi or zero-width character acts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Text(String);

impl Text {
    /// The longest text kept, in bytes; what is longer ends in `…`.
    pub const MAX_BYTES: usize = 4096;

    /// Makes `raw` inert and bounded.
    pub fn new(raw: &str) -> Self {
        let mut out = String::with_capacity(raw.len().min(Self::MAX_BYTES));
        for c in raw.chars() {
            if out.len() + 12 > Self::MAX_BYTES {
                out.push('…');
                break;
            }
            push_visible(&mut out, c);
        }
        Self(out)
    }

    /// Makes bytes inert; what is not UTF-8 becomes `\xNN`.
    pub fn from_bytes(raw: &[u8]) -> Self {
        let mut out = String::new();
        for chunk in raw[..raw.len().min(Self::MAX_BYTES)].utf8_chunks() {
            out.push_str(chunk.valid());
            for byte in chunk.invalid() {
                write!(out, "\\x{byte:02x}").expect("a string takes every write");
            }
        }
        Self::new(&out)
    }

    /// Whether `c` is kept as it is; any other becomes a visible escape.
    pub fn keeps(c: char) -> bool {
        !c.is_control() && !is_invisible(c)
    }

    /// The inert text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends `c` so that it cannot act on a terminal, a page or a reader's eye.
fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if !Text::keeps(c) => {
            write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes every write");
        }
        c => out.push(c),
    }
}

/// Format characters that reorder, join or hide text (CVE-2021-42574 and its relatives).
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
        | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
        | 0xe0000..=0xe0fff)
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

#[cfg(test)]
mod tests;
