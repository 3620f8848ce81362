//! Claims about observers: what they see of a drill that somebody else flies, and that they change nothing.

#[path = "common/incidents.rs"]
mod incidents;
#[path = "common/keys.rs"]
mod keys;
#[path = "common/pty.rs"]
mod pty;

use goaround::app::observe::Onlooker;
use goaround::incident::replay;
use goaround::journal::{self, Follower};
use goaround::playbook::Playbook;
use pty::Terminal;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A drill flown to its end by the pilot, and its directory.
fn flown() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("temporary folders are named in UTF-8");
    let flown = incidents::goaround(["drill", "--auto", "--incidents", path]);
    assert_eq!(flown.status.code(), Some(0), "{}", String::from_utf8_lossy(&flown.stderr));
    let directory = incidents::only(folder.path());
    (folder, directory)
}

/// A drill under way in a terminal, and its directory.
struct Drill {
    terminal: Terminal,
    _folder: TempDir,
    directory: PathBuf,
}

fn drill(speed: &str) -> Drill {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("temporary folders are named in UTF-8").to_owned();
    let args = ["drill", "--speed", speed, "--as", "mira", "--incidents", &path];
    let mut terminal = Terminal::start(80, 24, args);
    terminal.wait_for("I declares a rollback");
    let directory = incidents::only(folder.path());
    Drill { terminal, _folder: folder, directory }
}

fn watch(directory: &Path, role: &str) -> Terminal {
    let path = directory.to_str().expect("temporary folders are named in UTF-8");
    let mut terminal = Terminal::start(80, 24, ["watch", path, "--as", role]);
    terminal.wait_for(" OBSERVE ");
    terminal
}

#[test]
fn an_onlooker_believes_at_every_record_what_a_replay_of_the_journal_so_far_would() {
    let (_folder, directory) = flown();
    let whole = fs::read(directory.join("journal.jsonl")).expect("the journal is there");
    let reading = journal::read(&directory).expect("the journal can be read");
    let playbook = Playbook::parse("playbook.toml", &reading.playbook, Some("drill")).expect("it was flown");
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["playbook.toml", "samples.jsonl"] {
        fs::copy(directory.join(name), copy.path().join(name)).expect("a file can be copied");
    }
    let path = copy.path().join("journal.jsonl");
    let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
    fs::write(&path, lines[0]).expect("a file can be written");
    let (follower, beginning) = Follower::open(copy.path()).expect("it can be followed");
    let mut onlooker = Onlooker::new(follower, playbook.clone(), &beginning.records);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("it is there");
    for (count, line) in (1..).zip(&lines[1..]) {
        let (head, tail) = line.split_at(line.len() / 2);
        file.write_all(head).expect("the disk is fine");
        assert!(onlooker.look().is_empty(), "half a line is no record");
        assert_eq!(*onlooker.state(), replay(&playbook, &reading.records[..count]), "after {count} records");
        file.write_all(tail).expect("the disk is fine");
        assert_eq!(onlooker.look().len(), 1);
    }
    assert_eq!(*onlooker.state(), replay(&playbook, &reading.records));
}

#[test]
fn an_observer_sees_what_the_commander_does_and_can_do_nothing_of_it() {
    let mut drill = drill("5");
    let mut observer = watch(&drill.directory, "jo");
    observer.wait_for("IC mira");
    observer.wait_for("X 2 BREACH");
    for key in ["I", "r", "U"] {
        observer.press(key);
        observer.wait_for("you observe; only the commander acts");
    }
    keys::declare(&mut drill.terminal, "coverage BREACH, dS BREACH");
    observer.wait_for("SEV2  T+");
    keys::land(&mut drill.terminal, "Index alias back to docs_vA");
    observer.wait_for("CLOSED");
    observer.wait_for_line(&["4 [*] flip one pointer", "SENSED"]);
    observer.press("q");
    observer.wait_for("LEAVE GOAROUND?");
    observer.press("y");
    assert_eq!(observer.exit_code(), 0);
    observer.assert_given_back();
    assert_eq!(incidents::goaround(["verify".as_ref(), drill.directory.as_os_str()]).status.code(), Some(0));
}

#[test]
fn without_a_terminal_each_event_is_a_line_and_the_end_is_the_end() {
    let (_folder, directory) = flown();
    let told = incidents::goaround(["watch".as_ref(), directory.as_os_str()]);
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.lines().count(), incidents::events(&directory).len());
    assert!(told.lines().last().is_some_and(|line| line.ends_with("CLOSED, recovered")), "{told}");
}

#[test]
fn what_cannot_be_watched_is_one_sentence_and_exit_2() {
    let (_folder, directory) = flown();
    let empty = tempfile::tempdir().expect("a folder");
    let newer = tempfile::tempdir().expect("a folder");
    let journal = fs::read_to_string(directory.join("journal.jsonl")).expect("it is there");
    let first = journal.lines().next().expect("it has a line");
    // Sealed as a later goaround would: only the format's number is another.
    let body = first.replacen("{\"v\":1,", "{\"v\":2,", 1);
    let body = &body[..body.rfind(",\"hash\"").expect("it is sealed")];
    let line = format!("{body},\"hash\":\"{}\"}}\n", goaround::app::flight::sha256_hex(body.as_bytes()));
    fs::write(newer.path().join("journal.jsonl"), line).expect("it can be written");
    fs::copy(directory.join("playbook.toml"), newer.path().join("playbook.toml")).expect("it can be copied");
    let cases = [
        (PathBuf::from("/nowhere/at/all"), "does not exist"),
        (empty.path().to_owned(), "is this an incident directory?"),
        (newer.path().to_owned(), "has format 2"),
        (directory.join("playbook.toml"), "no plain file or folder"),
    ];
    for (path, words) in cases {
        let refused = incidents::goaround(["watch".as_ref(), path.as_os_str()]);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && said.trim_end().lines().count() == 1, "{words}: {said}");
    }
}

#[test]
fn a_journal_that_is_cut_under_an_observer_is_said_on_screen_and_at_the_end() {
    let (_folder, directory) = flown();
    let mut observer = watch(&directory, "jo");
    observer.wait_for("CLOSED");
    let file = fs::OpenOptions::new().write(true).open(directory.join("journal.jsonl")).expect("it is there");
    file.set_len(1000).expect("it can be cut");
    observer.wait_for("NOT FOLLOWED ANY MORE");
    observer.press("q");
    observer.wait_for("LEAVE GOAROUND?");
    observer.press("y");
    assert_eq!(observer.exit_code(), 1);
    assert!(observer.screen().contains("while it was followed"), "{}", observer.screen());
}
