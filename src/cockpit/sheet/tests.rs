//! The sheet by keys.

use super::*;
use crate::report::Measure;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn sheet() -> Sheet {
    let mut answers = Answers::default();
    for to in Question::ALL {
        answers.answers.push(Answer { to, says: None, by: "ops".into() });
    }
    let injected = (0..40).map(|n| format!("cause {n}")).collect();
    Sheet::new(Debrief { answers, injected, ..Debrief::default() }, "ops".into())
}

fn press(sheet: &mut Sheet, keys: &str) {
    for key in keys.chars() {
        drop(sheet.on_key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
    }
}

fn enter(sheet: &mut Sheet) -> Option<Said> {
    sheet.on_key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE))
}

fn shown(sheet: &Sheet) -> String {
    drawn(sheet, (80, 24))
}

fn drawn(sheet: &Sheet, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let theme = Theme::embedded("ansi16").unwrap();
    terminal.draw(|frame| sheet.draw(frame, &theme)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn what_is_typed_is_in_sight_however_long_the_sheet_is() {
    let mut sheet = sheet();
    press(&mut sheet, "frunbook missing");
    assert!(shown(&sheet).contains("> finding: runbook missing_"), "{}", shown(&sheet));
    press(&mut sheet, &"x".repeat(200));
    assert!(shown(&sheet).contains("xxx_"), "{}", shown(&sheet));
}

#[test]
fn the_head_of_the_findings_says_which_part_is_asked_for_and_a_part_can_be_corrected() {
    let mut sheet = sheet();
    assert!(drawn(&sheet, (80, 70)).contains("f asks for one after the other"), "{}", drawn(&sheet, (80, 70)));
    press(&mut sheet, "fa late pge");
    enter(&mut sheet);
    assert!(drawn(&sheet, (80, 70)).contains("4 FINDINGS   2 of 3: who owns it"), "{}", drawn(&sheet, (80, 70)));
    sheet.on_key(KeyCode::Backspace.into());
    assert!(drawn(&sheet, (80, 70)).contains("> finding: a late pge_"), "{}", drawn(&sheet, (80, 70)));
    sheet.on_key(KeyCode::Backspace.into());
    enter(&mut sheet);
    press(&mut sheet, "ops");
    enter(&mut sheet);
    assert!(drawn(&sheet, (80, 70)).contains("4 FINDINGS   3 of 3"), "{}", drawn(&sheet, (80, 70)));
}

/// Types a finding and its owner, and when it is drilled again.
fn find(sheet: &mut Sheet, what: &str) -> Option<Said> {
    press(sheet, &format!("f{what}"));
    assert_eq!(enter(sheet), None);
    press(sheet, "ops");
    assert_eq!(enter(sheet), None);
    press(sheet, "2026-12-01");
    enter(sheet)
}

#[test]
fn what_is_not_written_down_yet_says_so_until_it_is_and_what_is_typed_meanwhile_stays() {
    let mut sheet = sheet();
    let Some(Said::Words(said)) = find(&mut sheet, "one") else { panic!("a finding is written down") };
    sheet.in_trouble(Some("the disk is full".into()));
    let screen = drawn(&sheet, (80, 70));
    assert!(screen.contains("one, ops, 2026-12-01  (not saved yet)"), "{screen}");
    assert!(screen.contains("NOT SAVED YET: the disk is full; leaving prints what is not"), "{screen}");
    press(&mut sheet, "fanother");
    let mut debrief = sheet.debrief.clone();
    debrief.answers.add(&said);
    sheet.show(debrief);
    let screen = drawn(&sheet, (80, 70));
    assert!(screen.contains("one, ops, 2026-12-01") && screen.contains("> finding: another_"), "{screen}");
    assert!(!screen.to_lowercase().contains("not saved yet"), "{screen}");
}

#[test]
fn the_next_question_is_asked_while_an_answer_is_written_down_and_the_numbers_come_when_all_are() {
    let mut sheet = Sheet::new(Debrief::default(), "ops".into());
    for answer in ["one", "two", "three"] {
        press(&mut sheet, answer);
        assert!(matches!(enter(&mut sheet), Some(Said::Words(_))), "{answer}");
    }
    let screen = shown(&sheet);
    assert!(screen.contains("surprised by?  one  (not saved yet)") && screen.contains("locked until"), "{screen}");
    press(&mut sheet, "fNRmh");
    assert!(shown(&sheet).contains("locked until") && sheet.finding.is_none(), "{}", shown(&sheet));
    let debrief = Debrief { answers: sheet.unsaved.clone(), ..Debrief::default() };
    sheet.show(debrief);
    let screen = shown(&sheet);
    assert!(!screen.contains("locked until") && !screen.contains("not saved yet"), "{screen}");
}

#[test]
fn nobody_goes_on_to_another_screen_with_what_is_not_saved() {
    let mut sheet = sheet();
    find(&mut sheet, "one");
    for key in ['N', 'R'] {
        assert_eq!(sheet.on_key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)), None);
        assert!(shown(&sheet).contains("is not saved yet and would be gone: q leaves, and prints it"));
    }
    let left = sheet.on_key(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE));
    assert_eq!(left, Some(Said::Leave(Then::Shell)));
}

#[test]
fn it_is_scrolled_no_further_than_it_is_long() {
    let mut sheet = sheet();
    press(&mut sheet, &"j".repeat(500));
    press(&mut sheet, &"k".repeat(60));
    assert_eq!(sheet.scroll, 0);
}

fn measured(what: &str, moment: Option<u64>) -> Measure {
    Measure { what: what.into(), moment, ..Measure::default() }
}

#[test]
fn a_replay_begins_at_the_moment_that_was_chosen_and_a_row_without_one_is_passed_over() {
    let mut sheet = sheet();
    sheet.debrief.measured = vec![measured("lever", Some(7)), measured("by hand", None), measured("alarm", Some(30))];
    let tab = KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE);
    let replay = |sheet: &mut Sheet| sheet.on_key(KeyEvent::new(KeyCode::Char('R'), KeyModifiers::NONE));
    assert_eq!(replay(&mut sheet), Some(Said::Leave(Then::Replay(7))));
    sheet.on_key(tab);
    assert_eq!(replay(&mut sheet), Some(Said::Leave(Then::Replay(30))));
    assert!(shown(&sheet).lines().any(|line| line.contains("> alarm") && line.contains("b2")), "{}", shown(&sheet));
    sheet.on_key(tab);
    assert_eq!(replay(&mut sheet), Some(Said::Leave(Then::Replay(7))), "round the end");
    sheet.debrief.measured.clear();
    assert_eq!(replay(&mut sheet), None);
    assert!(shown(&sheet).contains("nothing was measured that could be looked at again"));
}

#[test]
fn the_chosen_moment_is_in_sight_however_many_there_are() {
    let mut sheet = sheet();
    sheet.debrief.measured = (0..60).map(|n| measured(&format!("stage {n}"), Some(n))).collect();
    shown(&sheet);
    for n in (1..60).chain([0, 1]) {
        sheet.on_key(KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE));
        let mark = format!("> stage {n} ");
        assert!(shown(&sheet).contains(&mark), "{mark}: {}", shown(&sheet));
    }
}

#[test]
fn nothing_but_answers_is_taken_before_the_numbers_are_unlocked() {
    let mut sheet = Sheet::new(Debrief::default(), "ops".into());
    for key in ['m', 'R', 'N'] {
        assert_eq!(sheet.on_key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)), None);
    }
    assert!(shown(&sheet).contains("mRN_"), "they are words: {}", shown(&sheet));
}

#[test]
fn its_end_can_be_reached_however_narrow_it_is_and_however_much_was_answered() {
    let mut sheet = sheet();
    sheet.debrief.answers.answers.clear();
    for to in Question::ALL {
        let says = Some("the index behind green was swapped ".repeat(11).trim_end().into());
        sheet.debrief.answers.answers.push(Answer { to, says, by: "ops".into() });
    }
    sheet.debrief.injected = (0..9).map(|n| format!("{n} the index was swapped under everybody's feet")).collect();
    let found = Finding::new("the cache runbook names the key of last year", "the cache team", "2026-12-01");
    sheet.debrief.answers.findings.push(found.unwrap());
    for size in [(40, 10), (40, 24), (80, 24), (200, 60)] {
        sheet.scroll = 0;
        assert!(drawn(&sheet, size).contains("DRILL DEBRIEF"), "{size:?}");
        press(&mut sheet, &"j".repeat(300));
        assert!(drawn(&sheet, size).contains("2026-12-01"), "{size:?}:\n{}", drawn(&sheet, size));
    }
}
