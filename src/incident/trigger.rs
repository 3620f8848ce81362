//! What an incident was opened and declared on.

use crate::metrics::Verdict;
use crate::playbook::Id;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// The script of a drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// The scenario's id.
    pub scenario: Id,
    /// The seed of its noise.
    pub seed: u64,
    /// Faults that its author did not write, as `--inject` takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inject: Vec<Text>,
    /// The incident that is flown again, where there is no script but what was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Text>,
    /// Whether levers are rehearsed in the scenario's world, and the scenario itself is not flown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rehearsal: bool,
    /// The levers that a rehearsal was asked for, whether they were ready or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levers: Vec<Id>,
}

impl Drill {
    /// A scenario as its author wrote it.
    pub fn of(scenario: Id, seed: u64) -> Self {
        Self { scenario, seed, inject: Vec::new(), from: None, rehearsal: false, levers: Vec::new() }
    }
}

/// What a rollback was declared on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A stop limit, broken.
    Metric {
        /// Which metric.
        metric: Id,
        /// Its verdict then.
        verdict: Verdict,
    },
    /// A person's word.
    Person(Text),
}
