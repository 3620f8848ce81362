//! One step in detail: what it does as it comes, held still, scrolled, and always inert.

use super::stage::{at, change, ctrl, id, key, press, render, settle, type_in, ui, watching};
use crate::cockpit::{Scene, Ui};
use crate::incident::{Event, Record, StepStatus};
use crate::kind::{Outcome, Seen};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The detail of the fourth step, which flips the pointer.
pub(super) fn flip(scene: &Scene) -> Ui {
    let mut ui = ui();
    type_in(&mut ui, scene, &format!("{}jjj", "k".repeat(9)));
    ui.on_key(key(KeyCode::Enter), scene, 1000);
    ui
}

fn says(scene: &mut Scene, second: u64, event: Event) {
    let seq = scene.records.back().map_or(1, |record| record.seq + 1);
    Arc::make_mut(&mut scene.records).push_back(Record { seq, at: at(second), actor: "sensor".into(), event });
    change(scene, |state| state.seq = seq);
}

fn answered(detail: &str) -> Event {
    Event::PullSettled { attempt: 2, outcome: Outcome::Applied, detail: detail.into(), took_ms: 1204, evidence: None }
}

/// The flip while it runs, its lever a program that says a lot.
pub(super) fn talkative(lines: usize) -> Scene {
    let mut scene = watching();
    change(&mut scene, |state| settle(state, "flip", StepStatus::Running, 258));
    let said: Vec<String> = (1..=lines).map(|line| format!("moved shard {line} of {lines}")).collect();
    says(&mut scene, 280, answered(&said.join("\n")));
    scene
}

#[test]
fn a_programs_output_is_followed_line_by_line() {
    let mut scene = talkative(3);
    let ui = flip(&scene);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("follow on (f)") && screen.contains("moved shard 3 of 3"), "{screen}");
    says(&mut scene, 281, Event::SensorTurned { probe: id("alias"), seen: Seen::Value("docs_vA".into()) });
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("shows docs_vA"), "what its sensor sees is part of it:\n{screen}");
    says(&mut scene, 282, Event::SensorTurned { probe: id("limit"), seen: Seen::Value("7777".into()) });
    assert!(!render(&ui, &scene, 1000, SMALL).contains("7777"), "what another step's sensor sees is not");
}

/// `line 12 of 40`, as two numbers.
fn place(screen: &str) -> (usize, usize) {
    let words = screen.split(" line ").nth(1).and_then(|rest| rest.lines().next()).expect("the output says its place");
    let (line, all) = words.trim().split_once(" of ").expect("it says of how many");
    (line.parse().expect("a number"), all.parse().expect("a number"))
}

#[test]
fn held_still_it_stays_where_it_is_whatever_comes() {
    let mut scene = talkative(60);
    let mut ui = flip(&scene);
    let (end, all) = place(&render(&ui, &scene, 1000, SMALL));
    assert_eq!(end, all);
    ui.on_key(press('f'), &scene, 1000);
    says(&mut scene, 281, answered("late\nnews"));
    let still = render(&ui, &scene, 1000, SMALL);
    assert!(still.contains("follow off (f)") && !still.contains("late"), "{still}");
    assert_eq!(place(&still), (all, all));
    ui.on_key(press('f'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("news"));
}

#[test]
fn scrolling_up_holds_it_still_and_the_end_follows_again() {
    let scene = talkative(60);
    let mut ui = flip(&scene);
    let (_, all) = place(&render(&ui, &scene, 1000, SMALL));
    ui.on_key(ctrl('u'), &scene, 1000);
    ui.on_key(key(KeyCode::PageUp), &scene, 1000);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("follow off") && place(&screen) == (all - 10, all), "{screen}");
    for _ in 0..500 {
        ui.on_key(ctrl('u'), &scene, 1000);
    }
    let top = render(&ui, &scene, 1000, SMALL);
    assert!(top.contains("moved shard 1 of 60"), "its first lines are reached:\n{top}");
    for _ in 0..500 {
        ui.on_key(ctrl('d'), &scene, 1000);
    }
    assert!(render(&ui, &scene, 1000, SMALL).contains("follow on"));
}

#[test]
fn another_step_begins_at_its_own_end() {
    let scene = talkative(60);
    let mut ui = flip(&scene);
    ui.on_key(ctrl('u'), &scene, 1000);
    ui.on_key(press('k'), &scene, 1000);
    ui.on_key(press('j'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("follow on"));
}

#[test]
fn what_a_program_prints_does_not_act() {
    let mut scene = watching();
    says(&mut scene, 280, answered("one\n\u{1b}[2Jtwo\u{202e}\r\nthree\u{7}"));
    let screen = render(&flip(&scene), &scene, 1000, SMALL);
    assert!(screen.contains("\\u{1b}[2Jtwo\\u{202e}\\r") && screen.contains("three\\u{7}"), "{screen}");
}
