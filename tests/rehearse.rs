//! `goaround rehearse` by the real binary: there and back, timed, without anything that stays.

use std::process::{Command, Output};

fn rehearse(arguments: &[&str]) -> Output {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.arg("rehearse").args(arguments).arg("--incidents").arg(incidents.path()).env("GOAROUND_CONFIG", "/nowhere");
    command.output().expect("the program runs")
}

#[test]
fn the_pointer_goes_there_and_comes_back_within_two_minutes() {
    let output = rehearse(&["blue-green", "--lever", "selector", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    assert_eq!(rows[0]["lever"], "selector");
    assert_eq!(rows[0]["verdict"], "PASS");
    assert_eq!(rows[0]["budget_ms"], 120_000);
    assert!(rows[0]["ttr_ms"].as_u64().is_some_and(|ms| ms > 0 && ms < 120_000), "{rows}");
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "only the lever that was named");
}

#[test]
fn a_lever_that_is_there_already_is_not_ready_and_alone_is_no_rehearsal() {
    let output = rehearse(&["blue-green", "--lever", "selector-back"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("NOT READY") && !said.contains("FIRED"), "{said}");
}

#[test]
fn an_unknown_lever_or_playbook_is_refused_with_what_there_is() {
    let output = rehearse(&["blue-green", "--lever", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("these can: "), "{output:?}");
    let output = rehearse(&["nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no world for `nowhere`"), "{output:?}");
}

#[test]
fn every_playbook_is_rehearsed_to_its_end_and_listed_as_a_rehearsal() {
    for playbook in goaround::playbook::embedded_names() {
        if goaround::drill::Scenario::ids().all(|id| !is_flown_with(id, playbook)) {
            continue;
        }
        let incidents = tempfile::tempdir().expect("a temporary folder");
        let goaround = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
            command.args(arguments).arg("--incidents").arg(incidents.path()).output().expect("the program runs")
        };
        let output = goaround(&["rehearse", playbook]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("CLOSED"), "{playbook}: {output:?}");
        assert_ne!(output.status.code(), Some(3), "{playbook}: {output:?}");
        let book = String::from_utf8_lossy(&goaround(&["drills"]).stdout).into_owned();
        assert!(book.lines().any(|line| line.contains("rehearsal  seed 1  rehearsed")), "{playbook}: {book}");
        assert!(!book.contains("fell into"), "{playbook}: {book}");
        let directory = said.lines().last().expect("the directory is told last").to_owned();
        let made = goaround_report(&directory);
        assert!(made.starts_with("# Rehearsal: ") && made.contains("| **Status** | **rehearsed** "), "{made}");
        assert!(!made.contains("a rehearsal ends here (`pilot`)") && !made.contains("not recovered** "), "{made}");
        // The verdict of each lever is the one that was printed.
        for verdict in ["PASS", "LATE", "NOT BACK", "NOT READY"] {
            let printed = said.lines().filter(|line| line.ends_with(verdict)).count();
            assert_eq!(made.matches(&format!("| **{verdict}** |")).count(), printed, "{playbook}: {verdict}: {made}");
        }
    }
}

fn is_flown_with(scenario: &str, playbook: &str) -> bool {
    let text = goaround::drill::Scenario::embedded(scenario).expect("it is embedded");
    text.contains(&format!("playbook = \"{playbook}\""))
}

/// The report of a directory, as Markdown.
fn goaround_report(directory: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    let output = command.args(["report", directory]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(std::path::Path::new(directory).join("report.md")).expect("a report")
}
