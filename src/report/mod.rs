//! The postmortem: a pure fold of what the incident directory holds.
//!
//! [`markdown`] is the same bytes each time. Facts carry a link to their line of the journal; where only a
//! person knows, a question stands.

mod account;
mod actions;
mod asked;
mod begun;
mod axis;
mod basis;
mod block;
mod chart;
mod closing;
mod debrief;
mod deviation;
mod escape;
mod facts;
mod follow_ups;
mod html;
mod kept;
mod lane;
mod lead;
mod leftovers;
mod lost;
mod mark;
mod noticed;
mod opening;
mod pins;
mod pulled;
mod response;
mod review;
mod roll;
mod sections;
mod sentence;
mod shares;
mod show;
mod since;
mod spread;
mod standing;
mod start;
mod stretch;
mod summary;
mod template;
#[cfg(test)]
mod tests;
mod thin;
mod times;
mod trends;
mod undefined;
mod wall;
mod written;

pub use account::{Account, At, Chain, Endpoint, Entry, FORMAT, Time};
pub use actions::Action;
pub use asked::Question as Asked;
pub use axis::Axis;
pub use basis::Basis;
pub use block::{Block, Field, Section};
pub use chart::{Bound, BoundKind, BoundSide, Chart, Hole};
pub use debrief::{Answer, Answers, Debrief, Finding, Measure, Question, Revision, Taught, measured_ms};
pub use kept::{Found, Kept};
pub use lane::Lane;
pub use lost::{Fault, junk_samples, lost};
pub use mark::Mark;
pub use pins::Pin;
pub use pulled::{Ended, Pulled, Seem};
pub use review::{Felt, Review, Stands, Taken};
pub use roll::{Roll, Row, What, made};
pub use shares::Share;
pub use spread::Spread;
pub use standing::Standing;
pub use stretch::Stretch;
pub use summary::{Deviation, LeverUse, Mode, Summary, Timed, Took};
pub use template::{HTML_TEMPLATE, MARKDOWN_TEMPLATE, TEMPLATE_FUEL, TEMPLATE_MAX};
pub use trends::{Group, Practice, Side, Trends, Use};
pub use written::{html_of, inert_markdown};

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
    /// The files that a redacted bundle left out, as its manifest has them.
    pub left_out: Vec<FoundFile>,
    /// The messages as sent, by path.
    pub comms: BTreeMap<String, String>,
    /// What people said of it since.
    pub review: Review,
    /// What they said in the debrief of a drill.
    pub debrief: Answers,
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

/// The file a fact names.
pub fn file_of(event: &Event) -> Option<&EvidenceRef> {
    event.about().file
}
