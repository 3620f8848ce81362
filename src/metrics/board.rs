//! The bounded rings of readings and the fold that judges them.

use super::Verdict;
use crate::kind::Reading;
use crate::playbook::{Id, Playbook};
use std::collections::{BTreeMap, VecDeque};

/// One value at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it was sampled, in milliseconds since 1970.
    pub sampled_ms: i64,
    /// The value; `None` is a gap that is never joined.
    pub value: Option<f64>,
}

/// A verdict that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which metric.
    pub metric: Id,
    /// Its new verdict.
    pub verdict: Verdict,
}

/// All metrics' readings and verdicts.
#[derive(Clone, Debug, Default)]
pub struct Board {
    rings: BTreeMap<Id, VecDeque<Point>>,
}

impl Board {
    /// The most points kept per metric.
    pub const POINTS_MAX: usize = 2000;

    /// The points of a metric, oldest first.
    pub fn points(&self, metric: &Id) -> impl DoubleEndedIterator<Item = Point> + '_ {
        self.rings.get(metric).into_iter().flatten().copied()
    }

    /// The metric's verdict now.
    pub fn verdict(&self, _metric: &Id) -> Option<&Verdict> {
        None
    }

    /// The value relative limits are relative to.
    pub fn baseline(&self, _metric: &Id) -> Option<f64> {
        None
    }

    /// Sets what a metric's relative limits are relative to.
    pub fn set_baseline(&mut self, _metric: &Id, _value: f64) {}

    /// Takes a reading in.
    pub fn take(&mut self, _playbook: &Playbook, _metric: &Id, _reading: Reading, _now_ms: i64) -> Option<Change> {
        None
    }

    /// Judges again as time passes: samples grow stale, pending breaches come of age.
    pub fn tick(&mut self, _playbook: &Playbook, _now_ms: i64) -> Vec<Change> {
        Vec::new()
    }
}
