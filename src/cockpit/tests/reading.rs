//! Whoever only reads an incident changes nothing of it, whatever they press.

use super::stage::{ctrl, declared, key, press, render, type_in, ui, undeclared, watching};
use crate::cockpit::{Intent, Mode, Scene};
use crossterm::event::{KeyCode, KeyEvent};
use proptest::prelude::*;

const READERS: [Mode; 2] = [Mode::Watch, Mode::Replay];

fn read_only(mode: Mode, scene: Scene) -> Scene {
    Scene { mode, ..scene }
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let keys = [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Down, KeyCode::Up];
    prop_oneof![
        prop::char::range(' ', '~').prop_map(press),
        prop::sample::select(keys.to_vec()).prop_map(key),
        prop::char::range('a', 'z').prop_map(ctrl),
    ]
}

proptest! {
    #[test]
    fn no_key_of_a_reader_asks_for_a_change(keys in prop::collection::vec(any_key(), 1..40)) {
        for (mode, scene) in READERS.into_iter().flat_map(|mode| [(mode, undeclared()), (mode, watching())]) {
            let scene = read_only(mode, scene);
            let mut ui = ui();
            for (at, key) in (1000..).step_by(1000).zip(&keys) {
                for intent in ui.on_key(*key, &scene, at).into_iter().chain(ui.on_scene(&scene, at)) {
                    let reads = matches!(
                        intent,
                        Intent::Copy(_) | Intent::Quit | Intent::Exit | Intent::Redraw
                    );
                    prop_assert!(reads, "{mode:?}: {intent:?} after {keys:?}");
                }
            }
        }
    }
}

#[test]
fn a_reader_is_told_why_in_one_sentence() {
    for (mode, why) in READERS.into_iter().zip(["you observe; only the commander acts", "this is a replay"]) {
        let scene = read_only(mode, declared());
        for keys in ["I", "i", "a", "Q", "r", "s", "L1", "L\n", "c\n", "t\n", "U"] {
            let mut ui = ui();
            for c in keys.chars() {
                let pressed = if c == '\n' { key(KeyCode::Enter) } else { press(c) };
                ui.on_key(pressed, &scene, 1000);
            }
            let screen = render(&ui, &scene, 1000, (80, 24));
            assert!(screen.contains(why), "{mode:?} {keys:?}:\n{screen}");
        }
    }
}

#[test]
fn a_reader_opens_every_view_there_is_to_look_at() {
    let scene = read_only(Mode::Watch, watching());
    for (keys, title) in [("L", "LEVERS"), ("H", "HOLD"), ("D", "DEBTS"), ("5", "JOURNAL"), ("?", "HELP")] {
        let mut ui = ui();
        assert_eq!(type_in(&mut ui, &scene, keys), vec![], "{keys}");
        assert!(render(&ui, &scene, 1000, (80, 24)).contains(title), "{keys}");
    }
}

#[test]
fn the_header_says_whether_it_is_watched_or_replayed() {
    for (mode, word) in READERS.into_iter().zip(["OBSERVE", "REPLAY"]) {
        for size in [(40, 10), (80, 24), (120, 40), (200, 60)] {
            let screen = render(&ui(), &read_only(mode, watching()), 1000, size);
            assert!(screen.lines().next().is_some_and(|header| header.contains(word)), "{size:?}:\n{screen}");
        }
    }
}
