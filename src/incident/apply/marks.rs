//! What happens once, or follows from the rest: noted after each event.

use crate::incident::state::{Impact, StageMarks, State};
use crate::incident::{Moment, derive};
use crate::metrics::{Verdict, VerdictState};
use crate::playbook::{Id, Playbook};

/// Notes what follows from the state as an event left it.
pub(super) fn mark(playbook: &Playbook, state: &mut State, at: &Moment) {
    let mut sixty = playbook.steps.iter().filter(|step| step.sixty && derive::is_flown(state, step));
    // A step that opens again takes the mark away, and its clock runs on from where it began.
    state.marks.sixty_done = if sixty.all(|step| derive::is_settled(state, &step.id)) {
        let first_done = state.marks.first_step.as_ref().map(|_| at.clone());
        state.marks.sixty_done.take().or(first_done)
    } else {
        None
    };
    for stage in playbook.stages.keys() {
        mark_stage(playbook, state, stage, at);
    }
    let free = state.marks.hold_met.is_some() && state.open_debts().next().is_none();
    if free && state.marks.debts_paid.is_none() {
        state.marks.debts_paid = Some(at.clone());
    }
}

/// A stage begins with its first step, and ends when none of its steps is open any more.
fn mark_stage(playbook: &Playbook, state: &mut State, stage: &Id, at: &Moment) {
    let mut steps = derive::steps_of(playbook, stage);
    if !steps.clone().any(|step| state.steps.get(&step.id).is_some_and(|step| step.started.is_some())) {
        return;
    }
    let settled = steps.all(|step| derive::is_settled(state, &step.id) || !derive::is_flown(state, step));
    let marks = state.marks.stages.entry(stage.clone());
    let marks = marks.or_insert_with(|| StageMarks { started: at.clone(), done: None });
    marks.done = settled.then(|| marks.done.take().unwrap_or_else(|| at.clone()));
}

/// Impact begins with the first sample beyond a stop limit. What went back before its window had passed, while nothing
/// was detected or declared, was none.
pub(super) fn mark_impact(playbook: &Playbook, state: &mut State, metric: &Id, verdict: &Verdict, at: &Moment) {
    let stop = playbook.metrics.get(metric).and_then(|metric| metric.stop.as_ref());
    let decided = stop.is_some_and(|stop| verdict.limit.as_ref() == Some(&stop.written));
    match verdict.state {
        VerdictState::Breach | VerdictState::Warn if decided => {
            state.marks.beyond.insert(metric.clone());
            let sampled_ms = verdict.sampled_ms.unwrap_or(at.wall_ms).min(at.wall_ms);
            state
                .marks
                .impact
                .get_or_insert_with(|| Impact { metric: metric.clone(), at: Moment::sampled(sampled_ms) });
        }
        VerdictState::Ok | VerdictState::Warn => drop(state.marks.beyond.remove(metric)),
        // What cannot be seen has not gone back.
        VerdictState::Breach | VerdictState::NoData | VerdictState::Stale | VerdictState::Error => {}
    }
    let began = state.marks.detected.is_some() || state.marks.declared.is_some();
    if !began && state.marks.beyond.is_empty() {
        state.marks.impact = None;
    }
}
