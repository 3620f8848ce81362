//! What is declared has the playbook's own word.

use super::stage::{press, render, type_in, ui, undeclared};
use crate::cockpit::{Plain, Scene, Theme};
use crate::playbook::Noun;
use std::sync::Arc;

fn shipping() -> Scene {
    let mut scene = undeclared();
    Arc::make_mut(&mut scene.playbook).declares = Noun::new("release").expect("a word");
    scene
}

#[test]
fn a_release_is_declared_as_a_release_wherever_declaring_is_spoken_of() {
    let scene = shipping();
    for (keys, says) in [
        ("", "I declares a release"),
        ("I", "DECLARE A RELEASE  how bad is it?"),
        ("I1", "DECLARE SEV1  what is it about?"),
        ("?", "declare a release; later its size-up"),
        (":declare", "declare a release; later its size-up"),
        ("r", "no release is declared: I declares it"),
    ] {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        let screen = render(&ui, &scene, 1000, (120, 40));
        assert!(screen.contains(says), "{keys}: {screen}");
        assert!(!screen.to_lowercase().contains("rollback"), "{keys}: {screen}");
    }
}

#[test]
fn by_lines_too() {
    let scene = shipping();
    let mut plain = Plain::new(Theme::embedded("dark").expect("the dark theme is embedded"));
    for at_ms in (1000..3000).step_by(100) {
        plain.on_scene(&scene, at_ms);
    }
    plain.on_line("declare", &scene, 4000);
    let said = plain.said().join("\n");
    assert!(said.contains("Type declare to declare a release") && said.contains("DECLARE A RELEASE"), "{said}");
}

#[test]
fn a_word_has_its_article() {
    for (word, one) in [("rollback", "a rollback"), ("upgrade", "an upgrade"), ("schema change", "a schema change")] {
        assert_eq!(Noun::new(word).expect("a word").one(), one);
    }
    let mut ui = ui();
    ui.on_key(press('I'), &undeclared(), 1000);
    assert!(render(&ui, &undeclared(), 1000, (80, 24)).contains("DECLARE A ROLLBACK  how bad is it?"));
}
