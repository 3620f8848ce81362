//! Several messages of one stage, and what is looked for in the words of each.

use super::stage::{ctrl, id, key, render, type_in, ui, watching};
use crate::cockpit::{Scene, Ui};
use crate::playbook::{Comm, MessageStage};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// A team and a status page told of what is identified, and a status page told that it is over.
pub(super) fn staged() -> Scene {
    let mut scene = watching();
    let to = scene.playbook.probes[&id("arm")].call.clone();
    let comms = &mut Arc::make_mut(&mut scene.playbook).comms;
    let mold = comms[&id("first")].clone();
    let mut comm = |name: &str, title: &str, stage, public| {
        let comm = Comm { id: id(name), title: title.into(), stage: Some(stage), public, ..mold.clone() };
        comms.insert(id(name), Comm { send: Some(to.clone()), ..comm });
    };
    comm("team", "#inc-0421", MessageStage::Identified, false);
    comm("page", "status page", MessageStage::Identified, true);
    comm("over", "status page", MessageStage::Resolved, true);
    comms.shift_remove(&id("first"));
    scene
}

/// The first message, being edited.
pub(super) fn editing(scene: &Scene) -> Ui {
    let mut ui = ui();
    type_in(&mut ui, scene, "ce");
    ui
}

fn back_tab() -> KeyEvent {
    KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)
}

#[test]
fn tab_goes_to_the_other_receiver_of_the_stage_and_back_and_loses_no_word() {
    let scene = staged();
    let mut ui = editing(&scene);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains(">2 identified<") && screen.contains("Tab: status page (public, own arm)"), "{screen}");
    type_in(&mut ui, &scene, " for us only");
    ui.on_key(key(KeyCode::Tab), &scene, 1000);
    let page = render(&ui, &scene, 1000, SMALL);
    assert!(page.contains(", public") && !page.contains("for us only"), "{page}");
    ui.on_key(key(KeyCode::Tab), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("region]] for us only"));
}

#[test]
fn a_stage_further_is_a_key_away_and_after_the_last_comes_the_first() {
    let scene = staged();
    let mut ui = editing(&scene);
    ui.on_key(back_tab(), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains(">4 resolved<"));
    ui.on_key(key(KeyCode::Tab), &scene, 1000);
    let alone = render(&ui, &scene, 1000, SMALL);
    assert!(alone.contains(">4 resolved<") && alone.contains("no other message of this stage"), "{alone}");
    ui.on_key(back_tab(), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains(">2 identified<"));
}

#[test]
fn the_public_is_told_no_hostname_without_a_warning_and_the_team_may_be() {
    let scene = staged();
    let mut ui = editing(&scene);
    type_in(&mut ui, &scene, " 10.0.3.7 is down");
    assert!(!render(&ui, &scene, 1000, SMALL).contains("hostname"));
    ui.on_key(key(KeyCode::Tab), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("+ no hostnames"));
    type_in(&mut ui, &scene, " 10.0.3.7 is down");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("! hostname 10.0.3.7"), "{screen}");
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert_eq!(type_in(&mut ui, &scene, "P").len(), 1, "it warns and keeps nobody from sending");
}

#[test]
fn only_what_goes_on_needs_a_next_update() {
    let scene = staged();
    let mut ui = editing(&scene);
    assert!(render(&ui, &scene, 1000, SMALL).contains("! no next update"));
    type_in(&mut ui, &scene, " Next update by 14:55 UTC.");
    assert!(render(&ui, &scene, 1000, SMALL).contains("+ next update set"));
    ui.on_key(back_tab(), &scene, 1000);
    assert!(!render(&ui, &scene, 1000, SMALL).contains("next update"), "what is over is over");
}

#[test]
fn what_was_pulled_and_when_stands_beside_the_words() {
    let scene = staged();
    let screen = render(&editing(&scene), &scene, 1000, (160, 40));
    assert!(screen.contains("lever 4 AGREES @03:16:19"), "{screen}");
    assert!(screen.contains("FACTS     coverage 0.51 BREACH @03:16:58 age 2s"), "{screen}");
}
