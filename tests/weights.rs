//! What a hostile directory or bundle costs whoever reads it: memory and time are bounded, whatever was forged.

#[path = "common/directory.rs"]
mod directory;

use directory::drill;
use goaround::incident::Event;
use goaround::journal::{self, Journal};
use goaround::playbook::Id;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A drill flown to its recovery.
fn flown() -> (TempDir, PathBuf) {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let directory = drill(incidents.path(), 1, &[]);
    (incidents, directory)
}

/// Runs the program in an address space of 300 MiB and ten seconds of the processor's time; whoever needs more is ended
/// by the system. A bomb may take 150 MiB of memory; the program itself and its threads' stacks lie there too.
fn bounded(arguments: &[&str]) -> (Option<i32>, String) {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -v 307200; ulimit -t 10; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_goaround")]);
    let output = shell.args(arguments).env("GOAROUND_CONFIG", "/nowhere").output().expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned())
}

fn name(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// The last words, for a message that somebody can read.
fn end(said: &str) -> String {
    said.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect()
}

#[test]
fn a_journal_of_millions_of_bad_lines_takes_no_memory_and_neither_does_its_bundle_of_a_few_kilobytes() {
    let (_kept, directory) = flown();
    fs::write(directory.join("journal.jsonl"), vec![b'\n'; 8 << 20]).expect("damaged");
    let bundle = directory.with_extension("tar.zst");
    let (code, said) = bounded(&["bundle", name(&directory), "--output", name(&bundle)]);
    assert!(code == Some(1) && said.matches("DAMAGED: ").count() == 10, "{code:?} {}", end(&said));
    assert!(fs::metadata(&bundle).expect("a bundle").len() < 40_000, "a small file");
    for path in [&bundle, &directory] {
        let (code, said) = bounded(&["verify", name(path)]);
        assert!(code == Some(1) && said.ends_with("NOT VERIFIED\n"), "{code:?} {}", end(&said));
        // The last of the line breaks may be what a crash has left.
        assert!(said.contains("FAULT: 8387607 more lines of journal.jsonl do not hold"), "{}", end(&said));
        assert!(said.lines().count() < 1_100, "{} lines", said.lines().count());
    }
    let (code, said) = bounded(&["list", name(directory.parent().expect("a folder"))]);
    assert!(code == Some(0) && said.contains("does not end in a hash"), "{code:?} {}", end(&said));
}

#[test]
fn a_last_line_of_thousands_of_seals_is_read_in_no_time_and_is_damage() {
    let (_kept, directory) = flown();
    let journal = directory.join("journal.jsonl");
    let seal = format!(",\"hash\":\"{}\"}}", "0".repeat(64));
    let whole = fs::read_to_string(&journal).expect("a journal");
    fs::write(&journal, whole + &seal.repeat(40_000) + "x").expect("damaged");
    for command in ["verify", "report"] {
        let (code, said) = bounded(&[command, name(&directory)]);
        assert!(
            code == Some(1) && said.contains("is longer than the 16384 bytes of a line"),
            "{command}: {}",
            end(&said)
        );
    }
    let (code, said) = bounded(&["list", name(directory.parent().expect("a folder"))]);
    assert!(code == Some(0) && said.contains("is longer than the 16384"), "{code:?} {}", end(&said));
}

/// Adds a message to the journal, as one that was sent.
fn with_message(directory: &Path) {
    let incident = journal::read(directory).expect("a journal").incident;
    let (mut journal, records, _) = Journal::open(directory).expect("nobody writes it");
    let file = journal.keep("comms/first.md", b"Rolling back docs-rag.").expect("it is kept");
    let queued = Event::MessageQueued { comm: Id::new("first").expect("an id"), file };
    let after = records.last().expect("a record").at.plus_ms(1);
    journal.append(incident.as_str(), &[(after, "mira".into(), queued)]).expect("it is written");
}

#[test]
fn files_of_gigabytes_that_somebody_left_cost_nothing_and_are_said() {
    let (_kept, directory) = flown();
    with_message(&directory);
    let grown = |file: &str| {
        let file = fs::OpenOptions::new().append(true).create(true).open(directory.join(file)).expect("a file");
        file.set_len(6 << 30).expect("a sparse file");
    };
    let captured =
        fs::read_dir(directory.join("evidence")).expect("a folder").next().expect("evidence").expect("a file");
    let captured = format!("evidence/{}", captured.file_name().display());
    grown("evidence/zz.json");
    let (code, said) = bounded(&["verify", name(&directory)]);
    assert!(code == Some(0) && said.contains("evidence/zz.json is named by no record"), "{code:?} {}", end(&said));
    assert_eq!(bounded(&["report", name(&directory)]).0, Some(0), "what no record names is no part of a report");
    // Nothing vouches for the samples, and verifying leaves them alone.
    for (file, verified) in [(&*captured, 1), ("comms/first.md", 1), ("playbook.toml", 1), ("samples.jsonl", 0)] {
        let kept = fs::read(directory.join(file)).expect("a file");
        grown(file);
        for (command, expected) in [("verify", verified), ("report", 1)] {
            let (code, said) = bounded(&[command, name(&directory)]);
            assert!(
                code == Some(expected) && (expected == 0 || said.contains(file)),
                "{file}: {code:?} {}",
                end(&said)
            );
            assert!(!said.contains("is missing"), "{file} is there: {}", end(&said));
        }
        fs::write(directory.join(file), kept).expect("as it was");
    }
}
