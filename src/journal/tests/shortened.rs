//! A journal that was cut is told by what lies beside it, and what a crash leaves is not taken for a cut.

use super::{INCIDENT, at, error_of, fresh, id, opened, some_event};
use crate::incident::Event;
use crate::journal::{Bodies, Journal, Wish, bundle, verify, verify_bundle};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A journal of nine records, of which 4, 6 and 8 name a file that was made when there were 3, 5 and 7.
fn nine() -> (TempDir, PathBuf) {
    let (root, dir, mut journal) = fresh();
    journal.append(INCIDENT, &[at(0, opened()), at(1, some_event(1)), at(2, some_event(2))]).unwrap();
    for had in [3, 5, 7] {
        let file = journal.keep(&format!("evidence/{had:05}-{}-pull-1-alias.json", had * 11), b"{}").unwrap();
        let (step, title) = (Some(id("capture")), "pins".into());
        let captured = Event::EvidenceCaptured { step, title, file, values: BTreeMap::new(), missing: Vec::new() };
        journal.append(INCIDENT, &[at(had, captured), at(had, some_event(1))]).unwrap();
    }
    (root, dir)
}

/// The journal without what stands behind so many lines, but for so many bytes of the next one.
fn cut(dir: &Path, lines: usize, bytes: usize) {
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let end = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(lines - 1).unwrap().0 + 1;
    fs::write(&path, &whole[..end + bytes]).unwrap();
}

fn verdict(dir: &Path) -> (bool, String) {
    let found = verify(dir, None).unwrap();
    (found.ok(), found.to_string())
}

#[test]
fn a_journal_cut_in_front_of_evidence_that_counts_more_records_is_a_fault() {
    for (lines, had, files) in [(2, 7, "3 files"), (4, 7, "2 files"), (6, 7, "1 file ")] {
        let (_root, dir) = nine();
        assert!(verdict(&dir).0);
        cut(&dir, lines, 40);
        let (ok, said) = verdict(&dir);
        let sentence = format!("journal.jsonl was shortened: it had at least {had} records when {files}");
        assert!(!ok && said.contains(&sentence) && said.ends_with("NOT VERIFIED"), "{lines}: {said}");
        assert!(said.contains(&format!("{lines} are left (evidence/00007-77-pull-1-alias.json")), "{said}");
    }
}

#[test]
fn what_a_crash_leaves_of_the_batch_that_was_being_written_is_no_fault() {
    let (_root, dir) = nine();
    cut(&dir, 7, 40);
    let (ok, said) = verdict(&dir);
    assert!(ok && said.contains("note: 40 bytes behind the last complete line"), "{said}");
    assert!(said.contains("00007-77-pull-1-alias.json is named by no record: a crash before its record was"), "{said}");
}

#[test]
fn a_torn_end_that_was_set_aside_stays_mentioned_and_betrays_a_later_cut() {
    let (_root, dir) = nine();
    cut(&dir, 7, 40);
    let (mut journal, _, torn) = Journal::open(&dir).unwrap();
    assert_eq!(torn.kept.as_deref(), Some("journal.torn-8"));
    journal.append(INCIDENT, &[at(20, some_event(1)), at(21, some_event(2))]).unwrap();
    drop(journal);
    let (ok, said) = verdict(&dir);
    assert!(ok && said.contains("note: journal.torn-8 keeps 40 bytes of a torn line"), "{said}");
    fs::remove_file(dir.join("evidence/00007-77-pull-1-alias.json")).unwrap();
    cut(&dir, 6, 0);
    let (ok, said) = verdict(&dir);
    assert!(
        !ok && said.contains("it had at least 7 records when 1 file beside it") && said.contains("torn-8"),
        "{said}"
    );
}

#[test]
fn a_bundle_of_a_shortened_journal_is_as_faulty_as_its_directory() {
    let (root, dir) = nine();
    cut(&dir, 4, 40);
    drop(Journal::open(&dir).unwrap());
    let output = root.path().join("bundle.tar.zst");
    for bodies in [Bodies::Kept, Bodies::Dropped] {
        bundle(&dir, &Wish { output: &output, bodies, replace: true }).unwrap();
        let said = verify_bundle(&output, None).unwrap().to_string();
        assert!(said.contains("was shortened: it had at least 7 records when 2 files"), "{said}");
        assert!(said.contains("journal.torn-5 keeps 40 bytes"), "{said}");
    }
}

#[test]
fn what_is_not_named_after_records_is_no_witness() {
    let (_root, dir) = nine();
    for name in ["evidence/99-x.json", "evidence/99999.json", "evidence/photo-99999-x.png", "comms/draft-99999-x.txt"] {
        fs::write(dir.join(name), b"x").unwrap();
    }
    assert!(verdict(&dir).0);
    cut(&dir, 9, 0);
    fs::write(dir.join("journal.jsonl"), [&fs::read(dir.join("journal.jsonl")).unwrap(), &b"?\n?\n"[..]].concat())
        .unwrap();
    let said = verdict(&dir).1;
    assert!(!said.contains("was shortened"), "a damaged line says nothing about the length: {said}");
    error_of(Journal::open(&dir));
}
