//! Claims about facts that were told as if they were so.

use super::charts::{OPENED_MS, value};
use super::flight::{self, Flight, declared, id, verdict};
use super::{Account, Dossier, dossier, markdown};
use crate::incident::{Event, EvidenceRef, ReadBack, Way};
use crate::kind::{Outcome, Seen};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::Playbook;

/// The flight that was opened, and then went like this: second, actor, event.
fn flown(samples: Vec<String>, events: Vec<(u64, &str, Event)>) -> Dossier {
    let mut flight = Flight::open();
    for (second, actor, event) in events {
        flight.add(second, actor, event);
    }
    Dossier { records: flight.records, samples, ..dossier() }
}

fn section<'a>(made: &'a str, heading: &str) -> &'a str {
    let start = made.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no {heading}:\n{made}"));
    let rest = &made[start + 4..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

fn row<'a>(made: &'a str, start: &str) -> &'a str {
    made.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no row {start}:\n{made}"))
}

fn turned(metric: &str, state: VerdictState, exit: ExitState, value: f64) -> Event {
    let limit = (state == VerdictState::Breach).then(|| "< 0.60 for 5s".into());
    let told = verdict(state, Some(value));
    let why = if exit == ExitState::Unknown { told.why.or(Some("sampled before the last lever".into())) } else { None };
    Event::VerdictChanged { metric: id(metric), verdict: Verdict { exit, limit, why, ..verdict(state, Some(value)) } }
}

fn captured(values: &[(&str, &str)]) -> Event {
    let file = EvidenceRef { path: "evidence/pins.json".into(), sha256: "a1".repeat(32), bytes: 120 };
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    Event::EvidenceCaptured { step: None, title: "pins".into(), file, values, missing: Vec::new() }
}

fn sees(probe: &str, value: &str) -> Event {
    Event::SensorTurned { probe: id(probe), seen: Seen::Value(value.into()) }
}

fn pulled(attempt: u32, way: Way, saw: &str) -> Vec<(u64, &'static str, Event)> {
    let started = flight::pulled(attempt, "freeze", (way, None), ("OK", saw));
    let detail = "OK".into();
    let settled = Event::PullSettled { attempt, outcome: Outcome::Applied, detail, took_ms: 3, evidence: None };
    let seen = Seen::Value(saw.into());
    let read = Event::ReadBack { attempt, result: ReadBack::Agrees, saw: seen, looks: 2, took_ms: 105, detail: None };
    let second = u64::from(attempt) * 10;
    vec![(second, "ops", started), (second, "goaround", settled), (second + 1, "goaround", read)]
}

fn message(comm: &str) -> Event {
    let file = EvidenceRef { path: "comms/first.md".into(), sha256: "c4".repeat(32), bytes: 120 };
    Event::MessageQueued { comm: id(comm), file }
}

fn answered(comm: &str, outcome: Outcome) -> Event {
    Event::MessageSettled { comm: id(comm), outcome, detail: "no answer in time".into(), again_in_ms: None }
}

#[test]
fn messages_are_told_in_the_order_in_which_they_were_taken() {
    let events = vec![
        (0, "ops", declared()),
        (0, "ops", message("slow")),
        (0, "ops", message("quick")),
        (1, "goaround", answered("quick", Outcome::Applied)),
        (10, "goaround", answered("slow", Outcome::Applied)),
        (155, "ops", Event::Closed { recovered: false, override_reason: Some("over".into()) }),
    ];
    let made = markdown(&flown(Vec::new(), events));
    let first = row(&made, "| Declare to first message |");
    assert!(first.contains("**1.0 s**") && first.contains("[#5](journal.jsonl#L5)"), "{first}");
    let silence = row(&made, "| Longest silence |");
    assert!(silence.contains("**2 min 25 s**") && silence.contains("[#6]") && silence.contains("[#7]"), "{silence}");
}

#[test]
fn a_pin_is_afterwards_what_its_last_read_back_saw() {
    let mut events = vec![(1, "ops", declared()), (2, "ops", captured(&[("writers", "OK"), ("flag", "on")]))];
    events.insert(0, (0, "sensor", sees("flag", "on")));
    events.extend(pulled(1, Way::Do, "no permissions"));
    events.push((12, "sensor", sees("writers", "no permissions")));
    events.extend(pulled(2, Way::Undo, "OK"));
    let made = markdown(&flown(Vec::new(), events));
    let pins = section(&made, "Pins before and after");
    let writers = row(pins, "| `writers` |");
    assert!(writers.contains("| `OK` | [#11](journal.jsonl#L11) | same |"), "{writers}");
    let flag = row(pins, "| `flag` |");
    assert!(!flag.contains("[#2]"), "what was seen before it was captured is no afterwards: {flag}");
}

#[test]
fn a_pin_is_what_another_probe_saw_that_asks_the_very_same() {
    let writers = super::PLAYBOOK.split("[probes.writers]").nth(1).and_then(|rest| rest.split("\n\n").next());
    let text = format!("{}\n\n[probes.fence]{}\n", super::PLAYBOOK, writers.expect("the playbook has it"));
    let playbook = Playbook::parse("docs-rag.toml", &text, Some("drill")).expect("it may be so");
    let mut events = vec![(1, "ops", declared()), (2, "ops", captured(&[("fence", "OK"), ("limit", "100000")]))];
    events.extend(pulled(1, Way::Do, "no permissions"));
    let made = markdown(&Dossier { playbook: Some(playbook), ..flown(Vec::new(), events) });
    let pins = section(&made, "Pins before and after");
    let fence = row(pins, "| `fence` |");
    assert!(fence.contains("| `no permissions` | [#6](journal.jsonl#L6) | **changed** |"), "{fence}");
    assert!(row(pins, "| `limit` |").contains("not read since"), "another question is another look: {pins}");
}

#[test]
fn a_pin_that_was_captured_behind_a_pull_is_before_what_was_seen_ahead_of_it_or_says_that_it_is_late() {
    let mut events = vec![(0, "sensor", sees("alias", "docs_vB")), (1, "ops", declared())];
    events.extend(pulled(1, Way::Do, "no permissions"));
    events.push((20, "ops", captured(&[("alias", "docs_vA"), ("disk", "81%")])));
    let made = markdown(&flown(Vec::new(), events));
    let pins = section(&made, "Pins before and after");
    let alias = row(pins, "| `alias` |");
    assert!(alias.contains("| `docs_vB` | [#2](journal.jsonl#L2) | `docs_vA` | [#7](journal.jsonl#L7)"), "{alias}");
    let disk = row(pins, "| `disk` |");
    assert!(disk.contains("`81%`, behind the first pull") && disk.contains("not read since"), "{disk}");
}

#[test]
fn a_metric_is_afterwards_what_was_read_last_and_its_noise_is_no_change() {
    let mut events = vec![
        (0, "sensor", turned("coverage", VerdictState::Ok, ExitState::Met, 0.772)),
        (0, "sensor", turned("ds", VerdictState::Breach, ExitState::Missed, 0.41)),
        (1, "ops", declared()),
        (2, "ops", captured(&[("coverage", "0.772"), ("ds", "0.41"), ("p99", "44ms"), ("p95", "44ms")])),
    ];
    events.extend(pulled(1, Way::Do, "no permissions"));
    events.push((12, "sensor", turned("ds", VerdictState::Ok, ExitState::Met, 0.4)));
    let samples = vec![
        value("coverage", 1, 0.5),
        value("coverage", 30, 0.771),
        value("ds", 30, 0.39),
        value("p99", 30, 50.0),
        value("p95", 30, 60.0),
    ];
    let made = markdown(&flown(samples, events));
    let pins = section(&made, "Pins before and after");
    let coverage = row(pins, "| `coverage` |");
    assert!(coverage.contains("`0.771`") && coverage.contains("03:12:20.250 [samples.jsonl]"), "{coverage}");
    assert!(!coverage.contains("**changed**"), "{coverage}");
    assert!(row(pins, "| `p99` |").contains("about the same"), "its stop limit is 100 ms: {pins}");
    assert!(row(pins, "| `p95` |").contains("**changed**"), "no limit of it is so wide: {pins}");
    let ds = row(pins, "| `ds` |");
    assert!(ds.contains("`0.39`") && ds.contains("**changed**"), "another verdict is a change: {ds}");
}

#[test]
fn an_open_incidents_charts_reach_to_its_last_reading_and_a_closed_ones_to_its_end() {
    let quiet = || (0..=50).map(|second| value("coverage", second, 0.7)).collect::<Vec<_>>();
    let events = || vec![(0, "ops", declared()), (20, "ops", Event::NoteAdded { text: "quiet".into() })];
    let of = |samples, events| {
        let account = Account::of(&flown(samples, events));
        let chart = account.metrics.iter().find(|chart| chart.id == "coverage").expect("it was read").clone();
        (account.axis.to_ms, chart.left_out, chart.points.last().copied())
    };
    assert_eq!(of(quiet(), events()), (50_000, 0, Some((50_000, Some(0.7)))));
    let stray = quiet().into_iter().chain([value("coverage", 900_000_000, 0.7)]).collect();
    assert_eq!(of(stray, events()), (50_000, 1, Some((50_000, Some(0.7)))), "a time nobody can believe is no end");
    let mut closed = events();
    closed.push((30, "ops", Event::Closed { recovered: false, override_reason: Some("over".into()) }));
    assert_eq!(of(quiet(), closed).0, 30_000);
    assert_eq!(OPENED_MS, Flight::open().records[0].at.wall_ms);
}

#[test]
fn an_exit_target_that_is_missed_is_no_turn_to_ok() {
    let states = [ExitState::Met, ExitState::Missed, ExitState::Met, ExitState::Unknown];
    let events = states
        .iter()
        .zip(1..)
        .map(|(exit, second)| (second, "sensor", turned("coverage", VerdictState::Ok, *exit, 0.69)));
    let made = markdown(&flown(Vec::new(), events.collect()));
    let timeline = section(&made, "Timeline");
    assert_eq!(timeline.matches("turned **OK**").count(), 1, "{timeline}");
    assert!(timeline.contains("Metric coverage **no longer meets** its exit target `>= 0.70` at 0.69"), "{timeline}");
    assert!(timeline.contains("Metric coverage **meets** its exit target `>= 0.70` at 0.69"), "{timeline}");
    let blind = "cannot be held against its exit target `>= 0.70` at 0.69, sampled before the last lever";
    assert!(timeline.contains(&format!("Metric coverage {blind}")), "{timeline}");
}

#[test]
fn blind_states_that_follow_each_other_are_one_gap() {
    let events = vec![
        (1, "ops", declared()),
        (2, "sensor", turned("coverage", VerdictState::Stale, ExitState::Unknown, 0.7)),
        (3, "sensor", turned("coverage", VerdictState::Error, ExitState::Unknown, 0.7)),
        (26, "sensor", turned("coverage", VerdictState::Ok, ExitState::Met, 0.7)),
    ];
    let made = markdown(&flown(Vec::new(), events));
    assert!(made.contains("1 measuring gap.") || made.contains("1 measuring gap "), "{made}");
    assert!(made.contains("it could not be believed once"), "{made}");
    let gap = row(section(&made, "Gaps in what could be seen"), "| coverage |");
    assert!(gap.contains("| STALE, ERROR |") && gap.contains("| 24.0 s |"), "{gap}");
}

#[test]
fn the_time_to_acknowledge_says_that_a_declaration_counts() {
    let events =
        vec![(1, "sensor", turned("coverage", VerdictState::Breach, ExitState::Missed, 0.5)), (3, "ops", declared())];
    let made = markdown(&flown(Vec::new(), events));
    let row = row(&made, "| Detect to acknowledged (TTA) |");
    assert!(row.contains("acknowledged (a declaration counts) − first BREACH of the episode"), "{row}");
}

#[test]
fn a_time_from_a_breach_that_never_was_does_not_apply() {
    let closed = Event::Closed { recovered: true, override_reason: None };
    let held = vec![
        (1, "ops", declared()),
        (2, "goaround", Event::HoldStarted),
        (9, "goaround", Event::HoldMet { green_ms: 5_000 }),
        (10, "ops", closed),
    ];
    let made = markdown(&flown(Vec::new(), held));
    let mitigate = row(&made, "| Mitigate (TTM) |");
    assert!(mitigate.contains("| does not apply |") && mitigate.contains("| no BREACH | [#4]"), "{mitigate}");
    assert!(row(&made, "| Declare to first lever |").contains("| no lever was pulled |"));
    assert!(!made.contains("TTM and TTR count from the first BREACH"), "{made}");
}

#[test]
fn what_a_closed_incident_never_reached_is_not_open() {
    let mut over = dossier();
    over.records.retain(|record| !matches!(record.event, Event::HoldMet { .. }));
    for record in over.records.iter_mut().rev().take(1) {
        record.at = record.at.plus_ms(600_000);
    }
    let made = markdown(&over);
    let times = section(&made, "Times");
    assert!(times.contains("and not reached when it closed**") && !times.contains("still open"), "{times}");
}

#[test]
fn a_blip_nobody_declared_is_told_as_it_was() {
    let events = vec![
        (1, "sensor", turned("errors", VerdictState::Ok, ExitState::Met, 0.002)),
        (20, "sensor", turned("errors", VerdictState::Warn, ExitState::Missed, 0.0596)),
        (23, "sensor", turned("errors", VerdictState::Ok, ExitState::Met, 0.002)),
        (30, "sensor", turned("coverage", VerdictState::Stale, ExitState::Unknown, 0.7)),
    ];
    let made = markdown(&flown(Vec::new(), events));
    let summary = section(&made, "Summary");
    assert!(summary.contains("No rollback was declared.") && summary.contains("turned **WARN** at 5.96%"), "{summary}");
    assert!(section(&made, "Lead-up").contains("turned **WARN** at 5.96%"), "{made}");
    let detection = section(&made, "Detection");
    assert!(detection.contains("nothing was declared") && !detection.contains("a person"), "{detection}");
    assert!(made.contains("None: no step was begun.") && made.contains("None: no lever was pulled."), "{made}");
    assert!(made.contains("of the time from the journal's opening to the end"), "{made}");
}

#[test]
fn a_message_with_an_unknown_end_may_have_arrived() {
    let events = vec![
        (1, "ops", declared()),
        (2, "ops", message("first")),
        (12, "goaround", answered("first", Outcome::Unknown)),
    ];
    let made = markdown(&flown(Vec::new(), events));
    let summary = section(&made, "Summary");
    assert!(summary.contains("1 unknown end") && !summary.contains("unsent"), "{summary}");
    let unknown = section(&made, "Unknown ends");
    assert!(unknown.contains("nobody knows whether it arrived") && unknown.contains("[#4]"), "{unknown}");
    assert!(section(&made, "Open questions").contains("did it arrive?"), "{made}");
    let actions = section(&made, "Actions");
    assert!(actions.contains("Find out whether the message") && !actions.contains("Send or withdraw"), "{actions}");
}
