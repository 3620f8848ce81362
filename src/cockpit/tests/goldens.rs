//! Every view in every state at every size, looked at by eye once and kept.

use super::shots::{Shot, shots};
use super::stage::{golden, render};
use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::ui::Dialog;
use std::collections::BTreeSet;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
/// The least there is, for the main screen.
const LEAST: (u16, u16) = (40, 10);
/// Sizes between, where one of them lays out what it has in a way of its own.
const BETWEEN: [(&str, (u16, u16)); 3] =
    [("main-watching", (80, 40)), ("main-watching", (60, 15)), ("holding", (60, 15))];
/// What is kept beside the screens.
const OTHERS: [&str; 5] = ["plain", "replay-120x40", "replay-200x60", "replay-40x10", "replay-80x24"];

/// The sizes a view is kept at.
fn sizes(shot: &Shot) -> Vec<(u16, u16)> {
    let least = shot.name.starts_with("main-").then_some(LEAST);
    let between = BETWEEN.iter().filter(|(name, _)| *name == shot.name).map(|(_, size)| *size);
    SIZES.into_iter().chain(least).chain(between).collect()
}

fn called(shot: &Shot, (width, height): (u16, u16)) -> String {
    format!("{}-{width}x{height}", shot.name)
}

#[test]
fn every_view_in_every_state_looks_like_this() {
    for shot in shots() {
        for size in sizes(&shot) {
            golden(&called(&shot, size), &render(&shot.ui, &shot.scene, shot.at_ms, size));
        }
    }
}

#[test]
fn no_golden_is_left_over_and_no_name_is_given_twice() {
    let shots = shots();
    let names: Vec<String> =
        shots.iter().flat_map(|shot| sizes(shot).into_iter().map(|size| called(shot, size))).collect();
    let mut wanted: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(wanted.len(), names.len(), "two views have one name");
    wanted.extend(OTHERS.map(str::to_owned));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cockpit/goldens");
    let kept: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder of goldens")
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    let left_over: Vec<&String> = kept.difference(&wanted).collect();
    assert!(left_over.is_empty(), "no view is called so, delete them: {left_over:?}");
}

/// What a dialog is called here. A new one is named here and in [`KINDS`], and then wants a view of its own in the table.
fn kind(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Step(_) => "step",
        Dialog::Metric(_) => "metric",
        Dialog::Levers => "levers",
        Dialog::Hold => "hold",
        Dialog::Clocks => "clocks",
        Dialog::Debts => "debts",
        Dialog::Comms => "comms",
        Dialog::Edit(_) => "edit",
        Dialog::Preview(posting) if posting.posted.is_some() => "posted",
        Dialog::Preview(_) => "preview",
        Dialog::Tree => "tree",
        Dialog::List(Catalogue::Symptoms) => "symptoms",
        Dialog::List(Catalogue::Links) => "links",
        Dialog::List(Catalogue::Contacts) => "contacts",
        Dialog::List(Catalogue::Faq) => "questions",
        Dialog::List(Catalogue::FollowUps) => "follow-ups",
        Dialog::Journal => "journal",
        Dialog::Acknowledged => "acknowledged",
        Dialog::Help => "help",
        Dialog::Palette(_) => "palette",
        Dialog::Quit => "quit",
        Dialog::Arm(arming) if arming.fired.is_some() => "fired",
        Dialog::Arm(_) => "arm",
        Dialog::Menu(_) => "menu",
        Dialog::Field(_) => "field",
    }
}

const KINDS: [&str; 25] = [
    "step",
    "metric",
    "levers",
    "hold",
    "clocks",
    "debts",
    "comms",
    "edit",
    "posted",
    "preview",
    "tree",
    "symptoms",
    "links",
    "contacts",
    "questions",
    "follow-ups",
    "journal",
    "acknowledged",
    "help",
    "palette",
    "quit",
    "fired",
    "arm",
    "menu",
    "field",
];

#[test]
fn every_kind_of_view_is_among_them() {
    let shots = shots();
    let shown: BTreeSet<&str> = shots.iter().filter_map(|shot| shot.ui.stack.last()).map(kind).collect();
    assert_eq!(shown, BTreeSet::from(KINDS));
    assert!(shots.iter().any(|shot| shot.ui.stack.is_empty()), "and the main screen");
}
