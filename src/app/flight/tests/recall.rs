//! A flight that continues a journal knows how its metrics stood.

use super::sky::playbook;
use super::slow_disk::id;
use crate::app::flight::Flight;
use crate::incident::{Event, Moment, Record};
use crate::kind::Reading;
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::text::Redactor;
use std::sync::Arc;

#[test]
fn a_resumed_breach_does_not_become_a_warning() {
    let at = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
    let turned = |state| Event::VerdictChanged {
        metric: id("coverage"),
        verdict: Verdict { state, exit: ExitState::Missed, value: Some(0.5), sampled_ms: None, limit: None, why: None },
    };
    let resumed = Event::Resumed { torn_bytes: 0, unsettled: Vec::new() };
    let events = [turned(VerdictState::Warn), turned(VerdictState::Breach), resumed];
    let numbered = (1..).zip(events);
    let records: Vec<Record> =
        numbered.map(|(seq, event)| Record { seq, at: at.clone(), actor: "sensor".into(), event }).collect();
    let mut flight = Flight::new(playbook(), &records, Redactor::default(), &at);
    assert_eq!(flight.board.verdict(&id("coverage")).map(|verdict| verdict.state), Some(VerdictState::Stale));
    let reading = Reading::Value { value: 0.5, sampled_ms: at.wall_ms };
    let change = Arc::make_mut(&mut flight.board).take(&playbook(), &id("coverage"), reading, at.wall_ms);
    assert_eq!(change.map(|change| change.verdict.state), Some(VerdictState::Breach));
}

#[test]
fn a_resumed_flight_has_the_chart_that_was_drawn_before() {
    let at = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
    let line = |second: i64| {
        let at_ms = at.wall_ms - second * 1000;
        format!(r#"{{"at":{at_ms},"metric":"coverage","value":0.8,"sampled":{at_ms}}}"#)
    };
    let mut lines: Vec<String> = (1..=30).rev().map(line).collect();
    lines.push(r#"{"at":1,"metric":"of another playbook","value":1.0,"sampled":1}"#.into());
    lines.push("{torn".into());
    let mut flight = Flight::new(playbook(), &[], Redactor::default(), &at);
    flight.recall_samples(&at, &lines);
    assert_eq!(flight.board.points(&id("coverage")).count(), 30);
    assert_eq!(flight.board.verdict(&id("coverage")), None, "nothing is judged by it");
}
