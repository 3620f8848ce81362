//! What was done: levers with their proof, versions before and after, every line of the journal.

use super::block::Block;
use super::crossed::told;
use super::escape::{code, md};
use super::facts::{Facts, Pull};
use super::sent::sent;
use super::sentence::{as_wanted, read_back_saw};
use super::show::{duration, link, millis, short, utc};
use crate::incident::about::Subject;
use crate::incident::{AttemptId, Event, Moment, ReadBack, Record, StepStatus, replay};
use crate::kind::Outcome;
use crate::playbook::{Id, Step};
use crate::text::Text;

/// Each step of the checklist: when it began, how it ended, how long that took.
pub(super) fn steps(facts: &Facts) -> Vec<Block> {
    let Some(playbook) = &facts.dossier.playbook else { return Vec::new() };
    let state = replay(playbook, &facts.dossier.records);
    let row = |step: &Step| {
        let stands = state.steps.get(&step.id)?;
        let began = stands.started.as_ref().unwrap_or(&stands.since);
        let took = match stands.status {
            // Tried, and not done: how long it was tried is known.
            StepStatus::Failed => format!("{}, then failed", duration(facts.course.since(&stands.since, began))),
            status if status.is_settled() => duration(facts.course.since(&stands.since, began)),
            _ if facts.closed.is_some() => "not done at the closing".to_owned(),
            _ => "**open**".to_owned(),
        };
        let (begun, stood) = (told_at(facts, &step.id, began).next(), told_at(facts, &step.id, &stands.since).last());
        let line = |record: Option<&Record>| record.map_or_else(String::new, |record| format!(" {}", link(record)));
        Some(vec![
            facts.dossier.step(&step.id),
            format!("{}{}", facts.t(began), line(begun)),
            format!("{}{}", stands.status.word(), line(stood)),
            took,
            stands.reason.as_ref().map_or_else(String::new, |why| md(why.as_str())),
        ])
    };
    let rows: Vec<Vec<String>> = playbook.steps.iter().filter_map(row).collect();
    if rows.is_empty() {
        return vec![Block::Said("No step was begun.".into())];
    }
    vec![Block::table(&["Step", "Began", "Stands", "Took", "Reason"], rows)]
}

/// What is written of a step at that time. It may begin and end within one batch, which has one time.
fn told_at<'a>(facts: &Facts<'a>, step: &Id, at: &Moment) -> impl Iterator<Item = &'a Record> {
    let of_step = move |event: &Event| matches!(event.about().subject, Subject::Step(of, _) if of == step);
    facts.dossier.records.iter().filter(move |record| record.at == *at && of_step(&record.event))
}

/// One paragraph a pull: request, outcome, read-back, each with its milliseconds.
pub(super) fn levers(facts: &Facts) -> Vec<Block> {
    if facts.pulls.is_empty() {
        return vec![Block::Said("No lever was pulled.".into())];
    }
    facts.pulls.iter().flat_map(|(attempt, pull)| lever(facts, *attempt, pull)).collect()
}

fn lever(facts: &Facts, attempt: AttemptId, pull: &Pull) -> Vec<Block> {
    let Event::PullStarted { step, want, was, request_sha256, deadline_ms, override_reason, by_hand, .. } =
        &pull.started.event
    else {
        return Vec::new();
    };
    let mut rows = vec![(if *by_hand { "Said" } else { "Fired" }, fired(facts, pull.started))];
    rows.extend(step.as_ref().map(|step| ("For step", facts.dossier.step(step))));
    let was = was.as_ref().map_or_else(|| "not known".into(), |was| code(was.as_str()));
    rows.push(("Change", format!("from {was} to {}", code(want.as_str()))));
    let (request, lines) = request(facts, pull, (request_sha256, *deadline_ms));
    rows.push(("Request", request));
    rows.extend(override_reason.as_ref().map(|why| ("Fired against a precheck", md(why.as_str()))));
    rows.extend(pull.approved.map(|record| ("Approved by", approved(record))));
    rows.push(("Outcome", if *by_hand { attested(pull, want) } else { outcome(facts, pull) }));
    rows.push(("Read-back", read_back(pull)));
    if let Some((read, ReadBack::Agrees)) = pull.read {
        let from = if *by_hand { "said" } else { "fired" };
        let to = if matches!(read.event, Event::Attested { .. }) { "attested" } else { "read-back" };
        rows.push(("Effective after", format!("**{}** ({to} − {from})", duration(facts.between(pull.started, read)))));
    }
    let card = vec![Block::Heading(format!("Pull {attempt}: {}", facts.pulled(pull))), Block::fields(rows)];
    card.into_iter().chain(lines).collect()
}

/// What is said of the request, and its lines as they were.
fn request(facts: &Facts, pull: &Pull, (sha256, deadline_ms): (&str, u64)) -> (String, Option<Block>) {
    if pull.by_hand {
        return ("none: a person did it by hand".into(), None);
    }
    let said = format!("SHA-256 {}, deadline {}", code(short(sha256)), millis(deadline_ms));
    match sent(facts.dossier, pull) {
        Ok(lines) => (said, Some(Block::Verbatim(lines.join("\n")))),
        Err(why) => (format!("{said}; not shown: {why}"), None),
    }
}

fn fired(facts: &Facts, record: &Record) -> String {
    let from = facts.t(&record.at);
    let by = code(record.actor.as_str());
    format!("{} UTC, {from} by {by} {}", facts.clock(record.at.wall_ms), link(record))
}

/// The second person who approved it.
fn approved(record: &Record) -> String {
    let Event::Approved { approver, .. } = &record.event else { return String::new() };
    format!("{} {}", code(approver.as_str()), link(record))
}

/// A person's word, and no more than that: only the read-back below it has seen the world.
fn attested(pull: &Pull, want: &Text) -> String {
    let (by, want) = (code(pull.started.actor.as_str()), code(want.as_str()));
    let at = link(pull.settled.map_or(pull.started, |(record, _)| record));
    format!("**done by hand**: {by} says so, for {want} to be seen; nothing was sent {at}")
}

fn outcome(facts: &Facts, pull: &Pull) -> String {
    let Some((record, outcome)) = pull.settled else {
        return "**UNKNOWN**: its end was never recorded".into();
    };
    let Event::PullSettled { detail, took_ms, evidence, .. } = &record.event else { return String::new() };
    let file = evidence
        .as_ref()
        .map_or(String::new(), |file| format!(", request and answer in {}", facts.dossier.file(&file.path)));
    let took = millis(*took_ms);
    format!("**{}** in {took}, {}{file} {}", outcome.word(), code(detail.as_str()), link(record))
}

fn read_back(pull: &Pull) -> String {
    let Some((record, result)) = pull.read else {
        return match pull.settled {
            Some((_, Outcome::Rejected | Outcome::NotSent)) => "none: nothing was changed".into(),
            Some((_, Outcome::Applied | Outcome::Unknown)) | None => "**none: nobody looked**".into(),
        };
    };
    if let Event::Attested { saw, .. } = &record.event {
        let (by, said) = (code(record.actor.as_str()), md(saw.as_str()));
        return format!("none; **attested by** {by}: “{said}”, {} {}", as_wanted(result), link(record));
    }
    let Event::ReadBack { saw, looks, took_ms, detail, .. } = &record.event else { return String::new() };
    let saw = read_back_saw(saw, detail.as_ref());
    let took = millis(*took_ms);
    format!("**{}** in {took}, {looks} looks, {saw} {}", result.word(), link(record))
}

/// Every record, none left out.
pub(super) fn timeline(facts: &Facts) -> Vec<Block> {
    let records = &facts.dossier.records;
    let Some(first) = records.first() else {
        return vec![Block::Said("The journal is empty.".into())];
    };
    let day = utc(first.at.wall_ms).chars().take(10).collect::<String>();
    let zero = if facts.declared.is_some() { ", T counts from the declaration" } else { "" };
    let said = format!("Times are UTC from {day} on{zero}. The number links to the line of the journal.");
    let row = |record: &Record| {
        vec![
            facts.clock(record.at.wall_ms),
            facts.t(&record.at),
            code(record.actor.as_str()),
            format!("{}{}", told(facts.dossier, record), away(facts, record)),
            link(record),
        ]
    };
    vec![Block::Said(said), Block::table(&["UTC", "T", "Who", "What", "Line"], records.iter().map(row))]
}

/// What a journal that was opened again does not say itself: for how long nobody watched.
pub(super) fn away(facts: &Facts, record: &Record) -> String {
    if !matches!(record.event, Event::Resumed { .. }) {
        return String::new();
    }
    facts.away(record).map_or_else(String::new, |words| format!("; {words}"))
}
