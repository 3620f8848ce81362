//! What stands over the main screen: the brief, dialogs that keep up with how things stand, notices.

use super::stage::{
    armed_ui, change, declared, enter, id, key, landed, press, render, submitted, type_in, ui, undeclared, watching,
};
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::{Command, StepStatus};
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// An undeclared drill with a brief of two lines.
pub(super) fn briefed() -> Scene {
    let lines = ["docs-rag moved to green at 02:50.", "Watch the metrics; when one breaks its limit, declare."];
    Scene { brief: lines.map(Into::into).into_iter().collect(), ..undeclared() }
}

#[test]
fn the_brief_stands_there_until_the_first_key_and_in_the_help() {
    let scene = briefed();
    let mut ui = ui();
    for size in [SMALL, LARGE, (60, 15)] {
        let screen = render(&ui, &scene, 1000, size);
        for words in ["docs-rag moved to green at 02:50.", "any key puts this away", "I declares a rollback"] {
            assert!(screen.contains(words), "{words}:\n{screen}");
        }
    }
    ui.on_key(press('j'), &scene, 2000);
    assert!(!render(&ui, &scene, 2000, SMALL).contains("02:50"));
    ui.on_key(press('?'), &scene, 3000);
    assert!(render(&ui, &scene, 3000, SMALL).contains("BRIEF   docs-rag moved to green at 02:50."));
    assert!(!render(&super::stage::ui(), &undeclared(), 1000, SMALL).contains("any key"), "production has no brief");
}

#[test]
fn enter_puts_the_brief_away_and_opens_nothing_while_other_keys_act() {
    let scene = briefed();
    for code in [KeyCode::Enter, KeyCode::Esc, KeyCode::Char(' ')] {
        let mut ui = ui();
        assert_eq!(ui.on_key(key(code), &scene, 1000), []);
        assert!(ui.stack.is_empty() && ui.notice.is_none(), "{code:?}");
        ui.on_key(key(KeyCode::Enter), &scene, 1000);
        assert!(!ui.stack.is_empty(), "the second one opens");
    }
    let mut ui = ui();
    ui.on_key(press('I'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("DECLARE A ROLLBACK"), "no key is lost");
}

/// The last step selected and the key pressed.
fn leaving_watch(scene: &Scene, act: char) -> Ui {
    let mut ui = ui();
    ui.on_key(press('G'), scene, 1000);
    ui.on_key(press(act), scene, 1000);
    ui
}

#[test]
fn going_past_the_watch_names_what_is_not_green() {
    for act in ['o', 's', 'd'] {
        let screen = render(&leaving_watch(&watching(), act), &watching(), 1000, SMALL);
        assert!(screen.contains("RED NOW  coverage 0.51 BREACH, needs >=0.70"), "{act}:\n{screen}");
        assert!(screen.contains("UNSEEN   dS NODATA; lambda flips ERROR"), "{act}:\n{screen}");
    }
    let mut other = ui();
    type_in(&mut other, &declared(), "o");
    assert!(!render(&other, &declared(), 1000, SMALL).contains("RED NOW"), "only where it is gone past");
}

#[test]
fn what_is_typed_stands_under_the_question_however_long_it_is() {
    let scene = watching();
    let mut ui = leaving_watch(&scene, 'o');
    type_in(&mut ui, &scene, "p99 is our own load test");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains(" > p99 is our own load test"), "{screen}");
    let mut closing = super::stage::ui();
    type_in(&mut closing, &scene, "Qfalse alarm");
    let screen = render(&closing, &scene, 1000, SMALL);
    assert!(screen.contains("RED NOW  coverage 0.51 BREACH") && screen.contains(" > false alarm"), "{screen}");
}

#[test]
fn closing_keeps_up_with_how_things_stand() {
    let (mut ui, mut scene) = (ui(), watching());
    type_in(&mut ui, &scene, "Q");
    assert!(render(&ui, &scene, 1000, SMALL).contains("the hold is not met"));
    landed(&mut scene);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(!screen.contains("the hold is not met") && !screen.contains("not recovered"), "{screen}");
    assert!(screen.contains("Enter closes as recovered"), "{screen}");
    type_in(&mut ui, &scene, "all good");
    let closed = enter(&mut ui, &scene);
    assert_eq!(submitted(&closed), [&Command::Close { override_reason: Some("all good".into()) }]);
}

#[test]
fn a_paste_into_the_closing_question_closes_nothing() {
    let mut recovered = watching();
    landed(&mut recovered);
    for (scene, typed) in [(recovered, ""), (watching(), "1 y Q")] {
        let mut ui = ui();
        type_in(&mut ui, &scene, "Q");
        let asked = render(&ui, &scene, 1000, SMALL);
        ui.on_paste("1\ny\nQ");
        let after = render(&ui, &scene, 1000, SMALL);
        assert!(if typed.is_empty() { after == asked } else { after.contains(typed) }, "{after}");
    }
}

#[test]
fn a_close_that_is_no_longer_clean_says_so() {
    let mut scene = watching();
    landed(&mut scene);
    let mut ui = ui();
    type_in(&mut ui, &scene, "Q");
    assert!(render(&ui, &scene, 1000, SMALL).contains("CLOSE  hold met, no debts open"));
    let turned = watching();
    let screen = render(&ui, &turned, 1000, SMALL);
    assert!(screen.contains("not as recovered any more") && !screen.contains("hold met, no"), "{screen}");
}

#[test]
fn an_arming_that_ran_out_says_so_until_a_key_is_pressed() {
    let (mut ui, scene) = armed_ui(|_| {});
    assert_eq!(ui.on_scene(&scene, 31_000), [Intent::Disarm]);
    for human_ms in [31_000, 90_000, 3_600_000] {
        assert!(render(&ui, &scene, human_ms, SMALL).contains("disarmed: 30 s passed; nothing was sent"), "{human_ms}");
    }
    let refused = Scene { toast: Some((40_000, "refused".into())), ..scene.clone() };
    assert!(render(&ui, &refused, 41_000, SMALL).contains("refused"), "news come first");
    assert!(render(&ui, &refused, 50_000, SMALL).contains("disarmed: 30 s"), "and go first");
    ui.on_key(press('j'), &scene, 3_600_000);
    assert!(!render(&ui, &scene, 3_600_001, SMALL).contains("disarmed: 30 s"));
}

#[test]
fn a_question_uses_the_width_and_stands_in_the_middle() {
    for (width, wide) in [(80, 80), (120, 120), (200, 120)] {
        let mut ui = ui();
        type_in(&mut ui, &watching(), "Q");
        let screen = render(&ui, &watching(), 1000, (width, 40));
        let rule = "-".repeat(usize::from(wide));
        let left = screen.lines().find_map(|line| line.find(&rule).filter(|_| !line.contains(&format!("{rule}-"))));
        assert_eq!(left, Some(usize::from((width - wide) / 2)), "{width}:\n{screen}");
    }
}

#[test]
fn a_view_leaves_no_column_of_a_wide_screen_empty() {
    for width in [120_u16, 160, 200] {
        let mut ui = ui();
        type_in(&mut ui, &watching(), "L");
        let screen = render(&ui, &watching(), 1000, (width, 40));
        let title = screen.lines().find(|line| line.contains("LEVERS")).expect("a heading");
        assert!(title.find("METRICS").is_some_and(|place| place <= 83), "{title}");
        let filled = screen.lines().skip(4).any(|line| line.chars().count() + 12 >= usize::from(width));
        assert!(filled, "{width}:\n{screen}");
    }
}

#[test]
fn a_reopened_step_is_marked_and_the_help_says_what_with() {
    let mut scene = watching();
    change(&mut scene, |state| super::stage::settle(state, "rotate", StepStatus::Reopened, 266));
    let screen = render(&ui(), &scene, 1000, SMALL);
    assert!(screen.contains("5 [!] rotate cache ns   REOPENED"), "{screen}");
    let mut help = ui();
    type_in(&mut help, &scene, "?");
    for _ in 0..60 {
        help.on_key(press('j'), &scene, 1000);
    }
    let screen = render(&help, &scene, 1000, SMALL);
    for glyph in ["[ ] to do", "[>]", "[*]", "[x]", "[o]", "[!] failed, or open again", "[-]", "[d] deferred"] {
        assert!(screen.contains(glyph), "{glyph}:\n{screen}");
    }
}

#[test]
fn a_message_is_written_from_what_is_known() {
    let mut scene = watching();
    let playbook = Arc::make_mut(&mut scene.playbook);
    playbook.comms[&id("first")].body =
        "{{ service }} by {{ lever }}: {{ triggers }}\n{{ metrics }}\nImpact: [[who / what]], until [[when]]".into();
    let mut ui = ui();
    type_in(&mut ui, &scene, "ce");
    let screen = render(&ui, &scene, 1000, SMALL);
    for words in [
        "docs-rag by Index alias back to docs_vA: coverage",
        "coverage 0.51 BREACH",
        "X 2 blanks: [[who / what]] [[when]]",
    ] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    assert!(!screen.contains("{{"), "{screen}");
}

#[test]
fn a_message_that_cannot_be_written_says_why() {
    let mut scene = watching();
    Arc::make_mut(&mut scene.playbook).comms[&id("first")].body = "{{ who }}".into();
    let mut ui = ui();
    type_in(&mut ui, &scene, "ce");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("write it yourself: message `first`: undefined value"), "{screen}");
    type_in(&mut ui, &scene, "by hand");
    assert!(render(&ui, &scene, 1000, SMALL).contains("  by hand"));

    let mut ui = super::stage::ui();
    type_in(&mut ui, &scene, "cP");
    scene.refused = Some((1000, "message `first`: undefined value".into()));
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("CANNOT SEND") && screen.contains("message `first`: undefined value"), "{screen}");
}
