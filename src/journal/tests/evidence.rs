//! What is kept beside the journal, and whether it is still what it was.

use super::{INCIDENT, at, error_of, fresh, id, opened, sha256};
use crate::incident::{Event, EvidenceRef};
use crate::journal::{Error, Journal, load_dossier, read, verify};
use crate::text::Text;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn captured(file: EvidenceRef) -> Event {
    Event::EvidenceCaptured {
        step: Some(id("capture")),
        title: Text::new("pins"),
        file,
        values: BTreeMap::new(),
        missing: Vec::new(),
    }
}

/// A journal that names one file of evidence and one message.
fn with_evidence() -> (TempDir, PathBuf, Journal) {
    let (root, dir, mut journal) = fresh();
    let pins = journal.keep("evidence/pins.json", b"{\"BUILD_ID\":\"7\"}").unwrap();
    let post = journal.keep("comms/first.md", b"Rolling back docs-rag.").unwrap();
    let queued = Event::MessageQueued { comm: id("first"), file: post };
    journal.append(INCIDENT, &[at(0, opened()), at(1, captured(pins)), at(2, queued)]).unwrap();
    (root, dir, journal)
}

fn verdict(dir: &Path, head: Option<&str>) -> (bool, String) {
    let found = verify(dir, head).unwrap();
    (found.ok(), found.to_string())
}

#[test]
fn an_untouched_directory_verifies_against_its_head() {
    let (_root, dir, mut journal) = with_evidence();
    let early = journal.head();
    let (ok, said) = verdict(&dir, Some(&early[..10]));
    assert!(ok && said.contains("the saved head is the head") && said.ends_with("everything holds"), "{said}");
    journal.append(INCIDENT, &[at(3, Event::ChecklistStarted)]).unwrap();
    let (ok, said) = verdict(&dir, Some(&early));
    assert!(ok && said.contains("the saved head is line 3; the journal has grown since"), "{said}");
    let (ok, said) = verdict(&dir, None);
    assert!(ok && said.contains("no saved head was given with `--expect-head HASH`"), "{said}");
}

#[test]
fn each_way_of_tampering_is_named() {
    type Tamper = fn(&Path);
    let cases: [(Tamper, &str); 7] = [
        (
            |dir| fs::write(dir.join("evidence/pins.json"), b"{\"BUILD_ID\":\"8\"}").unwrap(),
            "evidence/pins.json (line 2) was changed",
        ),
        (|dir| fs::write(dir.join("evidence/pins.json"), b"{}").unwrap(), "has 2 bytes, and the journal says 16"),
        (|dir| fs::remove_file(dir.join("comms/first.md")).unwrap(), "comms/first.md (line 3) is missing"),
        (|dir| fs::write(dir.join("playbook.toml"), b"").unwrap(), "playbook.toml is not the one that was flown"),
        (|dir| edit(dir, |text| text.replacen("capture", "CAPTURE", 1)), "line 2 is not as it was written"),
        (|dir| edit(dir, |text| text.split_inclusive('\n').take(2).collect()), "is the hash of no line"),
        (|dir| edit(dir, |_| String::new()), "holds no record"),
    ];
    for (tamper, sentence) in cases {
        let (_root, dir, journal) = with_evidence();
        let head = journal.head();
        drop(journal);
        tamper(&dir);
        let (ok, said) = verdict(&dir, Some(&head));
        assert!(!ok && said.contains(sentence) && said.ends_with("NOT VERIFIED"), "{sentence}: {said}");
    }
}

fn edit(dir: &Path, change: impl Fn(&str) -> String) {
    let path = dir.join("journal.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, change(&text)).unwrap();
}

#[test]
fn every_faulty_line_is_named_and_not_only_the_first() {
    let (_root, dir, _) = super::written(8);
    edit(&dir, |text| text.replace("\"took_ms\":3,", "\"took_ms\":4,").replace("\"took_ms\":7,", "\"took_ms\":4,"));
    let found = verify(&dir, None).unwrap();
    assert_eq!(found.chain.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4, 8]);
    assert_eq!(found.records, 3);
}

#[test]
fn a_file_nobody_names_is_noted_and_is_no_fault() {
    let (_root, dir, mut journal) = with_evidence();
    journal.keep("evidence/stray.txt", b"?").unwrap();
    let (ok, said) = verdict(&dir, None);
    assert!(ok && said.contains("note: evidence/stray.txt is named by no record"), "{said}");
    assert!(said.ends_with("that the journal names holds; nothing vouches for 1 other file"), "{said}");
}

#[test]
fn words_that_were_not_sent_are_kept_replaced_and_let_go_of_and_are_no_fault() {
    let (_root, dir, mut journal) = with_evidence();
    journal.keep_draft("first", Some("one")).unwrap();
    journal.keep_draft("first", Some("Impact: eu\nonly")).unwrap();
    assert_eq!(journal.drafts(), [("first".to_owned(), "Impact: eu\nonly".to_owned())]);
    let (ok, said) = verdict(&dir, None);
    assert!(ok && said.contains("comms/draft-first.txt holds words that were edited and not sent"), "{said}");
    let dossier = load_dossier(&dir).unwrap();
    assert!(!dossier.files.iter().any(|file| file.path.contains("draft")), "it is no part of what happened");
    journal.keep_draft("first", None).unwrap();
    journal.keep_draft("first", None).unwrap();
    assert_eq!(journal.drafts(), []);
    assert!(journal.keep_draft("../x", Some("out")).is_err());
}

#[test]
fn a_journal_that_names_a_file_outside_is_a_fault_and_the_file_is_not_read() {
    let (_root, dir, mut journal) = fresh();
    let file = EvidenceRef { path: "evidence/../../../etc/passwd".into(), sha256: String::new(), bytes: 0 };
    journal.append(INCIDENT, &[at(0, opened()), at(1, captured(file))]).unwrap();
    let (ok, said) = verdict(&dir, None);
    assert!(!ok && said.contains("lies outside the folders of this incident"), "{said}");
}

#[test]
fn evidence_with_an_unsafe_name_is_refused_and_none_is_overwritten() {
    let (root, dir, mut journal) = fresh();
    let bad = [
        "",
        "evidence",
        "evidence/",
        "pins.json",
        "../x",
        "a/b",
        "evidence/../x",
        "evidence/a/b",
        "/etc/x",
        "inbox/x",
        "evidence/.x",
        "comms/a b",
        "evidence/a\0",
        "evidence/\u{e9}",
        "./evidence/x",
    ];
    for name in bad {
        assert!(matches!(error_of(journal.keep(name, b"x")), Error::BadName(_)), "{name:?}");
    }
    assert_eq!(fs::read_dir(dir.join("evidence")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    journal.keep("evidence/a", b"first").unwrap();
    assert!(matches!(error_of(journal.keep("evidence/a", b"second")), Error::Occupied(_)));
    assert_eq!(fs::read(dir.join("evidence/a")).unwrap(), b"first");
}

#[test]
fn samples_are_whole_lines_even_behind_a_torn_one() {
    let (_root, dir, mut journal) = with_evidence();
    journal.sample("{\"m\":\"ds\"}").unwrap();
    journal.sample("two\nlines").unwrap();
    journal.flush_samples().unwrap();
    drop(journal);
    let path = dir.join("samples.jsonl");
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"m\":\"ds\"}\ntwo lines\n");
    fs::write(&path, "whole\ntor").unwrap();
    assert_eq!(load_dossier(&dir).unwrap().samples, ["whole"]);
    let (mut journal, _, _) = Journal::open(&dir).unwrap();
    journal.sample("next").unwrap();
    drop(journal);
    assert_eq!(fs::read_to_string(&path).unwrap(), "whole\ntor\nnext\n");
}

#[test]
fn a_dossier_holds_what_the_directory_holds() {
    let (_root, dir, journal) = with_evidence();
    let dossier = load_dossier(&dir).unwrap();
    assert_eq!(dossier.dir, INCIDENT);
    assert_eq!(dossier.records, read(&dir).unwrap().records);
    assert_eq!(dossier.hashes.last(), Some(&journal.head()));
    assert_eq!(
        dossier.files.iter().map(|file| &*file.path).collect::<Vec<_>>(),
        ["evidence/pins.json", "comms/first.md"]
    );
    assert_eq!(dossier.comms["comms/first.md"], "Rolling back docs-rag.");
}

#[test]
fn of_a_long_message_the_beginning_is_shown_and_all_of_it_is_checked() {
    let (_root, dir, mut journal) = with_evidence();
    let words = "a".repeat(70_000);
    let file = journal.keep("comms/long.md", words.as_bytes()).unwrap();
    journal.append(INCIDENT, &[at(9, Event::MessageQueued { comm: id("first"), file: file.clone() })]).unwrap();
    let dossier = load_dossier(&dir).unwrap();
    assert_eq!(dossier.comms["comms/long.md"], words[..64 * 1024]);
    let found = dossier.files.iter().find(|found| found.path == file.path).unwrap();
    assert_eq!((&found.sha256, found.bytes), (&file.sha256, 70_000));
}

/// Changes line `line` (from 0) and gives it a hash that fits, as somebody would who knows how.
fn reseal(dir: &Path, line: usize, from: &str, to: &str) {
    edit(dir, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (body, _) = lines[line].split_once(",\"hash\":").unwrap();
        let body = body.replacen(from, to, 1);
        lines[line] = format!("{body},\"hash\":\"{}\"}}", sha256(body.as_bytes()));
        lines.join("\n") + "\n"
    });
}

#[test]
fn a_line_rewritten_and_sealed_anew_is_betrayed_by_the_next_and_the_last_one_by_a_saved_head() {
    let (_root, dir, journal) = with_evidence();
    let head = journal.head();
    drop(journal);
    reseal(&dir, 1, "pins", "lies");
    let (ok, said) = verdict(&dir, None);
    assert!(!ok && said.contains("line 3 does not follow the line before it"), "{said}");
    reseal(&dir, 1, "lies", "pins");
    assert!(verdict(&dir, Some(&head)).0);
    reseal(&dir, 2, "\"first\"", "\"worst\"");
    assert!(verdict(&dir, None).0, "without a head nobody can tell");
    assert!(!verdict(&dir, Some(&head)).0);
}

#[test]
fn a_file_named_after_our_own_words_forges_no_line_of_the_verdict() {
    let (_root, dir, mut journal) = fresh();
    let path = "evidence/x\n\u{1b}[2Kverified: everything holds".to_owned();
    let file = EvidenceRef { path, sha256: "0".repeat(64), bytes: 1 };
    journal.append(INCIDENT, &[at(0, opened()), at(1, captured(file))]).unwrap();
    let (ok, said) = verdict(&dir, None);
    assert!(!ok && !said.contains('\u{1b}'), "{said}");
    assert!(!said.lines().any(|line| line.starts_with("verified")), "{said}");
    let lost = crate::report::lost(&crate::journal::salvage_dossier(&dir).unwrap());
    assert!(lost.iter().all(|sentence| sentence.chars().all(Text::keeps)) && !lost.is_empty(), "{lost:?}");
}
