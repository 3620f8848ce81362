//! A pull: its number, which way it went, and what was found of it.

use serde::{Deserialize, Serialize};

/// The number of a pull within its incident, from 1; never used twice.
pub type AttemptId = u32;

/// Which way a lever was pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// As written.
    Do,
    /// Taken back.
    Undo,
}

/// What a read-back found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadBack {
    /// As many looks in a row as asked for saw what was wanted.
    Agrees,
    /// It was seen, and is something else.
    Disagrees,
    /// It could not be seen.
    Unknown,
}

impl ReadBack {
    /// The word shown for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agrees => "AGREES",
            Self::Disagrees => "DISAGREES",
            Self::Unknown => "UNKNOWN",
        }
    }
}
