//! Whether what was seen is new enough to end a wait.

use super::command::SeenAt;
use super::state::State;
use super::{Moment, PullState, derive};
use crate::playbook::{Id, Playbook};

/// Whether this was seen after the step had begun and after whatever was changed last. Nothing is while a pull is on
/// its way or being read back: nobody knows yet which world was seen.
pub fn is_new(playbook: &Playbook, state: &State, step: &Id, seen: &SeenAt) -> bool {
    let Some(begun) = state.steps.get(step).map(|step| &step.since) else { return false };
    if state.pulls.values().any(|pull| moves(playbook, pull)) {
        return false;
    }
    match (seen, changed_at(state)) {
        (SeenAt::Looked(at), changed) => !is_after(begun, at) && changed.is_none_or(|changed| is_after(at, changed)),
        // A sample behind the last change shows the world as that left it, whenever the step began.
        (SeenAt::Sampled(ms), changed) => *ms > changed.unwrap_or(begun).wall_ms,
    }
}

/// When a sample must have been taken to end this step's wait: after this, in milliseconds since 1970.
pub fn samples_after_ms(state: &State, step: &Id) -> Option<i64> {
    let begun = &state.steps.get(step)?.since;
    Some(changed_at(state).unwrap_or(begun).wall_ms)
}

/// Whether a pull is on its way, or is being read back.
fn moves(playbook: &Playbook, pull: &PullState) -> bool {
    let read_back = playbook.levers.get(&pull.lever).is_some_and(|lever| derive::verify_of(lever, pull.way).is_some());
    pull.outcome.is_none() || (pull.may_have_worked() && pull.read_back.is_none() && read_back)
}

/// When production was changed last: when a pull that may have worked had ended, or was first seen to have worked.
pub fn changed_at(state: &State) -> Option<&Moment> {
    let changed = state.pulls.values().filter(|pull| pull.may_have_worked());
    let times = changed.flat_map(|pull| pull.settled.iter().chain(&pull.effective_at));
    times.reduce(|last, time| if is_after(time, last) { time } else { last })
}

/// Whether `later` is after `earlier`: by the boot clock within a boot, else by the wall clock.
pub fn is_after(later: &Moment, earlier: &Moment) -> bool {
    if later.boot_id == earlier.boot_id { later.boot_ns > earlier.boot_ns } else { later.wall_ms > earlier.wall_ms }
}
