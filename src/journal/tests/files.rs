//! Names, permissions, links and the lock.

use super::{FLOWN, INCIDENT, at, error_of, fresh, opened, written};
use crate::journal::{Error, Journal};
use rustix::fs::Mode;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

const HOLD_LOCK_IN: &str = "GOAROUND_TEST_HOLD_LOCK_IN";

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn everything_is_private_even_under_umask_000() {
    let root = tempfile::tempdir().unwrap();
    let before = rustix::process::umask(Mode::empty());
    let base = root.path().join("new").join("incidents");
    let mut journal = Journal::create(&base, INCIDENT, FLOWN).unwrap();
    journal.append(INCIDENT, &[at(0, opened())]).unwrap();
    journal.keep("evidence/pins.json", b"{}").unwrap();
    journal.keep("comms/first.md", b"hello").unwrap();
    rustix::process::umask(before);
    let dir = base.join(INCIDENT);
    for folder in ["..", ".", "evidence", "comms", "inbox"] {
        assert_eq!(mode_of(&dir.join(folder)), 0o700, "{folder}");
    }
    for file in ["journal.jsonl", "playbook.toml", "samples.jsonl", "evidence/pins.json", "comms/first.md"] {
        assert_eq!(mode_of(&dir.join(file)), 0o600, "{file}");
    }
}

#[test]
fn an_occupied_directory_is_refused_and_left_alone() {
    let (root, dir, journal) = fresh();
    drop(journal);
    fs::write(dir.join("playbook.toml"), "mine").unwrap();
    let refusal = error_of(Journal::create(root.path(), INCIDENT, FLOWN)).to_string();
    assert!(refusal.contains("exists already, nothing was changed"), "{refusal}");
    assert_eq!(fs::read_to_string(dir.join("playbook.toml")).unwrap(), "mine");
}

#[test]
fn a_directory_name_that_leads_elsewhere_is_refused() {
    let root = tempfile::tempdir().unwrap();
    for name in ["", ".", "..", "../x", "a/b", "/tmp/x", ".hidden", "a\0b", "a b", "-x", &"x".repeat(129)] {
        assert!(matches!(error_of(Journal::create(root.path(), name, FLOWN)), Error::BadName(_)), "{name:?}");
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn a_planted_link_or_fifo_in_place_of_the_journal_is_refused() {
    let (root, dir, _) = written(1);
    let path = dir.join("journal.jsonl");
    let elsewhere = root.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert!(matches!(error_of(Journal::open(&dir)), Error::NotPlain(_)));
    assert!(matches!(error_of(crate::journal::read(&dir)), Error::NotPlain(_)));
    fs::remove_file(&path).unwrap();
    fs::hard_link(&elsewhere, &path).unwrap();
    assert!(matches!(error_of(Journal::open(&dir)), Error::NotPlain(_)));
    fs::remove_file(&path).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, Mode::RWXU).unwrap();
    assert!(matches!(error_of(Journal::open(&dir)), Error::NotPlain(_)));
    fs::remove_file(&path).unwrap();
    fs::rename(&elsewhere, &path).unwrap();
    let link = root.path().join("link");
    symlink(&dir, &link).unwrap();
    assert!(matches!(error_of(Journal::open(&link)), Error::NotPlain(_)));
    assert!(Journal::open(&dir).is_ok());
}

#[test]
fn a_linked_evidence_folder_is_refused() {
    let (root, dir, mut journal) = fresh();
    let outside = root.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::remove_dir(dir.join("evidence")).unwrap();
    symlink(&outside, dir.join("evidence")).unwrap();
    assert!(matches!(error_of(journal.keep("evidence/a", b"x")), Error::NotPlain(_)));
    assert_eq!(fs::read_dir(outside).unwrap().count(), 0);
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let (_root, dir, journal) = fresh();
    let refusal = error_of(Journal::open(&dir)).to_string();
    assert!(refusal.contains("is being written by another goaround"), "{refusal}");
    drop(journal);
    assert!(Journal::open(&dir).is_ok());
}

/// Run by the test below in a process of its own; does nothing otherwise.
#[test]
fn the_lock_is_held_for_a_parent_that_asks() {
    if let Ok(dir) = std::env::var(HOLD_LOCK_IN) {
        let _journal = Journal::open(Path::new(&dir)).unwrap();
        println!("\nheld");
        std::io::stdin().read_line(&mut String::new()).unwrap();
    }
}

#[test]
fn killing_the_holder_frees_the_lock_at_once() {
    let (_root, dir, _) = written(1);
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "journal::tests::files::the_lock_is_held_for_a_parent_that_asks", "--nocapture"])
        .env(HOLD_LOCK_IN, &dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(holder.stdout.take().unwrap()).lines().map(Result::unwrap).find(|line| line == "held");
    assert!(said.is_some(), "the holder ended early");
    assert!(matches!(error_of(Journal::open(&dir)), Error::Locked(_)));
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(Journal::open(&dir).is_ok());
}
