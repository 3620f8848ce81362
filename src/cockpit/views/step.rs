//! One step: why, what makes it done, what it did, what to type by hand.

use crate::cockpit::facts::{self, face};
use crate::cockpit::keymap::{Act, Place, StepAct};
use crate::cockpit::panels::{Lines, View, checklist};
use crate::cockpit::theme::Token;
use crate::cockpit::{waits, words};
use crate::incident::{Event, Record, tell};
use crate::playbook::{Id, Step, StepKind};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the second column begins.
const INDENT: usize = 11;
/// The most records of a step shown.
const RECORDS_MAX: usize = 6;

pub(super) fn lines(view: &View, step: &Id, width: usize) -> Lines {
    let Some(place) = view.scene.playbook.steps.iter().position(|known| known.id == *step) else {
        return Vec::new();
    };
    let step = &view.scene.playbook.steps[place];
    let mut lines = vec![title(view, step, place, width)];
    lines.push(view.row().cell(Token::Muted, "WHY", INDENT).fit(Token::Fg, &step.why, width).line());
    lines.push(done_line(view, step, width));
    let (note, token) = checklist::note(view, step);
    lines.push(view.row().cell(Token::Muted, "NOW", INDENT).fit(token, &note, width).line());
    lines.extend(captured(view, step, width));
    lines.extend(lever(view, step, width));
    lines.extend(records(view, step, width));
    if let Some(command) = facts::by_hand(view.scene, step) {
        lines.push(view.row().cell(Token::Muted, "BY HAND", INDENT).put(Token::Muted, "y copies").line());
        let wrapped = words::wrap(&command, width.saturating_sub(4));
        lines.extend(wrapped.iter().map(|text| view.row().to(2).put(Token::Fg, text).line()));
    }
    lines.push(view.row().line());
    let space =
        if matches!(step.kind, StepKind::Ask(_)) { "Space answers" } else { "Space (sensor lost only) what you SAW" };
    lines.push(view.row().put(Token::Muted, space).line());
    let acts = [
        (StepAct::Run, "run"),
        (StepAct::Skip, "skip"),
        (StepAct::Override, "override"),
        (StepAct::Defer, "defer"),
        (StepAct::Reopen, "open again"),
    ];
    let told = acts.map(|(act, word)| format!("{} {word}", view.key(Place::Steps, Act::Step(act)))).join("   ");
    let back = view.key(Place::Main, Act::Back);
    lines.push(view.row().fit(Token::Muted, &format!("{told}   {back} back"), width).line());
    lines
}

fn title(view: &View, step: &Step, place: usize, width: usize) -> Line<'static> {
    let face = face(view.scene, &step.id);
    let words = format!("STEP {}/{} {}", place + 1, view.scene.playbook.steps.len(), step.title);
    let state = view.scene.state.steps.get(&step.id);
    let spent = state.and_then(|state| state.started.as_ref().map(|started| (started, state)));
    let spent = spent.map(|(started, state)| {
        let end = if state.status.is_settled() { &state.since } else { &view.scene.now };
        words::clock(end.since(started).ms)
    });
    let row = view.row().strong(Token::Fg, Modifier::BOLD, &words).to(40).put(face.token, face.glyph);
    let row = row.put(face.token, &format!(" {}", face.word));
    row.fit(Token::Muted, &format!("  {}", spent.unwrap_or_default()), width).line()
}

fn done_line(view: &View, step: &Step, width: usize) -> Line<'static> {
    let sensed = facts::sensor(view.scene, step);
    let row = view.row().cell(Token::Muted, "DONE WHEN", INDENT).put(Token::Fg, &waits::done_when(view.scene, step));
    let Some(condition) = sensed else { return row.line() };
    let (saw, token) = facts::saw(view.scene, condition);
    let age = facts::looked_age(view.scene, condition).map_or("-".into(), words::age);
    let row = row.put(Token::Muted, "   now ").put(token, &saw);
    row.fit(Token::Muted, &format!("   age {age}"), width).line()
}

/// The pins and samples that a capture has taken.
fn captured(view: &View, step: &Step, width: usize) -> Lines {
    if !matches!(step.kind, StepKind::Capture(_)) || view.scene.state.captured.is_empty() {
        return Vec::new();
    }
    let pairs: Vec<String> = view.scene.state.captured.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let wrapped = words::wrap(&pairs.join(" | "), width.saturating_sub(INDENT + 1));
    let head = |at: usize| if at == 0 { "CAPTURED" } else { "" };
    let line =
        |(at, text): (usize, &String)| view.row().cell(Token::Muted, head(at), INDENT).put(Token::Fg, text).line();
    wrapped.iter().enumerate().map(line).collect()
}

/// The lever that would be pulled: whether it could be flown, what to know before, where to read on.
fn lever(view: &View, step: &Step, width: usize) -> Lines {
    let Some(lever) = facts::next_lever(view.scene, step) else { return Lines::new() };
    let (ready, token, why) = facts::ready(view.scene, lever);
    let name = format!("{} {}  ", facts::lever_number(view.scene, &lever.id), lever.title);
    let row = view.row().cell(Token::Muted, "LEVER", INDENT).put(Token::Fg, &name).put(token, &ready);
    let made = lever.recipe.as_ref().map_or(String::new(), |recipe| format!("  {recipe}"));
    let mut lines = vec![row.fit(Token::Muted, &made, width).line()];
    let notes = [("WHY NOT", why.as_slice()), ("RISKS", &lever.risks), ("DOCS", &lever.docs)];
    for (word, texts) in notes {
        for (place, text) in texts.iter().enumerate() {
            lines.extend(view.titled(INDENT, if place == 0 { word } else { "" }, text, width));
        }
    }
    lines
}

/// What the journal says of this step, its pulls included.
fn records(view: &View, step: &Step, width: usize) -> Lines {
    let mine = view.scene.records.iter().rev().filter(|record| is_about(view, record, &step.id));
    let mut found: Vec<&Record> = mine.take(RECORDS_MAX).collect();
    found.reverse();
    let line = |record: &Record| {
        let at = view.scene.state.since_declared(&record.at).map_or(String::new(), |t| words::clock(t.ms));
        let row = view.row().to(2).cell(Token::Muted, &at, 9);
        row.fit(Token::Fg, &tell(&view.scene.playbook, &record.event), width).line()
    };
    let mut lines: Lines = found.into_iter().map(line).collect();
    if !lines.is_empty() {
        lines.insert(0, view.row().put(Token::Muted, "JOURNAL").line());
    }
    lines
}

fn is_about(view: &View, record: &Record, id: &Id) -> bool {
    let of_pull =
        |attempt: &u32| view.scene.state.pulls.get(attempt).is_some_and(|pull| pull.step.as_ref() == Some(id));
    match &record.event {
        Event::StepStarted { step, .. }
        | Event::StepDone { step, .. }
        | Event::StepFailed { step, .. }
        | Event::StepSkipped { step, .. }
        | Event::StepOverridden { step, .. }
        | Event::StepDeferred { step, .. }
        | Event::StepReopened { step, .. } => step == id,
        Event::PullStarted { step, .. } | Event::EvidenceCaptured { step, .. } => step.as_ref() == Some(id),
        Event::PullSettled { attempt, .. } | Event::ReadBack { attempt, .. } | Event::Attested { attempt, .. } => {
            of_pull(attempt)
        }
        Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::BranchOpened { .. }
        | Event::VerdictChanged { .. }
        | Event::BaselineCaptured { .. }
        | Event::BaselineMissed { .. }
        | Event::SensorTurned { .. }
        | Event::Reverted { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldMet { .. }
        | Event::MessageQueued { .. }
        | Event::MessageSettled { .. }
        | Event::MessageRetried { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::ReversionAcknowledged { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::HandedOver { .. }
        | Event::Resumed { .. }
        | Event::Closed { .. }
        | Event::FollowedUp { .. } => false,
    }
}
