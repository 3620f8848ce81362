//! The postmortem: a pure fold of what the incident directory holds.

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

/// The file a fact names.
pub fn file_of(event: &Event) -> Option<&EvidenceRef> {
    match event {
        Event::PullSettled { evidence, .. } => evidence.as_ref(),
        Event::EvidenceCaptured { file, .. } | Event::MessageQueued { file, .. } => Some(file),
        Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. }
        | Event::PullStarted { .. }
        | Event::ReadBack { .. }
        | Event::VerdictChanged { .. }
        | Event::SensorTurned { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldMet { .. }
        | Event::MessageSettled { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::HandedOver { .. }
        | Event::Resumed { .. }
        | Event::Closed { .. } => None,
    }
}

/// x
pub fn markdown(_: &Dossier) -> String {
    String::new()
}
