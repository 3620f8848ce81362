//! Metrics of one group share a row, and it is the worst of them.

use super::stage::{change, id, render, ui, watching};
use crate::cockpit::ui::Dialog;
use crate::cockpit::{Scene, groups};
use crate::incident::VerdictSlot;
use crate::metrics::VerdictState;
use std::sync::Arc;

/// Three members of `pass`, the second in BREACH, the third lower than the first.
fn grouped() -> Scene {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let like = playbook.metrics["coverage"].clone();
    for name in ["pass-eu", "pass-us", "pass-ap"] {
        let mut member = like.clone();
        (member.id, member.group, member.title) = (id(name), Some(id("pass")), name.replace('-', " "));
        playbook.metrics.insert(id(name), member);
    }
    let slot = scene.state.verdicts[&id("coverage")].clone();
    let (ok, breach) = (VerdictState::Ok, VerdictState::Breach);
    change(&mut scene, |state| {
        for (name, value, word) in [("pass-eu", 0.95, ok), ("pass-us", 0.5, breach), ("pass-ap", 0.91, ok)] {
            let mut slot: VerdictSlot = slot.clone();
            (slot.verdict.value, slot.verdict.state) = (Some(value), word);
            state.verdicts.insert(id(name), slot);
        }
    });
    scene
}

#[test]
fn a_group_is_one_row_and_shows_its_worst_member() {
    let screen = render(&ui(), &grouped(), 1000, (120, 40));
    let rows: Vec<&str> = screen.lines().filter(|line| line.contains("pass (")).collect();
    assert_eq!(rows.len(), 1, "{screen}");
    assert!(rows[0].contains("pass (3) us") && rows[0].contains("BREACH"), "{screen}");
}

#[test]
fn a_column_too_narrow_for_the_count_still_names_the_worst_member() {
    let scene = grouped();
    let us = &scene.playbook.metrics["pass-us"];
    assert_eq!(groups::short(&scene, us, 12), "pass (3) us");
    assert_eq!(groups::short(&scene, us, 11), "pass us");
}

#[test]
fn zooming_into_a_group_shows_all_of_it_worst_first() {
    let (mut ui, scene) = (ui(), grouped());
    ui.stack.push(Dialog::Metric(id("pass-eu")));
    ui.selected.metric = Some(id("pass-eu"));
    let screen = render(&ui, &scene, 1000, (80, 40));
    assert!(screen.contains("METRIC pass (worst of 3: us)"), "{screen}");
    let place = |name: &str| screen.find(&format!(" {name} ")).unwrap_or_else(|| panic!("{name}\n{screen}"));
    assert!(place("pass us") < place("pass ap") && place("pass ap") < place("pass eu"), "{screen}");
}
