//! What a person is told to press next, in each state an incident goes through.

use super::lists::listed;
use super::stage::{armed_ui, change, id, landed, press, render, settle, type_in, ui, undeclared, watching};
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::StepStatus;
use crate::kind::Reading;
use crate::metrics::VerdictState;
use crate::playbook::FollowUp;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// The last line of the screen.
fn foot(ui: &Ui, scene: &Scene) -> String {
    let screen = render(ui, scene, 9000, SMALL);
    screen.lines().last().unwrap_or_default().to_owned()
}

fn recovered() -> Scene {
    let mut scene = watching();
    landed(&mut scene);
    change(&mut scene, |state| settle(state, "watch", StepStatus::Sensed, 290));
    scene
}

#[test]
fn the_footer_begins_with_the_key_that_comes_next() {
    let owed = {
        let mut scene = recovered();
        change(&mut scene, |state| state.debts.values_mut().for_each(|debt| debt.paid = None));
        scene
    };
    let closed = {
        let mut scene = recovered();
        change(&mut scene, |state| state.closed = Some(true));
        scene
    };
    for (scene, begins) in
        [(undeclared(), "I declare"), (owed, "U arm undo  D debts"), (recovered(), "Q close"), (closed, "q debrief")]
    {
        let told = foot(&ui(), &scene);
        assert!(told.starts_with(begins), "{begins}: {told}");
        assert!(!told.contains("r run"), "{told}");
    }
}

#[test]
fn a_hold_that_is_met_offers_no_more_time_and_what_comes_after_it() {
    let scene = recovered();
    let mut ui = ui();
    type_in(&mut ui, &scene, "H");
    let told = foot(&ui, &scene);
    assert!(!told.contains("extend") && !told.contains("override") && told.starts_with("Q close"), "{told}");
}

/// The hold runs and nothing is broken.
fn holding() -> Scene {
    let mut scene = watching();
    change(&mut scene, |state| {
        state.verdicts.values_mut().for_each(|known| known.verdict.state = VerdictState::Ok);
    });
    scene
}

#[test]
fn while_the_hold_only_watches_the_footer_begins_with_what_is_of_use_meanwhile() {
    for (scene, keys, begins) in [
        (holding(), "", "H hold  i note  L levers  ? help"),
        (holding(), "H", "+ extend 5m  i note  L levers  o override"),
        (watching(), "", "L levers  H hold  i note  ? help"),
        (watching(), "H", "L levers  + extend 5m  i note  o override"),
    ] {
        let mut ui = ui();
        type_in(&mut ui, &scene, keys);
        let told = foot(&ui, &scene);
        assert!(told.starts_with(begins), "{keys:?} {begins}: {told}");
        assert_eq!(told.matches("L levers").count(), 1, "{told}");
    }
}

#[test]
fn leaving_while_something_is_in_breach_says_that_nothing_was_declared() {
    let scene = undeclared();
    let mut ui = ui();
    type_in(&mut ui, &scene, "q");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("coverage is in breach and nothing was declared: I declares"), "{screen}");
    assert!(!screen.contains("nothing is open"), "{screen}");
}

#[test]
fn a_follow_up_is_told_as_the_command_that_ticks_it_off() {
    let scene = listed();
    let mut ui = ui().kept_in("incidents/it's one");
    type_in(&mut ui, &scene, "W");
    let screen = render(&ui, &scene, 1000, (120, 40));
    let command = r"goaround follow-up 'incidents/it'\''s one' --done ";
    assert!(screen.contains(command) && !screen.contains("--done ID"), "{screen}");
}

#[test]
fn every_follow_up_is_shown_with_the_id_that_ticks_it_off_however_many_there_are() {
    let mut scene = listed();
    let one = scene.playbook.lists.follow_ups[0].clone();
    let ids: Vec<String> =
        (10..50).map(|n| format!("due-{n}")).chain(["what-is-due-the-next-morning".to_owned()]).collect();
    Arc::make_mut(&mut scene.playbook).lists.follow_ups =
        ids.iter().map(|name| FollowUp { id: id(name), ..one.clone() }).collect();
    for size in [(40, 12), SMALL, (200, 60)] {
        let mut ui = ui();
        type_in(&mut ui, &scene, "W");
        let mut seen = String::new();
        for _ in 0..100 {
            seen.push_str(&render(&ui, &scene, 1000, size));
            type_in(&mut ui, &scene, "j");
        }
        let missing: Vec<&String> = ids.iter().filter(|name| !seen.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{size:?}: {missing:?} in\n{}", render(&ui, &scene, 1000, size));
    }
}

#[test]
fn what_is_copied_of_a_lever_under_arms_is_a_line_for_a_shell() {
    let (mut ui, scene) = armed_ui(|_| {});
    let line = scene.armed.as_ref().and_then(|armed| armed.pasted.clone()).expect("redis-cli does it");
    assert_eq!(ui.on_key(press('y'), &scene, 2000), [Intent::Copy(line)]);
}

#[test]
fn what_is_not_at_its_exit_yet_is_charted_before_what_was_never_wrong() {
    let mut scene = watching();
    let (playbook, now) = (scene.playbook.clone(), scene.now.wall_ms);
    let reading = Reading::Value { value: 0.65, sampled_ms: now };
    Arc::make_mut(&mut scene.board).take(&playbook, &id("coverage"), reading, now);
    let verdict = scene.board.verdict(&id("coverage")).expect("it was read").clone();
    change(&mut scene, |state| state.verdicts.get_mut(&id("coverage")).expect("it was judged").verdict = verdict);
    let screen = render(&ui(), &scene, 1000, (120, 40));
    let chart = screen.find(" coverage 0.65 ").expect("its chart");
    let others = ["5xx 0.", "p99 7", "p95 5"].iter().filter_map(|title| screen.find(&format!("+ {title}")));
    assert!(others.into_iter().all(|place| place > chart), "{screen}");
}
