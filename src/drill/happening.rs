//! What comes about by itself: every cause at its own time, not at that of the first call after it.

use super::scenario::{Cause, Comes, fits};
use crate::kind::Vars;

/// Where each cause of a scenario stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Happenings {
    pending: Vec<Pending>,
    /// What has happened, and when.
    pub(super) told: Vec<(i64, String)>,
}

/// A cause's moment, and whether it came or what it needs was not so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) at: i64,
    pub(super) comes: bool,
}

/// One cause.
#[derive(Clone, Copy, Debug, Default)]
struct Pending {
    due: Option<i64>,
    /// Whether what it waits for was so when it was looked at last.
    holds: bool,
    over: bool,
}

impl Happenings {
    pub(super) fn new(causes: &[Cause]) -> Self {
        let pending = |cause: &Cause| match cause.comes {
            Comes::At(at) => Pending { due: Some(at), ..Pending::default() },
            Comes::After { .. } => Pending::default(),
        };
        Self { pending: causes.iter().map(pending).collect(), told: Vec::new() }
    }

    /// The next cause and when it is due.
    pub(super) fn next(&self) -> Option<(i64, usize)> {
        let due = |(place, pending): (usize, &Pending)| Some((pending.due.filter(|_| !pending.over)?, place));
        self.pending.iter().enumerate().filter_map(due).min()
    }

    /// Notes which causes begin to wait, and which wait in vain.
    pub(super) fn look(&mut self, causes: &[Cause], facts: &Vars, now: i64) {
        for (pending, cause) in self.pending.iter_mut().zip(causes) {
            let Comes::After { when, later_ms } = &cause.comes else { continue };
            let holds = fits(when, facts);
            if holds != pending.holds {
                pending.holds = holds;
                pending.due = holds.then(|| now.saturating_add(*later_ms));
            }
        }
    }

    /// A cause has had its moment; what repeats is due again.
    pub(super) fn passed(&mut self, place: usize, cause: Cause, passed: Passed) {
        let Passed { at, comes } = passed;
        let pending = &mut self.pending[place];
        let period = match cause.comes {
            Comes::At(period) => period,
            Comes::After { later_ms, .. } => later_ms,
        };
        pending.due = cause.repeats.then(|| at.saturating_add(period));
        pending.over = comes && !cause.repeats;
        if comes {
            self.told.extend(cause.says.map(|says| (at, says)));
        }
    }
}
