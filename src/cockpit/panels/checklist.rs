//! The checklist: glyph, word, time and the value seen, one step a line.

use super::head::hold_words;
use super::{Lines, View, cut};
use crate::cockpit::facts::{self, face};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::incident::event::DoneBy;
use crate::incident::{StepState, StepStatus};
use crate::playbook::{Step, StepKind};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// After this long without a key the current step says where one left off, in ms.
const AWAY_MS: u64 = 30_000;

/// Below this width a step has no room for what was seen; the selected one shows it on a line of its own.
const NARROW: usize = 56;

/// The checklist in `height` rows with its heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let steps = &view.scene.playbook.steps;
    let heading = view.heading(Panel::Checklist, &format!("CHECKLIST {}", view.scene.playbook.service));
    let heading = if width < NARROW { heading.put(Token::Fg, "  ") } else { heading.to(31) };
    let heading = heading.fit(Token::Muted, &summary(view), width);
    let selected = view.ui.step(view.scene).map(|step| &step.id);
    let place = steps.iter().position(|step| Some(&step.id) == selected).unwrap_or(0);
    let mut rows: Lines = steps.iter().enumerate().map(|(at, step)| line(view, step, at, width)).collect();
    if width < NARROW {
        let under = steps.get(place).and_then(|step| below(view, step, width));
        under.into_iter().for_each(|line| rows.insert(place + 1, line));
    }
    let mut lines = vec![heading.line()];
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

/// `steps 1-6 COMPLETE, 1 overridden, 2 debts`, or how far it is.
fn summary(view: &View) -> String {
    let state = &view.scene.state;
    let steps = &view.scene.playbook.steps;
    let has = |status: StepStatus| state.steps.values().filter(|step| step.status == status).count();
    let settled = |step: &Step| state.steps.get(&step.id).is_some_and(|state| state.status.is_settled());
    let sixty: Vec<usize> = (1..).zip(steps).filter(|(_, step)| step.sixty).map(|(number, _)| number).collect();
    let done = steps.iter().filter(|step| settled(step)).count();
    let mut words = match (sixty.first(), sixty.last()) {
        (Some(first), Some(last)) if steps.iter().filter(|step| step.sixty).all(settled) && done < steps.len() => {
            format!("steps {first}-{last} COMPLETE")
        }
        _ if done == steps.len() => "COMPLETE".to_owned(),
        _ => format!("{done} of {} done", steps.len()),
    };
    for (status, word) in [
        (StepStatus::Overridden, "overridden"),
        (StepStatus::Skipped, "skipped"),
        (StepStatus::Deferred, "deferred"),
        (StepStatus::Failed, "FAILED"),
        (StepStatus::Reopened, "REOPENED"),
    ] {
        let count = has(status);
        if count > 0 {
            words.extend([", ", &count.to_string(), " ", word]);
        }
    }
    words
}

fn line(view: &View, step: &Step, place: usize, width: usize) -> Line<'static> {
    let face = face(view.scene, &step.id);
    let here = view.ui.step(view.scene).is_some_and(|selected| selected.id == step.id);
    let focused = view.ui.focus == Panel::Checklist && view.ui.stack.is_empty();
    let narrow = width < 64;
    let cursor = if here { ">" } else { " " };
    let row =
        view.row().strong(Token::Focus, Modifier::BOLD, cursor).cell(Token::Muted, &format!("{:>2}", place + 1), 3);
    let row = row.put(face.token, face.glyph).put(Token::Fg, " ");
    let row = view.mark(row, here && focused, &step.title, if narrow { 17 } else { 18 });
    let weight = if face.underlined { Modifier::UNDERLINED } else { Modifier::empty() };
    let end = row.used() + if narrow { 11 } else { 12 };
    let row = row.strong(face.token, weight, face.word).to(end);
    let since = since_first_step(view, step);
    let row = if is_watched(view, step) { row } else { row.cell(Token::Muted, &since, 8) };
    if width < NARROW {
        return if away(view, step) { row.fit(Token::Focus, "RESUME", width).line() } else { row.line() };
    }
    let (note, token) = note(view, step);
    let row = if away(view, step) { row.strong(Token::Focus, Modifier::BOLD, "RESUME ") } else { row };
    let age = sensor_age(view, step);
    let room = if age.is_empty() { width } else { width.saturating_sub(words::columns(&age) + 2) };
    row.fit(token, &note, room).right(Token::Muted, &age, width).line()
}

/// What was seen or is to be pressed, under its step.
fn below(view: &View, step: &Step, width: usize) -> Option<Line<'static>> {
    let (note, token) = note(view, step);
    (!note.is_empty()).then(|| view.row().to(8).fit(token, &note, width).line())
}

/// Whether this is where a person who was away should go on.
fn away(view: &View, step: &Step) -> bool {
    let idle = view.ui.last_key_ms.is_some_and(|last| view.human_ms.saturating_sub(last) >= AWAY_MS);
    idle && facts::is_next(view.scene, &step.id)
}

/// Whether this step watches the hold now: the hold's own clock is the one that counts.
fn is_watched(view: &View, step: &Step) -> bool {
    let running = view.scene.state.steps.get(&step.id).is_some_and(|state| state.status == StepStatus::Running);
    running && matches!(step.kind, StepKind::Watch)
}

/// When a step came to where it stands, counted from the first step.
fn since_first_step(view: &View, step: &Step) -> String {
    let (Some(state), Some(first)) = (view.scene.state.steps.get(&step.id), &view.scene.state.marks.first_step) else {
        return String::new();
    };
    match state.status {
        StepStatus::Running => words::clock(view.scene.now.since(first).ms),
        StepStatus::Sensed
        | StepStatus::Confirmed
        | StepStatus::Failed
        | StepStatus::Skipped
        | StepStatus::Overridden
        | StepStatus::Deferred
        | StepStatus::Reopened => words::clock(state.since.since(first).ms),
    }
}

/// How old the sensor's sight is, for a step that is sensed.
fn sensor_age(view: &View, step: &Step) -> String {
    let sensed = |state: &StepState| matches!(state.status, StepStatus::Sensed | StepStatus::Overridden);
    if !view.scene.state.steps.get(&step.id).is_some_and(sensed) {
        return String::new();
    }
    let probe = facts::sensor_probe(view.scene, step);
    let age = probe.and_then(|probe| facts::looked_age(view.scene, probe));
    age.map(|age| format!("age {}", words::age(age))).unwrap_or_default()
}

/// The value seen, the reason given, or what to press.
pub(in crate::cockpit) fn note(view: &View, step: &Step) -> (String, Token) {
    let Some(state) = view.scene.state.steps.get(&step.id) else {
        let ready = view.scene.state.marks.declared.is_some() && facts::is_next(view.scene, &step.id);
        return if ready { (key_hint(step).into(), Token::Focus) } else { (String::new(), Token::Muted) };
    };
    match state.status {
        StepStatus::Running => running_note(view, step),
        StepStatus::Sensed | StepStatus::Confirmed => (done_words(state), Token::Fg),
        StepStatus::Failed | StepStatus::Reopened => (format!("{}; r runs it", reason(state)), Token::Warn),
        StepStatus::Skipped | StepStatus::Overridden => (format!("\"{}\"", reason(state)), Token::Muted),
        StepStatus::Deferred => (format!("until {}", reason(state)), Token::Deferred),
    }
}

fn key_hint(step: &Step) -> &'static str {
    match &step.kind {
        StepKind::Capture(_) | StepKind::Watch => "r runs it",
        StepKind::Pick(_) => "r picks one",
        StepKind::Pull(_) => "r arms its lever",
        StepKind::Ask(_) => "Space answers",
    }
}

fn running_note(view: &View, step: &Step) -> (String, Token) {
    match &step.kind {
        StepKind::Watch => {
            let hold = &view.scene.state.hold;
            let why = match (&hold.paused, &hold.last_reset) {
                (Some(why), _) => format!(" paused: {why}"),
                (None, Some(why)) => format!(" reset: {why}"),
                (None, None) => String::new(),
            };
            (format!("green-for {}{why}", hold_words(view).unwrap_or_default()), Token::Running)
        }
        StepKind::Pull(_) => {
            let pull = view.scene.state.pulls.values().rev().find(|pull| pull.step.as_ref() == Some(&step.id));
            pull.map_or((key_hint(step).into(), Token::Focus), |pull| facts::pull_words(view.scene, pull))
        }
        StepKind::Capture(_) => ("capturing".into(), Token::Running),
        StepKind::Pick(_) | StepKind::Ask(_) => (key_hint(step).into(), Token::Focus),
    }
}

fn done_words(state: &StepState) -> String {
    match &state.done_by {
        Some(DoneBy::Sensed { saw }) => saw.to_string(),
        Some(DoneBy::Confirmed { saw, .. }) => format!("saw: {saw}"),
        // Its lever was taken back since, and its sensor has not seen it in force again.
        None => "unknown".into(),
    }
}

fn reason(state: &StepState) -> String {
    state.reason.as_ref().map(ToString::to_string).unwrap_or_default()
}
