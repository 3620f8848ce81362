//! What is not green, and what the hold waits for, in words with values.

use super::facts;
use super::scene::Scene;
use super::words;
use crate::incident::{StepStatus, UnseenAlarm, derive};
use crate::metrics::{ExitState, VerdictState};
use crate::playbook::{Metric, StepKind};

/// Metrics that break a limit or miss their exit target, in the playbook's order: `coverage 0.51 BREACH, needs >=0.70`.
pub(super) fn red(scene: &Scene) -> Vec<String> {
    scene.playbook.metrics.values().filter_map(|metric| red_words(scene, metric)).collect()
}

/// Metrics that have a limit and cannot be judged against it now: `dS NODATA`.
pub(super) fn unmeasured(scene: &Scene) -> Vec<String> {
    let limited = |metric: &&Metric| metric.stop.is_some() || metric.exit.is_some();
    let blind = |metric: &&Metric| !facts::state_of(scene, &metric.id).is_fresh();
    let metrics = scene.playbook.metrics.values().filter(limited).filter(blind);
    metrics.map(|metric| format!("{} {}", metric.title, facts::state_of(scene, &metric.id).word())).collect()
}

/// What a metric that cannot be judged now was when it was seen last: `was BREACH 2.00%`.
pub(super) fn was(scene: &Scene, metric: &Metric) -> Option<String> {
    let unseen = unseen(scene, metric)?;
    let value = unseen.value.map_or(String::new(), |value| format!(" {}", words::value(value, metric.unit)));
    Some(format!("was {}{value}", unseen.state.word()))
}

/// The metrics that were in BREACH when they were seen last and cannot be judged now: nobody knows that it is over.
pub(super) fn were_broken(scene: &Scene) -> Vec<&Metric> {
    let broken = |metric: &&Metric| unseen(scene, metric).is_some_and(|unseen| unseen.state == VerdictState::Breach);
    scene.playbook.metrics.values().filter(broken).collect()
}

fn unseen<'a>(scene: &'a Scene, metric: &Metric) -> Option<&'a UnseenAlarm> {
    let slot = scene.state.verdicts.get(&metric.id)?;
    slot.unseen.as_ref().filter(|_| !facts::state_of(scene, &metric.id).is_fresh())
}

/// The stop limits that cannot be judged now, those that were broken first: `5xx was BREACH 2.00%, p99`.
pub(super) fn unjudged_stops(scene: &Scene) -> Option<String> {
    let limited = scene.playbook.metrics.values().filter(|metric| metric.stop.is_some());
    let blind: Vec<&Metric> = limited.filter(|metric| !facts::state_of(scene, &metric.id).is_fresh()).collect();
    let words = |metric: &&Metric| was(scene, metric).map(|was| format!("{} {was}", metric.title));
    let quiet = blind.iter().filter(|metric| was(scene, metric).is_none()).map(|metric| metric.title.clone());
    let all: Vec<String> = blind.iter().filter_map(words).chain(quiet).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn red_words(scene: &Scene, metric: &Metric) -> Option<String> {
    let base = facts::baseline(scene, metric);
    let need = metric.exit.as_ref().map(|exit| {
        let bound = words::limit(exit, metric.unit, base);
        if exit.for_ms == 0 { bound } else { format!("{bound} for {}", words::age(exit.for_ms)) }
    });
    let seen = format!("{} {}", metric.title, facts::now_words(scene, metric));
    match facts::state_of(scene, &metric.id) {
        VerdictState::Breach => {
            Some(need.map_or(format!("{seen} BREACH"), |need| format!("{seen} BREACH, needs {need}")))
        }
        VerdictState::Ok | VerdictState::Warn => {
            let missed = facts::verdict(scene, &metric.id).is_some_and(|verdict| verdict.exit == ExitState::Missed);
            need.filter(|_| missed).map(|need| format!("{seen}, needs {need}"))
        }
        VerdictState::NoData | VerdictState::Stale | VerdictState::Error => None,
    }
}

/// What the running hold waits for, the most telling first; empty where only time is missing.
pub(super) fn hold_waits(scene: &Scene) -> Vec<String> {
    if !derive::hold_runs(&scene.state) {
        return Vec::new();
    }
    let mut waits = open_steps(scene);
    waits.extend(red(scene));
    // What was not done may be why it does not get green; where it does, nobody needs to be pointed there.
    if !waits.is_empty() {
        waits.extend(steps(scene, is_left_out));
    }
    waits.extend(unmeasured(scene));
    waits
}

/// The steps before the watch that are open: until they are settled no hold is met.
pub(super) fn open_steps(scene: &Scene) -> Vec<String> {
    steps(scene, |status| status.is_none_or(|status| !status.is_settled()))
}

/// Whether a step was gone past without being done.
fn is_left_out(status: Option<StepStatus>) -> bool {
    matches!(status, Some(StepStatus::Skipped | StepStatus::Overridden | StepStatus::Deferred))
}

/// The steps of this kind of status, up to the one that watches: `step 5 rotate cache ns SKIPPED`.
fn steps(scene: &Scene, of: impl Fn(Option<StepStatus>) -> bool) -> Vec<String> {
    let before = scene.playbook.steps.iter().take_while(|step| !matches!(step.kind, StepKind::Watch));
    let flown = (1..).zip(before).filter(|(_, step)| derive::is_flown(&scene.state, step));
    let found = flown.filter(|(_, step)| of(derive::status(&scene.state, &step.id)));
    found.map(|(number, step)| format!("step {number} {} {}", step.title, facts::face(scene, &step.id).word)).collect()
}
