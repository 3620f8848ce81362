//! What keys do, and above all what they do not.

use super::stage::{
    armed, asking, at, change, ctrl, declared, id, key, press, pull, render, settle, turn, ui, undeclared, watching,
};
use crate::cockpit::keymap::{KEYMAP, Key, Place};
use crate::cockpit::{Armed, Intent, Interlock, Scene, Ui};
use crate::incident::{Command, StepStatus, Way};
use crate::kind::{Outcome, Seen};
use crate::playbook::Playbook;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use std::collections::HashSet;
use std::sync::Arc;

fn type_in(ui: &mut Ui, scene: &Scene, text: &str) -> Vec<Intent> {
    text.chars().flat_map(|c| ui.on_key(press(c), scene, 1000)).collect()
}

fn enter(ui: &mut Ui, scene: &Scene) -> Vec<Intent> {
    ui.on_key(key(KeyCode::Enter), scene, 1000)
}

fn submitted(intents: &[Intent]) -> Vec<&Command> {
    let mut commands = Vec::new();
    for intent in intents {
        if let Intent::Submit(command) = intent {
            commands.push(command);
        }
    }
    commands
}

/// Lever 4 armed at 1000 ms of human time.
fn armed_ui(change_armed: impl FnOnce(&mut Armed)) -> (Ui, Scene) {
    let mut scene = declared();
    let mut ui = ui();
    type_in(&mut ui, &scene, "L4");
    let mut lever = armed(1000);
    change_armed(&mut lever);
    scene.armed = Some(lever);
    ui.on_scene(&scene, 1000);
    (ui, scene)
}

#[test]
fn every_key_means_one_thing_in_a_place() {
    let together: [&[Place]; 11] = [
        &[Place::Steps, Place::Main, Place::Always],
        &[Place::Levers, Place::Always],
        &[Place::Debts, Place::Always],
        &[Place::Comms, Place::Main, Place::Always],
        &[Place::Preview, Place::Always],
        &[Place::Arm, Place::Always],
        &[Place::Fired, Place::Always],
        &[Place::Menu, Place::Always],
        &[Place::Text, Place::Always],
        &[Place::Help, Place::Always],
        &[Place::Quit, Place::Always],
    ];
    for places in together {
        let mut seen = HashSet::new();
        for binding in KEYMAP.iter().filter(|binding| places.contains(&binding.place)) {
            for key in binding.keys {
                let each: Vec<Key> = match key {
                    Key::Digit(most) => ('1'..='9').take(usize::from(*most)).map(Key::Char).collect(),
                    Key::Char(_) | Key::Ctrl(_) | Key::Code(_) => vec![*key],
                };
                for key in each {
                    assert!(seen.insert(key), "{key:?} means two things in {places:?}");
                }
            }
        }
    }
}

#[test]
fn a_lever_is_armed_and_fired_in_three_keys() {
    let scene = declared();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "L4"), [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
    let (mut ui, scene) = armed_ui(|_| {});
    assert_eq!(ui.on_key(press('F'), &scene, 1700), [Intent::Fire { override_reason: None }]);
    assert_eq!(ui.on_key(press('F'), &scene, 1800), [], "a second F fires nothing");
}

#[test]
fn enter_never_fires() {
    let (ui, scene) = armed_ui(|_| {});
    for human_ms in [1000, 1700, 5000, 30_000] {
        let intents = ui.clone().on_key(key(KeyCode::Enter), &scene, human_ms);
        assert_eq!(intents, [], "at {human_ms}");
    }
}

#[test]
fn keys_in_the_first_700_ms_are_dropped() {
    let (ui, scene) = armed_ui(|_| {});
    for c in (' '..='~').filter(|c| !c.is_control()) {
        assert_eq!(ui.clone().on_key(press(c), &scene, 1699), [], "{c}");
    }
    assert_eq!(ui.clone().on_key(key(KeyCode::Esc), &scene, 1699), [Intent::Disarm], "disarming is never too early");
    assert_eq!(ui.clone().on_key(ctrl('c'), &scene, 1699), [Intent::Disarm], "Ctrl-C is never dead");
}

#[test]
fn reading_again_wins_no_time_and_locks_no_keys_unless_the_request_changes() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    scene.armed = Some(armed(12_000));
    ui.on_scene(&scene, 12_000);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 12_001), [Intent::Fire { override_reason: None }]);
    assert_eq!(ui.clone().on_scene(&scene, 31_000), [Intent::Disarm]);
    scene.armed = Some(Armed { request_sha256: "other".into(), ..armed(13_000) });
    ui.on_scene(&scene, 13_000);
    assert_eq!(ui.on_key(press('F'), &scene, 13_100), []);
}

#[test]
fn arming_expires_after_30_s() {
    let (mut ui, scene) = armed_ui(|_| {});
    assert_eq!(ui.on_scene(&scene, 30_999), []);
    assert_eq!(ui.on_scene(&scene, 31_000), [Intent::Disarm]);
    assert_eq!(ui.on_key(press('F'), &scene, 31_001), []);
}

#[test]
fn an_old_read_out_is_read_again() {
    let (mut ui, scene) = armed_ui(|armed| armed.was = Some(("docs_vB".into(), at(280))));
    assert_eq!(ui.on_scene(&scene, 3000), [Intent::ReRead]);
    assert_eq!(ui.on_scene(&scene, 3100), [], "not with every frame");
}

#[test]
fn an_interlock_that_does_not_hold_costs_a_reason() {
    let unseen = Interlock { title: "pins".into(), holds: None, saw: "NODATA".into() };
    let (mut ui, scene) = armed_ui(|armed| armed.interlocks.push(unseen));
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    ui.on_key(press('o'), &scene, 2000);
    assert_eq!(type_in(&mut ui, &scene, "pins are down"), []);
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 3000), [], "Enter accepts the reason and fires nothing");
    let fired = ui.on_key(press('F'), &scene, 3000);
    assert_eq!(fired, [Intent::Fire { override_reason: Some("pins are down".into()) }]);
}

#[test]
fn a_blocked_lever_and_an_unsaved_journal_fire_nothing() {
    let (mut ui, scene) = armed_ui(|armed| armed.blocked = Some("locked".into()));
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    let (mut ui, mut scene) = armed_ui(|_| {});
    scene.journal_saved = false;
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
}

#[test]
fn an_irreversible_lever_wants_its_target_typed() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    let playbook: &mut Playbook = Arc::make_mut(&mut scene.playbook);
    playbook.levers[&id("alias")].irreversible = true;
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    ui.on_key(press('t'), &scene, 2000);
    type_in(&mut ui, &scene, "docs_vX");
    enter(&mut ui, &scene);
    assert_eq!(ui.on_key(press('F'), &scene, 2000), [], "a wrong target keeps the field open");
    ui.on_key(ctrl('u'), &scene, 2000);
    type_in(&mut ui, &scene, "docs_vA");
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 2000), []);
    assert_eq!(ui.on_key(press('F'), &scene, 2000), [Intent::Fire { override_reason: None }]);
}

#[test]
fn an_unknown_pull_is_read_back_and_not_fired_again() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    ui.on_key(press('F'), &scene, 2000);
    change(&mut scene, |state| {
        let mut pull = pull("alias", "docs_vA", "flip");
        (pull.outcome, pull.read_back) = (Some((Outcome::Unknown, "timeout".into())), None);
        state.pulls.insert(1, pull);
    });
    assert_eq!(ui.on_key(press('F'), &scene, 3000), []);
    assert_eq!(ui.on_key(press('r'), &scene, 3000), [Intent::ReRead]);
    assert_eq!(ui.on_key(key(KeyCode::Esc), &scene, 3000), [], "leaving a fired lever disarms nothing");
}

#[test]
fn a_key_held_down_fires_nothing() {
    let (mut ui, scene) = armed_ui(|_| {});
    let held = KeyEvent { kind: KeyEventKind::Repeat, ..press('F') };
    assert_eq!(ui.on_key(held, &scene, 2000), []);
}

#[test]
fn paste_is_text_and_never_keys() {
    let (mut ui, scene) = armed_ui(|_| {});
    let before = render(&ui, &scene, 2000, (80, 24));
    ui.on_paste("F\nq\ny\n");
    assert_eq!(render(&ui, &scene, 2000, (80, 24)), before);
    ui.on_key(press('o'), &scene, 2000);
    ui.on_paste("two\nlines \u{1b}[31m");
    ui.on_key(key(KeyCode::Enter), &scene, 2000);
    let fired = ui.on_key(press('F'), &scene, 2000);
    assert_eq!(fired, [Intent::Fire { override_reason: Some(Text::from("two lines \u{1b}[31m")) }]);
}

#[test]
fn esc_never_leaves() {
    for scene in [undeclared(), watching()] {
        for keys in ["", "?", "L", "H", "D", "c", "cP", "5", "q", "i", "Q", "I", "1z"] {
            let mut ui = ui();
            type_in(&mut ui, &scene, keys);
            let intents: Vec<Intent> = (0..6).flat_map(|_| ui.on_key(key(KeyCode::Esc), &scene, 1000)).collect();
            assert!(!intents.contains(&Intent::Quit), "{keys}");
        }
    }
}

#[test]
fn q_asks_before_leaving() {
    let scene = watching();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "Hq"), [], "q closes the hold first");
    assert_eq!(type_in(&mut ui, &scene, "q"), []);
    assert_eq!(enter(&mut ui, &scene), [], "Enter leaves no incident");
    assert_eq!(type_in(&mut ui, &scene, "y"), [Intent::Quit]);
}

#[test]
fn the_third_ctrl_c_leaves() {
    let scene = watching();
    let mut ui = ui();
    assert_eq!(ui.on_key(ctrl('c'), &scene, 1000), []);
    assert_eq!(ui.on_key(ctrl('c'), &scene, 2900), []);
    assert!(render(&ui, &scene, 2900, (80, 24)).contains("LEAVE GOAROUND?"));
    assert_eq!(ui.on_key(ctrl('c'), &scene, 60_000), [Intent::Quit]);
    let mut slow = super::stage::ui();
    for human_ms in [1000, 4000, 7000, 10_000] {
        assert_eq!(slow.on_key(ctrl('c'), &scene, human_ms), [], "slow ones only cancel");
    }
}

#[test]
fn selection_is_bound_to_identity() {
    let mut scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "3jj");
    assert_eq!(ui.selected.lever, Some(id("pointer")));
    Arc::make_mut(&mut scene.playbook).levers.shift_remove(&id("freeze"));
    enter(&mut ui, &scene);
    assert_eq!(enter(&mut ui, &scene), [Intent::Arm { lever: id("pointer"), way: Way::Do, step: None }]);
}

#[test]
fn a_step_key_meant_for_the_step_before_is_dropped() {
    let mut scene = declared();
    let mut ui = ui();
    ui.on_scene(&scene, 1000);
    change(&mut scene, |state| settle(state, "capture", StepStatus::Sensed, 250));
    ui.on_scene(&scene, 5000);
    assert_eq!(ui.on_key(press('r'), &scene, 5100), []);
    assert_eq!(submitted(&ui.on_key(press('r'), &scene, 5300)).len(), 1);
}

#[test]
fn running_a_step_begins_it_and_arms_its_lever() {
    let mut scene = declared();
    let mut ui = ui();
    let start = |name: &str| Intent::Submit(Command::StartStep { step: id(name), out_of_order: None });
    assert_eq!(type_in(&mut ui, &scene, "r"), [start("capture")]);
    change(&mut scene, |state| settle(state, "capture", StepStatus::Sensed, 250));
    let arm = Intent::Arm { lever: id("freeze"), way: Way::Do, step: Some(id("freeze")) };
    assert_eq!(type_in(&mut ui, &scene, "r"), [start("freeze"), arm]);
}

#[test]
fn the_lever_picked_is_the_one_armed() {
    let mut scene = declared();
    change(&mut scene, |state| {
        ["capture", "freeze", "pick"].into_iter().for_each(|step| settle(state, step, StepStatus::Sensed, 250));
        state.pick = Some(id("pins"));
    });
    let intents = type_in(&mut ui(), &scene, "r");
    assert!(intents.contains(&Intent::Arm { lever: id("pins"), way: Way::Do, step: Some(id("flip")) }), "{intents:?}");
}

#[test]
fn a_pick_is_chosen_by_rank_and_its_order_stays_while_it_is_open() {
    let mut scene = declared();
    change(&mut scene, |state| {
        ["capture", "freeze"].into_iter().for_each(|step| settle(state, step, StepStatus::Sensed, 250));
    });
    let mut ui = ui();
    type_in(&mut ui, &scene, "r");
    scene.ranked.reverse();
    let intents = ui.on_key(press('1'), &scene, 3500);
    assert_eq!(submitted(&intents), [&Command::Pick { step: id("pick"), lever: id("alias"), took_ms: 2500 }]);
}

#[test]
fn leaving_the_order_costs_a_reason() {
    let scene = declared();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "jr"), []);
    assert_eq!(enter(&mut ui, &scene), [], "an empty reason is refused");
    type_in(&mut ui, &scene, "capture hangs");
    let intents = enter(&mut ui, &scene);
    let reason = Some(Text::from("capture hangs"));
    assert_eq!(submitted(&intents), [&Command::StartStep { step: id("freeze"), out_of_order: reason }]);
    assert!(matches!(intents[1], Intent::Arm { .. }));
}

#[test]
fn skip_override_defer_and_reopen_carry_their_reason() {
    let mut scene = declared();
    let said = |scene: &Scene, act: &str| {
        let mut ui = ui();
        type_in(&mut ui, scene, act);
        type_in(&mut ui, scene, "why");
        enter(&mut ui, scene)
    };
    let (step, why) = (id("capture"), Text::from("why"));
    let skip = Command::Skip { step: step.clone(), reason: why.clone() };
    let over = Command::Override { step: step.clone(), reason: why.clone() };
    let defer = Command::Defer { step: step.clone(), trigger: why.clone() };
    assert_eq!(submitted(&said(&scene, "s")), [&skip]);
    assert_eq!(submitted(&said(&scene, "o")), [&over]);
    assert_eq!(submitted(&said(&scene, "d")), [&defer]);
    change(&mut scene, |state| settle(state, "capture", StepStatus::Skipped, 250));
    assert_eq!(submitted(&said(&scene, "ku")), [&Command::Reopen { step, why }]);
}

#[test]
fn a_sensed_step_cannot_be_ticked_by_hand_unless_its_sensor_is_lost() {
    let mut scene = declared();
    change(&mut scene, |state| settle(state, "capture", StepStatus::Sensed, 250));
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, " "), []);
    assert!(ui.stack.is_empty());
    change(&mut scene, |state| turn(state, "writers", Seen::Failed("refused".into())));
    type_in(&mut ui, &scene, " ");
    let intents = ui.on_key(press('1'), &scene, 4000);
    let saw = Text::from("writers = -");
    assert_eq!(submitted(&intents), [&Command::Confirm { step: id("freeze"), saw, took_ms: 3000 }]);
}

#[test]
fn cannot_tell_confirms_nothing() {
    let mut scene = declared();
    change(&mut scene, |state| {
        settle(state, "capture", StepStatus::Sensed, 250);
        turn(state, "writers", Seen::Failed("refused".into()));
    });
    let mut ui = ui();
    type_in(&mut ui, &scene, " ");
    let intents = type_in(&mut ui, &scene, "3");
    assert!(matches!(submitted(&intents)[..], [Command::Note { .. }]), "{intents:?}");
}

#[test]
fn a_question_takes_one_of_its_answers() {
    let mut scene = declared();
    Arc::make_mut(&mut scene.playbook).steps.insert(0, asking());
    let mut ui = ui();
    let begun = type_in(&mut ui, &scene, " ");
    assert_eq!(submitted(&begun), [&Command::StartStep { step: id("warm"), out_of_order: None }]);
    let answered = type_in(&mut ui, &scene, "2");
    assert_eq!(submitted(&answered), [&Command::Confirm { step: id("warm"), saw: "cold".into(), took_ms: 0 }]);
}

#[test]
fn nothing_runs_before_a_declaration_and_breach_offers_it() {
    let scene = undeclared();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "r"), []);
    type_in(&mut ui, &scene, "I2");
    let declared = enter(&mut ui, &scene);
    assert_eq!(submitted(&declared), [&Command::Declare { severity: 2, size_up: "coverage BREACH".into() }]);
}

#[test]
fn u_arms_the_undo_of_the_first_open_debt() {
    let arm = Intent::Arm { lever: id("freeze"), way: Way::Undo, step: None };
    assert_eq!(type_in(&mut ui(), &watching(), "U"), std::slice::from_ref(&arm));
    assert_eq!(type_in(&mut ui(), &watching(), "HU"), [arm]);
    assert_eq!(type_in(&mut ui(), &declared(), "U"), []);
}

#[test]
fn closing_with_something_open_costs_a_reason() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "Q");
    assert_eq!(enter(&mut ui, &scene), []);
    type_in(&mut ui, &scene, "false alarm");
    let closed = enter(&mut ui, &scene);
    assert_eq!(submitted(&closed), [&Command::Close { override_reason: Some("false alarm".into()) }]);
}

#[test]
fn a_message_is_previewed_before_it_is_sent() {
    let scene = watching();
    let mut ui = ui();
    assert_eq!(type_in(&mut ui, &scene, "cF"), []);
    assert_eq!(type_in(&mut ui, &scene, "PF"), [Intent::SendComm { comm: id("first") }]);
}

#[test]
fn the_worst_alert_is_acknowledged_first() {
    let acknowledged = type_in(&mut ui(), &watching(), "a");
    assert_eq!(submitted(&acknowledged), [&Command::Acknowledge { metric: id("coverage") }]);
}

#[test]
fn a_disabled_key_says_why_and_so_does_the_help() {
    let scene = declared();
    let mut ui = ui();
    type_in(&mut ui, &scene, "u");
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("capture state is open"));
    type_in(&mut ui, &scene, "?");
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("OFF capture state is open"));
}

#[test]
fn notes_and_size_ups_are_written_down() {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "ieu cache still old?");
    let noted = enter(&mut ui, &scene);
    assert_eq!(submitted(&noted), [&Command::Note { text: "eu cache still old?".into() }]);
    type_in(&mut ui, &scene, "I, eu only");
    let sized = enter(&mut ui, &scene);
    let size_up = Text::from("coverage falls since 03:14, mixed answers, eu only");
    assert_eq!(submitted(&sized), [&Command::SizeUp { size_up }]);
}
