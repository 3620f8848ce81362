//! What is armed and cannot be seen, or is another by now: what the screen says, and what the keys do.

use super::seat::Seat;
use super::stage::{armed, armed_ui, at, change, declared, enter, id, press, pull, render, type_in, ui};
use crate::cockpit::{Armed, Intent, Interlock};
use crate::incident::{PullState, Way};
use crate::kind::Outcome;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);

/// That the alias was seen 16 s ago and not since.
fn lost(armed: &mut Armed) {
    let (title, saw) = ("position of index alias".into(), "no answer within 2000 ms".into());
    armed.position = Some(Interlock { title, holds: None, saw, read: Some(at(284)) });
    armed.was = Some(("docs_vB".into(), at(284)));
}

#[test]
fn a_position_not_seen_lately_costs_a_reason_to_fire_and_none_by_hand() {
    let (mut ui, scene) = armed_ui(lost);
    let screen = render(&ui, &scene, 2000, SMALL);
    assert!(!screen.contains("F fires."), "{screen}");
    assert!(screen.contains("was docs_vB, not seen since 16s") && screen.contains("o and a reason first"), "{screen}");
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    assert_eq!(ui.clone().on_key(press('x'), &scene, 2000), [Intent::ByHand { override_reason: None }]);
    ui.on_key(press('o'), &scene, 2000);
    type_in(&mut ui, &scene, "reads are down");
    enter(&mut ui, &scene);
    assert_eq!(ui.on_key(press('F'), &scene, 3000), [Intent::Fire { override_reason: Some("reads are down".into()) }]);
}

#[test]
fn an_interlock_shows_how_old_it_is_and_is_read_again() {
    let (ui, scene) = armed_ui(|_| {});
    assert!(render(&ui, &scene, 2000, SMALL).contains("+ writers -  age 3s"));
    let (mut ui, scene) = armed_ui(|armed| armed.interlocks[0].read = Some(at(289)));
    assert_eq!(ui.on_scene(&scene, 4000), [Intent::ReRead], "an old interlock as well as an old position");
}

#[test]
fn what_turns_under_arms_makes_keys_wait_again_and_is_said() {
    let (mut ui, mut scene) = armed_ui(|_| {});
    scene.armed = Some(Armed { was: Some(("docs_vX".into(), at(299))), ..armed(1000) });
    assert_eq!(ui.clone().on_key(press('F'), &scene, 9_000), [], "nobody has been shown it");
    ui.on_scene(&scene, 9_000);
    assert_eq!(ui.clone().on_key(press('F'), &scene, 9_699), []);
    let screen = render(&ui, &scene, 9_700, SMALL);
    assert!(screen.contains("it changed: it was docs_vB when armed"), "{screen}");
    assert_eq!(ui.on_key(press('F'), &scene, 9_700), [Intent::Fire { override_reason: None }]);
}

#[test]
fn a_reason_is_asked_for_only_where_it_lets_the_lever_go() {
    let (mut ui, scene) = armed_ui(|_| {});
    ui.on_key(press('o'), &scene, 2000);
    assert!(render(&ui, &scene, 2000, SMALL).contains("no reason is needed"));
    let (mut ui, scene) = armed_ui(|armed| armed.blocked = Some("pull 2 is in flight".into()));
    ui.on_key(press('o'), &scene, 2000);
    let screen = render(&ui, &scene, 2000, SMALL);
    assert!(screen.contains("a reason does not help: pull 2 is in flight"), "{screen}");
    assert!(!screen.contains("o override"), "{screen}");
}

#[test]
fn an_approval_that_is_missing_is_named_to_its_end_with_its_key_in_the_footer() {
    let why = "Index alias back to docs_vA needs approval of a second person (Database owner on call): A asks for it";
    let (mut ui, mut scene) = armed_ui(|armed| armed.blocked = Some(why.into()));
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].second_person = true;
    for size in [SMALL, (120, 40), (200, 60)] {
        let screen = render(&ui, &scene, 2000, size);
        let words: Vec<&str> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains("(Database owner on call): A asks for it"), "{screen}");
        let footer = screen.trim_end().lines().last().unwrap_or_default();
        assert!(footer.contains("A approve") && !footer.contains("override"), "{footer}");
    }
    ui.on_key(press('F'), &scene, 2000);
    let screen = render(&ui, &scene, 2000, SMALL);
    assert!(screen.contains("not fired: A first, a second person approves it"), "{screen}");
}

#[test]
fn what_was_fired_and_not_read_back_stands_above_everything_until_it_is_known() {
    let mut scene = declared();
    let lost = PullState { read_back: None, ..pull("alias", "docs_vA", "flip") };
    let lost = PullState { outcome: Some((Outcome::Unknown, "goaround ended".into())), ..lost };
    change(&mut scene, |state| drop(state.pulls.insert(9, lost)));
    for (width, height) in [SMALL, (120, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, (width, height));
        let told = screen.lines().take(4).any(|line| line.contains("UNKNOWN pull 9 of alias fired and not read back"));
        assert!(told && screen.contains("L 4 r looks"), "{screen}");
    }
    let mut seat = Seat::at(scene.clone());
    let told = seat.told();
    assert!(told.lines().any(|line| line.starts_with("WARNING UNKNOWN: pull 9 of alias")), "{told}");
    seat.types("s");
    let told = seat.told();
    assert!(told.lines().nth(1).is_some_and(|line| line.starts_with("WARNING UNKNOWN: pull 9 of alias")), "{told}");
    change(&mut scene, |state| drop(state.pulls.insert(9, pull("alias", "docs_vA", "flip"))));
    assert!(!render(&ui(), &scene, 1000, SMALL).contains("UNKNOWN"));
}

#[test]
fn arming_again_tells_nothing_of_what_was_armed_before() {
    let mut seat = Seat::at(declared());
    seat.scene.armed = Some(armed(seat.now_ms));
    seat.pass(2_000);
    seat.told();
    assert_eq!(seat.types("arm 4"), [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
    let told = seat.told();
    assert!(!told.contains("docs_vB") && !told.contains("Type fire"), "{told}");
    seat.scene.armed = Some(armed(seat.now_ms));
    seat.pass(1_000);
    assert!(seat.told().contains("CHANGE index alias docs_vB -> docs_vA"));
}
