//! What of an incident directory is missing or not as it was written: the report is made from the rest and says so.

use super::{Dossier, FoundFile, file_of};
use crate::incident::EvidenceRef;
use crate::metrics::Sample;
use crate::text::Text;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where a journal stops holding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fault {
    /// The first line that does not hold, or is not there any more.
    pub line: u64,
    /// What is wrong with it, as a sentence.
    pub says: String,
}

/// Everything that is missing from a report on this directory, each as a sentence.
pub fn lost(dossier: &Dossier) -> Vec<String> {
    let mut lost: Vec<String> = dossier.fault.iter().map(|fault| fault.says.clone()).collect();
    if dossier.torn_bytes > 0 {
        lost.push(format!(
            "journal.jsonl ends in {} bytes that are no whole line: being written just now, or torn by a crash; they are not in this report",
            dossier.torn_bytes
        ));
    }
    lost.extend(dossier.unread.iter().cloned());
    lost.extend(files(dossier));
    // A forged journal may name a file after anything.
    lost.iter().map(|sentence| Text::new(sentence).to_string()).collect()
}

/// The files that the journal names and that are not there as it names them.
fn files(dossier: &Dossier) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let named = dossier.records.iter().filter_map(|record| Some((record.seq, file_of(&record.event)?)));
    let first = named.filter(|(_, file)| seen.insert(&file.path)).collect::<Vec<_>>();
    let mut left_out = 0_usize;
    let wrong =
        first.into_iter().filter_map(|(line, file)| match dossier.files.iter().find(|found| found.path == file.path) {
            None if was_left_out(file, dossier) => {
                left_out += 1;
                None
            }
            // It is there, and it was said why it is not in the report.
            None if dossier.unread.iter().any(|said| said.starts_with(&format!("{} ", file.path))) => None,
            None => Some(format!("{} (line {line}) is missing", file.path)),
            Some(found) if found.sha256 != file.sha256 => {
                Some(format!("{} (line {line}) is not as it was written down", file.path))
            }
            Some(_) => None,
        });
    let mut wrong: Vec<String> = wrong.collect();
    if left_out > 0 {
        let all = dossier.left_out.len();
        wrong.push(match all {
            1 => "the body of 1 file was left out by --redact when this was packed".to_owned(),
            all => format!("the bodies of {all} files were left out by --redact when this was packed, {left_out} of them named by the journal"),
        });
    }
    wrong
}

/// Whether a redacted bundle left out this very file: a manifest with another size or hash speaks of another.
pub(super) fn was_left_out(file: &EvidenceRef, dossier: &Dossier) -> bool {
    let same = |out: &FoundFile| out.path == file.path && out.sha256 == file.sha256 && out.bytes == file.bytes;
    dossier.left_out.iter().any(same)
}

/// How many lines of `samples.jsonl` are no readings: telemetry may lose a line to a crash, so it is said and no fault.
pub fn junk_samples(dossier: &Dossier) -> usize {
    dossier.samples.iter().filter(|line| !line.is_empty() && Sample::parse(line).is_none()).count()
}
