//! What is left for people: questions, actions, and the evidence to check both against.

use super::escape::{code, table};
use super::facts::Facts;
use super::leftovers::is_deviation;
use super::sentence::sentence;
use super::show::{file_link, link, listed, millis};
use super::times::spans;
use super::{FoundFile, file_of};
use crate::incident::{Event, EvidenceRef, ReadBack, Record};
use crate::kind::Outcome;
use crate::playbook::Id;
use std::collections::BTreeMap;

/// Asked of people after every rollback; the machine does not guess.
const ALWAYS_ASKED: [&str; 7] = [
    "When did impact begin? (time to detect is from there to the first BREACH)",
    "What changed before it, and why did nothing stop it earlier?",
    "What contributed? (several causes, no names)",
    "What surprised you?",
    "What went well, and what was only luck?",
    "What was hard to see, to find or to decide while it ran?",
    "Who should hear of this and has not yet?",
];

/// Questions that only people can answer, those of this incident first.
pub(super) fn questions(facts: &Facts) -> Vec<String> {
    let mut asked = Vec::new();
    for (attempt, pull) in &facts.pulls {
        if pull.was_unknown || pull.settled.is_none() {
            asked.push(format!("Pull {attempt} ended UNKNOWN: what happened to the request? {}", link(pull.started)));
        }
    }
    for record in &facts.dossier.records {
        let question = match &record.event {
            Event::HoldReset { .. } => "What made the hold start again?".to_owned(),
            Event::EvidenceCaptured { missing, .. } if !missing.is_empty() => {
                let names: Vec<String> = missing.iter().map(|name| code(name.as_str())).collect();
                format!("What was {}? It could not be captured.", listed(&names))
            }
            Event::Objected { .. } => "How was this objection answered?".to_owned(),
            _ => continue,
        };
        asked.push(format!("{question} {}", link(record)));
    }
    asked.extend(ALWAYS_ASKED.map(str::to_owned));
    asked.into_iter().map(|question| format!("- [ ] {question}")).collect()
}

/// Stubs of actions, each from a line of the journal. Owner and date are for people.
pub(super) fn actions(facts: &Facts) -> Vec<String> {
    let mut stubs = of_deviations(facts);
    stubs.extend(of_pulls(facts));
    stubs.extend(of_gaps(facts));
    stubs.extend(of_messages(facts));
    for span in spans(facts) {
        if let Some((over, record)) = span.overrun() {
            stubs.push(format!(
                "{} took {} too long: shorten it or change its budget {}",
                span.name,
                millis(over),
                link(record)
            ));
        }
    }
    for debt in facts.debts.iter().filter(|debt| debt.paid.is_none()) {
        let title = super::escape::md(debt.title.as_str());
        stubs.push(format!("Pay the open debt: {title} {}", link(debt.opened)));
    }
    if stubs.is_empty() {
        return vec!["The journal suggests none. What do people suggest?".into()];
    }
    stubs.into_iter().map(|stub| format!("- [ ] {stub} (owner: ?, type: ?, due: ?)")).collect()
}

fn of_deviations(facts: &Facts) -> Vec<String> {
    let deviations = facts.dossier.records.iter().filter(|record| is_deviation(&record.event));
    let lead = |event: &Event| match event {
        Event::StepDeferred { .. } => "Finish what was put off",
        Event::StepOverridden { .. } => "Mend the sensor or the step",
        Event::StepReopened { .. } => "Find out what undid the step",
        Event::StepFailed { .. } => "Make the step work",
        Event::Objected { .. } => "Answer the objection",
        _ => "Decide whether the playbook or the habit should change",
    };
    deviations
        .map(|record| format!("{}: {} {}", lead(&record.event), sentence(facts.dossier, &record.event), link(record)))
        .collect()
}

fn of_pulls(facts: &Facts) -> Vec<String> {
    let mut stubs = Vec::new();
    for (attempt, pull) in &facts.pulls {
        let lever = facts.dossier.lever(pull.lever);
        let at = link(pull.started);
        if pull.was_unknown || pull.settled.is_none() {
            stubs.push(format!("Find out why pull {attempt} ({lever}) had no known end {at}"));
        }
        if let Some((_, ReadBack::Disagrees)) = pull.read {
            stubs.push(format!("Find out why pull {attempt} ({lever}) was not effective {at}"));
        }
        if let Some((_, outcome @ (Outcome::Rejected | Outcome::NotSent))) = pull.settled {
            stubs.push(format!("Find out why pull {attempt} ({lever}) was {} {at}", outcome.word()));
        }
    }
    stubs
}

/// One stub a metric, at its first gap.
fn of_gaps(facts: &Facts) -> Vec<String> {
    let mut first: BTreeMap<&Id, (&Record, usize)> = BTreeMap::new();
    for gap in &facts.gaps {
        first.entry(gap.metric).or_insert((gap.from, 0)).1 += 1;
    }
    let stub = |(metric, (record, times)): (&Id, (&Record, usize))| {
        let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        format!(
            "Make {} measurable: it could not be believed {often}, first {}",
            facts.dossier.metric(metric),
            link(record)
        )
    };
    first.into_iter().map(stub).collect()
}

fn of_messages(facts: &Facts) -> Vec<String> {
    let unsent = facts.messages.iter().filter(|message| !message.is_sent());
    unsent
        .map(|message| {
            format!("Send or withdraw the message {} {}", facts.dossier.comm(message.comm), link(message.queued))
        })
        .collect()
}

/// Every file the journal names, and whether it is still what it was.
pub(super) fn evidence(facts: &Facts) -> Vec<String> {
    let found: BTreeMap<&str, &FoundFile> = facts.dossier.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut rows = Vec::new();
    for record in &facts.dossier.records {
        if let Some(file) = file_of(&record.event) {
            let state = state_of(file, found.get(file.path.as_str()).copied());
            rows.push(vec![file_link(file), file.bytes.to_string(), code(&file.sha256), state.into(), link(record)]);
        }
    }
    let samples = match facts.dossier.samples.len() {
        0 => "No readings were kept.".to_owned(),
        n => format!("{n} readings in [samples.jsonl](samples.jsonl)."),
    };
    let mut lines = if rows.is_empty() {
        vec!["The journal names no file.".to_owned()]
    } else {
        table(&["File", "Bytes", "SHA-256", "", "Line"], rows)
    };
    lines.extend([String::new(), samples, "`goaround verify` checks this directory against its own chain.".into()]);
    lines
}

fn state_of(file: &EvidenceRef, found: Option<&FoundFile>) -> &'static str {
    match found {
        None => "**missing**",
        Some(found) if found.sha256 == file.sha256 && found.bytes == file.bytes => "unchanged",
        Some(_) => "**changed**",
    }
}
