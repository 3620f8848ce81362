//! What ends by itself is owed with its time, and what has ended says so.

use super::stage::{at, change, declared, id, pull, render, submitted, type_in, ui};
use crate::cockpit::Scene;
use crate::incident::{Command, DebtState, Reversion};
use crate::kind::Outcome;
use crate::playbook::Bind;
use std::sync::Arc;

/// The writers frozen until this many milliseconds from now, as the system was told.
fn frozen_for(ms: i64) -> Scene {
    let mut scene = declared();
    Arc::make_mut(&mut scene.playbook).levers[&id("freeze")].bind.insert("until".into(), Bind::After(1_800_000));
    let until = scene.now.wall_ms + ms;
    let until = chrono::DateTime::from_timestamp_millis(until).unwrap().to_rfc3339();
    change(&mut scene, |state| {
        let mut pull = pull("freeze", "-", "freeze");
        pull.outcome = Some((Outcome::Applied, "OK".into()));
        pull.bindings.insert("until".into(), until.clone());
        state.pulls.insert(1, pull);
        let debt = DebtState { title: "unfreeze writers".into(), opened: at(259), paid: None };
        state.debts.insert(id("unfreeze"), debt);
    });
    scene
}

#[test]
fn a_pause_that_ends_by_itself_counts_down_in_the_strip_and_in_the_list() {
    let scene = frozen_for(1_440_000);
    let mut ui = ui();
    let strip = render(&ui, &scene, 1000, (100, 30));
    assert!(strip.contains("unfreeze writers ends by itself in 24m00s"), "{strip}");
    type_in(&mut ui, &scene, "D");
    let list = render(&ui, &scene, 1000, (100, 30));
    assert!(list.contains("ends by itself in 24m00s; "), "{list}");
}

#[test]
fn a_pause_that_has_ended_says_so() {
    let scene = frozen_for(-1000);
    let strip = render(&ui(), &scene, 1000, (120, 30));
    assert!(strip.contains("ended by itself; pull lever") && strip.contains("again?"), "{strip}");
}

#[test]
fn a_pointer_that_reverted_stands_first_in_the_alert_line() {
    let mut scene = declared();
    change(&mut scene, |state| {
        let reversion = Reversion { was: "blue".into(), now: "green".into(), at: at(259), acknowledged: false };
        state.reverted.insert(id("arm"), reversion);
    });
    let shown = render(&ui(), &scene, 1000, (100, 30));
    let alerts = shown.lines().nth(1).unwrap();
    assert!(alerts.contains("reverted: blue -> green"), "{shown}");
}

#[test]
fn a_reverted_pointer_is_acknowledged_before_any_breach_and_stays_on_the_alert_line() {
    let mut scene = declared();
    let reversion = Reversion { was: "blue".into(), now: "green".into(), at: at(259), acknowledged: false };
    change(&mut scene, |state| drop(state.reverted.insert(id("arm"), reversion)));
    let line = |scene: &Scene| render(&ui(), scene, 1000, (120, 30)).lines().nth(1).unwrap().to_owned();
    assert!(line(&scene).contains("UNACKED revert"), "{}", line(&scene));
    let pressed = type_in(&mut ui(), &scene, "a");
    assert_eq!(submitted(&pressed), [&Command::AcknowledgeReversion { probe: id("arm") }]);

    change(&mut scene, |state| state.reverted.get_mut(&id("arm")).unwrap().acknowledged = true);
    let quiet = line(&scene);
    assert!(quiet.contains("reverted: blue -> green") && !quiet.contains("UNACKED revert"), "{quiet}");
    let pressed = type_in(&mut ui(), &scene, "a");
    assert!(matches!(submitted(&pressed)[..], [Command::Acknowledge { .. }]), "the next alert is a metric's");
}
