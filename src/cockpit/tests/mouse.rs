//! Claims about the mouse: it selects and scrolls, and whatever it does, nothing comes of it.

use super::stage::{armed_ui, declared, id, key, press, render, type_in, ui, undeclared, watching};
use crate::cockpit::{Scene, Ui};
use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (40, 10)];

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> MouseEvent {
    MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }
}

fn with_mouse() -> Ui {
    ui().with_mouse(true)
}

/// Clicks on the first letter of `words`.
#[track_caller]
fn click(ui: &mut Ui, scene: &Scene, size: (u16, u16), words: &str) {
    let screen = render(ui, scene, 1000, size);
    let found = screen.lines().enumerate().find_map(|(row, line)| line.find(words).map(|byte| (row, &line[..byte])));
    let (row, before) = found.unwrap_or_else(|| panic!("no `{words}`:\n{screen}"));
    let column = u16::try_from(before.chars().count()).expect("a screen is narrow");
    let row = u16::try_from(row).expect("a screen is low");
    ui.on_mouse(mouse(MouseEventKind::Down(MouseButton::Left), column, row), scene, (1000, size));
}

#[test]
fn m_turns_the_mouse_on_and_off_and_says_so() {
    let (mut ui, scene) = (ui(), declared());
    assert!(!ui.mouse(), "off by default, so that text can be selected");
    assert!(type_in(&mut ui, &scene, "m").is_empty());
    assert!(ui.mouse());
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("mouse on"));
    type_in(&mut ui, &scene, "m");
    assert!(!ui.mouse());
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("mouse off"));
}

#[test]
fn a_click_selects_the_row_it_is_on_at_every_size() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let (mut ui, scene) = (with_mouse(), watching());
        click(&mut ui, &scene, size, "throttle on");
        assert_eq!(ui.selected.step, Some(id("throttle")), "{size:?}");
        click(&mut ui, &scene, size, "freeze writers");
        assert_eq!(ui.selected.step, Some(id("freeze")), "{size:?}");
        // A metric's row, and with it the panel's focus.
        click(&mut ui, &scene, size, "p95");
        assert_eq!(ui.selected.metric, Some(id("p95")), "{size:?}");
        type_in(&mut ui, &scene, "j");
        assert_ne!(ui.selected.metric, Some(id("p95")), "the metrics have the keys now: {size:?}");
        assert_eq!(ui.selected.step, Some(id("freeze")), "{size:?}");
    }
}

#[test]
fn a_click_on_a_heading_focuses_its_panel() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let (mut ui, scene) = (with_mouse(), watching());
        click(&mut ui, &scene, size, "1 METRICS");
        type_in(&mut ui, &scene, "j");
        assert!(ui.selected.metric.is_some() && ui.selected.step.is_none(), "{size:?}");
        click(&mut ui, &scene, size, "2 CHECKLIST");
        type_in(&mut ui, &scene, "j");
        assert!(ui.selected.step.is_some(), "{size:?}");
    }
}

#[test]
fn a_click_selects_in_a_view_and_only_selects() {
    let (mut ui, scene) = (with_mouse(), watching());
    type_in(&mut ui, &scene, "L");
    click(&mut ui, &scene, (80, 24), "namespace");
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("LEVERS"), "the list stays open, and nothing else opens");
    assert!(ui.selected.lever.is_some());
}

#[test]
fn the_wheel_moves_the_selection_and_stops_at_the_ends() {
    let (mut ui, scene) = (with_mouse(), watching());
    for _ in 0..50 {
        ui.on_mouse(mouse(MouseEventKind::ScrollUp, 5, 12), &scene, (1000, (80, 24)));
    }
    assert_eq!(ui.selected.step, Some(id("capture")));
    ui.on_mouse(mouse(MouseEventKind::ScrollDown, 5, 12), &scene, (1000, (80, 24)));
    assert_eq!(ui.selected.step, Some(id("freeze")));
}

#[test]
fn while_it_is_off_and_under_arms_the_mouse_does_nothing() {
    let scene = watching();
    let mut off = ui();
    off.on_mouse(mouse(MouseEventKind::ScrollDown, 5, 12), &scene, (1000, (80, 24)));
    assert_eq!(off.selected.step, None);
    let (ui, scene) = armed_ui(|_| {});
    let mut ui = ui.with_mouse(true);
    let before = render(&ui, &scene, 5000, (80, 24));
    for row in 0..24 {
        for kind in [MouseEventKind::Down(MouseButton::Left), MouseEventKind::ScrollDown] {
            ui.on_mouse(mouse(kind, 10, row), &scene, (5000, (80, 24)));
        }
    }
    assert_eq!(render(&ui, &scene, 5000, (80, 24)), before);
}

fn any_mouse() -> impl Strategy<Value = MouseEvent> {
    let button = prop_oneof![Just(MouseButton::Left), Just(MouseButton::Right), Just(MouseButton::Middle)];
    let kind = prop_oneof![
        4 => button.clone().prop_map(MouseEventKind::Down),
        1 => button.clone().prop_map(MouseEventKind::Up),
        1 => button.prop_map(MouseEventKind::Drag),
        1 => Just(MouseEventKind::Moved),
        1 => Just(MouseEventKind::ScrollUp),
        1 => Just(MouseEventKind::ScrollDown),
        1 => Just(MouseEventKind::ScrollLeft),
    ];
    (kind, 0..210_u16, 0..70_u16).prop_map(|(kind, column, row)| mouse(kind, column, row))
}

/// Keys that open every view, question and text there is.
const WAYS: [&str; 22] =
    ["", "1", "2", "3", "L", "L4", "H", "K", "D", "c", "ce", "cP", "t", "S", "R", "C", "W", "5", "?", "q", "I", "jo"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// `on_mouse` cannot wish for anything, by its signature. What it could do is change what a key does next: open or
    /// close a view, answer a question, arm. It does not.
    #[test]
    fn no_mouse_opens_closes_answers_arms_or_fires(
        way in prop::sample::select(&WAYS[..]),
        size in prop::sample::select(&SIZES[..]),
        events in prop::collection::vec(any_mouse(), 1..4),
    ) {
        let scene = watching();
        let mut ui = with_mouse();
        type_in(&mut ui, &scene, way);
        let (depth, places) = (ui.stack.len(), ui.places());
        let asks = ui.asks();
        let before = render(&ui, &scene, 1000, size);
        for event in events {
            ui.on_mouse(event, &scene, (1000, size));
            prop_assert!(ui.on_scene(&scene, 1000).is_empty());
        }
        // From the main screen a heading leads to the panel it names, and to nothing deeper.
        prop_assert!(ui.stack.len() == depth || depth == 0 && ui.stack.len() == 1);
        if depth > 0 {
            prop_assert_eq!(ui.places(), places, "the same keys do the same things");
        }
        if asks {
            prop_assert_eq!(render(&ui, &scene, 1000, size), before, "a question stands as it stood");
        }
    }
}

#[test]
fn the_brief_of_a_drill_is_put_away_by_a_key_and_not_by_the_mouse() {
    let mut scene = undeclared();
    scene.brief = ["fly it".into()].into();
    let mut ui = with_mouse();
    ui.on_mouse(mouse(MouseEventKind::Down(MouseButton::Left), 5, 12), &scene, (1000, (80, 24)));
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("fly it"));
    ui.on_key(press('j'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(!render(&ui, &scene, 1000, (80, 24)).contains("fly it"));
}
