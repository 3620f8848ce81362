//! What goes on after closing, and how a playbook begins, with the real binary.

#[path = "common/directory.rs"]
mod directory;

use goaround::incident::Event;
use goaround::journal;
use goaround::playbook::embedded_names;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// Runs the real binary, without a terminal, to its end.
fn goaround<A: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    directory::goaround().args(arguments).env_remove("RUST_BACKTRACE").output().expect("the program runs")
}

/// A drill flown to its end by the pilot: closed as recovered, one follow-up open.
fn landed() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let directory = directory::drill(folder.path(), 1, &[]);
    (folder, directory)
}

fn events(directory: &Path) -> Vec<Event> {
    let reading = journal::read(directory).expect("the journal can be read");
    reading.records.into_iter().map(|record| record.event).collect()
}

/// The postmortem.
fn report(directory: &Path) -> String {
    let made = goaround(["report".as_ref(), directory.as_os_str()]);
    assert!(made.status.success(), "{}", said(&made));
    std::fs::read_to_string(directory.join("report.md")).expect("it was written")
}

fn follow_up(directory: &Path, arguments: &[&str]) -> Output {
    let directory = directory.display().to_string();
    goaround([&["follow-up", &directory], arguments].concat())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const DONE: [&str; 6] = ["--done", "rca", "--as", "Tech Lead", "--note", "written down in the wiki"];

#[test]
fn a_follow_up_is_ticked_off_in_the_journal_that_was_closed() {
    let (_folder, directory) = landed();
    let before = events(&directory).len();
    let open = follow_up(&directory, &[]);
    assert_eq!(open.status.code(), Some(3), "{}", said(&open));
    assert!(said(&open).contains("open     rca") && said(&open).contains("0 of 1 done"), "{}", said(&open));
    assert_eq!(events(&directory).len(), before, "looking writes nothing");
    assert!(
        report(&directory)
            .contains("| Root cause analysis written down | Tech Lead | 24 h 00 min after closing | **open** |")
    );

    let done = follow_up(&directory, &DONE);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains("by Tech Lead: written down in the wiki"), "{}", said(&done));
    assert!(matches!(events(&directory).last(), Some(Event::FollowedUp { .. })));
    let verified = goaround(["verify".as_ref(), directory.as_os_str()]);
    assert!(
        verified.status.success() && said(&verified).contains("1 follow-up was written down since"),
        "{}",
        said(&verified)
    );
    assert!(report(&directory).contains("by `Tech Lead`: written down in the wiki [#"), "the report tells it");
    assert_eq!(follow_up(&directory, &[]).status.code(), Some(0), "nothing is open any more");
}

#[test]
fn what_is_done_after_a_drill_stands_on_its_clock_and_is_told_without_a_time() {
    let (_folder, directory) = landed();
    let records = || journal::read(&directory).expect("the journal can be read").records;
    let ended = records().last().expect("it was flown").at.clone();
    let done = follow_up(&directory, &DONE);
    assert_eq!(records().last().map(|record| record.at.clone()), Some(ended), "its clock stood still when it ended");
    assert!(said(&done).contains("by Tech Lead: written down in the wiki"), "{}", said(&done));
    assert!(!said(&done).contains("UTC"), "the drill's clock tells nothing of when: {}", said(&done));
    let made = report(&directory);
    let row = made.lines().find(|line| line.starts_with("| Root cause analysis")).expect("the report lists it");
    assert!(row.contains("| by `Tech Lead`: written down in the wiki [#"), "{row}");
}

#[test]
fn what_cannot_be_ticked_off_is_refused_and_writes_nothing() {
    let (_folder, directory) = landed();
    let before = std::fs::read(directory.join("journal.jsonl")).expect("a journal");
    for (arguments, words) in [
        (&["--done", "rcu", "--as", "mira", "--note", "it is written"][..], "did you mean `rca`?"),
        (&["--done", "r c a", "--as", "mira", "--note", "it is written"], "there is no follow-up `r c a`"),
        (&["--done", "rca", "--as", "mira", "--note", "ok"], "say what was done"),
        (&["--done", "rca", "--as", "", "--note", "it is written"], "say who saw to it"),
        (&["--done", "rca"], "--note <TEXT>"),
        (&["--note", "it is written"], "--done <ID>"),
    ] {
        let refused = follow_up(&directory, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {}", said(&refused));
        assert!(said(&refused).contains(words), "{arguments:?}: {}", said(&refused));
    }
    assert_eq!(follow_up(&directory, &DONE).status.code(), Some(0));
    let again = follow_up(&directory, &DONE);
    assert!(said(&again).contains("done already, by Tech Lead"), "{}", said(&again));
    let after = std::fs::read(directory.join("journal.jsonl")).expect("a journal");
    let new = after.strip_prefix(&before[..]).expect("what stood there stands there");
    assert_eq!(String::from_utf8_lossy(new).lines().count(), 1, "one follow-up, one record");
    let nowhere = follow_up(Path::new("/nowhere"), &[]);
    assert_eq!(nowhere.status.code(), Some(2), "{}", said(&nowhere));
}

#[test]
fn a_known_secret_in_a_note_does_not_reach_the_journal() {
    let (_folder, directory) = landed();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.arg("follow-up").arg(&directory).args(["--done", "rca", "--as", "mira", "--note"]);
    let output = command.arg("it was redis-swordfish, changed now").env("REDIS_PASS", "redis-swordfish").output();
    assert!(output.expect("it runs").status.success());
    let journal = std::fs::read_to_string(directory.join("journal.jsonl")).expect("a journal");
    assert!(journal.contains("it was [redacted], changed now") && !journal.contains("swordfish"));
}

#[test]
fn init_writes_every_playbook_of_ours_once_and_it_is_sound() {
    let folder = TempDir::new().expect("a temporary folder");
    let listed = goaround(["init"]);
    for name in embedded_names() {
        assert!(said(&listed).contains(name), "{}", said(&listed));
        let path = folder.path().join(format!("{name}.toml")).display().to_string();
        let made = goaround(["init", name, &path]);
        assert!(made.status.success(), "{}", said(&made));
        assert!(goaround(["check", &path]).status.success(), "{name} is sound where it was written");
        let again = goaround(["init", name, &path]);
        assert_eq!(again.status.code(), Some(2));
        assert!(said(&again).contains("is there already and was left alone"), "{}", said(&again));
    }
    let slip = goaround(["init", "docs-rug"]);
    assert_eq!(slip.status.code(), Some(2));
    assert!(said(&slip).contains("did you mean `docs-rag`?"), "{}", said(&slip));
}
