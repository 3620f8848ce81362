//! The debrief on screen: locked, then in numbers.

use super::stage::{declared, render, ui};
use crate::cockpit::{Interview, Said, Sheet, Theme};
use crate::report::{Answer, Answers, Debrief, Finding, Measure, Question};

fn row(what: &str, target: &str, you: &str, missed: bool) -> Measure {
    let moment = (target != "-").then_some(9);
    Measure { what: what.into(), target: target.into(), you: you.into(), missed, lines: String::new(), moment }
}

pub(super) fn debrief(answered: usize) -> Debrief {
    let mut answers = Answers::default();
    for (to, says) in Question::ALL.into_iter().zip(["the alias still read green", "the checklist", "freeze first"]) {
        answers.answers.push(Answer { to, says: Some(says.into()), by: "mira".into() });
    }
    answers.answers.truncate(answered);
    if answered == Question::ALL.len() {
        answers.findings.push(Finding::new("the cache runbook names the old key", "ops", "2026-12-01").expect("sound"));
    }
    Debrief {
        title: "drill-index-mismatch-1, docs-rag, flown by mira".into(),
        answers,
        measured: vec![
            row("declare -> first lever", "01:00", "00:12", false),
            row("60-second steps", "01:00", "00:48", false),
            row("longest unacknowledged alarm", "00:30", "01:12", true),
            row("fast confirms (< 1 s)", "0", "1", true),
            row("sensed / by hand", "-", "6/0", false),
        ],
        injected: vec!["00:06 the index behind green was swapped -> declared at 00:13".into()],
        pitfalls: vec!["cache-not-rotated: the cache goes on answering from the bad index".into()],
    }
}

fn shown(debrief: Debrief, size: (u16, u16)) -> String {
    let mut ui = ui();
    ui.sheet = Some(Sheet::new(debrief, "mira".into()));
    render(&ui, &declared(), 1000, size)
}

#[test]
fn the_debrief_is_people_first_and_numbers_after() {
    let locked = shown(debrief(1), (80, 24));
    assert!(locked.contains("locked until all three") && !locked.contains("00:48"), "{locked}");
    assert!(shown(debrief(3), (80, 24)).contains("00:48"));
}

#[test]
fn by_lines_what_is_not_saved_yet_is_told_once_for_each_reason_and_the_next_question_is_asked() {
    let mut interview = Interview::new(debrief(0), "mira".into(), Theme::embedded("ansi16").expect("it is embedded"));
    drop(interview.said());
    let Some(Said::Words(words)) = interview.on_line("the alias") else { panic!("an answer is written down") };
    assert!(interview.said().is_empty(), "what became of it is not known yet");
    for (why, tells) in [("the disk is full", true), ("the disk is full", false), ("the disk does not answer", true)] {
        interview.in_trouble(Some(why.into()));
        let said = interview.said().join("\n");
        assert_eq!(said.contains(&format!("NOT SAVED YET: {why}")), tells, "{said}");
        assert_eq!(said.contains("keep? Type it as one line"), tells, "{said}");
    }
    let mut saved = debrief(0);
    saved.answers.add(&words);
    interview.show(saved);
    let said = interview.said().join("\n");
    assert!(said.contains("the alias") && !said.to_lowercase().contains("not saved"), "{said}");
}

#[test]
fn by_lines_what_becomes_of_a_change_is_told_once_it_is_known() {
    let mut interview = Interview::new(debrief(3), "mira".into(), Theme::embedded("ansi16").expect("it is embedded"));
    drop(interview.on_line("remove 1"));
    drop(interview.said());
    let said = interview.on_line("yes");
    assert!(matches!(said, Some(Said::Revised(_))), "{said:?}");
    assert!(interview.said().is_empty(), "what became of it is not known yet");
    interview.in_trouble(Some("the disk is full".into()));
    let told = interview.said().join("\n");
    assert!(told.contains("NOT SAVED YET: the disk is full") && told.contains("(taken out, not saved yet)"), "{told}");
    interview.refused("it is not there");
    interview.in_trouble(None);
    let told = interview.said().join("\n");
    assert!(told.contains("it is not there") && told.contains("change or remove with the number"), "{told}");
}
