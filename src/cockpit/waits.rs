//! What ends a step; and what is said of one that waits, or pulls its levers one after the other.

use super::scene::Scene;
use super::theme::Token;
use super::{facts, words};
use crate::incident::{derive, wait};
use crate::kind::Vars;
use crate::metrics::ExitState;
use crate::playbook::{Condition, Id, Step, StepKind, Until, Wait};

/// What must be seen for a step to be done, in words.
pub(super) fn done_when(scene: &Scene, step: &Step) -> String {
    if let Some(done) = &step.done {
        let want = derive::want(done, &std::collections::BTreeMap::new());
        return format!("{} = {want}", facts::titles(scene, done));
    }
    match &step.kind {
        StepKind::Capture(_) => "everything it asks for is captured".into(),
        StepKind::Pick(_) => "a lever is picked".into(),
        StepKind::Pull(_) => match facts::sensing_lever(scene, step).map(|lever| (lever, &lever.verify)) {
            Some((lever, Some(verify))) => {
                format!("{} = {}", facts::titles(scene, &verify.condition), facts::target(lever))
            }
            Some((_, None)) => "a person has said what they saw of its lever".into(),
            None => "its lever reads back as wanted".into(),
        },
        StepKind::Sequence(levers) => all_read_back(scene, levers),
        StepKind::Wait(wait) => awaited(scene, wait),
        StepKind::Watch => "every exit target has been green long enough".into(),
        StepKind::Ask(ask) => ask.question.clone(),
    }
}

/// What a wait waits for, in words.
fn awaited(scene: &Scene, wait: &Wait) -> String {
    let within = words::about(wait.within_ms);
    match &wait.until {
        Until::Seen { condition, agree } => {
            format!("{} {}, {agree} looks in a row, within {within}", title(scene, condition), target(condition))
        }
        Until::Exits(_) => format!("{}, sampled behind the last pull, within {within}", exits_words(scene, wait)),
    }
}

/// The exit targets that a wait waits for, in words; nothing of one that looks through a probe.
pub(super) fn exits_words(scene: &Scene, wait: &Wait) -> String {
    let Until::Exits(metrics) = &wait.until else { return String::new() };
    metrics.iter().map(|id| exit_words(scene, id)).collect::<Vec<_>>().join(", ")
}

/// What a running wait sees, and how long it still waits.
pub(super) fn waiting(scene: &Scene, step: &Step, wait: &Wait) -> String {
    let begun = scene.state.steps.get(&step.id).map(|state| scene.now.since(&state.since).ms).unwrap_or_default();
    let left = format!("{} left", words::clock(wait.within_ms.saturating_sub(begun)));
    match &wait.until {
        Until::Seen { condition, .. } => {
            let (saw, _) = facts::saw(scene, condition);
            format!("{saw}, waits for {}; {left}", target(condition))
        }
        Until::Exits(metrics) => {
            let open: Vec<String> =
                metrics.iter().filter(|id| !is_met(scene, step, id)).map(|id| exit_words(scene, id)).collect();
            let open = if open.is_empty() { "the last pull".to_owned() } else { open.join(", ") };
            format!("waits for {open}; {left}")
        }
    }
}

/// Where a sequence stands: whose turn it is, and what became of its newest pull.
pub(super) fn in_sequence(scene: &Scene, step: &Step, levers: &[Id]) -> (String, Token) {
    let Some(next) = derive::next_in_sequence(&scene.state, step) else {
        return (format!("{0}/{0} pulled", levers.len()), Token::Running);
    };
    let place = levers.iter().position(|lever| lever == next).unwrap_or_default();
    let name = scene.playbook.levers.get(next).map_or(next.as_str(), |lever| lever.title.as_str());
    let newest =
        scene.state.pulls.values().rev().find(|pull| pull.lever == *next && pull.step.as_ref() == Some(&step.id));
    let (said, token) =
        newest.map_or(("<steps.run> arms it".to_owned(), Token::Focus), |pull| facts::pull_words(scene, pull));
    (format!("{}/{} {name}: {said}", place + 1, levers.len()), token)
}

/// What a sequence is done by, in words.
fn all_read_back(scene: &Scene, levers: &[Id]) -> String {
    let names: Vec<&str> =
        levers.iter().map(|id| scene.playbook.levers.get(id).map_or(id.as_str(), |lever| &lever.title)).collect();
    format!("each reads back as wanted, in this order: {}", names.join(", "))
}

fn is_met(scene: &Scene, step: &Step, metric: &Id) -> bool {
    let after_ms = wait::samples_after_ms(&scene.state, &step.id).unwrap_or(i64::MAX);
    let verdict = facts::verdict(scene, metric);
    verdict.is_some_and(|v| v.exit == ExitState::Met && v.sampled_ms.is_some_and(|at| at > after_ms))
}

fn exit_words(scene: &Scene, metric: &Id) -> String {
    let Some(metric) = scene.playbook.metrics.get(metric) else { return metric.to_string() };
    let limit = metric.exit.as_ref().map(|exit| exit.written.as_str()).unwrap_or_default();
    format!("{} {limit}", metric.title)
}

fn title<'a>(scene: &'a Scene, condition: &'a Condition) -> &'a str {
    scene.playbook.probes.get(&condition.probe).map_or(condition.probe.as_str(), |probe| &probe.title)
}

fn target(condition: &Condition) -> String {
    derive::want(condition, &Vars::new()).to_string()
}
