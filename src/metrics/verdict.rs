//! What a metric's readings mean against its limits.

use serde::{Deserialize, Serialize};

/// The word on the metric's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictState {
    /// Fresh, inside its limits.
    Ok,
    /// In the warn band, or breaking the stop limit but not yet for its window.
    Warn,
    /// The stop limit was broken for its window.
    Breach,
    /// The query succeeded, empty.
    NoData,
    /// The newest sample is older than three intervals; the value is kept.
    Stale,
    /// The query failed.
    Error,
}

impl VerdictState {
    /// Its word, as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Breach => "BREACH",
            Self::NoData => "NODATA",
            Self::Stale => "STALE",
            Self::Error => "ERROR",
        }
    }

    /// Its glyph, as shown; never colour alone.
    pub fn glyph(self) -> char {
        match self {
            Self::Ok => '+',
            Self::Warn => '!',
            Self::Breach => 'X',
            Self::NoData => '?',
            Self::Stale => '~',
            Self::Error => 'E',
        }
    }

    /// Whether the value can be believed now.
    pub fn is_fresh(self) -> bool {
        matches!(self, Self::Ok | Self::Warn | Self::Breach)
    }
}

/// Where a metric stands against its exit limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitState {
    /// It has no exit limit.
    None,
    /// Fresh and inside.
    Met,
    /// Fresh and outside.
    Missed,
    /// No fresh value: no data is never green.
    Unknown,
}

/// A metric's verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The word.
    pub state: VerdictState,
    /// Where it stands against its exit limit.
    pub exit: ExitState,
    /// The value last seen, in the metric's unit.
    pub value: Option<f64>,
    /// When that value was sampled, in milliseconds since 1970.
    pub sampled_ms: Option<i64>,
    /// The limit that decided, as written.
    pub limit: Option<String>,
    /// Why there is no value.
    pub why: Option<crate::text::Text>,
}
