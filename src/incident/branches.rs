//! Branches: what opens one by itself, when a clock will, and when a step that failed may be tried again.

use super::clocks::clocks;
use super::state::State;
use super::{Moment, StepStatus, derive};
use crate::kind::Vars;
use crate::playbook::{Branch, Condition, Id, Opening, Playbook, Step};

/// Why a step is N/A.
#[derive(Clone, Copy, Debug)]
pub enum NotFlown<'a> {
    /// Its branch is not open.
    Closed(&'a Branch),
    /// This one is flown instead.
    Replaced(&'a Branch),
}

impl NotFlown<'_> {
    /// In a sentence about the step.
    pub fn sentence(&self, step: &Step) -> String {
        let title = &step.title;
        match self {
            Self::Closed(branch) => {
                format!("`{title}` is N/A: its branch `{}` is not open; t opens it", branch.title)
            }
            Self::Replaced(branch) => format!("`{title}` is N/A: branch `{}` is flown instead", branch.title),
        }
    }
}

/// Why a step is not flown, if it is not.
pub fn not_flown<'a>(playbook: &'a Playbook, state: &State, step: &Step) -> Option<NotFlown<'a>> {
    let open = |id: &&Id| state.branches.contains_key(*id);
    let replaced = step.unless.as_ref().filter(open).and_then(|id| playbook.branches.get(id));
    let closed = step.branch.as_ref().filter(|id| !open(id)).and_then(|id| playbook.branches.get(id));
    replaced.map(NotFlown::Replaced).or(closed.map(NotFlown::Closed))
}

/// The first branch that is not open and that something opens now, and what, in words.
pub fn opened_now<'a>(playbook: &'a Playbook, state: &State, now: &Moment) -> Option<(&'a Branch, String)> {
    let closed = playbook.branches.values().filter(|branch| !state.branches.contains_key(&branch.id));
    closed.into_iter().find_map(|branch| Some((branch, why_opened(playbook, state, branch.when.as_ref()?, now)?)))
}

/// What opens a branch by itself, in words.
pub fn waits_for(playbook: &Playbook, branch: &Branch) -> Option<String> {
    Some(match branch.when.as_ref()? {
        Opening::Symptom(symptom) => format!("symptom {}", playbook.symptoms[symptom].title),
        Opening::Failed(step) => format!("{} FAILED", title_of(playbook, step)),
        Opening::Overdue(clock) => format!("clock {} OVER", clock_title(playbook, clock)),
        Opening::Seen(condition) => {
            format!("{} = {}", probe_titles(playbook, condition), derive::want(condition, &Vars::new()))
        }
    })
}

/// For how many milliseconds from `now` on no clock opens a branch: 0 if one does now, `None` if none will as it is.
pub fn overdue_in_ms(playbook: &Playbook, state: &State, now: &Moment) -> Option<u64> {
    if playbook.branches.is_empty() || state.marks.declared.is_none() || state.closed.is_some() {
        return None;
    }
    let readings = clocks(playbook, state, now);
    let closed = playbook.branches.values().filter(|branch| !state.branches.contains_key(&branch.id));
    let clock_of = |branch: &Branch| {
        let Some(Opening::Overdue(clock)) = &branch.when else { return None };
        let reading = readings.iter().find(|reading| reading.id == *clock)?;
        (reading.running || reading.is_over()).then(|| (reading.budget_ms + 1).saturating_sub(reading.elapsed_ms))
    };
    closed.filter_map(clock_of).min()
}

/// Whether what a failed step had opened has been flown since: then it is worth another try.
pub fn is_remedied(playbook: &Playbook, state: &State, failed: &Step) -> bool {
    let Some(since) = state.steps.get(&failed.id).filter(|step| step.status == StepStatus::Failed) else {
        return false;
    };
    let opened = derive::branches_of_failure(playbook, state, &failed.id);
    let mut steps = playbook.steps.iter().filter(|step| step.branch.as_ref().is_some_and(|of| opened.contains(&of)));
    // What was settled before it failed has not helped.
    steps.any(|step| state.steps.get(&step.id).is_some_and(|step| step.since.since(&since.since).ms > 0))
        && derive::first_of_its_branches(playbook, state, failed).is_none()
}

fn why_opened(playbook: &Playbook, state: &State, opening: &Opening, now: &Moment) -> Option<String> {
    match opening {
        Opening::Symptom(symptom) => {
            let raised = derive::raised(playbook, state).contains(symptom);
            raised.then(|| format!("symptom {} is raised", playbook.symptoms[symptom].title))
        }
        Opening::Failed(step) => {
            let failed = derive::status(state, step) == Some(StepStatus::Failed);
            failed.then(|| format!("{} FAILED", title_of(playbook, step)))
        }
        Opening::Overdue(clock) => {
            let readings = clocks(playbook, state, now);
            let over = readings.iter().any(|reading| reading.id == *clock && reading.is_over());
            over.then(|| format!("clock {} passed its budget", clock_title(playbook, clock)))
        }
        Opening::Seen(condition) => {
            let seen = derive::holds_now(state, condition, &Vars::new()) == Some(true);
            let saw = state.sensors.get(&condition.probe).and_then(|sensor| sensor.seen.value()).unwrap_or("?");
            seen.then(|| format!("{} shows {saw}", probe_titles(playbook, condition)))
        }
    }
}

fn probe_titles(playbook: &Playbook, condition: &Condition) -> String {
    let titles: Vec<&str> = condition.probes().map(|probe| playbook.probes[probe].title.as_str()).collect();
    titles.join(", ")
}

fn title_of<'a>(playbook: &'a Playbook, step: &'a Id) -> &'a str {
    playbook.step(step).map_or(step.as_str(), |step| step.title.as_str())
}

fn clock_title<'a>(playbook: &'a Playbook, clock: &'a str) -> &'a str {
    playbook.clocks.iter().find(|known| known.id == clock).map_or(clock, |clock| clock.title.as_str())
}
