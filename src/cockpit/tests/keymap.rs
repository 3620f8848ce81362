//! The table: each key means one thing, and footer, help, palette and dispatch say the same of it.

use super::replay::replayed;
use super::stage::{armed_ui, ctrl, key, press, render, type_in, ui, undeclared, watching};
use crate::cockpit::keymap::{Act, Change, KEYMAP, Key, Keymap, LeverAct, Misbound, Place, TalkAct};
use crate::cockpit::palette::{Target, entries};
use crate::cockpit::{Scene, Ui};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::HashSet;

fn change(name: &str, keys: &[&str], line: usize) -> Change {
    Change { name: name.into(), keys: keys.iter().map(|key| (*key).to_owned()).collect(), line }
}

fn refused(changes: &[Change]) -> Vec<Misbound> {
    Keymap::changed(changes).expect_err("it is refused")
}

/// Each state in which keys mean something else.
fn stages() -> Vec<(Ui, Scene)> {
    let scene = watching();
    let keys =
        ["", "1", "2", "3", "L", "H", "K", "D", "c", "ce", "cP", "t", "5", "?", "q", "i", "Q", "z", "1z", ":", "/"];
    let mut stages: Vec<(Ui, Scene)> = Vec::new();
    for keys in keys {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        stages.push((ui, scene.clone()));
    }
    let mut asking = ui();
    type_in(&mut asking, &undeclared(), "I");
    stages.push((asking, undeclared()));
    let (armed, scene) = armed_ui(|_| {});
    let mut fired = armed.clone();
    fired.on_key(press('F'), &scene, 2000);
    stages.extend([(armed, scene.clone()), (fired, scene)]);
    for keys in ["", "L", "5", "H", "t", "S", "?", ":", "/"] {
        let (mut ui, scene) = replayed();
        type_in(&mut ui, &scene, keys);
        stages.push((ui, scene));
    }
    stages
}

/// What a person would press for a key.
fn pressed(key: Key) -> Vec<KeyEvent> {
    let plain = |c: char| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
    match key {
        Key::Char(c) | Key::Twice(c) => vec![plain(c)],
        Key::Ctrl(c) => vec![KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)],
        Key::Digit(most) => ('1'..='9').take(usize::from(most)).map(plain).collect(),
        Key::Letter(last) => ('a'..=last).map(plain).collect(),
        Key::Shift(code) => vec![KeyEvent::new(code, KeyModifiers::SHIFT)],
        Key::Code(code) => vec![KeyEvent::new(code, KeyModifiers::NONE)],
    }
}

#[test]
fn every_key_means_one_thing_in_a_place() {
    for (place, word) in Place::ALL {
        let mut seen = HashSet::new();
        let rows = KEYMAP.iter().filter(|row| [*place, Place::Always].contains(&row.place));
        for event in rows.flat_map(|row| row.keys).flat_map(|key| pressed(*key)) {
            assert!(seen.insert(event), "{event:?} means two things in {word}");
        }
    }
}

#[test]
fn every_row_has_a_place_in_the_help_and_a_name_of_its_own() {
    let mut names = HashSet::new();
    for row in KEYMAP {
        let name = row.name();
        assert!(Place::ALL.iter().any(|(place, _)| *place == row.place), "{name} is in no help");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '.'), "{name}");
        assert!(!row.help.is_empty() && !row.keys.is_empty(), "{name} says nothing");
        assert!(names.insert(name.clone()), "{name} is the name of two rows");
    }
    let known = ["main.levers", "main.follow-ups", "levers.arm-number", "arm.fire", "steps.confirm", "preview.send"];
    assert!(known.iter().all(|name| names.contains(*name)), "a name that people write has changed");
}

#[test]
fn what_is_shown_of_a_key_is_one_that_works() {
    for row in KEYMAP {
        for written in row.shown.split(' ').filter(|written| !written.contains('-') || written.starts_with("Ctrl")) {
            let key = Key::parse(written).unwrap_or_else(|why| panic!("{}: {why}", row.name()));
            assert!(row.keys.contains(&key), "{} shows {written}, which does not do it", row.name());
        }
    }
}

#[test]
fn places_that_hold_together_are_known_to() {
    for (ui, _) in stages() {
        let places = ui.places();
        for pair in places.iter().flat_map(|one| places.iter().map(move |other| (*one, *other))) {
            assert!(Place::are_together(pair.0, pair.1), "{pair:?}");
        }
    }
}

#[test]
fn dispatch_footer_help_and_palette_say_the_same_of_every_key() {
    for (ui, scene) in stages() {
        let places = ui.places();
        let mut taken = HashSet::new();
        let mut help = ui.clone();
        help.stack.push(crate::cockpit::ui::Dialog::Help);
        let told = render(&help, &scene, 1000, (200, 120));
        let foot = render(&ui, &scene, 1000, (200, 60));
        let foot = foot.trim_end().lines().next_back().unwrap_or_default().to_owned();
        let offered = entries(&ui.keymap, &ui.places(), &scene);
        for bound in places.iter().flat_map(|place| ui.keymap.of(*place)) {
            let (act, name) = (bound.binding.act, bound.binding.name());
            for event in bound.keys.iter().flat_map(|key| pressed(*key)).filter(|event| taken.insert(*event)) {
                let found = ui.keymap.lookup(&places, event).expect("it is in the table");
                assert_eq!(found.act, act, "{name}: {event:?} does something else");
            }
            if ui.search.is_none() && ui.keymap.reaches(&places, bound) {
                assert!(told.contains(bound.first_key()), "{name} is not in the help:\n{told}");
            }
            let row = offered.iter().find(|row| row.target == Target::Act(act));
            assert!(row.is_none_or(|row| !act.reaches_out() && !row.keys.is_empty()), "{name} is in the palette");
        }
        for word in foot.split("  ").filter(|word| !word.trim().is_empty() && ui.search.is_none()) {
            let (key, says) = word.trim().split_once(' ').unwrap_or((word, ""));
            let known = |bound: &crate::cockpit::Bound| {
                bound.first_key() == key
                    // What comes next in this state has a word of the state's.
                    && (bound.binding.foot == says || bound.binding.foot.is_empty() || ui.zoomed)
                    && places.contains(&bound.binding.place)
            };
            assert!(word == "ZOOMED" || ui.keymap.rows().any(known), "the footer says `{word}`:\n{foot}");
        }
    }
}

#[test]
fn nothing_that_fires_sends_or_speaks_for_a_person_is_in_the_palette() {
    for (ui, scene) in stages() {
        for row in entries(&ui.keymap, &ui.places(), &scene) {
            let acts = [Act::Lever(LeverAct::Fire), Act::Talk(TalkAct::Send), Act::Lever(LeverAct::Approve)];
            assert!(acts.iter().all(|act| row.target != Target::Act(*act)), "{row:?}");
        }
    }
}

#[test]
fn a_changed_key_works_and_is_shown_and_the_old_one_is_free() {
    let map = Keymap::changed(&[change("main.levers", &["w", "Ctrl-K"], 3)]).expect("nothing stands against it");
    let scene = watching();
    let mut ui = ui().with_keys(map);
    type_in(&mut ui, &scene, "L");
    assert!(ui.stack.is_empty(), "L is free");
    for event in [press('w'), ctrl('k')] {
        ui.on_key(event, &scene, 1000);
        assert!(render(&ui, &scene, 1000, (80, 24)).contains("BEST FIRST"));
        ui.on_key(key(KeyCode::Esc), &scene, 1000);
    }
    let main = render(&ui, &scene, 1000, (120, 40));
    assert!(main.contains("w levers") && !main.contains("L levers"), "{main}");
    type_in(&mut ui, &scene, "?");
    assert!(render(&ui, &scene, 1000, (80, 60)).contains("w Ctrl-K levers; 1-9 arms one"));
}

#[test]
fn a_conflict_names_both_rows_and_the_line() {
    let told = refused(&[change("main.levers", &["l"], 7)]);
    assert_eq!(told.len(), 1, "{told:?}");
    let words = told[0].to_string();
    for part in ["7: l would mean two things", "`main.next-panel` (ours: next panel)", "`main.levers` (line 7: levers;"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    let free = Keymap::changed(&[change("main.levers", &["l"], 7), change("main.next-panel", &["Tab"], 8)]);
    assert!(free.is_ok(), "a key that was given up is free: {free:?}");
    let inner = refused(&[change("main.note", &["U"], 2)]);
    assert!(inner.iter().any(|told| told.why.contains("`debts.pay-debt`")), "also where both hold: {inner:?}");
    let everywhere = refused(&[change("comms.edit", &["Ctrl-L"], 2)]);
    assert!(everywhere[0].why.contains("`always.redraw`"), "{everywhere:?}");
}

#[test]
fn two_changes_to_one_key_name_both_lines() {
    let told = refused(&[change("main.hold", &["x"], 4), change("main.debts", &["x"], 9)]);
    assert!(told[0].why.contains("(line 4:") && told[0].why.contains("(line 9:"), "{told:?}");
}

#[test]
fn a_name_that_is_unknown_is_answered_with_the_nearest() {
    let told = refused(&[change("main.lever", &["l"], 5)]);
    assert_eq!(told[0].to_string(), "5: `main.lever`: nothing has this name; did you mean `main.levers`?");
    let key = refused(&[change("main.levers", &["Ctrl-Alt-l"], 5)]);
    assert!(key[0].why.contains("there is no key `Ctrl-Alt-l`"), "{key:?}");
    assert!(refused(&[change("main.levers", &["Ctrl-M"], 5)])[0].why.contains("cannot tell Ctrl-M from Enter"));
    assert!(refused(&[change("main.levers", &[], 5)])[0].why.contains("one key at least"));
    assert!(refused(&[change("levers.arm-number", &["a"], 5)])[0].why.contains("are numbers"));
}

#[test]
fn enter_and_space_are_never_bound_to_what_fires_sends_or_speaks_for_a_person() {
    let rows = KEYMAP.iter().filter(|row| row.act.reaches_out()).collect::<Vec<_>>();
    assert!(rows.len() > 8, "there are such rows: {rows:?}");
    for row in rows {
        for key in ["Enter", "Space"] {
            let told = refused(&[change(&row.name(), &[key], 1)]);
            assert!(told[0].why.contains("never fires"), "{}: {told:?}", row.name());
        }
    }
    assert!(refused(&[change("main.leave", &["Esc"], 1)])[0].why.contains("Esc never leaves"));
    assert!(refused(&[change("always.interrupt", &["Ctrl-G"], 1)])[0].why.contains("Ctrl-C stays"));
}

#[test]
fn a_key_that_fires_is_no_other_key_anywhere() {
    let told = refused(&[change("arm.fire", &["P"], 3)]);
    assert!(told.iter().any(|told| told.why.contains("`comms.preview`")), "P arms a message: {told:?}");
    let told = refused(&[change("steps.run", &["F"], 3)]);
    assert!(told.iter().any(|told| told.why.contains("`arm.fire`")), "twice F would arm and fire: {told:?}");
    let told = refused(&[change("steps.run", &["x"], 3)]);
    assert!(told.iter().any(|told| told.why.contains("`arm.by-hand`")), "twice x would say it was done: {told:?}");
    assert!(Keymap::changed(&[change("arm.fire", &["Z"], 3), change("preview.send", &["Z"], 4)]).is_ok());
}

#[test]
fn a_letter_is_never_taken_from_who_types() {
    for name in ["text.accept", "edit.save", "palette.accept", "search.cancel", "always.redraw"] {
        let told = refused(&[change(name, &["x"], 1)]);
        assert!(told[0].why.contains("is text there"), "{name}: {told:?}");
    }
}

#[test]
fn under_arms_the_screen_names_the_keys_that_work() {
    let map = Keymap::changed(&[
        change("arm.fire", &["Z"], 3),
        change("preview.send", &["Z"], 4),
        change("arm.disarm", &["e"], 5),
    ]);
    let (armed, scene) = armed_ui(|_| {});
    let mut ui = armed.with_keys(map.expect("nothing stands against it"));
    let screen = render(&ui, &scene, 2000, (80, 24));
    assert!(screen.contains("Z fires.  e disarms."), "{screen}");
    assert_eq!(ui.on_key(press('F'), &scene, 2000), [], "F is free");
    assert_eq!(ui.on_key(press('Z'), &scene, 2000), [crate::cockpit::Intent::Fire { override_reason: None }]);
}
