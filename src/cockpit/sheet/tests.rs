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
        sheet.revised(written);
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

/// Chooses the finding at this place.
fn choose(sheet: &mut Sheet, at: usize) {
    sheet.kept = Some(at);
}

/// What the debrief is once all that is asked for is so.
fn done(sheet: &Sheet) -> Debrief {
    let mut debrief = sheet.debrief.clone();
    for Revision { was, now } in &sheet.revisions {
        let at = debrief.answers.findings.iter().position(|found| found == was).unwrap();
        debrief.answers.findings.splice(at..=at, now.clone());
    }
    debrief
}

#[test]
fn what_is_taken_out_says_so_until_it_is_and_is_left_alone_meanwhile() {
    let mut sheet = with_findings(&["one", "two"]);
    choose(&mut sheet, 0);
    press(&mut sheet, "xy");
    assert!(shown(&sheet).contains("> one, ops, 2026-12-01  (taken out, not saved yet)"), "{}", shown(&sheet));
    for key in ['e', 'x'] {
        press(&mut sheet, &key.to_string());
        assert!(shown(&sheet).contains("what became of this finding is not saved yet"), "{}", shown(&sheet));
        assert!(!sheet.is_writing() && !sheet.is_removing());
    }
    press(&mut sheet, "N");
    assert!(shown(&sheet).contains("is not saved yet and would be gone"), "{}", shown(&sheet));
    choose(&mut sheet, 1);
    press(&mut sheet, "e late");
    sheet.revised(done(&sheet));
    assert!(!shown(&sheet).contains("one, ops"), "{}", shown(&sheet));
    assert!(shown(&sheet).contains("> finding: two late_"), "what is typed stays: {}", shown(&sheet));
    assert!(!sheet.has_unsaved());
}

#[test]
fn a_refused_change_leaves_the_finding_as_it_was_and_says_why() {
    let mut sheet = with_findings(&["one", "two"]);
    choose(&mut sheet, 1);
    press(&mut sheet, "e late");
    (0..3).for_each(|_| drop(enter(&mut sheet)));
    assert!(shown(&sheet).contains("> two late, ops, 2026-12-01  (not saved yet)"), "{}", shown(&sheet));
    sheet.refused("it is not there");
    assert!(shown(&sheet).contains("> two, ops, 2026-12-01 "), "{}", shown(&sheet));
    assert!(shown(&sheet).contains("it is not there") && !shown(&sheet).contains("not saved"), "{}", shown(&sheet));
}

#[test]
fn of_two_that_say_the_same_one_is_marked_and_the_other_can_go_as_well() {
    let mut sheet = with_findings(&["one", "one"]);
    choose(&mut sheet, 0);
    press(&mut sheet, "xy");
    assert_eq!(shown(&sheet).matches("taken out, not saved yet").count(), 1, "{}", shown(&sheet));
    choose(&mut sheet, 1);
    press(&mut sheet, "xy");
    assert_eq!(shown(&sheet).matches("taken out, not saved yet").count(), 2, "{}", shown(&sheet));
}

#[test]
fn a_removal_that_is_asked_about_stays_asked_unless_the_finding_is_gone() {
    let mut sheet = with_findings(&["one", "two"]);
    choose(&mut sheet, 1);
    press(&mut sheet, "x");
    sheet.show(with_findings(&["two"]).debrief);
    assert!(sheet.is_removing() && shown(&sheet).contains("take out `two`"), "{}", shown(&sheet));
    sheet.show(with_findings(&["three"]).debrief);
    assert!(!sheet.is_removing() && !shown(&sheet).contains("take out `two`"), "{}", shown(&sheet));
    assert_eq!(sheet.on_key(KeyCode::Char('y').into()), None);
}

#[test]
fn a_finding_can_be_chosen_while_another_is_not_saved_yet() {
    let mut sheet = with_findings(&["one", "two"]);
    find(&mut sheet, "three");
    shown(&sheet);
    for wanted in ["> one, ops", "> two, ops", "> two, ops"] {
        press(&mut sheet, "j");
        assert!(shown(&sheet).contains(wanted), "{wanted}: {}", shown(&sheet));
    }
    assert!(shown(&sheet).contains("  three, ops, 2026-12-01  (not saved yet)"), "{}", shown(&sheet));
}
