//! Writing a batch down: its files first, then the records that name them, each at most once.

use super::flight::Batch;
use crate::incident::{Event, Record};
use crate::journal::Journal;
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
    pub fn write(&mut self, batch: &Batch) -> Result<Vec<Record>, Text> {
        for (name, bytes) in &batch.files {
            if self.kept.contains(name) {
                continue;
            }
            self.journal.keep(name, bytes).map_err(|error| Text::from(error.to_string()))?;
            self.kept.insert(name.clone());
        }
        let records = self.journal.append(incident_of(batch), &batch.entries);
        let records = records.map_err(|error| Text::from(error.to_string()))?;
        self.kept.clear();
        Ok(records)
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

/// The incident's id: the first record brings its own.
fn incident_of(batch: &Batch) -> &str {
    match batch.entries.first() {
        Some((_, _, Event::Opened { incident, .. })) => incident.as_str(),
        Some(_) | None => batch.incident.as_str(),
    }
}
