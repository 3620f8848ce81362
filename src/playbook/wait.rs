//! A step that waits for the world: for what a probe shows, or for exit limits to be met.

use super::condition::RawCondition;
use super::{Condition, Id};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a step waits for; exactly one of `until`, `exits`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawWait {
    /// What a probe must show, by looks sent after the step was started and after the last pull.
    pub(super) until: Option<RawCondition>,
    /// The metrics whose exit limits must be met, each by a sample taken after the last pull.
    pub(super) exits: Option<Vec<String>>,
    /// How many agreeing looks in a row, with `until`; 2 by default.
    pub(super) agree: Option<u32>,
    /// For how long to wait; the step fails after that. `60s` by default.
    pub(super) within: Option<String>,
}

/// What a step waits for, and for how long.
#[derive(Clone, Debug)]
pub struct Wait {
    /// What must be seen.
    pub until: Until,
    /// For how long to wait, in milliseconds, from the step's start on; the step fails after that.
    pub within_ms: u64,
}

/// What ends a wait. What was seen before the step or before the last pull never does.
#[derive(Clone, Debug)]
pub enum Until {
    /// A probe shows it, this many looks in a row.
    Seen {
        /// What must be seen.
        condition: Condition,
        /// How many agreeing looks in a row.
        agree: u32,
    },
    /// Each of these metrics meets its exit limit.
    Exits(Vec<Id>),
}
