//! What keys do, and above all what they do not.

use super::stage::{
    asking, at, change, ctrl, declared, enter, id, key, press, render, settle, submitted, turn, type_in, ui,
    undeclared, watching,
};
use crate::cockpit::{Intent, Scene};
use crate::incident::{BranchState, Command, StepStatus, Way};
use crate::kind::Seen;
use crate::playbook::Id;
use crate::text::Text;
use crossterm::event::KeyCode;
use std::sync::Arc;

/// The lever that was picked, if one was.
fn submitted_pick(intents: &[Intent]) -> Option<Id> {
    submitted(intents).into_iter().find_map(|command| match command {
        Command::Pick { lever, .. } => Some(lever.clone()),
        _ => None,
    })
}

#[test]
fn esc_never_leaves() {
    for scene in [undeclared(), watching()] {
        for keys in ["", "?", "L", "H", "D", "c", "cP", "5", "q", "i", "Q", "I", "1z"] {
            let mut ui = ui();
            type_in(&mut ui, &scene, keys);
            let intents: Vec<Intent> = (0..6).flat_map(|_| ui.on_key(key(KeyCode::Esc), &scene, 1000)).collect();
            assert!(!intents.contains(&Intent::Quit) && !intents.contains(&Intent::Exit), "{keys}");
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
    assert_eq!(ui.on_key(ctrl('c'), &scene, 60_000), [Intent::Exit]);
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
fn a_lever_armed_by_number_ticks_no_step_that_is_not_flown() {
    let mut scene = declared();
    change(&mut scene, |state| settle(state, "freeze", StepStatus::Running, 250));
    let arm = |step| [Intent::Arm { lever: id("freeze"), way: Way::Do, step }];
    assert_eq!(type_in(&mut ui(), &scene, "L1"), arm(Some(id("freeze"))));
    let steps = &mut Arc::make_mut(&mut scene.playbook).steps;
    steps.iter_mut().filter(|step| step.id == id("freeze")).for_each(|step| step.unless = Some(id("other")));
    let opened = BranchState { opened: at(270), why: "a person saw it".into() };
    change(&mut scene, |state| drop(state.branches.insert(id("other"), opened)));
    assert_eq!(type_in(&mut ui(), &scene, "L1"), arm(None));
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
    assert_eq!(ui.clone().on_key(press('1'), &scene, 3500), [], "lever 1 freezes writers: it cannot be picked");
    let intents = ui.on_key(press('4'), &scene, 3500);
    assert_eq!(
        submitted(&intents),
        [&Command::Pick { step: id("pick"), lever: id("alias"), took_ms: 2500, reason: None }]
    );
}

#[test]
fn a_lever_has_one_number_in_the_pick_and_in_levers() {
    let mut scene = declared();
    change(&mut scene, |state| {
        ["capture", "freeze"].into_iter().for_each(|step| settle(state, step, StepStatus::Sensed, 250));
    });
    let mut picking = ui();
    type_in(&mut picking, &scene, "r");
    let picks = render(&picking, &scene, 1000, (80, 24));
    let mut listing = ui();
    type_in(&mut listing, &scene, "L");
    let levers = render(&listing, &scene, 1000, (80, 24));
    for title in ["Kill switch: prompt", "Pointer back to blue", "Index alias back to"] {
        let number = |screen: &str| {
            let line = screen.lines().find(|line| line.contains(title)).expect("it is listed").to_owned();
            line.trim_start().chars().next()
        };
        assert_eq!(number(&picks), number(&levers), "{title}");
    }
}

#[test]
fn a_lever_beyond_the_ninth_is_picked_by_a_letter() {
    let mut scene = declared();
    change(&mut scene, |state| {
        ["capture", "freeze"].into_iter().for_each(|step| settle(state, step, StepStatus::Sensed, 250));
    });
    let playbook = Arc::make_mut(&mut scene.playbook);
    let alias = playbook.levers.shift_remove(&id("alias")).expect("it is there");
    for name in ["x1", "x2", "x3"] {
        playbook.levers.insert(id(name), alias.clone());
    }
    playbook.levers.insert(id("alias"), alias);
    let mut ui = ui();
    type_in(&mut ui, &scene, "r");
    let picked = submitted_pick(&ui.on_key(press('a'), &scene, 1000));
    assert_eq!(picked, Some(id("alias")), "it is lever 10");
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
    assert_eq!(submitted(&intents), [&Command::Confirm { step: id("freeze"), saw, took_ms: 3000, approver: None }]);
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
    assert_eq!(
        submitted(&answered),
        [&Command::Confirm { step: id("warm"), saw: "cold".into(), took_ms: 0, approver: None }]
    );
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
    assert_eq!(type_in(&mut ui, &scene, "P"), [Intent::ArmComm { comm: id("first"), words: None }]);
    assert_eq!(type_in(&mut ui, &scene, "F"), [], "it is not prepared yet");
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
    ui.on_key(press('G'), &scene, 1000);
    let screen = render(&ui, &scene, 1000, (80, 24));
    let off: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with("OFF")).collect();
    assert!(off.iter().any(|line| line.contains("u        capture state is open")), "{screen}");
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
