//! One row for each system that is looked at.

use crate::playbook::Id;
use crate::text::Text;
use serde::Serialize;

/// How a system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BackendState {
    /// It answers, and something is seen there.
    Up,
    /// It answers, and nothing is seen there: most often it does not know us.
    Refuses,
    /// Nobody answers.
    Down,
    /// Nothing looks there, so nobody knows.
    Unseen,
}

impl BackendState {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "UP",
            Self::Refuses => "REFUSES",
            Self::Down => "DOWN",
            Self::Unseen => "UNSEEN",
        }
    }
}

/// One system.
#[derive(Debug, Serialize)]
pub struct BackendRow {
    /// Its id.
    pub backend: Id,
    /// Its kind.
    pub kind: &'static str,
    /// How it is.
    pub state: BackendState,
    /// Its slowest look.
    pub slowest_ms: Option<u64>,
    /// Why it is not up.
    pub why: Option<Text>,
}
