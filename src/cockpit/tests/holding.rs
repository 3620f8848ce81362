//! The hold: what it needs, what it waits for, who may give it more time.

use super::stage::{at, change, declared, id, key, landed, press, render, settle, submitted, type_in, ui, watching};
use crate::cockpit::Scene;
use crate::incident::{Command, StepStatus, Streak, StreakState};
use crate::playbook::{Id, StepKind, Until, Wait};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The hold of `scene` on a screen of this size.
fn hold(scene: &Scene, size: (u16, u16)) -> String {
    let mut ui = ui();
    type_in(&mut ui, scene, "H");
    render(&ui, scene, 1000, size)
}

/// Watching, with a step before the watch that waited for the users.
pub(super) fn with_deadline(status: StepStatus) -> Scene {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let place = playbook.steps.len() - 1;
    let until = Until::Exits(vec![id("errors")]);
    let kind = StepKind::Wait(Wait { until, within_ms: 600_000 });
    let users =
        crate::playbook::Step { id: id("users"), title: "users first".into(), kind, ..playbook.steps[place].clone() };
    playbook.steps.insert(place, users);
    change(&mut scene, |state| settle(state, "users", status, 262));
    scene
}

#[test]
fn a_plus_gives_a_running_hold_five_minutes_and_no_other() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "H");
    let wished = ui.on_key(press('+'), &scene, 1000);
    assert_eq!(submitted(&wished), [&Command::ExtendHold { by_ms: 300_000 }]);
    let mut met = watching();
    landed(&mut met);
    for (scene, why) in [(declared(), "the hold was not started"), (met, "it needs no more time")] {
        let mut ui = super::stage::ui();
        type_in(&mut ui, &scene, "H");
        assert_eq!(ui.on_key(press('+'), &scene, 1000), []);
        assert!(render(&ui, &scene, 1000, SMALL).contains(why), "{why}");
    }
}

#[test]
fn o_overrides_the_step_that_watches_whatever_step_is_selected() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "kkkkkk");
    type_in(&mut ui, &scene, "Hoour own load test");
    let wished = ui.on_key(key(KeyCode::Enter), &scene, 1000);
    assert_eq!(submitted(&wished), [&Command::Override { step: id("watch"), reason: "our own load test".into() }]);
}

#[test]
fn an_extended_hold_is_overdue_later_and_says_by_how_much() {
    let mut scene = watching();
    scene.now = at(276 + 400);
    assert!(hold(&scene, SMALL).contains("max 05:00 OVERDUE"));
    change(&mut scene, |state| state.hold.extended_ms = 300_000);
    let screen = hold(&scene, SMALL);
    assert!(screen.contains("max 10:00 (+05:00)") && !screen.contains("OVERDUE"), "{screen}");
}

#[test]
fn a_deadline_says_whether_it_was_met() {
    for (status, words) in [
        (StepStatus::Sensed, "MET in 00:03"),
        (StepStatus::Failed, "MISSED"),
        (StepStatus::Skipped, "SKIPPED"),
        // It is waited for again: nobody has missed anything yet.
        (StepStatus::Reopened, "REOPENED"),
    ] {
        let screen = hold(&with_deadline(status), SMALL);
        let line = screen.lines().find(|line| line.starts_with("DEADLINE")).unwrap_or_default();
        assert!(line.contains("within 10:00: ") && line.contains(words), "{line}");
    }
}

#[test]
fn what_was_gone_past_comes_first_among_the_gates() {
    let screen = hold(&watching(), SMALL);
    let gates = screen.lines().find(|line| line.starts_with("GATES")).expect("gates are shown");
    assert!(gates.starts_with("GATES       o rotate cache ns (overridden)   + "), "{gates}");
}

#[test]
fn targets_that_have_no_room_are_counted_and_reached_by_scrolling() {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let mold = playbook.metrics[&id("errors")].clone();
    for place in 0..20 {
        let name: Id = id(&format!("extra-{place}"));
        let metric = crate::playbook::Metric { id: name.clone(), title: format!("extra {place}"), ..mold.clone() };
        playbook.metrics.insert(name, metric);
    }
    let mut ui = ui();
    type_in(&mut ui, &scene, "H");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("more; j k") && !screen.contains("\n? extra 19"), "{screen}");
    assert!(screen.contains("U arms: unfreeze writers"), "what comes after it stays in sight:\n{screen}");
    type_in(&mut ui, &scene, &"j".repeat(30));
    assert!(render(&ui, &scene, 1000, SMALL).contains("\n? extra 19"));
}

/// Watching with every target met, and read again by somebody just now, or by nobody for ten minutes.
fn green(unread: bool) -> Scene {
    let mut scene = watching();
    landed(&mut scene);
    change(&mut scene, |state| {
        state.marks.hold_met = None;
        state.hold.last_reset = None;
        state.hold.overall = Some(Streak::new(StreakState::Green, &at(276)));
        state.hold.streaks.values_mut().for_each(|streak| *streak = Streak::new(StreakState::Green, &at(276)));
    });
    if unread {
        scene.now = at(300 + 600);
        let (playbook, state) = (scene.playbook.clone(), scene.state.clone());
        let board = Arc::make_mut(&mut scene.board);
        for (metric, slot) in &state.verdicts {
            board.told(&playbook.metrics[metric], &slot.verdict, scene.now.wall_ms);
        }
    }
    scene
}

#[test]
fn a_streak_counts_only_while_somebody_reads() {
    let counted = hold(&green(false), SMALL);
    assert!(counted.contains("green-for 00:24/") && !counted.contains("paused"), "{counted}");
    let unread = hold(&green(true), SMALL);
    assert!(unread.contains("green-for paused") && unread.contains("hold paused"), "{unread}");
    for title in ["5xx", "p95", "coverage", "dS"] {
        let target = unread.lines().find(|line| line.starts_with(&format!("~ {title} "))).unwrap_or_default();
        assert!(target.contains("STALE    paused"), "{title}: {unread}");
    }
}

#[test]
fn the_step_that_keeps_the_hold_from_being_met_is_named_where_the_debt_is_not_yet_payable() {
    let mut scene = watching();
    change(&mut scene, |state| settle(state, "rotate", StepStatus::Reopened, 290));
    for size in [SMALL, (120, 40), (200, 60)] {
        let screen = hold(&scene, size);
        let row = screen.lines().find(|line| line.contains("NOT YET (")).unwrap_or_default();
        assert!(row.contains("NOT YET (step 5 rotate"), "{screen}");
    }
}
