//! Every scenario we ship is flown by the pilot, right and then wrong: falling into a pitfall costs the yes and is named.

mod flown;

use flown::FLOWN;
use goaround::drill::Scenario;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The program.
fn goaround() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.env("GOAROUND_CONFIG", "/nowhere");
    command
}

/// Flies by the pilot; answers the exit code and what was said.
fn fly(incidents: &Path, scenario: &str, more: &[&str]) -> (Option<i32>, String) {
    let mut command = goaround();
    command.args(["drill", scenario, "--auto", "--incidents"]).arg(incidents).args(more);
    let output = command.output().expect("the program runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.is_empty(), "{scenario} {more:?}: {complaint}");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether each of `wanted` is said behind the one before it.
#[track_caller]
fn assert_says(said: &str, wanted: &[&str]) {
    let mut rest = said;
    for words in wanted {
        let Some(at) = rest.find(words) else { panic!("`{words}` is not said, or not in its place:\n{said}") };
        rest = &rest[at + words.len()..];
    }
}

#[test]
fn every_scenario_and_every_pitfall_ends_as_it_must() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    for (scenario, mistake, code, wanted) in FLOWN {
        let more: Vec<&str> = mistake.iter().flat_map(|mistake| ["--mistake", mistake]).collect();
        let (ended, said) = fly(incidents.path(), scenario, &more);
        assert_eq!(ended, Some(*code), "{scenario} {mistake:?}:\n{said}");
        assert_says(&said, wanted);
        assert_eq!(said.contains("fell into: "), mistake.is_some(), "{scenario} {mistake:?}:\n{said}");
    }
}

#[test]
fn no_scenario_and_no_pitfall_is_left_out() {
    let mut known = BTreeSet::new();
    for id in Scenario::ids() {
        let text = Scenario::embedded(id).expect("it is embedded");
        let scenario = Scenario::parse(id, text).expect("it parses");
        known.insert((id.to_owned(), None));
        known.extend(scenario.pitfalls().map(|(pitfall, _)| (id.to_owned(), Some(pitfall.to_string()))));
    }
    let flown = FLOWN.iter().map(|(id, mistake, ..)| ((*id).to_owned(), mistake.map(str::to_owned)));
    assert_eq!(flown.collect::<BTreeSet<_>>(), known);
}

#[test]
fn a_pitfall_is_fallen_into_whatever_the_noise() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    for seed in ["2", "3", "4"] {
        for (scenario, mistake) in [("index-mismatch", "two-writers"), ("false-alarm", "needless-rollback")] {
            let (ended, said) = fly(incidents.path(), scenario, &["--mistake", mistake, "--seed", seed]);
            assert_eq!(ended, Some(1), "seed {seed}: {said}");
            assert_says(&said, &["fell into: ", mistake]);
        }
        let (ended, said) = fly(incidents.path(), "false-alarm", &["--seed", seed]);
        assert_eq!(ended, Some(0), "seed {seed}: {said}");
    }
}

#[test]
fn a_mistake_is_written_down_wherever_a_reason_is_asked_for() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let (_, said) = fly(incidents.path(), "index-mismatch", &["--mistake", "two-writers"]);
    assert_says(&said, &["flip one pointer RUNNING out of order: on purpose", "FIRED", "overridden: on purpose"]);
    let (_, right) = fly(incidents.path(), "index-mismatch", &[]);
    assert!(!right.contains("overridden") && !right.contains("on purpose"), "{right}");
}

#[test]
fn a_list_has_a_line_for_each_scenario_with_its_pitfalls() {
    let output = goaround().args(["drill", "--list"]).output().expect("the program runs");
    let said = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(said.lines().count(), Scenario::ids().count(), "{said}");
    for (line, id) in said.lines().zip(Scenario::ids()) {
        let scenario = Scenario::parse(id, Scenario::embedded(id).expect("it is embedded")).expect("it parses");
        assert!(line.starts_with(id) && line.contains(&format!("  {} ", scenario.playbook)), "{line}");
    }
    assert_says(&said, &["Bad index docs_vB behind green", "cache-not-rotated two-writers forgotten-unfreeze"]);
}

#[test]
fn an_injected_fault_befalls_the_flight_and_is_replayed_by_resume() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let (ended, said) = fly(incidents.path(), "index-mismatch", &["--inject", "swallow:cache@12s+20s"]);
    assert_eq!(ended, Some(3), "a freeze whose answer is lost is UNKNOWN:\n{said}");
    let directory = said.lines().last().expect("the directory is the last line");
    let journal = std::fs::read_to_string(Path::new(directory).join("journal.jsonl")).expect("a journal");
    assert!(journal.lines().next().is_some_and(|line| line.contains("swallow:cache@12s+20s")), "{journal}");
    let resumed = goaround().args(["resume", directory, "--auto"]).output().expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&resumed.stderr), "", "the fault is known again");
}

#[test]
fn any_scenario_is_the_same_for_the_same_seed_and_every_one_comes_up() {
    let drawn: BTreeSet<&str> = (0..1000).map(Scenario::any).collect();
    assert_eq!(drawn, Scenario::ids().collect());
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let mut command = goaround();
    command.args(["drill", "--random", "--auto", "--seed", "5", "--incidents"]).arg(incidents.path());
    let said = command.output().expect("the program runs").stdout;
    let said = String::from_utf8(said).expect("text");
    assert!(said.trim_end().ends_with(&format!("-drill-{}", Scenario::any(5))), "{said}");
}
