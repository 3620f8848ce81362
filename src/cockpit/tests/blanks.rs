//! What is not known, and what nobody has filled, never leaves unseen.

use super::letters::{armed, editing};
use super::stage::{change, ctrl, declared, id, key, press, render, type_in, ui, undeclared};
use crate::cockpit::{Intent, Scene, Ui};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The scene with a first message that says when it began.
fn dated(mut scene: Scene) -> Scene {
    let body = "Rolling back. Started {{ started }} UTC by {{ lever }}.{% if lever %} Fired.{% endif %}";
    Arc::make_mut(&mut scene.playbook).comms[&id("first")].body = body.into();
    change(&mut scene, |state| state.pick = None);
    scene
}

fn asked(intents: &[Intent]) -> Option<String> {
    match intents {
        [Intent::ArmComm { words, .. }] => words.clone(),
        other => panic!("{other:?}"),
    }
}

/// The first message under arms since 1000 ms with a blank in it.
fn with_a_blank() -> (Ui, Scene) {
    let (ui, mut scene) = armed();
    scene.letter.as_mut().expect("it is armed").words = "Rolling back.\nImpact: [[who]]".into();
    (ui, scene)
}

#[test]
fn what_is_not_known_yet_is_a_blank_and_not_nothing() {
    let (mut ui, scene) = (ui(), dated(undeclared()));
    type_in(&mut ui, &scene, "c");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    let screen = render(&ui, &scene, 1000, (120, 40));
    assert!(screen.contains("Started [[time declared]] UTC by [[which lever]]."), "{screen}");
    assert!(!screen.contains("Fired"), "what is not known is false to a template:\n{screen}");
}

#[test]
fn words_saved_before_a_value_was_known_carry_it_once_it_is() {
    let (mut ui, early) = (ui(), dated(undeclared()));
    type_in(&mut ui, &early, "c");
    ui.on_key(key(KeyCode::Enter), &early, 1000);
    type_in(&mut ui, &early, " eu only");
    ui.on_key(ctrl('s'), &early, 1000);
    ui.on_key(key(KeyCode::Esc), &early, 1000);
    let words = asked(&ui.clone().on_key(press('P'), &early, 1000)).expect("a person's words");
    assert!(words.contains("Started [[time declared]] UTC"), "{words}");
    let later = dated(declared());
    let words = asked(&ui.on_key(press('P'), &later, 1000)).expect("a person's words");
    assert!(words.contains("Started 2026-11-21 03:16:00 UTC by [[which lever]]. eu only"), "{words}");
}

#[test]
fn a_message_with_a_blank_is_asked_about_once_more_and_leaves_only_then() {
    let (mut ui, scene) = with_a_blank();
    let screen = render(&ui, &scene, 1700, SMALL);
    assert!(screen.contains("X 1 blank: [[who]]"), "{screen}");
    assert_eq!(ui.on_key(press('F'), &scene, 1700), [], "a blank is left");
    assert_eq!(ui.on_key(press('F'), &scene, 2399), [], "the same press, or its echo");
    let screen = render(&ui, &scene, 2399, SMALL);
    assert!(screen.contains("A BLANK IS LEFT") && !screen.contains("F again"), "{screen}");
    assert!(render(&ui, &scene, 2400, SMALL).contains("F again sends it so."));
    assert_eq!(ui.clone().on_key(key(KeyCode::Esc), &scene, 2000), [Intent::Disarm], "leaving is never too early");
    let words = "Rolling back.\nImpact: [[who]]".to_owned();
    assert_eq!(ui.on_key(press('F'), &scene, 2400), [Intent::SendComm { comm: id("first"), words }]);
}

#[test]
fn ctrl_n_goes_from_blank_to_blank_and_the_checks_count_them() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, " [[when]]");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("X 2 blanks: [[who / what / region]] [[when]]"), "{screen}");
    ui.on_key(ctrl('n'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("MARKED    what you type takes the blank's place"));
    type_in(&mut ui, &scene, "eu users");
    assert!(render(&ui, &scene, 1000, SMALL).contains("Impact: eu users [[when]]"));
    ui.on_key(ctrl('n'), &scene, 1000);
    ui.on_paste("14:55");
    assert!(render(&ui, &scene, 1000, SMALL).contains("Impact: eu users 14:55"));
}

#[test]
fn a_marked_blank_is_left_as_it_stands_by_esc_and_by_an_arrow() {
    for leaves in [KeyCode::Esc, KeyCode::Left, KeyCode::Up] {
        let (mut ui, scene) = editing();
        ui.on_key(ctrl('n'), &scene, 1000);
        ui.on_key(key(leaves), &scene, 1000);
        type_in(&mut ui, &scene, "x");
        let screen = render(&ui, &scene, 1000, SMALL);
        let whole = screen.contains("[[who / what / region]]") || screen.contains("[[who / what / region]x]");
        assert!(screen.contains("EDITING") && whole, "{leaves:?}:\n{screen}");
    }
}
