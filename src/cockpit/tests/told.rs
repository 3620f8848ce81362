//! The cockpit by lines: what is told, in which words, and what nobody is told.

use super::seat::Seat;
use super::stage::{armed, change, golden, landed, submitted, watching};
use crate::cockpit::{Intent, Keymap};
use crate::incident::{Command, Event, Record};
use std::sync::Arc;

#[test]
fn every_line_is_printable_ascii_whatever_the_world_says() {
    let mut seat = Seat::at(watching());
    let hostile = "\u{1b}[2J\u{7}\u{202e}evil\u{200b} \u{9b}31m p\u{e4}\u{2026}\u{1f600}";
    let event = Event::NoteAdded { text: hostile.into() };
    let record = Record { seq: 90, at: super::stage::at(299), actor: hostile.into(), event };
    Arc::make_mut(&mut seat.scene.records).push_back(record);
    seat.scene.toast = Some((seat.now_ms, hostile.into()));
    for line in
        ["?", "s", "t", "m", "m 1", "j 20", "steps", "steps 1", "levers", "hold", "debts", "messages", "tree", hostile]
    {
        seat.types(line);
    }
    seat.plain.on_copy(hostile);
    seat.look();
    let told: Vec<String> = seat.told().lines().filter(|line| !line.starts_with("> ")).map(str::to_owned).collect();
    for line in &told {
        assert!(line.chars().all(|c| (' '..='~').contains(&c)), "{line:?}");
    }
    assert!(told.iter().any(|line| line.contains("evil")));
}

#[test]
fn what_is_told_names_no_keys() {
    let mut seat = Seat::armed();
    seat.pass(1_000);
    for line in [
        "?",
        "disarm",
        "?",
        "run",
        "back",
        "arm 4",
        "disarm",
        "skip",
        ".",
        "preview 1",
        "back",
        "edit 1",
        ".drop",
        "quit",
        "stay",
    ] {
        seat.types(line);
    }
    let told = seat.told();
    for line in told.lines().filter(|line| !line.starts_with("> ")) {
        let keys = |word: &str| ["Esc", "Enter", "Ctrl-S", "Space", "F", "P"].contains(&word);
        assert!(!line.split([' ', ',', ';', '.', ':']).any(keys), "{line}");
    }
}

#[test]
fn everything_can_be_read_where_something_is_armed_and_nothing_is_disturbed() {
    let mut seat = Seat::armed();
    seat.pass(1_000);
    for line in ["t", "s", "m", "j 3", "levers", "hold", "debts", "tree", "steps", "show", "?"] {
        assert_eq!(seat.types(line), [], "{line}");
    }
    assert_eq!(seat.types("fire"), [Intent::Fire { override_reason: None }]);
}

#[test]
fn what_is_told_of_the_hold_has_no_number_of_a_panel() {
    let mut seat = Seat::at(watching());
    seat.told();
    seat.types("hold");
    assert_eq!(seat.told().lines().nth(1).and_then(|line| line.split(' ').next()), Some("HOLD"));
}

#[test]
fn status_is_three_sentences_and_each_metric_one_the_worst_first() {
    let mut seat = Seat::at(watching());
    seat.told();
    seat.types("s");
    assert_eq!(seat.told().lines().count(), 1 + 3);
    seat.types("m");
    let told = seat.told();
    let metrics: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(metrics.len(), seat.scene.playbook.metrics.len());
    assert!(metrics[0].contains(" BREACH coverage"), "{told}");
    seat.types("j 2");
    assert_eq!(seat.told().lines().count(), 1 + 2);
}

#[test]
fn a_landed_incident_is_closed_by_a_number() {
    let mut scene = watching();
    landed(&mut scene);
    change(&mut scene, |state| super::stage::settle(state, "watch", crate::incident::StepStatus::Sensed, 290));
    let mut seat = Seat::at(scene);
    assert!(seat.told().contains("Type close to close the incident"));
    seat.types("close");
    assert!(seat.told().contains("1 close the incident as recovered"));
    let intents = seat.types("1");
    assert_eq!(submitted(&intents), [&Command::Close { override_reason: None }]);
}

#[test]
fn an_evening_at_a_line_reads_like_this() {
    let mut seat = Seat::at(watching());
    for line in ["s", "t", "m", "steps", "levers", "hold", "debts", "messages", "tree", "j 4", "arm 4"] {
        seat.types(line);
    }
    seat.scene.armed = Some(armed(seat.now_ms));
    seat.pass(1_000);
    for line in ["", "disarm", "override", "not needed", "pay", "quit", "", "stay", "foo"] {
        seat.types(line);
    }
    golden("plain", &(seat.told() + "\n"));
}

/// A hint that no screen gives any more is dead weight, and one that was reworded would be told as it is.
#[test]
fn every_hint_that_is_reworded_is_given_by_some_screen() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cockpit");
    let mut said = String::new();
    for folder in ["", "press", "views", "panels"] {
        for entry in std::fs::read_dir(source.join(folder)).expect("a folder of the cockpit") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                said += &std::fs::read_to_string(path).expect("source");
            }
        }
    }
    let said = Keymap::default().spell(&said);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for (keys, _) in crate::cockpit::plain::spoken::HINTS {
        // A screen may put in the key as it is bound; here it is always the keymap's own.
        let behind = keys.trim_start_matches(|c| c != ' ').trim_start();
        assert!(said.contains(keys) || said.contains(behind) && behind.len() > 4, "nothing says `{keys}`");
    }
}
