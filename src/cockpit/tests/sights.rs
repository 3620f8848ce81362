//! What can be seen without asking: why the hold waits, whole rows, every lever, marks with their meaning.

use super::stage::{change, id, key, press, render, type_in, ui, undeclared, watching};
use crate::cockpit::{Scene, Ui};
use crate::incident::StepStatus;
use crossterm::event::KeyCode;
use ratatui::style::Modifier;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// The rows from the step that watches on, joined as one text.
fn watch_words(scene: &Scene, size: (u16, u16)) -> String {
    let screen = render(&ui(), scene, 1000, size);
    let rows: Vec<String> =
        screen.lines().map(|line| line.chars().skip(usize::from(size.0 >= 120) * 70).collect()).collect();
    let from = rows.iter().skip_while(|row: &&String| !row.contains("watch for green"));
    let words: Vec<&str> = from.take(5).flat_map(|row| row.split_whitespace()).collect();
    words.join(" ")
}

#[test]
fn the_main_screen_says_what_the_hold_waits_for_and_which_step_was_left_out() {
    let mut scene = watching();
    change(&mut scene, |state| super::stage::settle(state, "rotate", StepStatus::Skipped, 266));
    for size in [SMALL, LARGE] {
        let words = watch_words(&scene, size);
        let waits = "waits for coverage 0.51 BREACH, needs >=0.70; step 5 rotate cache ns SKIPPED";
        assert!(words.contains(waits), "{size:?}: {words}");
    }
}

#[test]
fn the_hold_names_an_open_step_first_though_every_metric_be_green() {
    let mut scene = watching();
    change(&mut scene, |state| super::stage::settle(state, "throttle", StepStatus::Reopened, 266));
    let words = watch_words(&scene, LARGE);
    assert!(words.contains("waits for step 6 throttle on REOPENED; coverage 0.51"), "{words}");
}

#[test]
fn a_hold_that_only_needs_time_waits_for_nothing() {
    let mut scene = watching();
    super::stage::landed(&mut scene);
    change(&mut scene, |state| state.marks.hold_met = None);
    change(&mut scene, |state| super::stage::settle(state, "rotate", StepStatus::Skipped, 266));
    let words = watch_words(&scene, LARGE);
    assert!(!words.contains("waits for"), "{words}");
    assert!(!watch_words(&undeclared(), SMALL).contains("waits for"), "nothing was started");
}

#[test]
fn nothing_said_of_the_selected_step_is_cut_on_a_large_screen() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "kkkk");
    let screen = render(&ui, &scene, 1000, LARGE);
    assert!(screen.contains("        saw: Index alias back to docs_vA"), "{screen}");
    let heading = screen.lines().find(|line| line.contains("2 CHECKLIST")).unwrap_or_default();
    assert!(heading.ends_with("steps 1-6 COMPLETE, 1 overridden"), "{heading}");
}

#[test]
fn the_checklist_counts_the_debts_where_there_is_room_for_it() {
    let screen = render(&ui(), &watching(), 1000, SMALL);
    assert!(screen.contains("steps 1-6 COMPLETE, 1 overridden, 2 debts"), "{screen}");
}

#[test]
fn columns_follow_what_stands_in_them() {
    let mut scene = watching();
    let title = "rotate the cache namespace";
    Arc::make_mut(&mut scene.playbook).steps[4].title = title.into();
    for size in [(80, 40), (160, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, size);
        assert!(screen.contains(&format!("[o] {title} ")) || size.0 == 80, "{size:?}:\n{screen}");
    }
    let mut ui = ui();
    type_in(&mut ui, &scene, "kk");
    let screen = render(&ui, &scene, 1000, (80, 40));
    assert!(screen.contains(title), "the selected one is whole, if need be on a row of its own:\n{screen}");
}

const LEVERS: [&str; 7] = ["freeze", "flag", "pointer", "alias", "pins", "rotate", "throttle"];

/// Seven levers of which six have room.
fn crowded() -> Scene {
    let mut scene = watching();
    change(&mut scene, |state| {
        for probe in ["alias", "namespace", "limit", "arm"] {
            super::stage::turn(state, probe, crate::kind::Seen::Value("a-long-position".into()));
        }
    });
    scene
}

#[test]
fn no_lever_vanishes_from_the_strip() {
    let scene = crowded();
    let strip = |ui: &Ui| {
        let screen = render(ui, &scene, 1000, SMALL);
        let rows = screen.lines().skip_while(|line| !line.starts_with("3 LEVERS")).take(2);
        rows.collect::<Vec<_>>().join("\n")
    };
    let mut ui = ui();
    let first = strip(&ui);
    assert!(first.contains("1 freeze") && first.contains("more"), "{first}");
    assert!(first.lines().all(|row| row.len() <= 80), "{first}");
    type_in(&mut ui, &scene, "3");
    for (number, lever) in (1..).zip(LEVERS) {
        let shown = strip(&ui);
        assert!(shown.contains(&format!("{number} {lever} ")), "{lever} is selected and not there:\n{shown}");
        let listed = LEVERS.iter().filter(|lever| shown.contains(&format!(" {lever} "))).count();
        assert!(shown.contains(&format!("+{} more", 7 - listed)), "{shown}");
        ui.on_key(press('j'), &scene, 1000);
    }
}

#[test]
fn the_marks_of_a_chart_are_told() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "1jjj");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("D declared   1-9 step begun   ^ pull"), "{screen}");
    assert!(screen.contains(" D124^^"), "in the order of their times:\n{screen}");
    let bare = render(&super::stage::ui(), &undeclared(), 1000, LARGE);
    assert!(bare.contains(" now ") && !bare.contains("D declared"), "no marks need no legend");
}

#[test]
fn a_blank_in_a_message_is_marked_to_its_end() {
    let mut scene = watching();
    Arc::make_mut(&mut scene.playbook).comms[&id("first")].body =
        format!("before [[who {} over the end]] after", "is hurt ".repeat(9));
    let mut ui = ui();
    type_in(&mut ui, &scene, "ce");
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).expect("a test terminal");
    terminal.draw(|frame| ui.draw(frame, &scene, 1000)).expect("a drawn frame");
    let buffer = terminal.backend().buffer();
    let is_marked = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
    let rows = (5..24_u16).map(|y| (0..80_u16).map(move |x| &buffer[(x, y)]));
    let marked: String = rows.flatten().filter(is_marked).map(ratatui::buffer::Cell::symbol).collect();
    // The cursor stands behind it.
    let marked = marked.trim_end();
    assert!(marked.starts_with("[[who is hurt") && marked.ends_with("over the end]]"), "{marked}");
}

#[test]
fn what_the_strip_says_of_readiness_costs_no_lever_its_place_or_position() {
    let scene = watching();
    for width in 80..=119 {
        let screen = render(&ui(), &scene, 1000, (width, 24));
        let rows: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with("3 LEVERS")).take(2).collect();
        let strip = rows.join(" ");
        assert!(rows.iter().all(|row| row.chars().count() <= usize::from(width)), "{width}: {strip}");
        let positions = ["-", "on", "green", "docs_vA", "ERROR", "ns-green", "100000"];
        for (lever, position) in LEVERS.into_iter().zip(positions) {
            assert!(strip.contains(&format!(" {lever} {position}")), "{width}: {lever} is lost: {strip}");
        }
        assert!(strip.contains("5 pins ERROR NOT "), "{width}: the worst has a word before all others: {strip}");
    }
    let wide = render(&ui(), &scene, 1000, (119, 24));
    let strip: Vec<&str> = wide.lines().skip_while(|line| !line.starts_with("3 LEVERS")).take(2).collect();
    for words in ["freeze - THERE", "flag on READY", "rotate ns-green READY", "throttle 100000 READY"] {
        assert!(strip.join(" ").contains(words), "{words}: {strip:?}");
    }
}
