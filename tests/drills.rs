//! The book of drills: who flew what when, what is broken is left out with a word, and what is due.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn goaround(incidents: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command
        .args(args)
        .arg("--incidents")
        .arg(incidents)
        .env("GOAROUND_CONFIG", "/nowhere")
        .env_remove("RUST_BACKTRACE");
    command.output().expect("the program runs")
}

fn flown(incidents: &Path, args: &[&str]) -> PathBuf {
    let said = goaround(incidents, &[&["drill", "--auto"], args].concat()).stdout;
    PathBuf::from(String::from_utf8(said).expect("text").lines().last().expect("the directory comes last"))
}

#[track_caller]
fn book(incidents: &Path, args: &[&str]) -> (String, String) {
    let output = goaround(incidents, &[&["drills"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn a_drill_is_listed_with_its_pilot_its_end_its_clocks_and_its_mistakes() {
    let folder = tempfile::tempdir().expect("a folder");
    flown(folder.path(), &["index-mismatch", "--seed", "7"]);
    flown(folder.path(), &["index-mismatch", "--mistake", "cache-not-rotated"]);
    flown(folder.path(), &["false-alarm"]);
    let (said, complaints) = book(folder.path(), &[]);
    assert_eq!(complaints, "");
    let line = |words: &[&str]| said.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(line(&["pilot", "index-mismatch", "seed 7", "recovered", "lever 00:00", "recover 01:"]), "{said}");
    assert!(line(&["index-mismatch", "seed 1", "closed, not recovered", "fell into: cache-not-rotated"]), "{said}");
    assert!(line(&["false-alarm", "left alone"]), "{said}");
}

#[test]
fn a_drill_left_before_anything_was_declared_is_not_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = flown(folder.path(), &["index-mismatch"]);
    let journal = std::fs::read_to_string(directory.join("journal.jsonl")).expect("a journal");
    let first: Vec<&str> = journal.lines().take(3).collect();
    std::fs::write(directory.join("journal.jsonl"), format!("{}\n", first.join("\n"))).expect("it can be written");
    // What later lines left would tell that they are gone.
    std::fs::remove_dir_all(directory.join("evidence")).expect("it is ours");
    let (said, _) = book(folder.path(), &[]);
    let line = said.lines().find(|line| line.contains("index-mismatch")).expect("it is listed");
    assert!(line.ends_with("not declared"), "{line}");
}

#[test]
fn a_drill_that_is_left_open_keeps_its_debrief_for_whoever_finishes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = flown(folder.path(), &["index-mismatch", "--inject", "swallow:edge@10s+20s"]);
    assert!(!directory.join("debrief.toml").exists());
    let (said, _) = book(folder.path(), &[]);
    assert!(said.lines().any(|line| line.contains("left open")), "{said}");
}

#[test]
fn a_lever_counts_as_drilled_for_thirty_days() {
    let folder = tempfile::tempdir().expect("a folder");
    let (never, _) = book(folder.path(), &["--all"]);
    assert!(never.contains("docs-rag freeze") && never.contains("last: never"), "{never}");
    let fresh = flown(folder.path(), &["index-mismatch"]);
    let (said, _) = book(folder.path(), &["--all"]);
    assert!(!said.contains("docs-rag freeze") && said.contains("docs-rag pointer"), "only what was pulled: {said}");
    std::fs::rename(fresh, folder.path().join("20240102-030405-drill-index-mismatch")).expect("it can be renamed");
    let (old, _) = book(folder.path(), &["--all"]);
    assert!(old.contains("NOT DRILLED in 30 days: docs-rag freeze"), "{old}");
    assert!(old.contains("last: 2024-01-02 03:04"), "{old}");
}

#[test]
fn what_is_due_is_summed_up_by_playbook_unless_each_lever_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    flown(folder.path(), &["index-mismatch"]);
    let (brief, _) = book(folder.path(), &[]);
    let due: Vec<&str> = brief.lines().filter(|line| line.starts_with("NOT DRILLED")).collect();
    let names = goaround::playbook::embedded_names().count();
    assert!(due.len() <= names, "a line for each playbook at most: {brief}");
    assert!(due.iter().any(|line| line.contains("docs-rag") && line.ends_with(" of them never")), "{brief}");
    assert!(brief.ends_with("`goaround drills --all` names each\n"), "{brief}");
    let (all, _) = book(folder.path(), &["--all"]);
    let docs = |line: &&str| line.contains("days: docs-rag ");
    let levers = all.lines().filter(docs).count();
    assert!(due.iter().any(|line| docs(line) && line.contains(&format!(" {levers} levers"))), "{levers}: {brief}");
}

#[test]
fn what_is_broken_is_left_out_with_one_line_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = flown(folder.path(), &["false-alarm"]);
    let journal = broken.join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).expect("a journal");
    std::fs::write(&journal, text.replacen("\"seq\":2", "\"seq\":9", 1)).expect("it can be written");
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    let (said, complaints) = book(folder.path(), &[]);
    assert!(said.starts_with("no drill was flown here yet"), "{said}");
    let lines: Vec<&str> = complaints.lines().collect();
    assert_eq!(lines.len(), 2, "{complaints}");
    assert!(lines.iter().all(|line| line.starts_with("left out: ")), "{complaints}");
}

#[test]
fn the_book_is_one_json_object_for_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    flown(folder.path(), &["index-mismatch"]);
    let (said, _) = book(folder.path(), &["--json"]);
    let book: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(book["drills"][0]["scenario"], "index-mismatch");
    assert_eq!(book["drills"][0]["ended"], "recovered");
    assert!(book["not_drilled"].as_array().is_some_and(|levers| !levers.is_empty()), "{said}");
}
