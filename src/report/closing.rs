//! The evidence: every file that the journal names, and what was found of it.

use super::block::Block;
use super::escape::{code, md};
use super::facts::Facts;
use super::kept::{Found, Kept};
use super::lost::{junk_samples, lost, was_left_out};
use super::show::link_to;
use super::{Dossier, FoundFile, file_of};
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
        found: found_of(file, found.get(file.path.as_str()).copied(), facts.dossier),
        line: record.seq,
    };
    named.map(kept).collect()
}

/// What was found of a file that the journal names.
pub(super) fn found_of(file: &EvidenceRef, found: Option<&FoundFile>, dossier: &Dossier) -> Found {
    match found {
        None if was_left_out(file, dossier) => Found::LeftOut,
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
            Found::LeftOut => "left out",
            Found::Missing => "**missing**",
        };
        vec![
            facts.dossier.file(&kept.path),
            kept.bytes.to_string(),
            code(&kept.sha256),
            found.into(),
            link_to(kept.line),
        ]
    };
    let rows: Vec<Vec<String>> = files(facts).into_iter().map(row).collect();
    let files = if rows.is_empty() {
        Block::Said("The journal names no file.".to_owned())
    } else {
        Block::table(&["File", "Bytes", "SHA-256", "Found", "Line"], rows)
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
