//! Observers in the cockpit: who is there, what they object to, who asks for command.

use super::stage::{
    armed_ui, at, change, declared, enter, press, render, submitted, type_in, ui, undeclared, watching,
};
use crate::cockpit::{Intent, Mode, Scene};
use crate::incident::Command;
use crate::incident::people::{Ask, HandOver, Objection};

const SMALL: (u16, u16) = (80, 24);

/// Two watch, one has objected and asks for command; every louder alert is acknowledged.
pub(super) fn observed(mode: Mode) -> Scene {
    let mut scene = Scene { mode, ..watching() };
    scene.company.observers = vec!["ed".into(), "jo".into()];
    change(&mut scene, |state| {
        state.verdicts.values_mut().for_each(|slot| slot.acknowledged = true);
        let (by, text) = ("jo".into(), "eu cache still old?".into());
        state.people.objections.insert(20, Objection { id: "one".into(), by, text, at: at(288), acknowledged: false });
        state.people.asks.insert("two".into(), Ask { by: "ed".into(), at: at(290), answered: false });
    });
    scene
}

#[test]
fn a_acknowledges_an_objection_only_when_nothing_is_louder() {
    let mut scene = observed(Mode::Drill);
    let pressed = ui().on_key(press('a'), &scene, 1000);
    assert_eq!(submitted(&pressed), [&Command::AcknowledgeObjection { objection: 20 }]);
    change(&mut scene, |state| state.verdicts.values_mut().for_each(|slot| slot.acknowledged = false));
    let pressed = ui().on_key(press('a'), &scene, 1000);
    assert!(matches!(submitted(&pressed)[..], [Command::Acknowledge { .. }]), "{pressed:?}");
}

#[test]
fn command_is_given_or_kept_by_number_and_never_by_enter() {
    let scene = observed(Mode::Drill);
    let mut asked = ui();
    assert_eq!(type_in(&mut asked, &scene, "X"), vec![]);
    assert_eq!(enter(&mut asked.clone(), &scene), vec![]);
    let given = type_in(&mut asked.clone(), &scene, "1");
    assert_eq!(submitted(&given), [&Command::HandOver { id: "two".into() }]);
    let kept = type_in(&mut asked, &scene, "2");
    assert_eq!(submitted(&kept), [&Command::DeclineCommand { id: "two".into() }]);
}

#[test]
fn an_observer_objects_and_asks_and_the_commander_does_neither() {
    let watched = Scene { mode: Mode::Watch, ..declared() };
    let mut ui = ui();
    type_in(&mut ui, &watched, "!eu cache");
    assert_eq!(enter(&mut ui, &watched), vec![Intent::Object("eu cache".into())]);
    assert_eq!(type_in(&mut ui, &watched, "X"), vec![Intent::AskCommand]);
    let commanded = declared();
    for (key, why) in [("!", "you command: i writes a note"), ("X", "nobody asks for command")] {
        let mut ui = super::stage::ui();
        assert_eq!(type_in(&mut ui, &commanded, key), vec![]);
        assert!(render(&ui, &commanded, 1000, SMALL).contains(why), "{key}");
    }
}

#[test]
fn under_arms_nothing_of_observers_turns_up_between_two_keys() {
    let (ui, mut scene) = armed_ui(|_| {});
    let before = render(&ui, &scene, 2000, SMALL);
    change(&mut scene, |state| {
        state.people.asks.insert("two".into(), Ask { by: "ed".into(), at: at(290), answered: false });
    });
    assert_eq!(render(&ui, &scene, 2000, SMALL), before);
}

#[test]
fn while_command_goes_over_everyone_is_told() {
    let mut scene = Scene { mode: Mode::Watch, ..undeclared() };
    change(&mut scene, |state| {
        state.people.handed_over = Some(HandOver { to: "jo".into(), id: "two".into() });
    });
    let screen = render(&ui(), &scene, 1000, SMALL);
    assert!(screen.contains("command goes to jo; nobody commands until they go on"), "{screen}");
}

#[test]
fn an_observer_is_told_that_nobody_commands_any_more() {
    let mut scene = Scene { mode: Mode::Watch, ..watching() };
    change(&mut scene, |state| state.people.commander = "mira".into());
    scene.company.leaderless = true;
    let screen = render(&ui(), &scene, 1000, SMALL);
    assert!(screen.contains("nobody commands: mira is gone; `goaround resume` goes on"), "{screen}");
}

#[test]
fn what_does_not_hold_any_more_is_said_at_every_size() {
    let mut scene = Scene { mode: Mode::Watch, ..watching() };
    scene.company.lost = Some("journal.jsonl was cut from 9000 to 1000 bytes while it was followed".into());
    for size in [(40, 10), (60, 15), (120, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, size);
        assert!(screen.contains("NOT FOLLOWED ANY MORE"), "{size:?}:\n{screen}");
    }
}

#[test]
fn a_long_objection_keeps_its_age_and_its_key_and_takes_three_rows_at_most() {
    let mut scene = observed(Mode::Drill);
    let text = "the eu cache still answers from the index behind green, ".repeat(18);
    change(&mut scene, |state| {
        let objection = state.people.objections.get_mut(&20).expect("there is one");
        objection.text = text[..200].into();
    });
    let screen = render(&ui(), &scene, 1000, SMALL);
    assert!(screen.contains("OBJECTION 00:12; a acks  jo: the eu cache"), "{screen}");
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(text[..200].trim_end()), "all of it is there:\n{screen}");
    change(&mut scene, |state| {
        state.people.objections.get_mut(&20).expect("there is one").text = text.as_str().into();
    });
    for (width, height) in [SMALL, (120, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, (width, height));
        // At 200 columns the panel of observers tells it once more.
        let on_top = screen.lines().take_while(|line| !line.contains("METRICS"));
        let rows = on_top.filter(|line| line.contains("behind green")).count();
        assert!(rows <= 3 && screen.contains("OBJECTION 00:12; a acks  jo:"), "{screen}");
        assert!(screen.contains("> 7 [>] watch") && screen.contains("DEBTS 2"), "{screen}");
    }
    let least = render(&ui(), &scene, 1000, (40, 10));
    assert!(least.contains("OBJECTION 00:12; a acks") && least.contains("DEBTS 2"), "{least}");
}
