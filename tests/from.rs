//! A recorded incident flown again: to the same end by the same acts, and no further than the first other one.

#[path = "common/keys.rs"]
#[expect(dead_code, reason = "a whole rollback by keys is the drill's business")]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;

use goaround::incident::{Event, Way};
use goaround::journal;
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

/// Where a flight was written down.
#[track_caller]
fn directory(output: &Output) -> PathBuf {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    PathBuf::from(said.lines().last().expect("the directory comes last"))
}

fn again(incidents: &Path, directory: &Path) -> Output {
    goaround(incidents, &["drill", "--auto", "--from", directory.to_str().expect("UTF-8")])
}

fn pulls(directory: &Path) -> Vec<(String, Way)> {
    let records = journal::read(directory).expect("a journal").records;
    let pulls = records.into_iter().filter_map(|record| match record.event {
        Event::PullStarted { lever, way, .. } => Some((lever.to_string(), way)),
        _ => None,
    });
    pulls.collect()
}

#[test]
fn the_same_acts_come_to_the_same_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = directory(&goaround(folder.path(), &["drill", "index-mismatch", "--auto"]));
    let flown = again(folder.path(), &first);
    let said = String::from_utf8_lossy(&flown.stdout).into_owned();
    assert_eq!(flown.status.code(), Some(0), "{said}");
    assert!(said.contains("CLOSED, recovered") && !said.contains("not recorded from here on"), "{said}");
    let second = directory(&flown);
    assert_eq!(pulls(&second), pulls(&first));
    let debrief = std::fs::read_to_string(second.join("debrief.md")).expect("it was written");
    assert!(debrief.contains("Drill debrief: drill-index-mismatch-1"), "{debrief}");
}

#[test]
fn every_scenario_flown_again_by_the_same_acts_comes_to_the_same_end() {
    let folder = tempfile::tempdir().expect("a folder");
    for scenario in goaround::drill::Scenario::ids() {
        let flown = goaround(folder.path(), &["drill", scenario, "--auto"]);
        let first = directory(&flown);
        let again = again(folder.path(), &first);
        let said = String::from_utf8_lossy(&again.stdout).into_owned();
        assert_eq!(again.status.code(), flown.status.code(), "{scenario}: {said}");
        assert!(!said.contains("DISAGREES"), "{scenario}: {said}");
        assert_eq!(pulls(&directory(&again)), pulls(&first), "{scenario}");
    }
}

#[test]
fn it_ends_at_the_first_act_that_is_another() {
    let folder = tempfile::tempdir().expect("a folder");
    // On purpose the cache is left out; the pilot rotates it.
    let mistaken = ["drill", "index-mismatch", "--auto", "--mistake", "cache-not-rotated"];
    let first = directory(&goaround(folder.path(), &mistaken));
    let flown = again(folder.path(), &first);
    let said = String::from_utf8_lossy(&flown.stdout).into_owned();
    assert_eq!(flown.status.code(), Some(1), "{said}");
    let wanted = "not recorded from here on: you pulled `Rotate cache namespace`, and the recording";
    assert!(said.contains(wanted), "{said}");
    let second = directory(&flown);
    let (known, flown) = (pulls(&first), pulls(&second));
    let (other, same) = flown.split_last().expect("it pulled");
    assert_eq!((other.0.as_str(), same), ("rotate", &known[..same.len()]), "and nothing behind it");
    let resumed = Command::new(env!("CARGO_BIN_EXE_goaround")).args(["resume", "--auto"]).arg(&second).output();
    let resumed = resumed.expect("the program runs");
    assert_eq!(resumed.status.code(), Some(2), "nothing is known to go on with");
    assert!(String::from_utf8_lossy(&resumed.stderr).contains("drill --from"), "{resumed:?}");
}

#[test]
fn what_cannot_be_flown_again_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = directory(&goaround(folder.path(), &["drill", "false-alarm", "--auto"]));
    let write = |name: &str, text: &str| std::fs::write(first.join(name), text).expect("it can be written");
    let read = |name: &str| std::fs::read_to_string(first.join(name)).expect("it is there");
    let refused = |wanted: &str| {
        let output = again(folder.path(), &first);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(wanted), "`{wanted}` is not in: {said}");
    };
    let (samples, journal, playbook) = (read("samples.jsonl"), read("journal.jsonl"), read("playbook.toml"));
    write("samples.jsonl", "");
    refused("it has no samples");
    write("samples.jsonl", "{}\n");
    refused("samples.jsonl:1: this is no sample");
    write("samples.jsonl", &samples);
    write("journal.jsonl", &format!("{journal}{{\"v\":1"));
    refused("torn bytes");
    write("journal.jsonl", &journal);
    write("playbook.toml", &playbook.replace("format = 1", "format = 9"));
    refused("playbook.toml");
    let made = std::fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(made, 1, "a refusal begins no incident");
}

#[test]
fn by_keys_it_is_flown_as_recorded_until_the_first_act_that_is_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = directory(&goaround(folder.path(), &["drill", "index-mismatch", "--auto"]));
    let (of, path) = (first.to_str().expect("UTF-8"), folder.path().to_str().expect("UTF-8"));
    let args = ["drill", "--from", of, "--speed", "5", "--as", "mira", "--incidents", path];
    let mut terminal = pty::Terminal::start(80, 24, args);
    terminal.wait_for("is flown again as it was recorded");
    keys::declare(&mut terminal, "coverage BREACH");
    keys::run_step(&mut terminal, 1, "capture state");
    terminal.wait_for("[*] SENSED");
    keys::back_to_main(&mut terminal, 1);
    // The pilot froze the writers first.
    terminal.press("L");
    terminal.wait_for("BEST FIRST");
    terminal.press("2");
    terminal.wait_for("F fires.");
    terminal.press("F");
    // It ends there, and the debrief begins.
    terminal.wait_for("DRILL DEBRIEF  drill-index-mismatch-1");
    terminal.press("\x03");
    assert_eq!(terminal.exit_code(), 1);
    terminal.assert_given_back();
    let said = terminal.screen();
    assert!(said.contains("not recorded from here on: you pulled"), "{said}");
    let flown = std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").path());
    let second = flown.into_iter().find(|path| *path != first).expect("it was written down");
    assert_eq!(pulls(&second).len(), 1, "and nothing behind it");
}
