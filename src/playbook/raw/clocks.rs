//! What is timed, as written.

use crate::playbook::clock::Edge;
use schemars::JsonSchema;
use serde::Deserialize;

/// One timed span.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawClock {
    /// Its id.
    pub(in crate::playbook) id: String,
    /// In words.
    pub(in crate::playbook) title: Option<String>,
    /// What starts it: a name, or `started:STEP`, `done:STEP`, `fired:LEVER`.
    #[schemars(extend("anyOf" = Edge::shapes()))]
    pub(in crate::playbook) starts_on: String,
    /// What stops it: a name, or `started:STEP`, `done:STEP`, `fired:LEVER`.
    #[schemars(extend("anyOf" = Edge::shapes()))]
    pub(in crate::playbook) stops_on: String,
    /// What it may take: `15m`. A profile may say otherwise.
    pub(in crate::playbook) budget: String,
    /// A promise to others: the cockpit warns the moment an untried lever's `takes` no longer fits into what is left.
    #[serde(default)]
    pub(in crate::playbook) sla: bool,
}

/// Steps that have a budget together.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawStage {
    /// In words.
    pub(in crate::playbook) title: Option<String>,
    /// What its steps may take together, from the first one's start until all are settled: `2m`.
    pub(in crate::playbook) budget: String,
}
