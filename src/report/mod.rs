//! The postmortem: a pure fold of what the incident directory holds.
//!
//! [`markdown`] is the same bytes each time. Facts carry a link to their line of the journal; where only a
//! person knows, a question stands.

mod closing;
mod debrief;
mod deviation;
mod escape;
mod facts;
mod follow_ups;
mod leftovers;
mod opening;
mod response;
mod sentence;
mod show;
#[cfg(test)]
mod tests;
mod times;

pub use debrief::{Answer, Answers, Debrief, Finding, Measure, Question, Taught, measured_ms};
use facts::Facts;

use crate::incident::{Event, EvidenceRef, Record};
use crate::playbook::Playbook;
use std::collections::BTreeMap;

/// Everything a report is made from.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// The incident directory's name.
    pub dir: String,
    /// `playbook.toml` as it was flown.
    pub playbook_text: String,
    /// The same, checked; `None` if this goaround cannot read it. The report then shows ids for titles.
    pub playbook: Option<Playbook>,
    /// The journal.
    pub records: Vec<Record>,
    /// The hash of each of its lines: record `n` is line `n`.
    pub hashes: Vec<String>,
    /// Bytes behind the last complete line.
    pub torn_bytes: u64,
    /// The lines of `samples.jsonl`.
    pub samples: Vec<String>,
    /// The files found in `evidence/` and `comms/`.
    pub files: Vec<FoundFile>,
    /// The messages as sent, by path.
    pub comms: BTreeMap<String, String>,
}

/// A file found in the incident directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Its path within the directory.
    pub path: String,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A heading and what writes the lines under it.
type Section = (&'static str, fn(&Facts) -> Vec<String>);

/// The sections behind the title, in order.
const SECTIONS: [Section; 18] = [
    ("Summary", opening::summary),
    ("Impact", opening::impact),
    ("Trigger", opening::trigger),
    ("Detection", opening::detection),
    ("Times", times::times),
    ("Levers", response::levers),
    ("Pins before and after", response::pins),
    ("Overrides, skips and other deviations", leftovers::deviations),
    ("Unknown ends", leftovers::unknowns),
    ("Debts", leftovers::debts),
    ("Gaps in what could be seen", leftovers::gaps),
    ("Messages", leftovers::messages),
    ("Notes", leftovers::notes),
    ("Open questions", closing::questions),
    ("Actions", closing::actions),
    ("Follow-ups", follow_ups::follow_ups),
    ("Timeline", response::timeline),
    ("Evidence", closing::evidence),
];

/// The postmortem as Markdown: a pure function of the dossier.
pub fn markdown(dossier: &Dossier) -> String {
    let facts = Facts::of(dossier);
    let mut lines = opening::status(&facts);
    for (heading, section) in SECTIONS {
        lines.extend([String::new(), format!("## {heading}"), String::new()]);
        lines.extend(section(&facts));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The file a fact names.
pub fn file_of(event: &Event) -> Option<&EvidenceRef> {
    event.about().file
}
