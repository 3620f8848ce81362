//! Claims about many incidents at once.

use super::*;
use crate::report::{Mode, Practice, Roll, Row, Standing, Summary, Timed, Took, Trends, What};

fn summary() -> Summary {
    Summary::of(&dossier()).expect("the flight has records")
}

/// Each time of the list, and its name in the report.
const NAMES: [(Timed, &str); 5] = [
    (Timed::Ttd, "Impact to detect (TTD)"),
    (Timed::Lever, "Declare to first lever"),
    (Timed::Sixty, "Steps of the 60-second clock"),
    (Timed::Ttm, "Mitigate (TTM)"),
    (Timed::Ttr, "Recover (TTR)"),
];

#[test]
fn a_list_and_the_report_tell_the_same_times_severity_and_state() {
    let whole = dossier();
    let mut reached = 0;
    // However far the flight went.
    for end in 1..=whole.records.len() {
        let dossier = Dossier { records: whole.records[..end].to_vec(), ..whole.clone() };
        let (summary, account) = (Summary::of(&dossier).expect("it was opened"), Account::of(&dossier));
        assert_eq!((summary.severity, summary.state), (account.severity, account.state));
        for (timed, name) in NAMES {
            let time = account.times.iter().find(|time| time.name == name).expect(name);
            let told = time.took_ms.map(|ms| Took { ms, approximate: time.approximate });
            assert_eq!(summary.times.get(&timed).copied(), told, "{name} of {end} records");
            reached += usize::from(told.is_some());
        }
    }
    assert!(reached > NAMES.len(), "the flight reached too little to prove anything");
}

#[test]
fn a_summary_needs_neither_readings_nor_evidence_nor_messages() {
    let whole = dossier();
    let light = Dossier { samples: Vec::new(), files: Vec::new(), comms: [].into(), ..whole.clone() };
    assert_eq!(Summary::of(&light), Summary::of(&whole));
    assert_eq!(Summary::of(&Dossier::default()), None);
}

#[test]
fn a_summary_counts_levers_debts_and_what_left_the_book() {
    let summary = summary();
    assert!(summary.pulls.iter().any(|pull| pull.lever.as_str() == "alias" && pull.times >= 1), "{summary:?}");
    assert!(summary.deviations.iter().any(|left| left.what.as_str() == "OVERRIDDEN"), "{summary:?}");
    let written = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&written).unwrap(), summary, "the index gives back what it was given");
}

/// An incident of that month that took so long to recover.
fn row(directory: &str, mode: Mode, ttr_ms: Option<u64>) -> Row {
    let times = ttr_ms.map(|ms| (Timed::Ttr, Took { ms, approximate: false })).into_iter().collect();
    let scenario = (mode == Mode::Drill).then(|| id("index-mismatch"));
    Row::of(
        directory,
        What::Incident(Box::new(Summary {
            mode,
            times,
            scenario,
            pilot: false,
            state: Standing::Recovered,
            ..summary()
        })),
    )
}

#[test]
fn what_was_real_and_what_was_simulated_are_never_mixed() {
    let drills = (1..=10).map(|n| row("20260203-000000-x", Mode::Drill, Some(n * 1000)));
    let mut rows: Vec<Row> = drills.collect();
    rows.push(row("20260204-000000-x", Mode::Drill, None));
    rows.push(row("live", Mode::Live, Some(900_000)));
    rows.push(row("20260203-000000-x", Mode::Rehearsal, Some(1)));
    rows.push(Row::of("20260205-000000-x", What::Damaged("torn".into())));
    let trends = Trends::of(&rows, ["index-mismatch", "false-alarm"].into_iter());
    let months: Vec<&str> = trends.months.iter().map(|month| month.name.as_str()).collect();
    assert_eq!(months, ["2026-02", "2026-11"], "an incident has its journal's month, a drill its directory's");
    let (drills, live) = (&trends.months[0].drills, &trends.months[1].live);
    assert_eq!((drills.count, drills.recovered, trends.months[0].rehearsals, trends.damaged), (11, 11, 1, 1));
    let spread = drills.times[&Timed::Ttr];
    assert_eq!((spread.count, spread.median_ms, spread.p90_ms), (10, 5000, 9000), "over those that reached it");
    assert_eq!((live.count, live.times[&Timed::Ttr].median_ms), (1, 900_000));
    let flown: Vec<(&str, u64)> =
        trends.scenarios.iter().map(|Practice { scenario, flown, .. }| (scenario.as_str(), *flown)).collect();
    assert_eq!(flown, [("index-mismatch", 11), ("false-alarm", 0)]);
    let alias = trends.levers.iter().find(|lever| lever.of == Some(id("alias"))).expect("it was pulled");
    assert_eq!((alias.live * 11, alias.drills), (alias.drills, alias.live * 11), "rehearsals are not counted");
}

#[test]
fn the_pilots_drills_are_counted_and_their_times_are_not_mixed_with_a_persons() {
    let flown = |pilot, ms| {
        let row = row("20260203-000000-x", Mode::Drill, Some(ms));
        let What::Incident(summary) = row.what else { panic!("it is a drill") };
        Row::of("20260203-000000-x", What::Incident(Box::new(Summary { pilot, ..*summary })))
    };
    let rows = [flown(false, 60_000), flown(true, 100), flown(true, 200), flown(true, 300)];
    let trends = Trends::of(&rows, ["index-mismatch"].into_iter());
    for group in [&trends.months[0], &trends.playbooks[0]] {
        assert_eq!((group.drills.count, group.drills.times[&Timed::Ttr].median_ms), (1, 60_000));
        assert_eq!((group.pilot.count, group.pilot.times[&Timed::Ttr].median_ms), (3, 200));
    }
    assert_eq!(trends.scenarios[0].flown, 4, "a drill is a drill");
}

#[test]
fn both_print_what_their_schemas_say() {
    let rows = vec![row("20260203-000000-x", Mode::Drill, Some(1)), Row::of("x", What::Damaged("torn".into()))];
    let trends = Trends::of(&rows, ["index-mismatch"].into_iter());
    for (schema, json) in [(Roll::schema(), Roll::of(rows, 1).json()), (Trends::schema(), trends.json())] {
        let value = serde_json::from_str(&json).unwrap();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let faults: Vec<String> = validator.iter_errors(&value).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}\n{json}");
    }
}
