//! Where every key is another one, no sentence names the key that is in the table; and what is scrolled comes back.

use super::shots::{Shot, shots};
use super::stage::{press, render, undeclared};
use crate::cockpit::Ui;
use crate::cockpit::item::List;
use crate::cockpit::keymap::{Act, Change, KEYMAP, Keymap, Place, TalkAct};
use std::collections::BTreeSet;

const LARGE: (u16, u16) = (200, 60);

/// A keymap in which every row that may have another key has one that the table has nowhere.
fn strange() -> Keymap {
    let mut letters = ('\u{c0}'..='\u{17f}').filter(|c| c.is_alphabetic());
    let mut changes = Vec::new();
    for (place, _) in Place::ALL {
        // Where one types, a character is text; what holds everywhere has the last of these keys.
        let mut function = if *place == Place::Always { 11..=12 } else { 2..=10 };
        let typed = [Place::Always, Place::Edit, Place::Text, Place::Palette, Place::Search].contains(place);
        for (line, row) in (1..).zip(KEYMAP).filter(|(_, row)| row.place == *place) {
            if Keymap::default().rows().any(|bound| bound.binding.name() == row.name() && bound.is_numbered()) {
                continue;
            }
            let new = if typed {
                format!("F{}", function.next().expect("keys enough"))
            } else {
                letters.next().expect("letters enough").to_string()
            };
            let mut keys = vec![new];
            keys.extend((row.act == Act::Interrupt).then(|| "Ctrl-C".to_owned()));
            changes.push(Change { name: row.name(), keys, line });
        }
    }
    Keymap::changed(&changes).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// The table's own keys as people write them.
fn old_keys() -> BTreeSet<&'static str> {
    let numbered = |keys: &str| keys.starts_with("1-") || keys.starts_with("a-");
    KEYMAP.iter().flat_map(|row| row.shown.split(' ')).filter(|keys| !numbered(keys) && *keys != "Ctrl-C").collect()
}

/// Whether a word says what a key does.
fn is_verb(word: &str) -> bool {
    const OTHERS: [&str; 9] = ["back", "close", "then", "scroll", "search", "ack", "override", "begins", "and"];
    let word = word.trim_end_matches([',', ';', '.', ':']);
    let does = word.len() >= 4 && word.ends_with('s') && word.chars().all(|c| c.is_ascii_lowercase());
    does || OTHERS.contains(&word)
}

/// The first old key that a line names, with the word behind it.
fn named(shot: &Shot, line: &str) -> Option<String> {
    let playbook = &shot.scene.playbook;
    let titles = playbook.metrics.values().map(|metric| metric.title.as_str());
    let titles = titles.chain(playbook.steps.iter().map(|step| step.title.as_str()));
    let backends = shot.scene.backends.iter().map(|health| &health.backend);
    let ids = backends.chain(playbook.levers.keys()).map(crate::playbook::Id::as_str);
    // A glyph stands before what it is of.
    let called: BTreeSet<&str> = titles.chain(ids).flat_map(str::split_whitespace).collect();
    let (old, words) = (old_keys(), line.split_whitespace().collect::<Vec<_>>());
    let next = |place: usize| words.get(place + 1).copied().unwrap_or_default();
    let is_old = |place: usize| {
        let key = words[place].trim_matches(['(', ')', ',', ';', ':', '.']);
        let key = if key.is_empty() { words[place] } else { key };
        let is_long = key.len() > 1 && old.contains(key) && !["Down", "Up"].contains(&key);
        // Of Enter it is said what it does not do.
        let said_of_enter = key == "Enter" && next(place) == "does";
        let is_short = key.len() == 1 && old.contains(key) && is_verb(next(place)) && !called.contains(next(place));
        // `2 s` is a time.
        let is_unit = key == "s" && place > 0 && words[place - 1].parse::<u32>().is_ok();
        (is_long && !said_of_enter) || (is_short && !is_unit)
    };
    (0..words.len()).find(|place| is_old(*place)).map(|place| format!("{} {}", words[place], next(place)))
}

#[test]
fn no_view_names_a_key_that_somebody_has_changed() {
    let keymap = strange();
    let mut wrong = Vec::new();
    for shot in shots() {
        // A debrief is no part of the keymap.
        if shot.ui.sheet.is_some() {
            continue;
        }
        let ui = shot.ui.clone().with_keys(keymap.clone());
        for size in [LARGE, (80, 24)] {
            let screen = render(&ui, &shot.scene, shot.at_ms, size);
            let found: Vec<String> = screen.lines().filter_map(|line| named(&shot, line)).collect();
            wrong.extend(found.into_iter().map(|found| format!("{} {size:?} names {found}", shot.name)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_key_that_is_not_changed_is_named_as_in_the_table() {
    let shots = shots();
    let found = shots.iter().filter(|shot| {
        let screen = render(&shot.ui, &shot.scene, shot.at_ms, LARGE);
        screen.lines().any(|line| named(shot, line).is_some())
    });
    assert!(found.count() > 60, "else the claim above looks for nothing");
}

#[test]
fn a_sentence_names_a_key_by_the_name_of_its_row() {
    let keymap = strange();
    let declares = keymap.key(Place::Main, Act::Talk(TalkAct::Declare));
    assert_eq!(
        keymap.spell("<main.declare> declares, 1 < 2, <main.nothing>, <"),
        format!("{declares} declares, 1 < 2, <main.nothing>, <")
    );
    let screen = render(&Ui::with_keys(super::stage::ui(), keymap.clone()), &undeclared(), 1000, LARGE);
    assert!(screen.contains(&format!(" {declares} declares a rollback")), "{screen}");
}

#[test]
fn every_key_that_a_sentence_names_is_one_of_the_table() {
    let names: BTreeSet<String> = KEYMAP.iter().map(crate::cockpit::Binding::name).collect();
    for shot in shots() {
        let screen = render(&shot.ui, &shot.scene, shot.at_ms, LARGE);
        let mut places = Place::ALL.iter().map(|(place, _)| format!("<{}.", format!("{place:?}").to_lowercase()));
        let left = places.find(|left| screen.contains(left.as_str()));
        assert_eq!(left, None, "{}: it names no row of {names:?}:\n{screen}", shot.name);
    }
}

#[test]
fn scrolling_past_the_end_costs_no_key_on_the_way_back() {
    let mut scrolled = BTreeSet::new();
    for shot in shots() {
        let mut ui = shot.ui.clone();
        // A line that is searched for stays in sight however one scrolls.
        if ui.list() != List::Page || ui.sheet.is_some() || ui.search.is_some() {
            continue;
        }
        let draw = |ui: &Ui| render(ui, &shot.scene, shot.at_ms, (80, 24));
        draw(&ui);
        for _ in 0..200 {
            ui.on_key(press('j'), &shot.scene, shot.at_ms);
        }
        let end = draw(&ui);
        assert!(ui.selected.help_down <= ui.shown.most.get(), "{}", shot.name);
        if ui.shown.most.get() > 0 {
            ui.on_key(press('k'), &shot.scene, shot.at_ms);
            assert_ne!(draw(&ui), end, "{}: one key back goes back", shot.name);
            scrolled.insert(shot.name.clone());
        }
    }
    for name in ["arm-long", "help", "hold-many"] {
        assert!(scrolled.contains(name), "{name} did not scroll: {scrolled:?}");
    }
}
