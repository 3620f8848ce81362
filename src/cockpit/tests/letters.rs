//! A message: edited without losing a word, shown as it would leave, and sent in exactly those words.

use super::stage::{change, ctrl, id, key, press, render, type_in, ui, watching};
use crate::cockpit::{Intent, Letter, Scene, Ui};
use crate::incident::{EvidenceRef, MessageState};
use crate::kind::Outcome;
use crossterm::event::KeyCode;
use std::sync::Arc;

const SMALL: (u16, u16) = (80, 24);
const FILE: &str = "comms/00042-7-first.txt";

/// The first message, being edited; the cursor stands at its end.
pub(super) fn editing() -> (Ui, Scene) {
    let scene = watching();
    let mut ui = ui();
    type_in(&mut ui, &scene, "c");
    ui.on_key(key(KeyCode::Enter), &scene, 1000);
    (ui, scene)
}

/// What P asks for now.
pub(super) fn previewed(ui: &mut Ui, scene: &Scene) -> Option<String> {
    match &ui.on_key(press('P'), scene, 1000)[..] {
        [Intent::ArmComm { words, .. }] => words.clone(),
        other => panic!("{other:?}"),
    }
}

/// The first message under arms since 1000 ms, to a chat.
pub(super) fn armed() -> (Ui, Scene) {
    let mut scene = watching();
    let to = scene.playbook.probes[&id("arm")].call.clone();
    Arc::make_mut(&mut scene.playbook).comms[&id("first")].send = Some(to);
    let mut ui = ui();
    type_in(&mut ui, &scene, "cP");
    scene.letter = Some(Letter {
        comm: id("first"),
        words: "Rolling back \"docs-rag\".\nImpact: eu readers".into(),
        request: [
            "POST https://chat.example/services/~secret.hook~",
            "Content-Type: application/json",
            "Authorization: [redacted]",
            r#"{"text":"Rolling back \"docs-rag\".\nImpact: eu readers"}"#,
        ]
        .map(Into::into)
        .to_vec(),
        pasted: None,
        file: FILE.into(),
        blocked: None,
        armed_at_ms: 1000,
    });
    ui.on_scene(&scene, 1000);
    (ui, scene)
}

/// The same without a receiver: it goes into a file.
pub(super) fn unaddressed() -> (Ui, Scene) {
    let (ui, mut scene) = armed();
    Arc::make_mut(&mut scene.playbook).comms[&id("first")].send = None;
    scene.letter.as_mut().expect("it is armed").request.clear();
    (ui, scene)
}

/// The message under arms sent, and what became of it.
pub(super) fn posted(outcome: Option<Outcome>) -> (Ui, Scene) {
    let (mut ui, mut scene) = armed();
    ui.on_key(press('F'), &scene, 1700);
    change(&mut scene, |state| {
        let file = EvidenceRef { path: FILE.into(), sha256: String::new(), bytes: 0 };
        let queued = super::stage::at(299);
        let outcome = outcome.map(|outcome| (outcome, "HTTP 200".into()));
        let message = MessageState { queued, file, outcome, tries: 1, again_at: None, pause_ms: 0 };
        state.messages.insert(id("first"), message);
    });
    (ui, scene)
}

#[test]
fn every_key_typed_into_a_message_is_text() {
    let (mut ui, scene) = editing();
    let typed: String = (' '..='~').collect();
    assert_eq!(type_in(&mut ui, &scene, &typed), []);
    assert_eq!(ui.on_key(key(KeyCode::Enter), &scene, 1000), []);
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let words = previewed(&mut ui, &scene).expect("a person's words");
    assert!(words.ends_with(&format!("[[who / what / region]]{typed}\n")), "{words}");
}

#[test]
fn a_paste_into_a_message_is_lines_of_inert_text() {
    let (mut ui, scene) = editing();
    ui.on_paste("F\r\ny\u{1b}[2J\ttab\u{202e}");
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let words = previewed(&mut ui, &scene).expect("a person's words");
    assert!(words.ends_with("region]]F\ny\\u{1b}[2J tab\\u{202e}"), "{words}");
}

#[test]
fn a_message_has_an_end() {
    let (mut ui, scene) = editing();
    ui.on_paste(&"ä".repeat(5000));
    type_in(&mut ui, &scene, "x");
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let words = previewed(&mut ui, &scene).expect("a person's words");
    assert!((1990..=2000).contains(&words.len()), "{}", words.len());
}

#[test]
fn what_was_typed_survives_ctrl_c_and_other_views_and_is_not_sent_unsaved() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, " eu only");
    ui.on_key(ctrl('c'), &scene, 1000);
    type_in(&mut ui, &scene, "H");
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert_eq!(type_in(&mut ui, &scene, "cP"), []);
    let list = render(&ui, &scene, 1000, SMALL);
    assert!(list.contains("edited, not saved") && list.contains("Ctrl-S saves"), "{list}");
    type_in(&mut ui, &scene, "e");
    assert!(render(&ui, &scene, 1000, SMALL).contains("region]] eu only"));
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(previewed(&mut ui, &scene).expect("a person's words").ends_with(" eu only"));
}

#[test]
fn leaving_unsaved_words_asks_and_each_answer_does_what_it_says() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, " one");
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("NOT SAVED"));
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    type_in(&mut ui, &scene, " two");
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    type_in(&mut ui, &scene, "1");
    type_in(&mut ui, &scene, "e three");
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    type_in(&mut ui, &scene, "2");
    assert!(previewed(&mut ui, &scene).expect("a person's words").ends_with(" one two"));
}

#[test]
fn words_that_nobody_touched_are_still_written_from_what_is_known() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, "x");
    ui.on_key(key(KeyCode::Backspace), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert_eq!(previewed(&mut ui, &scene), None);
}

#[test]
fn an_empty_message_is_not_saved() {
    let (mut ui, scene) = editing();
    for _ in 0..10 {
        ui.on_key(ctrl('u'), &scene, 1000);
        ui.on_key(key(KeyCode::Backspace), &scene, 1000);
    }
    ui.on_key(ctrl('s'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("an empty message says nothing"));
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("NOT SAVED"));
}

#[test]
fn the_preview_names_the_key_that_sends_only_once_it_is_live() {
    let (ui, scene) = armed();
    let guarded = render(&ui, &scene, 1699, SMALL);
    assert!(!guarded.contains("F sends"), "{guarded}");
    let live = render(&ui, &scene, 1700, SMALL);
    assert!(live.contains("F sends."), "{live}");
}

#[test]
fn a_blank_stands_out_where_it_is_typed() {
    let (ui, scene) = editing();
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).expect("a test terminal");
    terminal.draw(|frame| ui.draw(frame, &scene, 1000)).expect("a drawn frame");
    let buffer = terminal.backend().buffer();
    let marked: String = (0..24)
        .flat_map(|y| (0..80).map(move |x| (x, y)))
        .filter(|(_, y)| (8..20).contains(y))
        .map(|place| &buffer[place])
        .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked.trim_end(), "[[who / what / region]]", "the cursor is at its end");
}

#[test]
fn a_message_without_a_receiver_says_which_file_it_goes_into() {
    let (ui, scene) = unaddressed();
    let screen = render(&ui, &scene, 1700, SMALL);
    assert!(screen.contains("a file in the incident directory") && screen.contains(FILE), "{screen}");
}

#[test]
fn only_a_live_f_sends_and_only_once_and_only_what_was_shown() {
    let (ui, scene) = armed();
    for c in (' '..='~').filter(|c| !c.is_control()) {
        let intents = ui.clone().on_key(press(c), &scene, 1699);
        assert!(intents.is_empty() || intents == [Intent::Disarm], "{c}: {intents:?}");
    }
    assert_eq!(ui.clone().on_key(key(KeyCode::Enter), &scene, 5000), []);
    let mut ui = ui;
    let words = scene.letter.as_ref().expect("it is armed").words.clone();
    assert_eq!(ui.on_key(press('F'), &scene, 1700), [Intent::SendComm { comm: id("first"), words }]);
    assert_eq!(ui.on_key(press('F'), &scene, 1800), [], "a second F sends nothing");
    assert_eq!(ui.on_key(key(KeyCode::Esc), &scene, 1900), [], "what was sent is not disarmed");
}

#[test]
fn a_message_under_arms_is_disarmed_by_esc_by_ctrl_c_and_by_time() {
    let (ui, scene) = armed();
    assert_eq!(ui.clone().on_key(key(KeyCode::Esc), &scene, 1001), [Intent::Disarm]);
    assert_eq!(ui.clone().on_key(ctrl('c'), &scene, 1001), [Intent::Disarm]);
    let mut late = ui.clone();
    assert_eq!(late.on_scene(&scene, 30_999), []);
    assert_eq!(late.on_scene(&scene, 31_000), [Intent::Disarm]);
    assert_eq!(late.on_key(press('F'), &scene, 31_001), []);
}

#[test]
fn a_message_that_cannot_be_sent_says_why_and_stays() {
    let (mut ui, mut scene) = armed();
    scene.letter.as_mut().expect("it is armed").blocked = Some("this message is being sent already".into());
    assert_eq!(ui.on_key(press('F'), &scene, 2000), []);
    let screen = render(&ui, &scene, 2000, SMALL);
    assert!(screen.contains("CANNOT SEND  this message is being sent already"), "{screen}");
}

#[test]
fn what_is_sent_is_written_down_first() {
    let (mut ui, scene) = armed();
    ui.on_key(press('F'), &scene, 1700);
    assert!(render(&ui, &scene, 1700, SMALL).contains("being written down before it leaves"));
}

#[test]
fn what_became_of_a_message_is_said_where_it_was_sent() {
    for (outcome, words) in [
        (None, "waiting for it"),
        (Some(Outcome::Applied), "Esc goes on"),
        (Some(Outcome::Rejected), "nobody was told"),
        (Some(Outcome::Unknown), "it may have arrived"),
    ] {
        let (ui, scene) = posted(outcome);
        let screen = render(&ui, &scene, 1800, SMALL);
        assert!(screen.contains(words) && screen.contains(FILE), "{screen}");
    }
}

#[test]
fn leaving_goaround_names_words_that_would_be_lost() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, "x");
    ui.on_key(ctrl('c'), &scene, 1000);
    type_in(&mut ui, &scene, "q");
    assert!(render(&ui, &scene, 9000, SMALL).contains("the edited words of first are not saved"));
}

#[test]
fn no_size_breaks_the_editor_or_the_preview() {
    for (ui, scene) in [editing(), armed()] {
        for width in 38..=82 {
            for height in 9..=26 {
                render(&ui, &scene, 1700, (width, height));
            }
        }
        render(&ui, &scene, 1700, (500, 10));
    }
}

/// The state after the first message was written down, with what became of it.
pub(super) fn queued(scene: &mut Scene, outcome: Option<Outcome>) {
    change(scene, |state| {
        let file = EvidenceRef { path: FILE.into(), sha256: String::new(), bytes: 0 };
        let outcome = outcome.map(|outcome| (outcome, "HTTP 200".into()));
        let queued = super::stage::at(299);
        let message = MessageState { queued, file, outcome, tries: 1, again_at: None, pause_ms: 0 };
        state.messages.insert(id("first"), message);
    });
}

/// The first message with words of a person, sent; the scene as it was when F was pressed.
pub(super) fn sent_in_own_words() -> (Ui, Scene) {
    let (mut ui, mut scene) = editing();
    type_in(&mut ui, &scene, " eu only");
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    let words = previewed(&mut ui, &scene).expect("a person's words");
    let letter = Letter {
        comm: id("first"),
        words,
        request: vec![],
        pasted: None,
        file: FILE.into(),
        blocked: None,
        armed_at_ms: 1000,
    };
    scene.letter = Some(letter);
    ui.on_scene(&scene, 1000);
    // Its blank is sent as it is, which is asked about once.
    ui.on_key(press('F'), &scene, 1700);
    ui.on_key(press('F'), &scene, 2400);
    (ui, scene)
}

#[test]
fn words_that_were_sent_are_no_draft_any_more_and_not_lost_by_leaving() {
    let (mut ui, mut scene) = sent_in_own_words();
    queued(&mut scene, None);
    ui.on_scene(&scene, 1800);
    // Left before the receiver has answered.
    ui.on_key(key(KeyCode::Esc), &scene, 1800);
    ui.on_key(ctrl('c'), &scene, 1800);
    type_in(&mut ui, &scene, "q");
    assert!(!render(&ui, &scene, 9000, SMALL).contains("WORDS"), "they lie in {FILE}");
    ui.on_key(key(KeyCode::Esc), &scene, 9000);
    queued(&mut scene, Some(Outcome::Applied));
    let let_go = Intent::KeepDraft { comm: id("first"), words: None };
    assert_eq!(ui.on_scene(&scene, 9100), [let_go]);
    type_in(&mut ui, &scene, "c");
    let list = render(&ui, &scene, 9200, SMALL);
    assert!(!list.contains("edited"), "{list}");
}

#[test]
fn words_that_nobody_took_can_be_sent_otherwise() {
    let (mut ui, mut scene) = sent_in_own_words();
    queued(&mut scene, Some(Outcome::Rejected));
    ui.on_scene(&scene, 1800);
    ui.on_key(key(KeyCode::Esc), &scene, 1800);
    type_in(&mut ui, &scene, "e");
    assert!(render(&ui, &scene, 1900, SMALL).contains("region]] eu only"));
}

#[test]
fn saving_what_goaround_wrote_is_no_edit() {
    let (mut ui, scene) = editing();
    ui.on_key(ctrl('s'), &scene, 1000);
    assert!(render(&ui, &scene, 1000, SMALL).contains("it goes on being written anew"));
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    assert!(!render(&ui, &scene, 7000, SMALL).contains("edited"));
    assert_eq!(previewed(&mut ui, &scene), None);
}

#[test]
fn the_preview_does_not_repeat_how_one_came_there() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, "x");
    ui.on_key(ctrl('s'), &scene, 1000);
    ui.on_key(key(KeyCode::Esc), &scene, 1000);
    previewed(&mut ui, &scene);
    assert!(!render(&ui, &scene, 1100, SMALL).contains("saved;"));
}

#[test]
fn closing_and_leaving_name_a_message_that_is_due_and_unsent() {
    for open in ["Q", "q"] {
        let mut scene = watching();
        let mut first = super::stage::ui();
        type_in(&mut first, &scene, open);
        let screen = render(&first, &scene, 1000, SMALL);
        assert!(screen.contains("UNSENT") && screen.contains("first post: draft, due in"), "{open}:\n{screen}");
        queued(&mut scene, Some(Outcome::Applied));
        assert!(!render(&first, &scene, 1000, SMALL).contains("UNSENT"));
    }
    let mut scene = watching();
    super::stage::landed(&mut scene);
    let mut landed = super::stage::ui();
    type_in(&mut landed, &scene, "Q");
    assert!(render(&landed, &scene, 1000, SMALL).contains("UNSENT"), "also where it closes as recovered");
}

#[test]
fn saved_words_are_kept_with_the_incident_and_come_back() {
    let (mut ui, scene) = editing();
    type_in(&mut ui, &scene, " eu only");
    let kept = ui.on_key(ctrl('s'), &scene, 1000);
    let [Intent::KeepDraft { comm, words: Some(words) }] = &kept[..] else { panic!("{kept:?}") };
    assert!(words.ends_with(" eu only"), "{words}");
    let mut again = super::stage::ui();
    again.recall_draft(comm.clone(), words);
    type_in(&mut again, &scene, "q");
    assert!(!render(&again, &scene, 1000, SMALL).contains("WORDS"), "they are not lost by leaving");
    again.on_key(key(KeyCode::Esc), &scene, 1000);
    type_in(&mut again, &scene, "c");
    assert!(render(&again, &scene, 1000, SMALL).contains("edited; "));
    assert_eq!(previewed(&mut again, &scene).as_deref(), Some(words.as_str()));
}
