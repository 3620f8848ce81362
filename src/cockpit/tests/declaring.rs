//! Declaring at three in the morning: a severity, Enter; no key typed by habit gets into the reason.

use super::stage::{change, enter, key, press, render, submitted, type_in, ui, undeclared};
use crate::incident::Command;
use crate::metrics::VerdictState;
use crossterm::event::KeyCode;

const SMALL: (u16, u16) = (80, 24);

fn declares(size_up: &str) -> Command {
    Command::Declare { severity: 2, size_up: size_up.into() }
}

#[test]
fn keys_typed_by_habit_do_not_get_into_the_reason() {
    let (mut ui, scene) = (ui(), undeclared());
    assert_eq!(type_in(&mut ui, &scene, "I2"), []);
    let asks = render(&ui, &scene, 1000, SMALL);
    assert!(asks.contains("reason: Enter declares with it   e edits it   Esc back"), "{asks}");
    assert_eq!(type_in(&mut ui, &scene, "rrF"), []);
    assert!(render(&ui, &scene, 1000, SMALL).contains("> coverage BREACH\n"));
    assert_eq!(submitted(&enter(&mut ui, &scene)), [&declares("coverage BREACH")]);
}

#[test]
fn e_opens_the_reason_and_a_paste_does_too() {
    for pasted in [false, true] {
        let (mut ui, scene) = (ui(), undeclared());
        type_in(&mut ui, &scene, "I2");
        if pasted {
            ui.on_paste("since 03:14");
        } else {
            type_in(&mut ui, &scene, "esince 03:14");
        }
        let opened = render(&ui, &scene, 1000, SMALL);
        assert!(opened.contains("reason: Enter declares   Esc back"), "{opened}");
        assert_eq!(submitted(&enter(&mut ui, &scene)), [&declares("coverage BREACH; since 03:14")]);
    }
}

#[test]
fn without_a_ready_reason_one_is_asked_for() {
    let (mut ui, mut scene) = (ui(), undeclared());
    change(&mut scene, |state| state.verdicts.values_mut().for_each(|slot| slot.verdict.state = VerdictState::Ok));
    scene.board = std::sync::Arc::default();
    type_in(&mut ui, &scene, "I2");
    assert_eq!(enter(&mut ui, &scene), []);
    assert!(render(&ui, &scene, 1000, SMALL).contains("no reason is ready: e lets you type it"));
    type_in(&mut ui, &scene, "emixed answers");
    assert_eq!(submitted(&enter(&mut ui, &scene)), [&declares("mixed answers")]);
}

#[test]
fn esc_declares_nothing() {
    let (mut ui, scene) = (ui(), undeclared());
    type_in(&mut ui, &scene, "I2");
    assert_eq!(ui.on_key(key(KeyCode::Esc), &scene, 1000), []);
    assert_eq!(ui.on_key(press('r'), &scene, 1000), []);
    assert!(!render(&ui, &scene, 1000, SMALL).contains("DECLARE SEV2"));
}
