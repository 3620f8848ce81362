//! How a call ended, in the four words a commander can act on, and what a look saw.

use super::Fault;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered yes; accepted is not done, the read-back decides.
    Applied,
    /// Answered no; nothing changed, firing again will not help.
    Rejected,
    /// Nothing was sent; it may be fired again.
    NotSent,
    /// Nobody knows; locked until its read-back has been run.
    Unknown,
}

impl Outcome {
    /// The word shown for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "APPLIED",
            Self::Rejected => "REJECTED",
            Self::NotSent => "NOT SENT",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// How an act ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Which of the four.
    pub outcome: Outcome,
    /// What the peer said or what failed, for a person.
    pub detail: Text,
}

impl Settled {
    /// An outcome with its reason.
    pub fn new(outcome: Outcome, detail: impl Into<Text>) -> Self {
        Self { outcome, detail: detail.into() }
    }

    /// What a fault means for an act.
    pub fn of_fault(fault: &Fault) -> Self {
        let outcome = match fault {
            Fault::NotSent(_) => Outcome::NotSent,
            Fault::Refused(_) => Outcome::Rejected,
            Fault::Lost(_) => Outcome::Unknown,
        };
        Self::new(outcome, fault.to_string())
    }
}

/// What a look saw. Only `Value` can ever make anything green.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// This value.
    Value(Text),
    /// It answered, and there was nothing there (empty, nil, NaN).
    Absent(Text),
    /// It did not answer, or not so that it could be understood.
    Failed(Text),
}

impl Seen {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text.as_str()),
            Self::Absent(_) | Self::Failed(_) => None,
        }
    }
}

/// One reading of a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A finite value, and when its newest sample was taken (wall clock, ms).
    Value {
        /// The value, in the metric's unit.
        value: f64,
        /// When it was sampled, in milliseconds since 1970.
        sampled_ms: i64,
    },
    /// The query succeeded and was empty, or NaN.
    NoData(Text),
    /// The query failed.
    Error(Text),
}
