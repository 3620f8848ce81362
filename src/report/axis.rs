//! From when to when the drawings show.

use super::facts::Facts;
use crate::incident::Record;
use crate::metrics::Sample;
use schemars::JsonSchema;
use serde::Serialize;

/// From when to when charts and lanes show, in milliseconds since `zero_ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Axis {
    /// The first record.
    pub from_ms: i64,
    /// The end of the incident: its closing, else the last record or reading.
    pub to_ms: i64,
}

/// Readings further apart than this were not taken one after the other: nobody can believe such a time, in milliseconds.
const QUIET_MAX_MS: i64 = 600_000;

/// From the first record to the end of the incident: what is noted days later would leave no room for it.
pub(super) fn axis(facts: &Facts) -> Axis {
    let at = |record| facts.t_ms(record);
    let from_ms = facts.dossier.records.first().map_or(0, at);
    let to_ms = facts.last().map_or(0, |last| at(last).saturating_add(read_on_ms(facts, last)));
    Axis { from_ms: from_ms.min(to_ms), to_ms: to_ms.max(from_ms) }
}

/// For how long an incident that is open was read behind its last record, in milliseconds: where nothing turns, nothing
/// is written down.
fn read_on_ms(facts: &Facts, last: &Record) -> i64 {
    if facts.closed.is_some() {
        return 0;
    }
    let samples = facts.dossier.samples.iter().rev().filter_map(|line| Sample::parse(line));
    let behind = samples.map(|sample| sample.at.saturating_sub(last.at.wall_ms)).take_while(|behind_ms| *behind_ms > 0);
    let mut behind: Vec<i64> = behind.collect();
    behind.sort_unstable();
    let next = |end_ms: i64, at_ms: i64| if at_ms - end_ms <= QUIET_MAX_MS { at_ms } else { end_ms };
    behind.into_iter().fold(0, next)
}
