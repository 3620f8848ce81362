//! What lasted: steps, pulls, broken limits, debts and the hold, each from its first line to its last.

use super::facts::{Debt, Facts, Pull, is_breach};
use super::lane::Lane;
use super::pulled::ATTESTED;
use super::sentence::as_wanted;
use super::written::plain;
use crate::incident::{AttemptId, Event, Record, replay};
use crate::kind::Outcome;
use crate::playbook::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// How a pull stands of which only a person said that it was done.
const BY_HAND: &str = "done by hand";

/// Something that lasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stretch {
    /// Which swim lane it belongs to.
    pub lane: Lane,
    /// What: a line of Markdown.
    pub title: String,
    /// How it stands at its end: a word.
    pub stands: String,
    /// From when, in milliseconds since `zero_ms`.
    pub from_ms: i64,
    /// Until when; none while it was still open at the end.
    pub to_ms: Option<i64>,
    /// The line of the journal that it begins with.
    pub line: u64,
}

/// Everything that lasted, lane by lane in the order in which it began.
pub(super) fn stretches(facts: &Facts) -> Vec<Stretch> {
    let mut all = breaches(facts);
    all.extend(steps(facts));
    all.extend(pulls(facts));
    all.extend(debts(facts));
    all.extend(hold(facts));
    all.sort_by_key(|stretch| (stretch.lane, stretch.from_ms, stretch.line));
    all
}

/// From one record to another.
fn from_to(facts: &Facts, lane: Lane, from: &Record, to: Option<&Record>) -> Stretch {
    let at = |record| facts.t_ms(record);
    let (title, stands) = (String::new(), String::new());
    Stretch { lane, title, stands, from_ms: at(from), to_ms: to.map(at), line: from.seq }
}

/// Each time a metric was in BREACH.
fn breaches(facts: &Facts) -> Vec<Stretch> {
    let records = &facts.dossier.records;
    let turned = |record: &Record| match &record.event {
        Event::VerdictChanged { metric, verdict } => Some((metric.clone(), verdict.state)),
        _ => None,
    };
    let broken = records.iter().filter(|record| is_breach(&record.event)).filter_map(|record| {
        let (metric, _) = turned(record)?;
        let here = |other: &&Record| turned(other).is_some_and(|(of, _)| of == metric);
        // A verdict that says BREACH again, as with another limit, is no second one.
        let before = records.iter().rev().filter(|other| other.seq < record.seq).find(here);
        if before.is_some_and(|before| is_breach(&before.event)) {
            return None;
        }
        let over =
            records.iter().filter(|other| other.seq > record.seq).find(|other| here(other) && !is_breach(&other.event));
        let stands = over.and_then(turned).map_or("BREACH", |(_, state)| state.word());
        let title = facts.dossier.metric(&metric);
        Some(Stretch { title, stands: stands.into(), ..from_to(facts, Lane::Alerts, record, over) })
    });
    broken.collect()
}

/// Each step from its first start to its last end.
fn steps(facts: &Facts) -> Vec<Stretch> {
    let Some(playbook) = &facts.dossier.playbook else { return Vec::new() };
    let state = replay(playbook, &facts.dossier.records);
    let stretch = |id: &Id| {
        let step = state.steps.get(id)?;
        let begins = |record: &&Record| matches!(record.event, Event::StepStarted { .. });
        let of: Vec<&Record> = facts.dossier.records.iter().filter(|record| is_of_step(&record.event, id)).collect();
        let begun = of.iter().copied().find(begins).or(of.first().copied())?;
        let ended = of.last().copied().filter(|_| step.status.is_settled());
        let (title, stands) = (facts.dossier.step(id), step.status.word().to_owned());
        Some(Stretch { title, stands, ..from_to(facts, Lane::Steps, begun, ended) })
    };
    playbook.steps.iter().filter_map(|step| stretch(&step.id)).collect()
}

fn is_of_step(event: &Event, id: &Id) -> bool {
    match event {
        Event::StepStarted { step, .. }
        | Event::StepDone { step, .. }
        | Event::StepFailed { step, .. }
        | Event::StepSkipped { step, .. }
        | Event::StepOverridden { step, .. }
        | Event::StepDeferred { step, .. }
        | Event::StepReopened { step, .. } => step == id,
        _ => false,
    }
}

/// Each pull until it was read back, else until its call ended.
fn pulls(facts: &Facts) -> Vec<Stretch> {
    let stretch = |(attempt, pull): (&AttemptId, &Pull)| {
        let settled = pull.settled.map(|(record, _)| record);
        let to = pull.read.map(|(record, _)| record).or(settled);
        let title = format!("{attempt}: {}", facts.pulled(pull));
        Stretch { title, stands: seen_of(pull), ..from_to(facts, Lane::Levers, pull.started, to) }
    };
    facts.pulls.iter().map(stretch).collect()
}

/// What is known of a pull in the end. A person's word is told from what a probe saw, and from what goaround did.
fn seen_of(pull: &Pull) -> String {
    match (pull.read, pull.settled) {
        (Some((read, result)), _) if matches!(read.event, Event::Attested { .. }) => {
            format!("{ATTESTED} {}", plain(as_wanted(result)))
        }
        (Some((_, result)), _) => result.word().into(),
        (None, Some((_, Outcome::Applied))) if pull.by_hand => BY_HAND.into(),
        (None, Some((_, outcome))) => outcome.word().into(),
        (None, None) => Outcome::Unknown.word().into(),
    }
}

fn debts(facts: &Facts) -> Vec<Stretch> {
    let stretch = |debt: &Debt| {
        let paid = debt.paid.map(|(record, _)| record);
        let stands = if paid.is_some() { "paid" } else { "still open" };
        let title = format!("debt: {}", facts.owed(debt));
        Stretch { title, stands: stands.into(), ..from_to(facts, Lane::Hold, debt.opened, paid) }
    };
    facts.debts.iter().map(stretch).collect()
}

fn hold(facts: &Facts) -> Vec<Stretch> {
    let Some(started) = facts.first(|event| matches!(event, Event::HoldStarted)) else { return Vec::new() };
    let met = facts.first(|event| matches!(event, Event::HoldMet { .. }));
    let stands = if met.is_some() { "met" } else { "not met" };
    let stretch = from_to(facts, Lane::Hold, started, met);
    vec![Stretch { title: "hold".into(), stands: stands.into(), ..stretch }]
}
