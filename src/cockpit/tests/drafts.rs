//! Words that are changed while older ones of the same message are on their way.

use super::letters::{editing, previewed, queued, sent_in_own_words};
use super::stage::{ctrl, id, key, render, type_in};
use crate::cockpit::Intent;
use crate::kind::Outcome;
use crossterm::event::KeyCode;

#[test]
fn newer_words_outlive_the_older_ones_that_were_taken() {
    let (mut ui, mut scene) = sent_in_own_words();
    queued(&mut scene, None);
    ui.on_scene(&scene, 1800);
    ui.on_key(key(KeyCode::Esc), &scene, 1800);
    type_in(&mut ui, &scene, "e, us too");
    ui.on_key(ctrl('s'), &scene, 1900);
    ui.on_key(key(KeyCode::Esc), &scene, 1900);
    queued(&mut scene, Some(Outcome::Applied));
    assert_eq!(ui.on_scene(&scene, 9100), [], "they stay with the incident");
    assert!(render(&ui, &scene, 9200, (80, 24)).contains("edited"));
    assert!(previewed(&mut ui, &scene).expect("a person's words").ends_with(" eu only, us too"));
}

#[test]
fn words_taken_while_they_are_open_again_are_let_go_of_once_they_are_left_as_they_were() {
    let (mut ui, mut scene) = sent_in_own_words();
    queued(&mut scene, None);
    ui.on_scene(&scene, 1800);
    ui.on_key(key(KeyCode::Esc), &scene, 1800);
    type_in(&mut ui, &scene, "e");
    queued(&mut scene, Some(Outcome::Applied));
    assert_eq!(ui.on_scene(&scene, 1900), [], "not under the hands of who reads them");
    assert!(render(&ui, &scene, 1900, (80, 24)).contains(" eu only"));
    type_in(&mut ui, &scene, "x");
    ui.on_key(key(KeyCode::Backspace), &scene, 2000);
    ui.on_key(key(KeyCode::Esc), &scene, 2000);
    assert_eq!(ui.on_scene(&scene, 2100), [Intent::KeepDraft { comm: id("first"), words: None }]);
    assert_eq!(previewed(&mut ui, &scene), None);
}

#[test]
fn words_that_were_not_saved_are_saved_for_whoever_is_made_to_leave() {
    let (mut ui, scene) = editing();
    assert_eq!(ui.save_all(), [], "words that nobody has touched are no draft");
    type_in(&mut ui, &scene, " eu only");
    let kept = ui.save_all();
    let [Intent::KeepDraft { comm, words: Some(words) }] = &kept[..] else { panic!("{kept:?}") };
    assert!(*comm == id("first") && words.ends_with(" eu only"), "{words}");
    assert_eq!(ui.save_all(), [], "they are saved");
}
