//! What a person is told to press next, in each state an incident goes through.

use super::lists::listed;
use super::stage::{armed_ui, change, id, landed, press, render, settle, type_in, ui, undeclared, watching};
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::StepStatus;
use crate::kind::Reading;
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
