//! From when to when the drawings show.

use super::facts::Facts;
use schemars::JsonSchema;
use serde::Serialize;

/// From when to when charts and lanes show, in milliseconds since `zero_ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Axis {
    /// The first record.
    pub from_ms: i64,
    /// The end of the incident: its closing, else the last record.
    pub to_ms: i64,
}

/// From the first record to the end of the incident: what is noted days later would leave no room for it.
pub(super) fn axis(facts: &Facts) -> Axis {
    let at = |record| facts.t_ms(record);
    let from_ms = facts.dossier.records.first().map_or(0, at);
    let to_ms = facts.last().map_or(0, at);
    Axis { from_ms: from_ms.min(to_ms), to_ms: to_ms.max(from_ms) }
}
