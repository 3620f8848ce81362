//! One step: why, what makes it done, what it did, what to type by hand.

use super::output;
use crate::cockpit::facts::{self, face};
use crate::cockpit::keymap::{Act, Place, StepAct};
use crate::cockpit::panels::{Lines, View, checklist, first};
use crate::cockpit::row::Row;
use crate::cockpit::theme::Token;
use crate::cockpit::{waits, words};
use crate::playbook::{Id, Step, StepKind};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where the second column begins.
const INDENT: usize = 11;
/// The rows that the output keeps, if it has as many.
const OUTPUT_LEAST: usize = 6;

pub(super) fn lines(view: &View, step: &Id, width: usize, height: usize) -> Lines {
    let Some(place) = view.scene.playbook.steps.iter().position(|known| known.id == *step) else {
        return Vec::new();
    };
    let step = &view.scene.playbook.steps[place];
    let mut lines = vec![title(view, step, place, width)];
    lines.extend(view.titled(INDENT, "WHY", &step.why, width));
    lines.extend(done_lines(view, step, width));
    let (note, token) = checklist::note(view, step);
    lines.push(view.row().cell(Token::Muted, "NOW", INDENT).fit(token, &note, width).line());
    lines.extend(captured(view, step, width));
    let tail = tail(view, step, width);
    let output = output::rows(view, step, width);
    // What the step does has room before what is only good to know.
    let kept = lines.len() + tail.len() + output.len().clamp(usize::from(!output.is_empty()), OUTPUT_LEAST) + 1;
    lines.extend(first(view, lever(view, step, width), height.saturating_sub(kept)));
    let room = height.saturating_sub(lines.len() + tail.len());
    lines.extend(output::shown(view, output, width, room));
    lines.extend(tail);
    first(view, lines, height)
}

/// What a person does beside goaround, and the keys.
fn tail(view: &View, step: &Step, width: usize) -> Lines {
    let mut lines = Lines::new();
    if let Some(command) = facts::by_hand(view.scene, step) {
        lines.push(view.row().cell(Token::Muted, "BY HAND", INDENT).put(Token::Muted, "<steps.copy> copies").line());
        let wrapped = words::wrap(&command, width.saturating_sub(4));
        lines.extend(wrapped.iter().map(|text| view.row().to(2).put(Token::Fg, text).line()));
    }
    lines.push(view.row().line());
    let space = if matches!(step.kind, StepKind::Ask(_)) {
        "<steps.confirm> answers"
    } else {
        "<steps.confirm> (sensor lost only) what you SAW"
    };
    lines.push(view.row().put(Token::Muted, space).line());
    let acts = [
        (StepAct::Run, "run"),
        (StepAct::Skip, "skip"),
        (StepAct::Override, "override"),
        (StepAct::Defer, "defer"),
        (StepAct::Reopen, "open again"),
    ];
    let told = acts.map(|(act, word)| format!("{} {word}", view.key(Place::Steps, Act::Step(act)))).join("   ");
    lines.push(view.row().fit(Token::Muted, &told, width).line());
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

/// What makes it done, and what is seen of that now; on one line where both have room.
fn done_lines(view: &View, step: &Step, width: usize) -> Lines {
    let when = waits::done_when(view.scene, step);
    let Some(condition) = facts::sensor(view.scene, step) else {
        return view.titled(INDENT, "DONE WHEN", &when, width);
    };
    let when = format!("(sensed) {when}");
    let (saw, token) = facts::saw(view.scene, condition);
    let age = facts::looked_age(view.scene, condition).map_or("-".into(), words::age);
    let wide = words::columns(&when) + words::columns(&saw) + words::columns(&age) + INDENT + 14;
    let mut lines = view.titled(INDENT, "DONE WHEN", &when, width);
    let seen = |row: Row<'_>| {
        let row = row.put(Token::Muted, "now ").fit(token, &saw, width.saturating_sub(8));
        row.fit(Token::Muted, &format!("   age {age}"), width).line()
    };
    if wide <= width {
        return vec![seen(view.row().cell(Token::Muted, "DONE WHEN", INDENT).put(Token::Fg, &format!("{when}   ")))];
    }
    lines.push(seen(view.row().to(INDENT)));
    lines
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
