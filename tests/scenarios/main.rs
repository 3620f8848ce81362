//! Every scenario we ship is flown by the pilot, right and then wrong: falling into a pitfall costs the yes and is named.

use goaround::drill::Scenario;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// One flight: scenario, the mistake made on purpose, the exit code, and what is said in this order.
type Flown = (&'static str, Option<&'static str>, i32, &'static [&'static str]);

/// What the pilot comes to in each scenario, and in each of its pitfalls.
const FLOWN: &[Flown] = &[
    (
        "canary-hides-tail",
        None,
        0,
        &["hold at 25 % SENSED", "p99 BREACH", "branch roll back", "CLOSED, recovered", "recovered, no debt left"],
    ),
    (
        "canary-hides-tail",
        Some("sat-out"),
        1,
        &["p99 BREACH", "users back to old SKIPPED", "not recovered", "fell into: sat-out: ", "later: p99 is 9"],
    ),
    (
        "analyzer-mismatch",
        None,
        0,
        &["dS question BREACH", "rerank deterministically SENSED", "recovered, no debt left"],
    ),
    (
        "analyzer-mismatch",
        Some("mismatch-sat-out"),
        1,
        &["rerank deterministically SKIPPED", "fell into: mismatch-sat-out: ", "10m later: dS question is 0.49"],
    ),
    (
        "green-worse",
        None,
        0,
        &["tool loops BREACH", "Service back to Blue FIRED", "the same pointer back SENSED", "recovered, no debt left"],
    ),
    (
        "green-worse",
        Some("stop-rule-sat-out"),
        1,
        &["the same pointer back SKIPPED", "fell into: stop-rule-sat-out: ", "10m later: tool loops is 4.00"],
    ),
    ("mixed-arm-cache", None, 0, &["Cache namespace to Green FIRED", "recovered, no debt left"]),
    (
        "mixed-arm-cache",
        Some("cache-shared"),
        1,
        &[
            "cache namespace to Green SKIPPED",
            "coverage BREACH",
            "Service back to Blue FIRED",
            "fell into: cache-shared: ",
        ],
    ),
    (
        "pointer-reverted",
        None,
        0,
        &["Pause Argo CD sync FIRED", "HOLD MET", "recovered, no debt left", "the new selector was merged"],
    ),
    (
        "pointer-reverted",
        Some("reconciler-not-paused"),
        1,
        &["pause the reconciler SKIPPED", "reverted: green -> blue", "fell into: reconciler-not-paused: "],
    ),
    (
        "two-writers",
        None,
        0,
        &["Freeze indexers and ETL FIRED", "DEBT paid: unfreeze writers", "recovered, no debt left"],
    ),
    (
        "two-writers",
        Some("writers-not-frozen"),
        1,
        &[
            "flip one pointer RUNNING out of order",
            "fell into: writers-not-frozen: ",
            "10m later: double effects is 6.00",
        ],
    ),
    (
        "bad-deploy",
        None,
        0,
        &["errors BREACH", "Stop the services FIRED", "Code to the last good commit FIRED", "CLOSED, recovered"],
    ),
    (
        "bad-deploy",
        Some("undrained"),
        1,
        &["SLOs met FAILED", "SLOs not met OPEN", "fell into: undrained: ", "10m later: pass rate is 96."],
    ),
    ("bad-deploy", Some("no-state"), 1, &["capture state SKIPPED", "CLOSED, recovered", "fell into: no-state: "]),
    (
        "flag-api-down",
        None,
        0,
        &[
            "off by API FIRED",
            "REJECTED",
            "off by file FIRED",
            "HTTP 429",
            "DEBT paid: message-slack",
            "CLOSED, recovered",
        ],
    ),
    (
        "flag-api-down",
        Some("drain-given-up"),
        1,
        &["SLOs met FAILED", "fell into: drain-given-up: ", "10m later: pass rate is 96."],
    ),
    (
        "no-backup",
        None,
        0,
        &["health is 200 FAILED", "will not start OPEN", "Fresh clone", "health is 200 SENSED", "CLOSED, recovered"],
    ),
    ("no-backup", Some("uncured"), 1, &["fell into: uncured: ", "10m later: errors is 0.04"]),
    ("false-alarm-alert", None, 0, &["crit alerts WARN", "a false alarm, rightly left alone"]),
    (
        "false-alarm-alert",
        Some("rolled-back-on-an-alert"),
        1,
        &["is the alert real FAILED", "it was a false alarm", "fell into: rolled-back-on-an-alert: "],
    ),
    (
        "bucket-collapse",
        None,
        0,
        &["pass OK 93", "DECLARED SEV2: pass scorpio BREACH", "health says v1 SENSED", "CLOSED, recovered"],
    ),
    (
        "bucket-collapse",
        Some("no-evidence"),
        1,
        &["capture state SKIPPED", "CLOSED, recovered", "fell into: no-evidence: "],
    ),
    (
        "bucket-collapse",
        Some("restart-only"),
        1,
        &[
            "health says v1 FAILED: model in service showed `v2`",
            "fell into: restart-only: ",
            "later: pass scorpio is 0.6",
        ],
    ),
    (
        "env-without-restart",
        None,
        0,
        &["pull 1 read-back AGREES", "restart the server SENSED", "health says v1 SENSED", "CLOSED, recovered"],
    ),
    (
        "env-without-restart",
        Some("env-without-restart"),
        1,
        &[
            "pull 1 read-back AGREES",
            "restart the server SKIPPED",
            "health says v1 FAILED: model in service showed `v2`, not `v1`",
            "fell into: env-without-restart: ",
            "10m later: pass is 0.86",
        ],
    ),
    (
        "false-alarm-cold-start",
        None,
        0,
        &["p95 WARN", "a false alarm, rightly left alone", "the fresh workers were warm"],
    ),
    (
        "false-alarm-cold-start",
        Some("needless-rollback"),
        1,
        &["DECLARED SEV2: on purpose", "p95 BREACH", "it was a false alarm", "fell into: needless-rollback: "],
    ),
    (
        "lever-fails-first",
        None,
        0,
        &["pull 2 REJECTED", "Restart by npm FIRED", "health says v1 SENSED", "recovered, no debt left"],
    ),
    (
        "lever-fails-first",
        Some("one-lever-only"),
        1,
        &["pull 2 REJECTED", "CLOSED, not recovered", "fell into: one-lever-only: ", "10m later: errors is 0.04"],
    ),
    (
        "false-alarm",
        None,
        0,
        &["5xx WARN", "a false alarm, rightly left alone", "meanwhile at 00:23: the reload was over"],
    ),
    (
        "false-alarm",
        Some("needless-rollback"),
        1,
        &["DECLARED SEV2: on purpose", "it was a false alarm", "fell into: needless-rollback: "],
    ),
    ("index-mismatch", None, 0, &["coverage BREACH", "CLOSED, recovered", "recovered, no debt left"]),
    (
        "index-mismatch",
        Some("cache-not-rotated"),
        1,
        &["rotate cache ns SKIPPED", "CLOSED, not recovered", "fell into: cache-not-rotated: ", "later: dS is 0.3"],
    ),
    (
        "index-mismatch",
        Some("two-writers"),
        1,
        &["flip one pointer RUNNING out of order", "lambda flips BREACH", "HOLD MET", "fell into: two-writers: "],
    ),
    (
        "index-mismatch",
        Some("forgotten-unfreeze"),
        1,
        &["HOLD MET", "DEBT paid: throttle off", "fell into: forgotten-unfreeze: ", "10m later: coverage is 0.5"],
    ),
    (
        "index-mismatch",
        Some("no-evidence"),
        1,
        &["capture state SKIPPED", "CLOSED, recovered", "fell into: no-evidence: "],
    ),
    ("cache-not-rotated", None, 0, &["branch Index back, region by region OPEN", "CLOSED, recovered", "no debt left"]),
    (
        "cache-not-rotated",
        Some("cache-not-rotated"),
        1,
        &["rotate cache ns SKIPPED", "foreign hits BREACH", "CLOSED, not recovered", "fell into: cache-not-rotated: "],
    ),
    (
        "cache-not-rotated",
        Some("forgotten-unfreeze"),
        1,
        &["HOLD MET", "CLOSED, not recovered", "fell into: forgotten-unfreeze: ", "10m later: coverage is 0.5"],
    ),
    (
        "cache-not-rotated",
        Some("no-evidence"),
        1,
        &["capture state SKIPPED", "CLOSED, recovered", "fell into: no-evidence: "],
    ),
    (
        "region-drift",
        None,
        0,
        &["Alias eu to docs_vA FIRED", "Alias us to docs_vA FIRED", "Alias ap to docs_vA FIRED", "CLOSED, recovered"],
    ),
    (
        "region-drift",
        Some("region-forgotten"),
        1,
        &["other regions SKIPPED", "index hashes BREACH", "fell into: region-forgotten: ", "later: index hashes is 2"],
    ),
    (
        "duplicate-effects",
        None,
        0,
        &[
            "branch Duplicate effects OPEN",
            "Selector back to blue FIRED",
            "reconcile receipts CONFIRMED",
            "no debt left",
        ],
    ),
    (
        "duplicate-effects",
        Some("two-writers"),
        1,
        &["Selector back to blue FIRED", "Freeze writers FIRED", "fell into: two-writers: ", "later: duplicates is 7"],
    ),
    (
        "client-only-flag",
        None,
        0,
        &["branch Quality regression OPEN", "pick lever CONFIRMED Unpin to last known good", "CLOSED, recovered"],
    ),
    (
        "client-only-flag",
        Some("flag-believed"),
        1,
        &["flip one pointer SKIPPED", "fell into: flag-believed: ", "10m later: dS question is 0.4"],
    ),
    (
        "retry-storm",
        None,
        0,
        &["hold at 25 % SENSED", "hold at 100 % SENSED", "CLOSED, recovered", "meanwhile at ", "rate limit: 429"],
    ),
    (
        "retry-storm",
        Some("edge-unguarded"),
        1,
        &["retries with keys SKIPPED", "idempotency BREACH", "branch roll back", "fell into: edge-unguarded: "],
    ),
    (
        "ship-clean",
        None,
        0,
        &[
            "DECLARED SEV4: release 42 is due",
            "hold at 5 % SENSED",
            "hold at 100 % SENSED",
            "HOLD MET",
            "recovered, no debt left",
        ],
    ),
    (
        "ship-clean",
        Some("stages-skipped"),
        1,
        &["hold at 25 % SKIPPED", "5xx BREACH", "branch roll back", "fell into: stages-skipped: "],
    ),
    (
        "two-writers-reconciler",
        None,
        0,
        &["CLOSED, recovered", "recovered, no debt left", "the manifest was corrected"],
    ),
    (
        "two-writers-reconciler",
        Some("reconciler-not-frozen"),
        1,
        &[
            "freeze writers SKIPPED",
            "index alias reverted: docs_vA -> docs_vB",
            "meanwhile at 00:14: the reconciler re-applied",
            "fell into: reconciler-not-frozen: ",
            "10m later: coverage is 0.5",
        ],
    ),
];

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
