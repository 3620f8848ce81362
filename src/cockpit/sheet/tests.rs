//! The sheet by keys.

use super::*;
use crate::report::{Finding, Measure};
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

#[test]
fn what_could_not_be_written_down_is_still_there() {
    let mut sheet = sheet();
    press(&mut sheet, "fone");
    assert_eq!(enter(&mut sheet), None);
    press(&mut sheet, "ops");
    assert_eq!(enter(&mut sheet), None);
    press(&mut sheet, "2026-12-01");
    assert!(matches!(enter(&mut sheet), Some(Said::Words(_))));
    sheet.complain("the disk is full");
    assert!(shown(&sheet).contains("2026-12-01_") && shown(&sheet).contains("the disk is full"));
    assert!(matches!(enter(&mut sheet), Some(Said::Words(_))), "and again");
    sheet.show(Debrief { answers: sheet.debrief.answers.clone(), ..Debrief::default() });
    assert!(!shown(&sheet).contains("2026-12-01_"));
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

/// A sheet with these findings, drawn once.
fn with_findings(findings: &[&str]) -> Sheet {
    let mut sheet = sheet();
    sheet.debrief.injected.truncate(2);
    let found = |finding: &&str| Finding::new(finding, "ops", "2026-12-01").unwrap();
    sheet.debrief.answers.findings = findings.iter().map(found).collect();
    shown(&sheet);
    sheet
}

#[test]
fn a_finding_that_was_kept_is_changed_part_by_part() {
    for key in [KeyCode::Enter, KeyCode::Char('e')] {
        let mut sheet = with_findings(&["one", "two"]);
        press(&mut sheet, "jj");
        assert!(shown(&sheet).contains("> two, ops, 2026-12-01"), "{}", shown(&sheet));
        assert_eq!(sheet.on_key(key.into()), None);
        assert!(shown(&sheet).contains("> finding: two_"), "{}", shown(&sheet));
        press(&mut sheet, " late");
        assert_eq!(enter(&mut sheet), None);
        assert!(shown(&sheet).contains("> owner: ops_"), "{}", shown(&sheet));
        assert_eq!(enter(&mut sheet), None);
        let was = sheet.debrief.answers.findings[1].clone();
        let now = Finding::new("two late", "ops", "2026-12-01").unwrap();
        let revision = Revision { was, now: Some(now.clone()) };
        assert_eq!(enter(&mut sheet), Some(Said::Revised(revision)), "{key:?}");
        let mut written = sheet.debrief.clone();
        written.answers.findings[1] = now;
        sheet.show(written);
        assert!(shown(&sheet).contains("> two late, ops, 2026-12-01"), "it stays chosen: {}", shown(&sheet));
    }
}

#[test]
fn what_was_not_changed_is_not_written_down() {
    let mut sheet = with_findings(&["one"]);
    press(&mut sheet, "j");
    let said: Vec<Option<Said>> = (0..8).map(|_| enter(&mut sheet)).collect();
    assert!(said.iter().all(Option::is_none), "{said:?}");
}

#[test]
fn a_finding_is_taken_out_by_a_second_key_and_never_by_enter() {
    let mut sheet = with_findings(&["one", "two"]);
    press(&mut sheet, "x");
    assert!(shown(&sheet).contains("choose a finding first"), "{}", shown(&sheet));
    press(&mut sheet, "j");
    for other in [KeyCode::Enter, KeyCode::Char('x'), KeyCode::Esc, KeyCode::Char('j')] {
        press(&mut sheet, "x");
        assert!(shown(&sheet).contains("take out `one`"), "{}", shown(&sheet));
        assert_eq!(sheet.on_key(other.into()), None, "{other:?}");
        assert!(!shown(&sheet).contains("take out `one`") && !sheet.is_writing(), "{}", shown(&sheet));
        assert_eq!(sheet.on_key(KeyCode::Char('y').into()), None, "nothing is asked any more");
    }
    press(&mut sheet, "x");
    sheet.insert("y");
    let was = sheet.debrief.answers.findings[0].clone();
    assert_eq!(sheet.on_key(KeyCode::Char('y').into()), Some(Said::Revised(Revision { was, now: None })));
}

#[test]
fn a_finding_stays_chosen_by_what_it_says_and_not_by_its_row() {
    let mut sheet = with_findings(&["one", "two"]);
    press(&mut sheet, "jj");
    let kept = |sheet: &Sheet| sheet.kept().map(|finding| finding.finding.to_string());
    sheet.show(with_findings(&["zero", "one", "two"]).debrief);
    assert_eq!(kept(&sheet).as_deref(), Some("two"));
    sheet.show(with_findings(&["zero", "one"]).debrief);
    assert_eq!(kept(&sheet), None, "what was taken out leaves its row to nobody");
}

#[test]
fn every_finding_can_be_chosen_and_is_in_sight_then_at_every_size() {
    let names: Vec<String> = (10..40).map(|n| format!("finding {n} is long enough for two rows of a page")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for size in [(40, 10), (80, 24), (200, 60)] {
        let mut sheet = with_findings(&names);
        let mut chosen = Vec::new();
        for _ in 0..200 {
            let screen = drawn(&sheet, size);
            if let Some(at) = sheet.kept.filter(|at| !chosen.contains(at)) {
                assert!(screen.contains(&format!("> finding {}", at + 10)), "{size:?}: {screen}");
                chosen.push(at);
            }
            press(&mut sheet, "j");
        }
        assert_eq!(chosen, (0..30).collect::<Vec<_>>(), "{size:?}");
        for _ in 0..200 {
            press(&mut sheet, "k");
        }
        assert_eq!((sheet.kept, sheet.scroll), (None, 0), "{size:?}");
    }
}

#[test]
fn a_paste_while_nothing_is_asked_is_dropped() {
    let mut sheet = with_findings(&["one"]);
    sheet.insert("xy");
    press(&mut sheet, "f");
    assert!(shown(&sheet).contains("> finding: _"), "{}", shown(&sheet));
}
