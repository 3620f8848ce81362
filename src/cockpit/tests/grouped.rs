//! Metrics of one group share a row, and it is the worst of them.

use super::stage::{change, id, render, ui, watching};
use crate::cockpit::ui::Dialog;
use crate::cockpit::{Scene, Ui, groups};
use crate::incident::VerdictSlot;
use crate::kind::Reading;
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

const SIGNS: [&str; 12] = [
    "aries",
    "taurus",
    "gemini",
    "cancer",
    "leo",
    "virgo",
    "libra",
    "scorpio",
    "sagittarius",
    "capricorn",
    "aquarius",
    "pisces",
];

/// A group of twelve, opened.
pub(super) fn bucketed() -> (Ui, Scene) {
    let mut scene = watching();
    let like = scene.playbook.metrics["coverage"].clone();
    let mut board = (*scene.board).clone();
    for (place, sign) in (0_u32..).zip(SIGNS) {
        let (mut member, name) = (like.clone(), id(&format!("pass-{sign}")));
        (member.id, member.group, member.title) = (name.clone(), Some(id("pass")), format!("pass {sign}"));
        Arc::make_mut(&mut scene.playbook).metrics.insert(name.clone(), member);
        let value = if sign == "sagittarius" { 0.41 } else { 0.95 - f64::from(place) / 100.0 };
        for second in 200..=298 {
            let sampled_ms = super::stage::at(second).wall_ms;
            board.take(&scene.playbook, &name, Reading::Value { value, sampled_ms }, sampled_ms);
        }
    }
    scene.board = Arc::new(board);
    let mut ui = ui();
    ui.stack.push(Dialog::Metric(id("pass-aries")));
    ui.selected.metric = Some(id("pass-aries"));
    (ui, scene)
}

#[test]
fn twelve_buckets_have_room_beside_their_chart_at_80_columns_worst_first() {
    let (ui, scene) = bucketed();
    let screen = render(&ui, &scene, 1000, (80, 24));
    for sign in SIGNS {
        assert!(screen.contains(&format!(" {sign} ")), "{sign}:\n{screen}");
    }
    let first = screen.lines().find(|line| line.contains("pisces")).expect("the worst of the green ones");
    let worst = screen.lines().position(|line| line.starts_with("X sagittarius")).expect("the worst of all");
    assert_eq!(screen.lines().nth(worst + 1), Some(first), "worst first, downwards:\n{screen}");
    let main = |width| render(&super::stage::ui(), &scene, 1000, (width, 40));
    assert!(main(110).contains("X pass (12) sagittarius "), "{}", main(110));
    assert!(main(120).contains("X pass sagittarius "), "{}", main(120));
}
