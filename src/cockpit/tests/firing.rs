//! What it takes to fire a lever, and above all what does not fire it.

use super::stage::{armed, armed_ui, at, change, ctrl, declared, enter, id, key, press, pull, render, type_in, ui};
use crate::cockpit::ui::Dialog;
use crate::cockpit::{Armed, Intent, Interlock, Scene, Ui};
use crate::incident::{Command, PullState, ReadBack, Way};
use crate::kind::Outcome;
use crate::playbook::Playbook;
use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use std::sync::Arc;

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
    let unseen = Interlock { title: "pins".into(), holds: None, saw: "NODATA".into(), read: None };
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
fn a_pull_that_has_worked_is_not_armed_again_by_looking_again() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    ui.on_key(press('F'), &scene, 2000);
    change(&mut scene, |state| drop(state.pulls.insert(9, pull("alias", "docs_vA", "flip"))));
    assert_eq!(ui.on_key(press('r'), &scene, 3000), []);
    assert!(render(&ui, &scene, 3000, (120, 40)).contains("it has worked"));
    change(&mut scene, |state| state.pulls.get_mut(&9).unwrap().read_back = Some(ReadBack::Disagrees));
    assert_eq!(ui.on_key(press('r'), &scene, 3000), [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
}

#[test]
fn a_key_held_down_fires_nothing() {
    let (mut ui, scene) = armed_ui(|_| {});
    let held = KeyEvent { kind: KeyEventKind::Repeat, ..press('F') };
    assert_eq!(ui.on_key(held, &scene, 2000), []);
}

#[test]
fn paste_is_text_and_never_keys() {
    let (mut ui, scene) = armed_ui(|armed| armed.interlocks.push(unseen("pins")));
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
fn a_target_typed_for_another_target_is_not_typed() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].irreversible = true;
    ui.on_key(press('t'), &scene, 2000);
    type_in(&mut ui, &scene, "docs_vA");
    enter(&mut ui, &scene);
    let moved = Armed { want: "docs_vZ".into(), request_sha256: "other".into(), ..armed(3000) };
    scene.armed = Some(moved);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 9000), [], "seen for the first time as it is fired");
    ui.on_scene(&scene, 3000);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 9000), [], "seen before it is fired");
    assert!(render(&ui, &scene, 9000, (80, 24)).contains("t types its target first."));
    scene.armed = Some(armed(10_000));
    ui.on_scene(&scene, 10_000);
    assert_eq!(ui.on_key(press('F'), &scene, 11_000), [], "what was typed once does not come back with its target");
}

#[test]
fn a_target_that_moves_while_it_is_typed_is_not_typed() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].irreversible = true;
    ui.on_key(press('t'), &scene, 2000);
    scene.armed = Some(Armed { want: "docs_vZ".into(), ..armed(2500) });
    ui.on_scene(&scene, 2500);
    type_in(&mut ui, &scene, "docs_vA");
    enter(&mut ui, &scene);
    assert_eq!(ui.on_key(press('F'), &scene, 9000), []);
}

/// Lever 4 armed with one open interlock, and a reason given for it.
fn overridden() -> (Ui, Scene) {
    let (mut ui, scene) = armed_ui(|armed| armed.interlocks.push(unseen("pins")));
    ui.on_key(press('o'), &scene, 2000);
    type_in(&mut ui, &scene, "pins are down");
    enter(&mut ui, &scene);
    (ui, scene)
}

fn unseen(title: &str) -> Interlock {
    Interlock { title: title.into(), holds: None, saw: "NODATA".into(), read: None }
}

#[test]
fn a_reason_is_good_for_the_request_and_the_interlocks_it_was_given_for() {
    let fire = [Intent::Fire { override_reason: Some("pins are down".into()) }];
    let (mut ui, mut scene) = overridden();
    assert_eq!(ui.clone().on_key(press('F'), &scene, 3000), fire);
    let again = |interlocks: &[&str]| {
        let mut again = armed(4000);
        again.interlocks.extend(interlocks.iter().map(|title| unseen(title)));
        Some(again)
    };
    scene.armed = again(&["pins"]);
    ui.on_scene(&scene, 4000);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 5000), fire, "the same, read again");
    scene.armed = again(&["pins", "blue ready"]);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 5000), [], "another interlock is open");
    scene.armed = again(&["pins"]).map(|armed| Armed { request_sha256: "other".into(), ..armed });
    assert_eq!(ui.clone().on_key(press('F'), &scene, 5000), [], "another request");
    ui.on_scene(&scene, 5000);
    scene.armed = again(&["pins"]);
    ui.on_scene(&scene, 6000);
    assert_eq!(ui.on_key(press('F'), &scene, 9000), [], "a reason that was dropped does not come back");
}

#[test]
fn a_reason_typed_while_the_request_changed_is_refused() {
    let (mut ui, mut scene) = armed_ui(|armed| armed.interlocks.push(unseen("pins")));
    ui.on_key(press('o'), &scene, 2000);
    type_in(&mut ui, &scene, "pins are down");
    let mut moved = Armed { request_sha256: "other".into(), ..armed(2500) };
    moved.interlocks.push(unseen("pins"));
    scene.armed = Some(moved);
    ui.on_scene(&scene, 2500);
    enter(&mut ui, &scene);
    assert!(render(&ui, &scene, 2600, (80, 24)).contains("has changed meanwhile"));
    assert_eq!(ui.on_key(press('F'), &scene, 9000), []);
}

#[test]
fn what_nothing_can_read_back_asks_for_a_sentence_of_what_was_seen() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    let alias = id("alias");
    Arc::make_mut(&mut scene.playbook).levers[&alias].verify = None;
    assert_eq!(ui.on_key(press('v'), &scene, 2000), [], "nothing was pulled yet");
    ui.on_key(press('F'), &scene, 2100);
    change(&mut scene, |state| {
        state.pulls.clear();
        state.pulls.insert(1, PullState { read_back: None, ..pull("alias", "docs_vA", "flip") });
    });
    let shown = render(&ui, &scene, 2900, (100, 30));
    assert!(shown.contains("say what you SAW") && shown.contains("v it is as wanted"), "{shown}");
    ui.on_key(press('v'), &scene, 3000);
    type_in(&mut ui, &scene, "ok");
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 3000), [], "`ok` says nothing");
    type_in(&mut ui, &scene, ", docs_vA answers");
    let said = Command::Attest { attempt: 1, result: ReadBack::Agrees, saw: "ok, docs_vA answers".into() };
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 3000), [Intent::Submit(said)]);
}

#[test]
fn a_second_person_types_their_name_and_the_target() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    assert_eq!(ui.on_key(press('A'), &scene, 2000), [], "this lever needs nobody");
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].second_person = true;
    ui.on_key(press('A'), &scene, 2000);
    let commander = scene.commander.to_string();
    type_in(&mut ui, &scene, &commander);
    enter(&mut ui, &scene);
    ui.on_key(press('A'), &scene, 2000);
    type_in(&mut ui, &scene, "noor");
    enter(&mut ui, &scene);
    assert_eq!(ui.on_scene(&scene, 200_000), [], "two people are typing: it is not disarmed under their hands");
    type_in(&mut ui, &scene, "docs_vB");
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 3000), [], "a wrong target approves nothing");
    ui.on_key(ctrl('u'), &scene, 3000);
    type_in(&mut ui, &scene, "docs_vA");
    let approved = Command::Approve {
        approver: "noor".into(),
        lever: id("alias"),
        way: Way::Do,
        want: "docs_vA".into(),
        typed: "docs_vA".into(),
        request_sha256: "9f2c".into(),
    };
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 3000), [Intent::Submit(approved)]);
}

#[test]
fn a_program_of_many_lines_is_shown_whole_by_scrolling() {
    let program: Vec<String> = (1..=60).map(|line| format!("echo line {line}")).collect();
    let request: Text = format!("/bin/sh -euc '{}'", program.join("\n")).as_str().into();
    let (mut ui, scene) = armed_ui(|armed| armed.request = vec![request]);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        let screen = render(&ui, &scene, 2000, (80, 24));
        assert!(screen.contains("of 60; j k scroll, y copies all"), "{screen}");
        let number =
            |line: &str| line.split("echo line ").nth(1)?.trim_end_matches(['\\', 'n', '\'']).parse::<u32>().ok();
        seen.extend(screen.lines().filter_map(number));
        ui.on_key(press('j'), &scene, 2000);
    }
    assert_eq!(seen, (1..=60).collect(), "each line can be read before F");
    assert_eq!(
        ui.on_key(press('F'), &scene, 2000),
        [Intent::Fire { override_reason: None }],
        "reading disarms nothing"
    );
}

#[test]
fn only_a_lever_with_an_undo_is_called_reversible() {
    let title = |change: fn(&mut crate::playbook::Lever)| {
        let (ui, mut scene) = armed_ui(|_| {});
        let playbook: &mut Playbook = Arc::make_mut(&mut scene.playbook);
        change(&mut playbook.levers[&id("alias")]);
        render(&ui, &scene, 2000, (80, 24))
    };
    assert!(!title(|lever| lever.undo = None).contains("reversible"));
    assert!(title(|lever| lever.undo = None).contains("NO UNDO"));
    assert!(title(|lever| lever.irreversible = true).contains("IRREVERSIBLE"));
    assert!(title(|_| {}).contains("reversible"));
}

#[test]
fn what_a_stalled_terminal_does_not_show_is_not_fired() {
    let (mut ui, scene) = armed_ui(|_| {});
    ui.not_seen(9_000);
    assert!(ui.on_key(press('F'), &scene, 9_100).is_empty(), "it shows an old picture");
    assert!(!render(&ui, &scene, 9_100, (80, 24)).contains("F fires."), "and says nothing else when it goes on");
    assert!(!ui.on_key(press('F'), &scene, 9_700).is_empty(), "it has been there to be read");
}

#[test]
fn an_arming_that_ran_out_under_the_help_leaves_no_search_behind() {
    let (mut ui, scene) = armed_ui(|_| {});
    for c in ['?', '/', 'f'] {
        ui.on_key(press(c), &scene, 2000);
    }
    assert_eq!(ui.on_scene(&scene, 31_000), [Intent::Disarm]);
    ui.on_key(press('H'), &scene, 32_000);
    assert!(matches!(ui.stack.last(), Some(Dialog::Hold)), "keys are keys again");
}
