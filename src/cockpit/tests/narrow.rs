//! Small windows: what is not shown is neither fired nor typed into, and what has no room is reached by scrolling.

use super::letters;
use super::stage::{armed_ui, ctrl, declared, id, key, press, render, type_in, ui, watching};
use super::timing::timed;
use crate::cockpit::ui::Dialog;
use crate::cockpit::{Intent, Scene, Ui};
use crossterm::event::KeyCode;
use std::sync::Arc;

/// Windows that have room for a view and little more.
const LOW: [(u16, u16); 9] =
    [(40, 10), (40, 12), (40, 14), (60, 12), (80, 10), (80, 14), (80, 16), (120, 12), (40, 24)];
const TINY: [(u16, u16); 4] = [(30, 8), (39, 24), (120, 9), (40, 9)];

/// All that a view says on a screen of this size, scrolled to its end, without blanks: what is wrapped is whole again.
fn read_whole(ui: &mut Ui, scene: &Scene, size: (u16, u16)) -> String {
    let mut told = String::new();
    for _ in 0..60 {
        let screen = render(ui, scene, 2000, size);
        assert!(!screen.contains("lines 1-0"), "a window without rows:\n{screen}");
        told.extend(screen.split_whitespace());
        assert_eq!(ui.on_key(press('j'), scene, 2000), []);
    }
    told
}

#[test]
fn a_window_too_small_to_show_what_is_armed_fires_nothing_and_says_that_it_is_armed() {
    for size in TINY {
        let (mut ui, scene) = armed_ui(|_| {});
        let screen = render(&ui, &scene, 2000, size);
        let told: Vec<&str> = screen.split_whitespace().collect();
        assert!(told.join(" ").contains("ARMED lever 4: alias. Nothing fires here; Esc disarms."), "{screen}");
        for c in ['F', 'x', 'o', 't', 'A', 'r', 'j'] {
            assert_eq!(ui.on_key(press(c), &scene, 2000), [], "{c} at {size:?}");
        }
        assert_eq!(ui.stack.len(), 2, "nothing was opened that nobody sees");
        render(&ui, &scene, 3000, (80, 24));
        assert_eq!(ui.on_key(press('F'), &scene, 3699), [], "it is back, and nobody has read it yet");
        assert_eq!(ui.on_key(press('F'), &scene, 3700), [Intent::Fire { override_reason: None }]);
        let (mut ui, scene) = armed_ui(|_| {});
        render(&ui, &scene, 2000, size);
        assert_eq!(ui.on_key(key(KeyCode::Esc), &scene, 2000), [Intent::Disarm]);
    }
}

#[test]
fn a_key_between_a_new_size_and_its_first_frame_fires_nothing() {
    let (mut ui, scene) = armed_ui(|_| {});
    render(&ui, &scene, 2000, (80, 24));
    ui.resized((39, 24), 2000);
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    ui.resized((80, 24), 2100);
    assert_eq!(ui.on_key(press('F'), &scene, 2200), []);
    assert_eq!(ui.clone().on_key(ctrl('c'), &scene, 2200), [Intent::Disarm], "Ctrl-C is never dead");
    assert_eq!(ui.on_key(press('F'), &scene, 2800), [Intent::Fire { override_reason: None }]);
}

#[test]
fn a_window_too_small_arms_nothing_types_nothing_and_still_lets_one_leave() {
    let scene = declared();
    let mut ui = ui();
    render(&ui, &scene, 1000, (120, 9));
    assert_eq!(type_in(&mut ui, &scene, "L4r"), []);
    assert!(ui.stack.is_empty(), "nothing was opened");
    assert_eq!(type_in(&mut ui, &scene, "q"), []);
    let screen = render(&ui, &scene, 1000, (30, 8));
    assert!(screen.contains("LEAVE? y leaves, Esc stays."), "{screen}");
    assert_eq!(type_in(&mut ui, &scene, "y"), [Intent::Quit]);

    let (mut ui, mut scene) = armed_ui(|_| {});
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].irreversible = true;
    ui.on_key(press('t'), &scene, 2000);
    render(&ui, &scene, 2000, (30, 8));
    type_in(&mut ui, &scene, "docs_vA");
    ui.on_paste("docs_vA");
    ui.on_key(key(KeyCode::Enter), &scene, 2000);
    render(&ui, &scene, 2000, (80, 24));
    assert!(matches!(ui.stack.last(), Some(Dialog::Field(field)) if field.text().is_empty()));
}

#[test]
fn all_of_an_armed_lever_can_be_read_at_every_size() {
    for size in LOW {
        let (mut ui, mut scene) = armed_ui(|armed| {
            armed.request.extend((1..=9).map(|line| format!("X-Header-{line}: of the request").as_str().into()));
        });
        Arc::make_mut(&mut scene.playbook).levers[&id("alias")].irreversible = true;
        let first = render(&ui, &scene, 2000, size);
        assert!(first.contains("docs_vB") && first.contains("-> docs_vA"), "{size:?}: {first}");
        assert!(first.contains(" scroll"), "{size:?} does not say that there is more: {first}");
        let told = read_whole(&mut ui, &scene, size);
        for words in [
            "IRREVERSIBLE",
            "nowdocs_vB",
            "SETlive:aliasdocs_vA",
            "X-Header-9:oftherequest",
            "VERIFY",
            "twicewithin10s",
            "UNDO",
            "SETlive:aliasdocs_vB",
            "INTERLOCKS",
            "+writers-",
        ] {
            assert!(told.contains(words), "{size:?} never shows {words}:\n{first}");
        }
    }
}

#[test]
fn all_of_a_message_can_be_read_before_it_is_sent_at_every_size() {
    for size in LOW {
        for armed in [letters::armed, letters::unaddressed] {
            let (mut ui, scene) = armed();
            let told = read_whole(&mut ui, &scene, size);
            for words in ["eureaders", "KEPTIN", "CHECKS", "TO"] {
                assert!(told.contains(words), "{size:?} never shows {words}: {told}");
            }
        }
    }
}

#[test]
fn what_is_typed_into_a_message_is_shown_at_every_size() {
    for size in LOW {
        let (mut ui, scene) = letters::editing();
        render(&ui, &scene, 1000, size);
        type_in(&mut ui, &scene, "\nonly eu");
        let screen = render(&ui, &scene, 1000, size);
        assert!(screen.contains("only eu") && screen.contains("EDITING"), "{size:?}:\n{screen}");
    }
}

#[test]
fn a_window_that_grows_shows_the_first_line_of_a_message_again() {
    let (mut ui, scene) = letters::editing();
    let first = ui.drafts.values().next().expect("it is edited").area.lines()[0].clone();
    let first: String = first.chars().take(20).collect();
    ui.on_paste("\none\ntwo\nthree");
    let low = render(&ui, &scene, 1000, (40, 10));
    assert!(low.contains("three") && !low.contains(&first) && low.contains("EDITING   line "), "{low}");
    let grown = render(&ui, &scene, 1000, (79, 20));
    assert!(grown.contains("three") && grown.contains(&first), "{grown}");
    ui.on_key(key(KeyCode::Up), &scene, 1000);
    assert!(render(&ui, &scene, 1000, (79, 20)).contains(&first), "and goes on showing it");
}

#[test]
fn the_clocks_and_the_hold_are_reached_to_their_last_line_at_every_size() {
    for size in LOW {
        let (clocks, hold) = (timed(640), watching());
        for (scene, opens, last) in [
            (&clocks, 'K', "UNTRIEDLEVERS"),
            (&clocks, 'K', "Unpintothelastknown"),
            (&hold, 'H', "STOPRULES"),
            (&hold, 'H', "WAITSFOR"),
            (&hold, 'H', "arms:unfreeze"),
        ] {
            let mut ui = ui();
            ui.on_key(press(opens), scene, 1000);
            let told = read_whole(&mut ui, scene, size);
            assert!(told.contains(last), "{opens} at {size:?} never shows {last}: {told}");
            assert!(!told.contains("ahigherwindow"), "{opens} at {size:?}: {told}");
        }
    }
}

#[test]
fn one_list_alone_points_at_what_the_keys_are_for() {
    let scene = watching();
    let mut ui = ui();
    for (keys, size, points) in [
        ("3", (80, 24), ">1 freeze"),
        ("j", (80, 24), ">2 flag"),
        ("j", (120, 40), "3>pointer"),
        ("j", (200, 60), "4>alias"),
        ("1", (80, 24), "+>5xx"),
        ("2", (80, 24), "> 7 [>] watch"),
    ] {
        type_in(&mut ui, &scene, keys);
        let screen = render(&ui, &scene, 1000, size);
        assert!(screen.contains(points), "{points}:\n{screen}");
        assert_eq!(screen.contains("> 7 [>]"), keys == "2", "the checklist points with {keys}:\n{screen}");
    }
}

#[test]
fn a_key_for_a_step_says_so_where_it_does_nothing() {
    let scene = watching();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "3r"), []);
    let screen = render(&ui, &scene, 1000, (80, 24));
    assert!(screen.contains("that key is for a step: 2 puts the keys on the checklist"), "{screen}");
}

#[test]
fn a_lever_that_is_not_ready_is_called_so_in_whole_words() {
    let screen = render(&ui(), &watching(), 1000, (80, 24));
    let strip: String = screen.lines().skip_while(|line| !line.contains("LEVERS")).take(2).collect();
    assert!(strip.contains("5 pins ERROR") && strip.contains("READY"), "{strip}");
    assert_eq!(strip.matches(" NOT").count(), strip.matches(" NOT READY").count(), "{strip}");
}
