//! The wall clock, held against the boot clock of the records: where readings lie, and where it was set.

use super::facts::Facts;
use super::show::{link, millis};
use crate::incident::Record;

/// A wall clock that moves this much further than the boot clock between two records was set, in milliseconds; less is
/// how clocks drift.
const SET_MS: i64 = 2_000;

/// By how much the wall clock was set between these records, in milliseconds: less than 0 where it went back. Across a
/// restart only the least of it can be known.
fn set_ms(facts: &Facts, from: &Record, to: &Record) -> i64 {
    let went_ms = to.at.wall_ms.saturating_sub(from.at.wall_ms);
    went_ms.saturating_sub(facts.t_ms(to).saturating_sub(facts.t_ms(from)))
}

/// Each time the wall clock was set while records were written, as a line of Markdown.
pub(super) fn settings(facts: &Facts) -> Vec<String> {
    let set = facts.dossier.records.windows(2).map(|pair| (&pair[0], &pair[1], set_ms(facts, &pair[0], &pair[1])));
    let told = |(from, to, set_ms): (&Record, &Record, i64)| {
        let (between, by) = (format!("Between {} and {}", link(from), link(to)), millis(set_ms.unsigned_abs()));
        if from.at.boot_id != to.at.boot_id {
            let lost = "for how long goaround was away is not known, and no time is counted for it";
            return format!("{between} the wall clock was set back by {by} or more across a restart: {lost}");
        }
        let to = if set_ms < 0 { "back" } else { "on" };
        format!("{between} the wall clock was set {to} by {by}: times are by the boot clock, which nobody sets")
    };
    set.filter(|(_, _, set_ms)| set_ms.unsigned_abs() > SET_MS.unsigned_abs()).map(told).collect()
}

/// A record's two clocks.
struct Known {
    wall_ms: i64,
    t_ms: i64,
}

/// Where readings lie on the incident's own clock. A reading has but a wall time, so that this goes along the records
/// with the readings, in the order in which both were written down.
pub(super) struct Wall {
    known: Vec<Known>,
    /// Behind which records the wall clock was set, and by how much, in milliseconds.
    set: Vec<(usize, i64)>,
    /// The record behind which the newest reading was taken.
    here: usize,
    newest_ms: Option<i64>,
}

impl Wall {
    pub(super) fn of(facts: &Facts) -> Self {
        let records = &facts.dossier.records;
        let known = |record: &Record| Known { wall_ms: record.at.wall_ms, t_ms: facts.t_ms(record) };
        let set = records.windows(2).map(|pair| set_ms(facts, &pair[0], &pair[1])).enumerate();
        Self {
            known: records.iter().map(known).collect(),
            set: set.filter(|(_, set_ms)| set_ms.unsigned_abs() > SET_MS.unsigned_abs()).collect(),
            here: 0,
            newest_ms: None,
        }
    }

    /// Where the next reading lies, in milliseconds since `zero_ms`.
    pub(super) fn t_ms(&mut self, read_ms: i64) -> i64 {
        let went_ms = read_ms.saturating_sub(self.newest_ms.replace(read_ms).unwrap_or(read_ms));
        self.leap(went_ms, read_ms);
        while self.is_past(read_ms) {
            self.here += 1;
        }
        let Some(here) = self.known.get(self.here) else { return read_ms };
        here.t_ms.saturating_add(read_ms.saturating_sub(here.wall_ms))
    }

    /// The readings go back, or on by most of what the clock was set next: that is where it was set.
    fn leap(&mut self, went_ms: i64, read_ms: i64) {
        let next = self.set.partition_point(|(at, _)| *at < self.here);
        let Some((at, set_ms)) = self.set.get(next).copied() else { return };
        let leapt = if set_ms < 0 { went_ms < -SET_MS / 2 } else { went_ms > set_ms / 2 };
        let earliest_ms = self.known[at].wall_ms.saturating_add(set_ms).saturating_sub(SET_MS / 2);
        if leapt && read_ms >= earliest_ms {
            self.here = at + 1;
        }
    }

    /// Whether the reading was taken behind the next record. Where the clock was set before that one, only what can lie
    /// nowhere else.
    fn is_past(&self, read_ms: i64) -> bool {
        let (Some(here), Some(next)) = (self.known.get(self.here), self.known.get(self.here + 1)) else { return false };
        let was_set = self.set.binary_search_by_key(&self.here, |(at, _)| *at).is_ok();
        let due_ms = here.wall_ms.saturating_add(next.t_ms.saturating_sub(here.t_ms));
        read_ms >= due_ms.saturating_add(if was_set { SET_MS / 2 } else { 0 })
    }
}
