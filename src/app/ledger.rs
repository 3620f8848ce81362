//! Writing a batch down: its files first, then the records that name them, each at most once.

use super::flight::{Batch, Unwritten};
use crate::incident::{Event, Record};
use crate::journal::{AppendError, Journal};
use crate::playbook::Id;
use crate::text::Text;
use std::collections::BTreeSet;
use std::path::Path;

/// The journal, and which files of a batch that is tried again are on disk already.
pub struct Ledger {
    journal: Journal,
    kept: BTreeSet<String>,
}

impl Ledger {
    /// A ledger over an open journal.
    pub fn new(journal: Journal) -> Self {
        Self { journal, kept: BTreeSet::new() }
    }

    /// The incident directory.
    pub fn dir(&self) -> &Path {
        self.journal.dir()
    }

    /// Keeps the batch's files and appends its entries; only what comes back may be believed.
    pub fn write(&mut self, batch: &Batch) -> Result<Vec<Record>, Unwritten> {
        for (name, bytes) in &batch.files {
            if self.kept.contains(name) {
                continue;
            }
            self.journal.keep(name, bytes).map_err(|error| Unwritten::ForNow(error.to_string().into()))?;
            self.kept.insert(name.clone());
        }
        let records = self.journal.append(incident_of(batch), &batch.entries).map_err(unwritten)?;
        self.kept.clear();
        Ok(records)
    }

    /// Keeps the words of a message that was not sent yet, or lets go of them. They are no part of the truth: a disk
    /// that does not take them stops nothing, and is spoken of.
    pub fn draft(&mut self, comm: &Id, words: Option<&str>) -> Result<(), Text> {
        self.journal.keep_draft(comm.as_str(), words).map_err(|error| error.to_string().into())
    }

    /// Adds a line of telemetry, which may be lost.
    pub fn sample(&mut self, line: &str) {
        drop(self.journal.sample(line));
    }

    /// Hands telemetry to the system.
    pub fn flush(&mut self) {
        drop(self.journal.flush_samples());
    }
}

/// Whether it can help to try again, and in words that stand behind "journal not saved".
fn unwritten(error: AppendError) -> Unwritten {
    match error {
        AppendError::TooLong { .. } | AppendError::Unreadable { .. } => Unwritten::Never(error.to_string().into()),
        AppendError::NotSaved(why) => Unwritten::ForNow(why.to_string().into()),
        AppendError::Poisoned(why) => Unwritten::ForNow(Text::from(format!(
            "{why}; what is on disk is not known: leave, and `goaround resume` will tell"
        ))),
    }
}

/// The incident's id: the first record brings its own.
fn incident_of(batch: &Batch) -> &str {
    match batch.entries.first() {
        Some((_, _, Event::Opened { incident, .. })) => incident.as_str(),
        Some(_) | None => batch.incident.as_str(),
    }
}
