//! The debrief of a drill: the three answers first, then what was measured, what was injected, what was found.
//!
//! No grade and no total. Numbers stay locked until the people who flew have spoken, or declined to.

mod answers;
mod injected;
mod measured;
mod revision;

pub use answers::{Answer, Answers, Finding, Question};
pub use measured::{Measure, measured_ms};
pub use revision::Revision;

use super::Dossier;
use super::escape::{md, table};
use super::facts::Facts;
use super::show::link;
use crate::incident::{Event, Record};

/// What the drill's script has to say of a flight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taught {
    /// What it did, and when, in ms after the drill's start.
    pub injected: Vec<(u64, String)>,
    /// The pitfalls fallen into: id and what it means.
    pub fallen: Vec<(String, String)>,
    /// Which limits are missed a while after the end; a sentence each.
    pub aftermath: Vec<String>,
    /// Whether a rollback was flown on an alarm that was false.
    pub needless: bool,
}

/// What a debrief shows, its numbers locked or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Debrief {
    /// Which drill, in a line.
    pub title: String,
    /// What people said.
    pub answers: Answers,
    /// What was measured, against its target.
    pub measured: Vec<Measure>,
    /// What the script did and what was done about it, a line each.
    pub injected: Vec<String>,
    /// The pitfalls fallen into and what comes of them, a line each.
    pub pitfalls: Vec<String>,
}

impl Debrief {
    /// A pure fold of the directory, of what its script taught and of what was said.
    pub fn of(dossier: &Dossier, taught: &Taught, answers: Answers) -> Self {
        let facts = Facts::of(dossier);
        Self {
            title: title(&facts),
            answers,
            measured: measured::measured(&facts),
            injected: injected::injected(&facts, taught),
            pitfalls: pitfalls(taught),
        }
    }

    /// As `debrief.md`: the same bytes each time.
    pub fn markdown(&self) -> String {
        let mut lines = vec![format!("# Drill debrief: {}", md(&self.title)), String::new(), "Not graded.".into()];
        let mut section = |heading: &str, body: Vec<String>| {
            lines.extend([String::new(), format!("## {heading}"), String::new()]);
            lines.extend(body);
        };
        section("1 You first", self.spoken());
        if self.answers.unlock() {
            section("2 Measured", self.table());
            section("3 Injected", listed(&self.injected, "Nothing came about by itself."));
            section("Pitfalls", listed(&self.pitfalls, "None was fallen into."));
        } else {
            section("2 Measured", vec!["Locked until the three questions are answered or declined.".into()]);
        }
        section("4 Findings", self.findings());
        lines.push(String::new());
        lines.join("\n")
    }

    fn spoken(&self) -> Vec<String> {
        let said = |question: Question| -> Vec<String> {
            let line = |answer: &Answer| {
                let by = md(answer.by.as_str());
                answer
                    .says
                    .as_ref()
                    .map_or_else(|| format!("declined by {by}"), |says| format!("{} ({by})", md(says.as_str())))
            };
            let all: Vec<String> = self.answers.to(question).map(line).collect();
            if all.is_empty() { vec!["not answered yet".into()] } else { all }
        };
        let lines =
            |question: Question| said(question).into_iter().map(move |said| format!("- {} {said}", question.words()));
        Question::ALL.into_iter().flat_map(lines).collect()
    }

    fn table(&self) -> Vec<String> {
        let row = |measure: &Measure| {
            let you = if measure.missed { format!("**{}**", measure.you) } else { measure.you.clone() };
            vec![md(&measure.what), measure.target.clone(), you, measure.lines.clone()]
        };
        table(&["", "Target", "You", "Lines"], self.measured.iter().map(row))
    }

    fn findings(&self) -> Vec<String> {
        let row =
            |found: &Finding| vec![md(found.finding.as_str()), md(found.owner.as_str()), found.redrill.to_string()];
        if self.answers.findings.is_empty() {
            return vec!["None written down.".into()];
        }
        table(&["Finding", "Owner", "Re-drill"], self.answers.findings.iter().map(row))
    }
}

/// Which drill it was, of which service, and who flew it.
fn title(facts: &Facts) -> String {
    let records = &facts.dossier.records;
    let Some(Event::Opened { incident, service, .. }) = records.first().map(|record| &record.event) else {
        return "an empty journal".into();
    };
    let by = facts.declared.or(records.first()).map(|record| record.actor.as_str()).unwrap_or_default();
    format!("{incident}, {service}, flown by {by}")
}

fn pitfalls(taught: &Taught) -> Vec<String> {
    let needless = taught.needless.then(|| "it was a false alarm: the right move was to leave it alone".to_owned());
    let fallen = taught.fallen.iter().map(|(id, says)| format!("{id}: {says}"));
    needless.into_iter().chain(fallen).chain(taught.aftermath.iter().cloned()).collect()
}

fn listed(lines: &[String], otherwise: &str) -> Vec<String> {
    if lines.is_empty() {
        return vec![otherwise.to_owned()];
    }
    lines.iter().map(|line| format!("- {}", md(line))).collect()
}

/// Links to lines of the journal.
fn links(records: &[&Record]) -> String {
    records.iter().map(|record| link(record)).collect::<Vec<_>>().join(" ")
}

/// Minutes and seconds.
fn clock(ms: u64) -> String {
    format!("{:02}:{:02}", ms / 60_000, ms / 1000 % 60)
}
