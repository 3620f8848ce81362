//! What is due after closing, and what of it has been seen to.

use super::state::{FollowedUp, State};
use crate::playbook::{FollowUp, Playbook};

/// One follow-up and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Due<'a> {
    /// What is to be done.
    pub follow_up: &'a FollowUp,
    /// By when, in milliseconds since 1970; `None` while the incident is open, and after a drill, whose clock is
    /// nobody's.
    pub due_ms: Option<i64>,
    /// Who saw to it, when and how; `None` while it is open.
    pub done: Option<&'a FollowedUp>,
}

impl Due<'_> {
    /// For how many milliseconds it has been overdue, or was when it was done.
    pub fn late_ms(&self, now_ms: i64) -> Option<u64> {
        let until = self.done.map_or(now_ms, |done| done.at.wall_ms);
        u64::try_from(until.saturating_sub(self.due_ms?)).ok().filter(|late| *late > 0)
    }
}

/// The follow-ups, the earliest due first.
pub fn follow_ups<'a>(playbook: &'a Playbook, state: &'a State) -> Vec<Due<'a>> {
    let closed_ms = state.marks.closed.as_ref().filter(|_| state.drill.is_none()).map(|at| at.wall_ms);
    let within = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    let mut all: Vec<Due> = playbook
        .lists
        .follow_ups
        .iter()
        .map(|follow_up| Due {
            follow_up,
            due_ms: closed_ms.map(|closed| closed.saturating_add(within(follow_up.within_ms))),
            done: state.followed_up.get(&follow_up.id),
        })
        .collect();
    all.sort_by_key(|due| due.follow_up.within_ms);
    all
}
