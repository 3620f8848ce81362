//! What is left for people: questions, actions, and the evidence to check both against.

use super::block::Block;
use super::deviation::{OfStep, is_deviation, of_step};
use super::escape::{code, md};
use super::facts::Facts;
use super::lost::{junk_samples, lost};
use super::sentence::sentence;
use super::show::{file_link, link, listed, millis};
use super::times::spans;
use super::{Dossier, FoundFile, file_of};
use crate::incident::{Event, EvidenceRef, ReadBack, Record};
use crate::kind::Outcome;
use crate::playbook::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A file that the journal names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Kept {
    /// Its path within the directory.
    pub path: String,
    /// Its size in bytes, as the journal says.
    pub bytes: u64,
    /// Its SHA-256 in hex, as the journal says.
    pub sha256: String,
    /// What was found there.
    pub found: Found,
    /// The line that names it.
    pub line: u64,
}

/// What was found of a file that the journal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The same bytes.
    Unchanged,
    /// Other bytes.
    Changed,
    /// Nothing.
    Missing,
}

/// What this incident's journal asks of people.
pub(super) fn questions(facts: &Facts) -> Vec<Block> {
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
            Event::Reverted { probe, .. } => format!("What put {} back?", facts.dossier.probe(probe)),
            Event::Objected { .. } => "How was this objection answered?".to_owned(),
            _ => continue,
        };
        asked.push(format!("{question} {}", link(record)));
    }
    if asked.is_empty() { Vec::new() } else { vec![Block::Asked(asked)] }
}

/// Stubs of actions, each from a line of the journal. Owner and date are for people.
pub(super) fn actions(facts: &Facts) -> Vec<Block> {
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
        let title = md(debt.title.as_str());
        let whose = facts.owner_of(debt.id).map_or_else(String::new, |owner| format!(" ({})", md(owner)));
        stubs.push(format!("Pay the open debt: {title}{whose} {}", link(debt.opened)));
    }
    if stubs.is_empty() {
        return vec![Block::Said("The journal suggests none.".into())];
    }
    vec![Block::Asked(stubs.into_iter().map(|stub| format!("{stub} (owner: ?, type: ?, due: ?)")).collect())]
}

/// One stub a step, however often it left the book; one for everything else that did.
fn of_deviations(facts: &Facts) -> Vec<String> {
    let mut groups: Vec<Vec<&Record>> = Vec::new();
    for record in facts.dossier.records.iter().filter(|record| is_deviation(&record.event)) {
        let same_step = |group: &&mut Vec<&Record>| step_of(record).is_some() && step_of(record) == step_of(group[0]);
        match groups.iter_mut().find(same_step) {
            Some(group) => group.push(record),
            None => groups.push(vec![record]),
        }
    }
    groups.iter().map(|group| stub(facts, group)).collect()
}

fn step_of(record: &Record) -> Option<&Id> {
    of_step(&record.event).map(|deviation| deviation.step)
}

/// What one step's deviations, or one that is of no step, ask for.
fn stub(facts: &Facts, group: &[&Record]) -> String {
    let fits = |(test, _): &&Lead| group.iter().any(|record| test(record));
    let lead = LEADS.iter().find(fits).map_or(ANY_LEAD, |(_, lead)| *lead);
    let (first, last) = (group[0], group[group.len() - 1]);
    let deviations: Vec<OfStep> = group.iter().filter_map(|record| of_step(&record.event)).collect();
    let [_, .., newest] = deviations.as_slice() else {
        return format!("{lead}: {} {}", sentence(facts.dossier, &last.event), link(last));
    };
    let why = format!(", last because: {}", md(newest.reason.as_str()));
    let (step, what) = (facts.dossier.step(newest.step), counted(&deviations));
    format!("{lead}: Step **{step}** {what}{why} {} to {}", link(first), link(last))
}

/// `SKIPPED 2 times and REOPENED`, each word where it came first.
fn counted(deviations: &[OfStep]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for deviation in deviations {
        match counts.iter_mut().find(|(word, _)| *word == deviation.word) {
            Some((_, count)) => *count += 1,
            None => counts.push((deviation.word, 1)),
        }
    }
    let often = |(word, count): &(&str, usize)| match count {
        1 => (*word).to_owned(),
        many => format!("{word} {many} times"),
    };
    listed(&counts.iter().map(often).collect::<Vec<_>>())
}

/// What a deviation asks for.
type Lead = (fn(&Record) -> bool, &'static str);

/// The gravest first; a step that a person opened again was undone by nobody.
const LEADS: [Lead; 6] = [
    (|record| matches!(record.event, Event::StepFailed { .. }), "Make the step work"),
    (
        |record| matches!(record.event, Event::StepReopened { .. }) && !is_by_person(record),
        "Find out what undid the step",
    ),
    (|record| matches!(record.event, Event::StepOverridden { .. }), "Mend the sensor or the step"),
    (|record| matches!(record.event, Event::StepDeferred { .. }), "Finish what was put off"),
    (
        |record| matches!(record.event, Event::StepDone { .. }),
        "Let a symptom list the lever, or leave it alone next time",
    ),
    (|record| matches!(record.event, Event::Objected { .. }), "Answer the objection"),
];

/// Where none of them fits.
const ANY_LEAD: &str = "Decide whether the playbook or the habit should change";

/// Whether a person asked for it, and not goaround by what it saw.
fn is_by_person(record: &Record) -> bool {
    !["sensor", "pilot"].contains(&record.actor.as_str())
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
pub(super) fn files(facts: &Facts) -> Vec<Kept> {
    let found: BTreeMap<&str, &FoundFile> = facts.dossier.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let named = facts.dossier.records.iter().filter_map(|record| Some((record, file_of(&record.event)?)));
    let kept = |(record, file): (&Record, &EvidenceRef)| Kept {
        path: file.path.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        found: found_of(file, found.get(file.path.as_str()).copied()),
        line: record.seq,
    };
    named.map(kept).collect()
}

fn found_of(file: &EvidenceRef, found: Option<&FoundFile>) -> Found {
    match found {
        None => Found::Missing,
        Some(found) if found.sha256 == file.sha256 && found.bytes == file.bytes => Found::Unchanged,
        Some(_) => Found::Changed,
    }
}

/// The same as a table.
pub(super) fn evidence(facts: &Facts) -> Vec<Block> {
    let row = |kept: Kept| {
        let found = match kept.found {
            Found::Unchanged => "unchanged",
            Found::Changed => "**changed**",
            Found::Missing => "**missing**",
        };
        let line = format!("[#{0}](journal.jsonl#L{0})", kept.line);
        vec![file_link(&kept.path), kept.bytes.to_string(), code(&kept.sha256), found.into(), line]
    };
    let rows: Vec<Vec<String>> = files(facts).into_iter().map(row).collect();
    let files = if rows.is_empty() {
        Block::Said("The journal names no file.".to_owned())
    } else {
        Block::table(&["File", "Bytes", "SHA-256", "", "Line"], rows)
    };
    let checked = "`goaround verify` checks this directory against its own chain.";
    let mut blocks = vec![files, Block::Said(format!("{} {checked}", samples(facts.dossier)))];
    let lost: Vec<String> = lost(facts.dossier).iter().map(|sentence| md(sentence)).collect();
    if !lost.is_empty() {
        blocks.push(Block::Said("**Not in this report**, or not as it was written down:".into()));
        blocks.push(Block::List(lost));
    }
    blocks
}

fn samples(dossier: &Dossier) -> String {
    let junk = junk_samples(dossier);
    match (dossier.samples.len() - junk, junk) {
        (0, 0) => "No readings were kept.".to_owned(),
        (readings, 0) => format!("{readings} readings in [samples.jsonl](samples.jsonl)."),
        (readings, junk) => {
            format!("{readings} readings in [samples.jsonl](samples.jsonl), and {junk} of its lines are none.")
        }
    }
}
