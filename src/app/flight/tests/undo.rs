//! What an undo brings back is the world as it was before the first pull that may have changed it.

use super::sky::playbook;
use super::slow_disk::id;
use crate::app::flight::Flight;
use crate::incident::{Event, Moment, ReadBack, Record, Way};
use crate::kind::{Outcome, Seen};
use crate::text::Redactor;
use std::collections::BTreeMap;

fn start() -> Moment {
    Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() }
}

/// A pull of the cache namespace, settled and read back.
fn pull(attempt: u32, way: Way, was: &str, outcome: Outcome, result: Option<ReadBack>) -> Vec<Event> {
    let started = Event::PullStarted {
        attempt,
        lever: id("rotate"),
        way,
        step: Some(id("rotate")),
        want: "ns-new".into(),
        was: Some(was.into()),
        bindings: BTreeMap::from([("was".to_owned(), was.to_owned())]),
        request_sha256: String::new(),
        deadline_ms: 10_000,
        override_reason: None,
        by_hand: false,
    };
    let settled = Event::PullSettled { attempt, outcome, detail: "1".into(), took_ms: 5, evidence: None };
    let read = result.map(|result| Event::ReadBack {
        attempt,
        result,
        saw: Seen::Value("as seen".into()),
        looks: 2,
        took_ms: 5,
        detail: None,
    });
    [started, settled].into_iter().chain(read).collect()
}

/// The name that taking the lever back would bring back after these pulls.
fn restored(pulls: Vec<Vec<Event>>) -> Option<String> {
    let numbered = (1..).zip(pulls.into_iter().flatten());
    let records: Vec<Record> =
        numbered.map(|(seq, event)| Record { seq, at: start(), actor: "mira".into(), event }).collect();
    let flight = Flight::new(playbook(), &records, Redactor::default(), &start());
    let armed = flight.prepare(&start(), &id("rotate"), Way::Undo, None, 0).expect("it can be taken back");
    armed.bindings.get("was").cloned()
}

#[test]
fn an_undo_restores_what_was_before_the_first_pull_that_may_have_worked() {
    use Outcome::{Applied, Rejected};
    use ReadBack::{Agrees, Disagrees};
    let twice = vec![
        pull(1, Way::Do, "ns-green", Applied, Some(Disagrees)),
        pull(2, Way::Do, "ns-half", Applied, Some(Agrees)),
    ];
    assert_eq!(restored(twice).as_deref(), Some("ns-green"), "the second pull saw what the first one left");
    let refused_first =
        vec![pull(1, Way::Do, "ns-old", Rejected, None), pull(2, Way::Do, "ns-green", Applied, Some(Agrees))];
    assert_eq!(restored(refused_first).as_deref(), Some("ns-green"), "a refused pull changed nothing");
    let taken_back = vec![
        pull(1, Way::Do, "ns-green", Applied, Some(Agrees)),
        pull(2, Way::Undo, "ns-green", Applied, Some(Agrees)),
        pull(3, Way::Do, "ns-later", Applied, Some(Agrees)),
    ];
    assert_eq!(restored(taken_back).as_deref(), Some("ns-later"), "what was taken back is over");
}

#[test]
fn a_name_is_bound_to_what_was_seen_after_the_last_pull() {
    let at = |ms: u64| start().plus_ms(ms);
    let record = |seq, at: Moment, event| Record { seq, at, actor: "mira".into(), event };
    let seen = Event::SensorTurned { probe: id("namespace"), seen: Seen::Value("ns-green".into()) };
    let mut records = vec![record(1, at(0), seen)];
    let pulled = pull(1, Way::Do, "ns-green", Outcome::Applied, Some(ReadBack::Agrees));
    records.extend((2..).zip(pulled).map(|(seq, event)| record(seq, at(1_000), event)));
    let mut flight = Flight::new(playbook(), &records, Redactor::default(), &at(1_000));
    let mut bound = |looked_ms: u64| {
        std::sync::Arc::make_mut(&mut flight.looked).insert(id("namespace"), at(looked_ms));
        let armed = flight.prepare(&at(2_000), &id("rotate"), Way::Do, None, 0).expect("there is such a lever");
        armed.bindings.get("was").cloned()
    };
    assert_eq!(bound(900), None, "what was seen before the pull ended may be another by now");
    assert_eq!(bound(1_500).as_deref(), Some("ns-green"));
}

#[test]
fn an_answer_to_what_was_asked_before_the_last_pull_is_not_what_it_left_behind() {
    let at = |ms: u64| start().plus_ms(ms);
    let pulled = pull(1, Way::Do, "ns-green", Outcome::Applied, Some(ReadBack::Agrees));
    let records: Vec<Record> =
        (1..).zip(pulled).map(|(seq, event)| Record { seq, at: at(1_000), actor: "mira".into(), event }).collect();
    let mut flight = Flight::new(playbook(), &records, Redactor::default(), &at(1_000));
    let seen = |value: &str| Seen::Value(value.into());
    assert!(
        !flight.note_seen(&at(1_500), &at(900), &id("namespace"), seen("ns-green")),
        "asked before, answered after"
    );
    assert!(flight.is_settled() && !flight.looked.contains_key(&id("namespace")));
    assert!(flight.note_seen(&at(1_500), &at(1_200), &id("namespace"), seen("ns-new")));
    assert!(!flight.is_settled(), "it is on its way to the disk");
    assert!(!flight.looked.contains_key(&id("namespace")), "and not looked at before it is believed");
    let event = Event::SensorTurned { probe: id("namespace"), seen: seen("ns-new") };
    flight.believe_look(&event);
    assert_eq!(flight.looked.get(&id("namespace")), Some(&at(1_200)));
}
