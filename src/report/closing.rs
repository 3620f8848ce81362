//! The evidence: every file that the journal names, and what was found of it.

use super::block::Block;
use super::escape::code;
use super::facts::Facts;
use super::kept::{Found, Kept};
use super::show::{file_link, link_to};
use super::{FoundFile, file_of};
use crate::incident::{EvidenceRef, Record};
use std::collections::BTreeMap;

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
        vec![file_link(&kept.path), kept.bytes.to_string(), code(&kept.sha256), found.into(), link_to(kept.line)]
    };
    let rows: Vec<Vec<String>> = files(facts).into_iter().map(row).collect();
    let files = if rows.is_empty() {
        Block::Said("The journal names no file.".to_owned())
    } else {
        Block::table(&["File", "Bytes", "SHA-256", "Found", "Line"], rows)
    };
    let samples = match facts.dossier.samples.len() {
        0 => "No readings were kept.".to_owned(),
        n => format!("{n} readings in [samples.jsonl](samples.jsonl)."),
    };
    let checked = "`goaround verify` checks this directory against its own chain.";
    vec![files, Block::Said(format!("{samples} {checked}"))]
}
