//! Finding things: the palette, the search, the zoom, the help, what was acknowledged.

use super::stage::{
    armed_ui, at, change, ctrl, declared, enter, id, key, press, render, submitted, type_in, ui, undeclared, watching,
};
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::{Acknowledgement, Alarm, Command, Event, Record, Way, replay};
use crate::metrics::VerdictState;
use crossterm::event::KeyCode;
use ratatui::style::Modifier;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);
const HUGE: (u16, u16) = (200, 60);

fn typed(scene: &Scene, keys: &str) -> Ui {
    let mut ui = ui();
    type_in(&mut ui, scene, keys);
    ui
}

/// The words on screen that are reversed.
fn reversed(ui: &Ui, scene: &Scene) -> Vec<String> {
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).expect("a test terminal");
    terminal.draw(|frame| ui.draw(frame, scene, 1000)).expect("a drawn frame");
    let buffer = terminal.backend().buffer();
    let row = |y: u16| -> String {
        let cell = |x: u16| Some(&buffer[(x, y)]).filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        (0..80).map(|x| cell(x).map_or(" ", ratatui::buffer::Cell::symbol)).collect()
    };
    (0..24).flat_map(|y| row(y).split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn the_palette_lists_finds_and_says_why_not() {
    let scene = watching();
    let found = typed(&scene, ":unf").palette_rows(&scene).0;
    assert_eq!(found[0].label, "unfreeze writers (debt)", "what begins so goes first");
    let mut by_control = ui();
    by_control.on_key(ctrl('p'), &scene, 1000);
    assert!(render(&by_control, &scene, 1000, SMALL).contains("Esc close"));
    let before = undeclared();
    let screen = render(&typed(&before, ":begin the step"), &before, 1000, SMALL);
    assert!(screen.contains("fires nothing: no rollback is declared: I\n"), "{screen}");
}

#[test]
fn enter_in_the_palette_arms_at_most() {
    let scene = declared();
    let mut ui = typed(&scene, ":undo index alias");
    assert_eq!(enter(&mut ui, &scene), [Intent::Arm { lever: id("alias"), way: Way::Undo, step: None }]);
    let mut ui = typed(&scene, ":lever 4");
    assert_eq!(enter(&mut ui, &scene), [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
    assert_eq!(enter(&mut ui, &scene), [], "and a second Enter does nothing");
    let mut ui = typed(&scene, ":message first");
    assert_eq!(enter(&mut ui, &scene), []);
    assert!(render(&ui, &scene, 1000, SMALL).contains("4 COMMS"));
}

#[test]
fn whatever_is_taken_from_the_palette_nothing_is_fired_sent_or_confirmed() {
    for scene in [undeclared(), declared(), watching()] {
        let rows = typed(&scene, ":").palette_rows(&scene).0.len();
        assert!(rows > 60, "{rows}");
        for place in 0..rows {
            let mut ui = typed(&scene, ":");
            (0..place).for_each(|_| drop(ui.on_key(key(KeyCode::Down), &scene, 1000)));
            for intent in enter(&mut ui, &scene) {
                let harmless = match &intent {
                    Intent::Fire { .. } | Intent::ByHand { .. } | Intent::SendComm { .. } => false,
                    Intent::Submit(command) => !matches!(
                        command,
                        Command::Confirm { .. }
                            | Command::Approve { .. }
                            | Command::Attest { .. }
                            | Command::Close { .. }
                    ),
                    Intent::Quit | Intent::Exit | Intent::Object(_) | Intent::AskCommand => false,
                    Intent::Arm { .. }
                    | Intent::Disarm
                    | Intent::ReRead
                    | Intent::ArmComm { .. }
                    | Intent::KeepDraft { .. }
                    | Intent::KeepBookmark(_)
                    | Intent::DropBookmark(_)
                    | Intent::Copy(_)
                    | Intent::Redraw => true,
                };
                assert!(harmless, "row {place} wishes for {intent:?}");
            }
        }
    }
}

#[test]
fn the_row_selected_in_the_palette_stays_selected_while_the_list_narrows() {
    let scene = watching();
    let mut ui = typed(&scene, ":step");
    (0..3).for_each(|_| drop(ui.on_key(key(KeyCode::Down), &scene, 1000)));
    let chosen = |ui: &Ui| {
        let screen = render(ui, &scene, 1000, SMALL);
        screen.lines().rev().find(|line| line.trim_start().starts_with("> ")).unwrap_or_default().to_owned()
    };
    let before = chosen(&ui);
    let letters: String = before.trim_start_matches([' ', '>']).chars().take(4).collect();
    type_in(&mut ui, &scene, &format!(" {letters}"));
    assert_eq!(chosen(&ui), before);
    type_in(&mut ui, &scene, "zzz");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("0 of ") && screen.contains("nothing has such a name"), "{screen}");
    assert_eq!(enter(&mut ui, &scene), []);
}

#[test]
fn the_palette_takes_any_text_and_pasting_acts_as_nothing() {
    let mut scene = watching();
    Arc::make_mut(&mut scene.playbook).levers[&id("alias")].title = "索引を戻す ändern".into();
    for words in ["索引", "ÄNDERN", "\u{1b}[31m", "(((", "^$!'"] {
        let mut ui = typed(&scene, ":");
        ui.on_paste(&format!("{words}\nF\r"));
        for size in [(40, 10), SMALL, LARGE, HUGE] {
            render(&ui, &scene, 1000, size);
        }
    }
    let mut ui = typed(&scene, ":");
    ui.on_paste("ändern");
    assert!(render(&ui, &scene, 1000, SMALL).contains("(lever 4)"));
}

#[test]
fn a_search_marks_counts_and_walks_and_esc_ends_it() {
    let scene = watching();
    let mut ui = typed(&scene, "5/STEP");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("/STEP_   1 of 6") || screen.contains("/STEP_   2 of 6"), "{screen}");
    assert!(reversed(&ui, &scene).contains(&"step".to_owned()), "{:?}", reversed(&ui, &scene));
    assert_eq!(enter(&mut ui, &scene), []);
    let top = |ui: &Ui| {
        let screen = render(ui, &scene, 1000, SMALL);
        screen.lines().skip_while(|line| !line.starts_with("5 JOURNAL")).nth(1).unwrap_or_default().to_owned()
    };
    let first = top(&ui);
    type_in(&mut ui, &scene, "n");
    assert_ne!(top(&ui), first);
    type_in(&mut ui, &scene, "N");
    assert_eq!(top(&ui), first);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("5 JOURNAL") && !screen.contains("of 6"), "Esc ended the search, not the view: {screen}");
    assert!(!reversed(&ui, &scene).contains(&"step".to_owned()));
}

#[test]
fn a_search_that_finds_nothing_says_so_and_moves_nothing() {
    let scene = watching();
    let mut ui = typed(&scene, "3j/zzz");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("/zzz_   no line says \"zzz\""), "{screen}");
    assert_eq!(ui.selected.lever, Some(id("flag")));
    enter(&mut ui, &scene);
    type_in(&mut ui, &scene, "n");
    assert!(render(&ui, &scene, 1000, LARGE).contains("no line says \"zzz\""));
    let mut none = super::stage::ui();
    type_in(&mut none, &scene, "n");
    assert!(render(&none, &scene, 1000, SMALL).contains("nothing is searched for: / begins"));
}

#[test]
fn every_list_is_searched_by_what_it_shows() {
    let scene = watching();
    for (keys, words) in [
        ("", "THROTTLE"),
        ("1", "dS"),
        ("L", "Pointer"),
        ("c", "first"),
        ("D", "throttle"),
        ("t", "wrong"),
        ("S", "wrong"),
    ] {
        let mut ui = typed(&scene, keys);
        let before = render(&ui, &scene, 1000, LARGE);
        assert!(before.to_lowercase().contains(&words.to_lowercase()), "{keys}: nothing to find in\n{before}");
        type_in(&mut ui, &scene, &format!("/{words}"));
        let screen = render(&ui, &scene, 1000, LARGE);
        assert!(screen.contains(&format!("/{words}_   1 of ")), "{keys}:\n{screen}");
    }
    let mut selected = typed(&scene, "/throttle");
    enter(&mut selected, &scene);
    assert_eq!(selected.selected.step, Some(id("throttle")));
}

#[test]
fn a_search_takes_any_text() {
    let mut scene = watching();
    Arc::make_mut(&mut scene.playbook).steps[1].title = "İstanbul STRASSE straße 索引".into();
    for words in ["i", "ß", "索", "\u{307}", "STRASSE"] {
        for keys in ["", "5", "?"] {
            let mut ui = typed(&scene, &format!("{keys}/"));
            ui.on_paste(words);
            for size in [(40, 10), SMALL, LARGE] {
                render(&ui, &scene, 1000, size);
            }
        }
    }
    let mut ui = typed(&scene, "/索引");
    assert!(render(&ui, &scene, 1000, SMALL).contains("1 of 1"));
    enter(&mut ui, &scene);
    assert_eq!(ui.selected.step, Some(scene.playbook.steps[1].id.clone()));
}

#[test]
fn new_records_do_not_move_what_is_read_in_the_journal() {
    let mut scene = watching();
    let mut ui = typed(&scene, "5jjj");
    let top = |ui: &Ui, scene: &Scene| {
        let screen = render(ui, scene, 1000, SMALL);
        screen.lines().skip_while(|line| !line.starts_with("5 JOURNAL")).nth(1).unwrap_or_default().to_owned()
    };
    let before = top(&ui, &scene);
    let event = Event::NoteAdded { text: "something new".into() };
    Arc::make_mut(&mut scene.records).push_back(Record { seq: 90, at: at(299), actor: "jo".into(), event });
    assert_eq!(top(&ui, &scene), before);
    type_in(&mut ui, &scene, "gg");
    assert!(top(&ui, &scene).contains("something new"));
    type_in(&mut ui, &scene, "G");
    assert!(top(&ui, &scene).contains("DECLARED"), "the last is the oldest");
}

#[test]
fn half_a_page_is_half_of_what_is_seen() {
    let scene = watching();
    let mut ui = typed(&scene, "?");
    for (size, half) in [(SMALL, 8), (LARGE, 16)] {
        type_in(&mut ui, &scene, "gg");
        render(&ui, &scene, 1000, size);
        ui.on_key(ctrl('d'), &scene, 1000);
        render(&ui, &scene, 1000, size);
        let most = ui.shown.most.get();
        assert_eq!(ui.shown.top.get(), half.min(most), "{size:?}");
    }
    render(&ui, &scene, 1000, SMALL);
    type_in(&mut ui, &scene, "Gjjjjk");
    render(&ui, &scene, 1000, SMALL);
    assert_eq!(ui.shown.top.get(), ui.shown.most.get() - 1, "no key is lost beyond the end");
}

#[test]
fn z_gives_each_panel_the_whole_screen_and_takes_it_back() {
    let scene = watching();
    for (size, name) in [(SMALL, "80x24"), (LARGE, "120x40"), (HUGE, "200x60")] {
        for (panel, number) in
            [("metrics", 1), ("checklist", 2), ("levers", 3), ("comms", 4), ("journal", 5), ("hold", 6)]
        {
            let mut ui = typed(&scene, &number.to_string());
            let before = render(&ui, &scene, 1000, size);
            type_in(&mut ui, &scene, "z");
            let zoomed = render(&ui, &scene, 1000, size);
            assert!(zoomed.contains("ZOOMED  z gives it back"), "{panel} {name}:\n{zoomed}");
            type_in(&mut ui, &scene, "z");
            assert_eq!(render(&ui, &scene, 1000, size), before, "{panel} {name}");
        }
    }
    let mut ui = typed(&scene, "1z");
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(!render(&ui, &scene, 1000, SMALL).contains("ZOOMED"), "Esc gives it back as well");
}

#[test]
fn help_under_arms_disarms_nothing_and_says_the_seconds_left() {
    let (mut ui, scene) = armed_ui(|_| {});
    assert_eq!(ui.on_key(press('?'), &scene, 3000), []);
    ui.on_scene(&scene, 11_000);
    let screen = render(&ui, &scene, 11_000, SMALL);
    assert!(screen.contains("HELP  a lever, armed  ARMED 20s left"), "{screen}");
    assert_eq!(ui.on_key(press('F'), &scene, 12_000), [], "F is no key of the help");
    assert_eq!(ui.on_key(key(KeyCode::Esc), &scene, 12_000), [], "closing the help disarms nothing");
    assert_eq!(ui.on_key(press('F'), &scene, 12_000), [Intent::Fire { override_reason: None }]);
    ui.on_key(press('?'), &scene, 13_000);
    assert!(render(&ui, &scene, 13_000, SMALL).contains("HELP  a lever, fired"));
}

#[test]
fn the_time_under_arms_goes_on_behind_the_help() {
    let (mut ui, scene) = armed_ui(|_| {});
    ui.on_key(press('?'), &scene, 3000);
    assert_eq!(ui.on_scene(&scene, 31_000), [Intent::Disarm]);
    assert!(render(&ui, &scene, 31_000, SMALL).contains("disarmed: 30 s passed; nothing was sent"));
}

#[test]
fn a_question_mark_is_text_where_one_types() {
    let scene = watching();
    let mut ui = typed(&scene, "iwhy?");
    let noted = enter(&mut ui, &scene);
    assert_eq!(submitted(&noted), [&Command::Note { text: "why?".into() }]);
    let mut ui = typed(&scene, "iwhy");
    ui.on_key(key(KeyCode::F(1)), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("HELP  a line of text"));
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let noted = enter(&mut ui, &scene);
    assert_eq!(submitted(&noted), [&Command::Note { text: "why".into() }], "what was typed is still there");
}

#[test]
fn the_help_is_searched() {
    let scene = watching();
    let mut ui = typed(&scene, "?/declare");
    let screen = render(&ui, &scene, 1000, SMALL);
    assert!(screen.contains("declare a rollback") && screen.contains("1 of "), "{screen}");
    enter(&mut ui, &scene);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("declare a rollback"), "one stays at what was found");
}

/// Three alerts acknowledged, one of which does not hold any more.
pub(super) fn acknowledged() -> Scene {
    let mut scene = watching();
    let alarm = |alarm, saw| Acknowledgement { alarm, saw, by: "mira".into(), at: at(240) };
    change(&mut scene, |state| {
        state.acknowledgements = vec![
            alarm(Alarm::Metric(id("coverage")), VerdictState::Breach.word()),
            alarm(Alarm::Metric(id("p99")), VerdictState::Warn.word()),
            alarm(Alarm::Reverted(id("alias")), "REVERTED"),
        ];
    });
    scene
}

#[test]
fn acknowledged_alerts_are_recalled_and_say_whether_they_still_hold() {
    let scene = watching();
    assert!(render(&typed(&scene, "A"), &scene, 1000, SMALL).contains("no alert was acknowledged yet"));
    let scene = acknowledged();
    let screen = render(&typed(&scene, "A"), &scene, 1000, SMALL);
    let row = |name: &str| screen.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(row("coverage").contains("STILL BREACH 0.51") && row("coverage").contains("60s ago by mira"), "{screen}");
    assert!(row("p99").contains("now OK"), "{screen}");
}

#[test]
fn who_acknowledged_what_replays_from_the_journal() {
    let scene = watching();
    let verdict = scene.state.verdicts[&id("coverage")].verdict.clone();
    let events = [
        Event::VerdictChanged { metric: id("coverage"), verdict },
        Event::Acknowledged { metric: id("coverage") },
        Event::Acknowledged { metric: id("nobody-knows") },
    ];
    let record = |(seq, event)| Record { seq, at: at(seq), actor: "jo".into(), event };
    let records: Vec<Record> = (1..).zip(events).map(record).collect();
    let state = replay(&scene.playbook, &records);
    let wanted = Acknowledgement { alarm: Alarm::Metric(id("coverage")), saw: "BREACH", by: "jo".into(), at: at(2) };
    assert_eq!(state.acknowledgements, [wanted]);
}
