//! Claims about flights that were left, flown by hand, or gone through twice.

use super::flight::{self, Flight, id, verdict};
use super::{dossier, markdown};
use crate::incident::event::DoneBy;
use crate::incident::{Event, ReadBack, Way};
use crate::kind::{Outcome, Seen};
use crate::metrics::VerdictState;
use crate::report::Dossier;

/// The report of a flight that was opened and declared, and then went like this: second, actor, event.
fn report(samples: &[&str], events: Vec<(u64, &str, Event)>) -> String {
    let mut flight = Flight::open();
    flight.add(1, "ops", flight::declared());
    for (second, actor, event) in events {
        flight.add(second, actor, event);
    }
    let samples = samples.iter().map(|line| (*line).to_owned()).collect();
    markdown(&Dossier { records: flight.records, samples, ..dossier() })
}

fn line<'a>(report: &'a str, with: &str) -> &'a str {
    report.lines().find(|line| line.contains(with)).unwrap_or_else(|| panic!("no line with {with}:\n{report}"))
}

fn by_hand(result: ReadBack, saw: &str) -> Vec<(u64, &'static str, Event)> {
    let mut started = flight::pulled(1, "alias", (Way::Do, None), ("docs_vB", "docs_vA"));
    if let Event::PullStarted { by_hand, .. } = &mut started {
        *by_hand = true;
    }
    let detail = "done by hand".into();
    let settled = Event::PullSettled { attempt: 1, outcome: Outcome::Applied, detail, took_ms: 0, evidence: None };
    let read =
        Event::ReadBack { attempt: 1, result, saw: Seen::Value(saw.into()), looks: 3, took_ms: 900, detail: None };
    vec![(5, "ops", started), (5, "ops", settled), (6, "sensor", read)]
}

#[test]
fn what_was_done_by_hand_was_not_applied_by_goaround() {
    let made = report(&[], by_hand(ReadBack::Agrees, "docs_vA"));
    assert!(!made.contains("APPLIED"), "{made}");
    let outcome = line(&made, "| **Outcome** |");
    assert!(
        outcome.contains("**done by hand**: `ops` says so, for `docs_vA` to be seen; nothing was sent"),
        "{outcome}"
    );
    assert!(line(&made, "| **Read-back** |").contains("**AGREES** in 900 ms, 3 looks, saw `docs_vA`"));
    assert!(line(&made, "Pulled and confirmed").contains("Index alias back to docs_vA (by hand)"));
}

#[test]
fn a_hand_that_is_not_seen_to_have_worked_is_said_so() {
    let made = report(&[], by_hand(ReadBack::Disagrees, "docs_vB"));
    let unknown = line(&made, "not seen to work");
    assert!(unknown.contains("said to be done by hand") && unknown.contains("saw `docs_vB`"), "{unknown}");
}

#[test]
fn the_holds_budget_is_the_profiles() {
    let held = vec![(10, "sensor", Event::HoldStarted), (380, "sensor", Event::HoldMet { green_ms: 60_000 })];
    let made = report(&[], held);
    assert!(line(&made, "| Hold |").contains("| 5 min 00 s, **over by 1 min 10 s** |"), "{made}");
}

#[test]
fn a_hold_that_was_extended_is_measured_against_what_it_was_given() {
    let held = vec![
        (10, "sensor", Event::HoldStarted),
        (200, "ops", Event::HoldExtended { by_ms: 300_000 }),
        (380, "sensor", Event::HoldMet { green_ms: 60_000 }),
    ];
    let made = report(&[], held);
    let hold = line(&made, "| Hold |");
    assert!(hold.contains("10 min 00 s") && !hold.contains("over by"), "{hold}");
    assert!(made.contains("- The hold was given 5 min 00 s more"), "{made}");
}

#[test]
fn a_step_that_was_opened_again_asks_for_one_action() {
    let step = || id("throttle");
    let made = report(
        &[],
        vec![
            (5, "ops", Event::StepSkipped { step: step(), reason: "load is low".into() }),
            (8, "ops", Event::StepReopened { step: step(), why: "too soon".into() }),
            (9, "ops", Event::StepSkipped { step: step(), reason: "the edge does it".into() }),
            (12, "ops", Event::StepSkipped { step: id("rotate"), reason: "no cache".into() }),
        ],
    );
    let stubs: Vec<&str> = made.lines().filter(|line| line.contains("| ? | ? | ? | **open** |")).collect();
    let [throttle, rotate] = stubs.as_slice() else { panic!("one stub a step: {stubs:#?}") };
    assert!(
        throttle
            .contains("SKIPPED 2 times and REOPENED, last because: the edge does it [#3](journal.jsonl#L3) to [#5]"),
        "{throttle}"
    );
    assert!(!throttle.contains("Find out what undid"), "nobody undid it: {throttle}");
    assert!(rotate.contains("SKIPPED: no cache"), "{rotate}");
}

#[test]
fn a_step_that_opened_by_its_sensor_asks_what_undid_it() {
    let reopened = Event::StepReopened { step: id("throttle"), why: "its sensor sees `100000`, not `20`".into() };
    let made = report(&[], vec![(5, "sensor", reopened)]);
    assert!(made.contains("| Find out what undid the step: Step **6 throttle on** REOPENED"), "{made}");
}

#[test]
fn the_time_goaround_was_away_is_said_so() {
    let resumed = || Event::Resumed { torn_bytes: 0, unsettled: Vec::new() };
    let note = Event::NoteAdded { text: "off to the meeting".into() };
    let left = || vec![(10, "ops", note.clone()), (70, "ops", resumed())];
    let made = report(&[], left());
    let away = "goaround was not running from 03:12:00.250 to 03:13:00.250 (1 min 00 s by the wall clock)";
    assert!(line(&made, "| Journal opened again").contains(away), "{made}");
    assert!(line(&made, &format!("- {away}")).ends_with("[#4](journal.jsonl#L4)"), "it is a gap as well: {made}");
    let read_later = r#"{"at":1795230750250,"metric":"coverage","value":0.5,"sampled":1795230750000}"#;
    let made = report(&[read_later, "torn"], left());
    assert!(made.contains("not running from 03:12:30.250 to 03:13:00.250 (30.0 s by"), "a reading is a sign of life");
}

#[test]
fn the_sixty_seconds_last_until_no_step_is_open_again() {
    let by = |saw: &str| DoneBy::Sensed { saw: saw.into() };
    let done = |step: &str| Event::StepDone { step: id(step), by: by("as wanted"), pick: None };
    let steps = ["capture", "freeze", "pick", "flip", "rotate", "throttle"];
    let mut events = vec![(2, "ops", Event::StepStarted { step: id("capture"), out_of_order: None })];
    events.extend(steps.iter().map(|step| (12, "sensor", done(step))));
    let reopened = Event::StepReopened { step: id("throttle"), why: "its sensor sees `100000`, not `20`".into() };
    events.push((100, "sensor", reopened));
    let row = |events: &[(u64, &'static str, Event)]| {
        let made = report(&[], events.to_vec());
        line(&made, "| Steps of the 60-second clock |").to_owned()
    };
    assert!(row(&events).contains("| not reached |"), "{}", row(&events));
    events.push((112, "sensor", done("throttle")));
    assert!(row(&events).contains("| **1 min 50 s** |"), "{}", row(&events));
}

#[test]
fn a_gap_of_a_metric_stands_beside_the_time_away() {
    let turned = |state| Event::VerdictChanged { metric: id("coverage"), verdict: verdict(state, None) };
    let resumed = Event::Resumed { torn_bytes: 0, unsettled: Vec::new() };
    let made = report(&[], vec![(5, "sensor", turned(VerdictState::Stale)), (70, "ops", resumed)]);
    assert!(made.contains("- goaround was not running from") && made.contains("| coverage | STALE |"), "{made}");
}

#[test]
fn what_nothing_could_read_back_is_reported_as_a_persons_word() {
    let mut events = by_hand(ReadBack::Agrees, "docs_vA");
    events.truncate(2);
    events.push((9, "mira", Event::Attested { attempt: 1, result: ReadBack::Agrees, saw: "the alias is back".into() }));
    let made = report(&[], events);
    let read_back = line(&made, "| **Read-back** |");
    assert!(read_back.contains("**attested by** `mira`: “the alias is back”, as wanted"), "{read_back}");
    assert!(!made.contains("confirmed by read-back"), "{made}");
    assert!(line(&made, "attested by a person").contains("Index alias"));
}

#[test]
fn a_branch_is_on_the_timeline_and_a_pick_against_the_ranking_is_a_deviation() {
    let reason: crate::text::Text = "the alias is locked".into();
    let by = DoneBy::Confirmed { saw: "Unpin".into(), took_ms: 900, approver: None, reason: Some(reason) };
    let answered = DoneBy::Confirmed { saw: "yes".into(), took_ms: 900, approver: Some("noor".into()), reason: None };
    let opened = Event::BranchOpened { branch: id("mixed"), why: "two versions in one <answer>".into() };
    let made = report(
        &[],
        vec![
            (5, "ops", opened),
            (6, "ops", Event::StepDone { step: id("pick"), by, pick: Some(id("pins")) }),
            (7, "ops", Event::StepDone { step: id("flip"), by: answered, pick: None }),
        ],
    );
    assert!(line(&made, "Branch **mixed** opened").contains("two versions in one \\<answer\\>"), "{made}");
    assert!(line(&made, "against the ranking").contains("the alias is locked"), "{made}");
    assert!(line(&made, "`noor` saw `yes`").contains("flip"));
    let stub = line(&made, "Let a symptom list the lever");
    assert!(stub.contains("pick lever"), "{stub}");
    let left = &made[made.find("## Overrides, skips").unwrap()..made.find("## Unknown ends").unwrap()];
    assert_eq!(left.matches("- Step").count(), 1, "the answer of a second person leaves no book:\n{left}");
}
