//! The postmortem: a pure fold of what the incident directory holds.
//!
//! [`markdown`] is the same bytes each time. Facts carry a link to their line of the journal; where only a
//! person knows, a question stands.

mod account;
mod asked;
mod block;
mod closing;
mod debrief;
mod deviation;
mod escape;
mod facts;
mod follow_ups;
mod lane;
mod leftovers;
mod lost;
mod opening;
mod response;
mod sections;
mod sentence;
mod show;
#[cfg(test)]
mod tests;
mod times;

pub use account::{Account, At, Chain, Entry, FORMAT, Time};
pub use asked::Question as Asked;
pub use block::{Block, Field, Section};
pub use closing::{Found, Kept};
pub use debrief::{Answer, Answers, Debrief, Finding, Measure, Question, Taught, measured_ms};
pub use lane::Lane;
pub use lost::{Fault, junk_samples, lost};
pub use opening::Standing;

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
    /// Where the journal stops holding: nothing from there on is in the records.
    pub fault: Option<Fault>,
    /// The lines of `samples.jsonl`.
    pub samples: Vec<String>,
    /// The files found in `evidence/` and `comms/`.
    pub files: Vec<FoundFile>,
    /// The messages as sent, by path.
    pub comms: BTreeMap<String, String>,
    /// What could not be read, each as a sentence: a playbook that is gone or another, a file nobody may open.
    pub unread: Vec<String>,
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

/// The postmortem as Markdown: a pure function of the dossier.
pub fn markdown(dossier: &Dossier) -> String {
    Account::of(dossier).markdown()
}

impl Account {
    /// As `report.md`: the same bytes each time.
    pub fn markdown(&self) -> String {
        let mut parts = vec![format!("# {}", self.title), Block::Fields(self.head.clone()).markdown().join("\n")];
        for section in &self.sections {
            parts.push(format!("## {}", section.title));
            parts.extend((!section.blocks.is_empty()).then(|| block::markdown(&section.blocks)));
        }
        parts.join("\n\n") + "\n"
    }
}

/// The file a fact names.
pub fn file_of(event: &Event) -> Option<&EvidenceRef> {
    event.about().file
}
