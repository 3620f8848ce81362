//! Who is called for what, and what the window's title says.

use super::stage::{change, declared, id, landed, pull, undeclared, watching};
use crate::cockpit::{Alarms, Mode, Scene, title};
use crate::incident::{Event, ReadBack};
use crate::kind::Seen;
use crate::metrics::{Verdict, VerdictState};

fn turned(metric: &str, state: VerdictState, scene: &Scene) -> Event {
    let verdict = Verdict { state, ..scene.state.verdicts[&id(metric)].verdict.clone() };
    Event::VerdictChanged { metric: id(metric), verdict }
}

fn hear(alarms: &mut Alarms, scene: &Scene, event: &Event) {
    alarms.hear(&scene.playbook, &scene.state, event);
}

fn read_back(result: ReadBack) -> Event {
    Event::ReadBack { attempt: 2, result, saw: Seen::Value("docs_vB".into()), looks: 2, took_ms: 9, detail: None }
}

#[test]
fn a_breach_calls_once_until_it_is_over() {
    let scene = undeclared();
    let mut alarms = Alarms::default();
    let mut calls = |state, at_ms| {
        hear(&mut alarms, &scene, &turned("p99", state, &scene));
        alarms.ring(at_ms)
    };
    assert!(calls(VerdictState::Breach, 0).is_some_and(|words| words.starts_with("p99 BREACH")));
    assert_eq!(calls(VerdictState::Breach, 2_000), None, "the same breach, another value");
    assert_eq!(calls(VerdictState::Stale, 4_000), None, "nobody knows");
    assert_eq!(calls(VerdictState::Breach, 6_000), None, "it was never over");
    assert_eq!(calls(VerdictState::Ok, 8_000), None, "good news wait");
    assert!(calls(VerdictState::Breach, 10_000).is_some(), "it is broken once more");
}

#[test]
fn what_was_broken_before_the_cockpit_opened_calls_nobody() {
    let scene = undeclared();
    let mut alarms = Alarms::new(&scene.state);
    hear(&mut alarms, &scene, &turned("coverage", VerdictState::Breach, &scene));
    assert_eq!(alarms.ring(0), None);
}

#[test]
fn a_read_back_that_disagrees_a_flip_that_did_not_last_and_a_hold_met_call() {
    let mut scene = watching();
    change(&mut scene, |state| drop(state.pulls.insert(2, pull("alias", "docs_vA", "flip"))));
    let mut alarms = Alarms::default();
    let mut calls = |event: &Event, at_ms| {
        hear(&mut alarms, &scene, event);
        alarms.ring(at_ms)
    };
    assert_eq!(calls(&read_back(ReadBack::Agrees), 0), None);
    assert_eq!(calls(&read_back(ReadBack::Unknown), 0), None);
    let disagrees = calls(&read_back(ReadBack::Disagrees), 0).expect("a call");
    assert!(disagrees.contains("alias") && disagrees.contains("DISAGREES"), "{disagrees}");
    let reverted = Event::Reverted { probe: id("alias"), was: "docs_vA".into(), now: "docs_vB".into() };
    assert!(calls(&reverted, 2_000).is_some_and(|words| words.contains("reverted: docs_vA -> docs_vB")));
    assert!(calls(&Event::HoldMet { green_ms: 60_000 }, 4_000).is_some_and(|words| words.contains("HOLD MET")));
    assert_eq!(calls(&Event::HoldStarted, 6_000), None);
}

#[test]
fn there_is_one_call_a_second_and_nothing_is_lost_meanwhile() {
    let scene = undeclared();
    let mut alarms = Alarms::default();
    hear(&mut alarms, &scene, &Event::HoldMet { green_ms: 1000 });
    assert!(alarms.ring(5_000).is_some());
    for metric in ["errors", "p99", "p95", "coverage", "ds"] {
        hear(&mut alarms, &scene, &turned(metric, VerdictState::Breach, &scene));
        assert_eq!(alarms.ring(5_999), None, "not a second later");
    }
    let words = alarms.ring(6_000).expect("all of them");
    assert!(words.matches("BREACH").count() == 3 && words.ends_with("2 more"), "{words}");
    assert_eq!(alarms.ring(60_000), None, "each once");
}

#[test]
fn the_title_says_the_state_and_stands_still_while_nothing_changes() {
    let mut scene = undeclared();
    assert_eq!(title(&scene), "goaround DRILL X1 docs-rag");
    let later = Scene { now: scene.now.plus_ms(60_000), ..scene.clone() };
    assert_eq!(title(&later), title(&scene), "no clock runs");
    scene = declared();
    scene.mode = Mode::Live;
    change(&mut scene, |state| state.marks.first_step = Some(super::stage::at(288)));
    assert_eq!(title(&scene), "goaround LIVE X1 60s 00:12 docs-rag");
    scene.journal_saved = false;
    assert_eq!(title(&scene), "goaround LIVE JOURNAL NOT SAVED 60s 00:12 docs-rag");
    let mut scene = watching();
    landed(&mut scene);
    assert_eq!(title(&scene), "goaround DRILL hold MET docs-rag");
    change(&mut scene, |state| state.closed = Some(true));
    assert_eq!(title(&scene), "goaround DRILL CLOSED docs-rag");
}
