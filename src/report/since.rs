//! When things were, on the incident's own clock: over restarts, and whatever became of the wall clock.

use super::facts::{Facts, Point};
use super::show::{time_of_day, utc};
use crate::incident::{Elapsed, Moment, NS_PER_MS, Record};
use crate::metrics::Sample;

/// A day in UTC, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// So many seconds, read at a glance: `1:05`, `2:03:20`, `34 d 10 h`. Nobody counts weeks in minutes.
fn apart(s: u128) -> String {
    let (m, h, d) = (s / 60, s / 3_600, s / 86_400);
    match (h, d) {
        (0, _) => format!("{m}:{:02}", s % 60),
        (_, 0..2) => format!("{h}:{:02}:{:02}", m % 60, s % 60),
        (_, _) => format!("{d} d {:02} h", h % 24),
    }
}

impl Facts<'_> {
    /// The time from one record to a later one.
    pub(super) fn between(&self, from: &Record, to: &Record) -> Elapsed {
        self.course.since(&to.at, &from.at)
    }

    /// The time from one point to a later one; none, where the journal tells of that one first, or people say so.
    pub(super) fn took(&self, from: &Point, to: &Point) -> Option<Elapsed> {
        let ns = self.apart_ns(from, to);
        let ms = u64::try_from(ns / NS_PER_MS).unwrap_or(0);
        let elapsed = Elapsed { ms, approximate: from.at.boot_id != to.at.boot_id };
        let is_later = if from.said { ns >= 0 } else { from.record.seq <= to.record.seq };
        is_later.then_some(elapsed)
    }

    /// The time from a point to the end of what is told: who leaves an incident open writes nothing down, but until then
    /// it was read.
    pub(super) fn lasted(&self, from: &Point) -> Option<Elapsed> {
        let last = self.last()?;
        let told = self.took(from, &Point::of(last))?;
        let mut samples = self.dossier.samples.iter().rev().filter(|_| self.closed.is_none());
        let newest = samples.find_map(|line| Sample::parse(line)).map_or(last.at.wall_ms, |sample| sample.at);
        let more = u64::try_from(newest.saturating_sub(last.at.wall_ms)).unwrap_or(0);
        Some(Elapsed { ms: told.ms + more, ..told })
    }

    /// How far a record lies behind what an account counts its times from, or before it, in milliseconds.
    pub(super) fn t_ms(&self, record: &Record) -> i64 {
        self.t_ms_of(&Point::of(record))
    }

    /// The same of a point.
    pub(super) fn t_ms_of(&self, point: &Point) -> i64 {
        let ns = self.zero().map_or(0, |zero| self.apart_ns(&Point::of(zero), point));
        i64::try_from(ns / NS_PER_MS).unwrap_or(if ns < 0 { i64::MIN } else { i64::MAX })
    }

    /// The time of day, with its date where that is not the day on which the journal began.
    pub(super) fn clock(&self, wall_ms: i64) -> String {
        let day = |wall_ms: i64| wall_ms.div_euclid(DAY_MS);
        let began = self.dossier.records.first().map(|first| day(first.at.wall_ms));
        if began == Some(day(wall_ms)) { time_of_day(wall_ms) } else { utc(wall_ms) }
    }

    /// Where a moment lies before or after the declaration: `+1:05`.
    pub(super) fn t(&self, at: &Moment) -> String {
        let Some(declared) = self.declared else { return String::new() };
        let ms = self.course.apart_ns(&declared.at, at) / NS_PER_MS;
        let about = if declared.at.boot_id == at.boot_id { "" } else { "~" };
        let (sign, s) = (if ms < 0 { "-" } else { "+" }, ms.unsigned_abs() / 1000);
        format!("{about}{sign}{}", apart(s))
    }

    /// A sample's time is its source's, so that it lies as far from the line that tells of it as the wall clock of that
    /// line says, and the line where its boot clock says.
    fn apart_ns(&self, from: &Point, to: &Point) -> i128 {
        let lines = self.course.apart_ns(&from.record.at, &to.record.at);
        let [from, to] = [from, to].map(|point| self.course.apart_ns(&point.record.at, &point.at));
        lines + to - from
    }
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn a_time_weeks_later_is_told_in_days_and_not_in_minutes() {
        let told = [0, 65, 3_599, 3_600, 7_400, 172_799, 172_800, 2_974_302].map(apart);
        assert_eq!(told, ["0:00", "1:05", "59:59", "1:00:00", "2:03:20", "47:59:59", "2 d 00 h", "34 d 10 h"]);
    }
}
