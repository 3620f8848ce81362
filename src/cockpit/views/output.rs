//! What a step does, as it comes: requests, answers, looks, read-backs, each with its time.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::about::{PullFact, Subject};
use crate::incident::{Event, Record, derive, tell};
use crate::kind::Outcome;
use crate::playbook::{Id, Step, StepKind};

/// Where what is said begins, behind its time.
const INDENT: usize = 11;

/// Every line of the output, as far as it is followed.
pub(super) fn rows(view: &View, step: &Step, width: usize) -> Lines {
    let until = view.ui.selected.output.until.unwrap_or(u64::MAX);
    let records = view.scene.records.iter().filter(|record| record.seq <= until && is_about(view, record, &step.id));
    records.flat_map(|record| lines_of(view, record, width)).collect()
}

/// The lines that have room, beneath a heading that says which they are. Following, they are the newest.
pub(super) fn shown(view: &View, lines: Lines, width: usize, room: usize) -> Lines {
    if lines.is_empty() || room < 2 {
        return Lines::new();
    }
    let (all, rows) = (lines.len(), room - 1);
    let output = view.ui.selected.output;
    let end = all.saturating_sub(output.back).max(rows.min(all));
    let follows = if output.until.is_none() { "on" } else { "off" };
    let heading = view
        .row()
        .cell(Token::Muted, "OUTPUT", INDENT)
        .put(Token::Muted, &format!("follow {follows} (<output.follow>)"));
    let mut shown = vec![heading.right(Token::Muted, &format!("line {end} of {all}"), width).line()];
    shown.extend(lines.into_iter().take(end).skip(end.saturating_sub(rows)));
    shown
}

/// One record: its time, its sentence, and under it what it brought, a line each.
fn lines_of(view: &View, record: &Record, width: usize) -> Lines {
    let room = width.saturating_sub(INDENT);
    let (said, brought) = split(view, record);
    let token = token_of(&record.event);
    let at = time(view, record);
    let mut lines: Lines = words::wrap(&said, room)
        .iter()
        .enumerate()
        .map(|(place, text)| {
            let row = view.row().to(2).cell(Token::Muted, if place == 0 { &at } else { "" }, INDENT - 2);
            row.put(token, text).line()
        })
        .collect();
    for text in brought {
        let rows = words::wrap(&text, room.saturating_sub(2));
        lines.extend(rows.iter().map(|text| view.row().to(INDENT + 2).put(Token::Fg, text).line()));
    }
    lines
}

/// The sentence of a record, and what a program or a look answered: of several lines each on its own.
fn split(view: &View, record: &Record) -> (String, Vec<String>) {
    match &record.event {
        Event::PullSettled { attempt, outcome, detail, took_ms, .. } if detail.as_str().contains("\\n") => {
            let said = format!("pull {attempt} {} in {took_ms} ms:", outcome.word());
            let lines = detail.as_str().split("\\n").filter(|line| !line.is_empty());
            (said, lines.map(str::to_owned).collect())
        }
        Event::EvidenceCaptured { values, missing, .. } => {
            let values = values.iter().map(|(name, value)| format!("{name} {value}"));
            let missing = missing.iter().map(|name| format!("{name} MISSING"));
            (tell(&view.scene.playbook, &record.event), values.chain(missing).collect())
        }
        event => (tell(&view.scene.playbook, event), Vec::new()),
    }
}

/// Since the declaration, to the tenth of a second: `01:45.2`.
fn time(view: &View, record: &Record) -> String {
    let since = view.scene.state.since_declared(&record.at);
    since.map_or(String::new(), |t| format!("{}.{}", words::clock(t.ms), t.ms / 100 % 10))
}

fn token_of(event: &Event) -> Token {
    let outcome = if let Event::PullSettled { outcome, .. } = event { Some(*outcome) } else { None };
    let undone = matches!(event, Event::StepFailed { .. } | Event::StepReopened { .. } | Event::Reverted { .. });
    match outcome {
        Some(Outcome::Rejected) => Token::Breach,
        Some(Outcome::Unknown | Outcome::NotSent) => Token::Warn,
        None if undone => Token::Warn,
        None if matches!(event, Event::PullStarted { .. }) => Token::Event,
        Some(Outcome::Applied) | None => Token::Fg,
    }
}

/// Whether what ticks this step looks through this probe.
fn looks_through(view: &View, id: &Id, probe: &Id) -> bool {
    let step = view.scene.playbook.step(id);
    step.and_then(|step| facts::sensor(view.scene, step)).is_some_and(|condition| condition.asks(probe))
}

fn is_kind(view: &View, id: &Id, is: fn(&StepKind) -> bool) -> bool {
    view.scene.playbook.step(id).is_some_and(|step| is(&step.kind))
}

fn is_about(view: &View, record: &Record, id: &Id) -> bool {
    let of_pull =
        |attempt: &u32| view.scene.state.pulls.get(attempt).is_some_and(|pull| pull.step.as_ref() == Some(id));
    match record.event.about().subject {
        Subject::Step(step, _) => step == id,
        Subject::Pull(_, PullFact::Started { step, .. }) | Subject::Evidence(step) => step == Some(id),
        Subject::Pull(attempt, PullFact::Settled(_) | PullFact::Seen(_)) => of_pull(&attempt),
        Subject::Probe(probe) => looks_through(view, id, probe),
        Subject::Hold => is_kind(view, id, |kind| matches!(kind, StepKind::Watch)),
        Subject::Lever(lever) => {
            let levers = view.scene.playbook.step(id).map(derive::levers_of).unwrap_or_default();
            levers.contains(lever)
        }
        Subject::Incident
        | Subject::Resumed
        | Subject::Symptom(_)
        | Subject::Branch(_)
        | Subject::Metric(_)
        | Subject::Debt(_)
        | Subject::Message(..)
        | Subject::People
        | Subject::FollowUp(_) => false,
    }
}
