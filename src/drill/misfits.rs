//! What a scenario mentions and its playbook does not have.

use super::scenario::{Cast, Left, Pitfall, Scenario};
use super::written::Injected;
use crate::playbook::{Playbook, StepKind};

/// What a scenario mentions and the playbook does not have, or has as another kind.
pub(super) fn misfits(scenario: &Scenario, playbook: &Playbook) -> Vec<String> {
    let config = |backend: &str| playbook.backends.get(backend);
    let mut faults = Vec::new();
    for (backend, what) in mentioned(scenario) {
        if config(backend).is_none() {
            faults.push(format!("{what}: the playbook has no backend `{backend}`"));
        }
    }
    for row in &scenario.answers {
        let fault = config(&row.backend).and_then(|config| row.reply.misfit(config));
        faults.extend(fault.map(|why| format!("answer to `{}`: {why}", row.written)));
        if row.carries.is_some() && config(&row.backend).is_some_and(|config| config.url().is_none()) {
            faults.push(format!(
                "answer to `{}`: backend `{}` speaks no HTTP and carries nothing",
                row.written, row.backend
            ));
        }
    }
    for row in scenario.files.iter().filter(|row| config(&row.backend).is_some_and(|config| config.root().is_none())) {
        faults.push(format!("file `{}`: backend `{}` is no file backend", row.path, row.backend));
    }
    for fault in scenario.injections.iter().filter(|fault| fault.fault == Injected::Internal) {
        if config(&fault.backend).is_some_and(|config| config.url().is_none()) {
            faults.push(format!("inject: backend `{}` speaks no HTTP and cannot answer 500", fault.backend));
        }
    }
    let unknown = scenario.signals.keys().filter(|metric| !playbook.metrics.contains_key(metric.as_str()));
    faults.extend(unknown.map(|metric| format!("signal `{metric}`: the playbook has no such metric")));
    faults.extend(scenario.pitfalls.iter().flat_map(|pitfall| strangers(pitfall, playbook)));
    faults.extend(miscast(scenario, playbook));
    faults
}

/// What a pitfall names and the playbook does not have.
fn strangers(pitfall: &Pitfall, playbook: &Playbook) -> Vec<String> {
    let step = |id: &str| playbook.steps.iter().any(|step| step.id.as_str() == id);
    let debt = |id: &str| playbook.debts.contains_key(id);
    let Pitfall { left, mistake, .. } = pitfall;
    let shown = left.iter().map(|left| match left {
        Left::Step(id) => ("step", id, step(id)),
        Left::Debt(id) => ("debt", id, debt(id)),
        Left::Message(id) => ("message", id, playbook.comms.contains_key(id.as_str())),
    });
    let made = mistake.skip.iter().chain(&mistake.order).map(|id| ("step", id, step(id)));
    let unpaid = mistake.leave.iter().map(|id| ("debt", id, debt(id)));
    let pulled = mistake.pull.iter().map(|id| ("lever", id, playbook.levers.contains_key(id.as_str())));
    let unknown = shown.chain(made).chain(unpaid).chain(pulled).filter(|(_, _, known)| !known);
    unknown.map(|(what, id, _)| format!("pitfall `{}`: the playbook has no {what} `{id}`", pitfall.id)).collect()
}

/// What the cast says that nobody asks.
fn miscast(scenario: &Scenario, playbook: &Playbook) -> Vec<String> {
    let Cast { answers, approvals, sends, .. } = &scenario.cast;
    let asks = |id: &str| playbook.steps.iter().find(|step| step.id.as_str() == id).map(|step| &step.kind);
    let unasked = answers.iter().filter_map(|(step, answer)| match asks(step) {
        Some(StepKind::Ask(ask)) if ask.answers.contains(answer) => None,
        Some(StepKind::Ask(ask)) => {
            Some(format!("cast: `{answer}` is no answer of step `{step}`: {}", ask.answers.join(", ")))
        }
        Some(_) | None => Some(format!("cast: the playbook has no step `{step}` that asks")),
    });
    let single = |lever: &&String| !playbook.levers.get(lever.as_str()).is_some_and(|lever| lever.second_person);
    let unknown = sends.iter().filter(|comm| !playbook.comms.contains_key(comm.as_str()));
    let unknown = unknown.map(|comm| format!("cast: the playbook has no message `{comm}`"));
    let unneeded = approvals.keys().filter(single);
    unasked
        .chain(unknown)
        .chain(unneeded.map(|lever| format!("cast: the playbook has no lever `{lever}` that needs approval")))
        .collect()
}

/// Every backend a scenario mentions, and where.
fn mentioned(scenario: &Scenario) -> impl Iterator<Item = (&str, String)> {
    let answers = scenario.answers.iter().map(|row| (row.backend.as_str(), format!("answer to `{}`", row.written)));
    let files = scenario.files.iter().map(|row| (row.backend.as_str(), format!("file `{}`", row.path)));
    let latency = scenario.latency.keys().map(|backend| (backend.as_str(), "latency".to_owned()));
    let faults = scenario.injections.iter().map(|fault| (fault.backend.as_str(), "inject".to_owned()));
    answers.chain(files).chain(latency).chain(faults)
}
