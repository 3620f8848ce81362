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
    match seen {
        SeenAt::Looked(at) => (is_of_another_boot(begun, at) || !is_after(begun, at)) && is_of_this_world(state, at),
        // A sample behind the last change shows the world as that left it, whenever the step began.
        SeenAt::Sampled(ms) => *ms > changed_at(state).unwrap_or(begun).wall_ms,
    }
}

/// Whether what was asked at this time shows the world as it was left by the last change.
pub fn is_of_this_world(state: &State, asked: &Moment) -> bool {
    changes(state).all(|changed| is_of_another_boot(changed, asked) || is_after(asked, changed))
}

/// Whether something that stands in the journal was written in another boot than this look was sent in, and so lies
/// before it, whatever the wall clocks say: a machine's clock may start behind, and a journal is opened before anything
/// is looked at.
fn is_of_another_boot(written: &Moment, looked: &Moment) -> bool {
    written.boot_id != looked.boot_id
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
    changes(state).reduce(|last, time| if is_after(time, last) { time } else { last })
}

fn changes(state: &State) -> impl Iterator<Item = &Moment> {
    let changed = state.pulls.values().filter(|pull| pull.may_have_worked());
    changed.flat_map(|pull| pull.settled.iter().chain(&pull.effective_at))
}

/// Whether `later` is after `earlier`: by the boot clock within a boot, else by the wall clock.
pub fn is_after(later: &Moment, earlier: &Moment) -> bool {
    if later.boot_id == earlier.boot_id { later.boot_ns > earlier.boot_ns } else { later.wall_ms > earlier.wall_ms }
}
