//! What happens once, or follows from the rest: noted after each event.

use crate::incident::state::{Episode, Impact, Marks, StageMarks, State};
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

/// An episode begins with the first sample beyond a stop limit and lasts until no metric is beyond. The declaration is
/// on the newest one: what went back before, be it hours earlier, is no part of the incident.
pub(super) fn mark_episode(playbook: &Playbook, state: &mut State, metric: &Id, verdict: &Verdict, at: &Moment) {
    let stop = playbook.metrics.get(metric).and_then(|metric| metric.stop.as_ref());
    let is_pending = stop.is_some_and(|stop| verdict.limit.as_ref() == Some(&stop.written));
    match verdict.state {
        VerdictState::Breach => go_beyond(&mut state.marks, metric, verdict, at),
        VerdictState::Warn if is_pending => go_beyond(&mut state.marks, metric, verdict, at),
        VerdictState::Ok | VerdictState::Warn => go_back(&mut state.marks, metric),
        // What cannot be seen has not gone back.
        VerdictState::NoData | VerdictState::Stale | VerdictState::Error => {}
    }
}

fn go_beyond(marks: &mut Marks, metric: &Id, verdict: &Verdict, at: &Moment) {
    marks.beyond.insert(metric.clone());
    let episode = marks.episode.get_or_insert_with(|| {
        let sampled_ms = verdict.sampled_ms.unwrap_or(at.wall_ms).min(at.wall_ms);
        let impact = Impact { metric: metric.clone(), at: Moment::sampled(sampled_ms), seen: at.clone() };
        Episode { impact, detected: None }
    });
    if verdict.state == VerdictState::Breach {
        episode.detected.get_or_insert_with(|| at.clone());
    }
    // One whose window has not passed takes nothing from one that was detected.
    let is_newest = marks.declared.is_none() && (episode.detected.is_some() || marks.detected.is_none());
    if is_newest || marks.impact.is_none() {
        marks.impact = Some(episode.impact.clone());
    }
    if is_newest || marks.detected.is_none() {
        // Who acknowledged another episode has not seen this one.
        if marks.detected.is_some() && marks.detected != episode.detected {
            marks.acknowledged = None;
        }
        marks.detected.clone_from(&episode.detected);
    }
}

fn go_back(marks: &mut Marks, metric: &Id) {
    marks.beyond.remove(metric);
    if !marks.beyond.is_empty() {
        return;
    }
    marks.episode = None;
    // What went back before its window had passed, while nothing was detected or declared, was none.
    if marks.detected.is_none() && marks.declared.is_none() {
        marks.impact = None;
    }
}
