//! Which lever first: the one that fits what is wrong, of these the one that can be flown, of these the fastest.

use super::ready::{Readiness, readiness};
use super::state::State;
use super::{Way, derive};
use crate::playbook::{Id, Lever, Playbook, Step};

/// All levers, best first: by the symptom they fit, then by whether they can be flown, then by their place in the
/// symptom, then by how fast they are. Those that fit none: what can be taken back first, what is in place last.
///
/// Whoever wrote the symptom knows which lever cures it best, so that order is believed before any stopwatch.
pub fn ranked(playbook: &Playbook, state: &State) -> Vec<Id> {
    let raised = derive::raised(playbook, state);
    let fit = |lever: &Id| {
        let place = |symptom: &Id| playbook.symptoms[symptom].levers.iter().position(|id| id == lever);
        raised.iter().enumerate().find_map(|(rank, symptom)| place(symptom).map(|place| (rank, place)))
    };
    let mut levers: Vec<&Lever> = playbook.levers.values().collect();
    levers.sort_by_cached_key(|lever| {
        let (symptom, place) = fit(&lever.id).unwrap_or((usize::MAX, usize::MAX));
        let ready = readiness(playbook, state, lever);
        // Where no symptom speaks for it, what cannot be taken back goes late, and what is in place later.
        let fits = symptom != usize::MAX;
        let late = if fits { 0 } else { u8::from(lever.irreversible) + 2 * u8::from(ready == Readiness::There) };
        (symptom, !ready.can_fly(), late, place, expected_ms(state, lever))
    });
    levers.into_iter().map(|lever| lever.id.clone()).collect()
}

/// The levers of a step, the one picked first, then best first; of a sequence the one whose turn it is.
pub fn candidates(playbook: &Playbook, state: &State, step: &Step) -> Vec<Id> {
    if let crate::playbook::StepKind::Sequence(_) = step.kind {
        return derive::next_in_sequence(state, step).into_iter().cloned().collect();
    }
    let held = derive::levers_of(step);
    let mut levers: Vec<Id> = ranked(playbook, state).into_iter().filter(|id| held.contains(id)).collect();
    if let Some(pick) = state.pick.as_ref().filter(|pick| held.contains(pick)) {
        levers.sort_by_key(|id| id != pick);
    }
    levers
}

/// Whether picking this lever for a step leaves the ranking: symptoms are raised that list others of its levers, and
/// none lists this one. Where no symptom speaks of the step's levers the choice is free.
pub fn goes_past_ranking(playbook: &Playbook, state: &State, step: &Step, lever: &Id) -> bool {
    let raised = derive::raised(playbook, state);
    let is_listed = |lever: &Id| raised.iter().any(|symptom| playbook.symptoms[symptom].levers.contains(lever));
    !is_listed(lever) && derive::levers_of(step).iter().any(is_listed)
}

/// How long a lever takes until it is effective, in milliseconds: as measured in this incident, else as its author says.
pub fn expected_ms(state: &State, lever: &Lever) -> u64 {
    measured_ms(state, &lever.id).unwrap_or(lever.takes_ms)
}

/// From its newest start to its first read-back that agreed, in milliseconds. What a person did by hand measures the
/// person.
pub fn measured_ms(state: &State, lever: &Id) -> Option<u64> {
    let own = state.pulls.values().rev().filter(|pull| pull.lever == *lever && pull.way == Way::Do && !pull.by_hand);
    let mut measured = own.filter_map(|pull| Some(state.course.since(pull.effective_at.as_ref()?, &pull.started)));
    measured.find(|elapsed| !elapsed.approximate).map(|elapsed| elapsed.ms)
}
