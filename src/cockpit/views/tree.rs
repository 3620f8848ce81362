//! The decision tree: what is wrong and why one knows, which levers fit it best, and which part of the checklist it opens.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View, cut};
use crate::cockpit::theme::Token;
use crate::cockpit::tree::{Twig, twigs};
use crate::cockpit::words;
use crate::incident::{branches::waits_for, derive, raised};
use crate::playbook::{Branch, Id, Playbook, Symptom};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Where what is said of a symptom or a branch begins.
const INDENT: usize = 8;
/// How wide the word in front of it is.
const WORD: usize = 8;
/// What the state at the end of a line takes.
const STATE: usize = 16;

pub(super) fn lines(view: &View, width: usize, height: usize) -> Lines {
    let playbook = &view.scene.playbook;
    let mut lines = vec![heading(view, width)];
    let selected = view.ui.twig(view.scene);
    let (mut rows, mut place) = (Lines::new(), 0);
    for twig in twigs(playbook) {
        let here = Some(&twig) == selected.as_ref();
        let start = rows.len();
        match &twig {
            Twig::Symptom(id) => rows.extend(symptom(view, &playbook.symptoms[id], here, width)),
            Twig::Branch(id) => rows.extend(branch(view, &playbook.branches[id], here, width)),
        }
        if here {
            // As much of what is selected as has room stays in sight, its first line always.
            place = (rows.len() - 1).min(start + height.saturating_sub(3));
        }
    }
    if rows.is_empty() {
        rows.push(view.row().to(2).put(Token::Muted, "this playbook has neither symptoms nor branches").line());
    }
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

fn heading(view: &View, width: usize) -> Line<'static> {
    let (playbook, state) = (&view.scene.playbook, &view.scene.state);
    let raised = raised(playbook, state).len();
    let row = view.row().strong(Token::Fg, Modifier::BOLD, "DECISION TREE");
    let counts = format!(
        "  {raised} of {} symptoms raised, {} of {} branches open",
        playbook.symptoms.len(),
        state.branches.len(),
        playbook.branches.len()
    );
    row.put(Token::Fg, &counts).right(Token::Muted, "<main.open> opens   <tree.raise> raises", width).line()
}

/// A symptom: whether it is raised, by which values against which limits, and its levers, best first.
fn symptom(view: &View, symptom: &Symptom, here: bool, width: usize) -> Lines {
    let (word, token) = raised_words(view, symptom);
    let glyph = if token == Token::Breach { "X" } else { "." };
    let row = cursor(view, here).put(token, glyph).to(4);
    let row = view.mark(row, here, &symptom.title, width.saturating_sub(4 + STATE));
    let mut lines = vec![row.put(token, word).line()];
    let rows = [
        ("all", metrics(view, &symptom.when)),
        ("any", metrics(view, &symptom.any)),
        ("unless", metrics(view, &symptom.unless)),
        ("levers", levers(view, symptom)),
    ];
    for (word, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
        lines.extend(under(view, word, text, width));
    }
    if symptom.when.is_empty() && symptom.any.is_empty() {
        lines.splice(1..1, under(view, "-", "only a person can say so: <tree.raise> raises it", width));
    }
    lines
}

fn raised_words(view: &View, symptom: &Symptom) -> (&'static str, Token) {
    let (playbook, state) = (&view.scene.playbook, &view.scene.state);
    if state.declared_symptoms.contains(&symptom.id) {
        ("RAISED by hand", Token::Breach)
    } else if raised(playbook, state).contains(&symptom.id) {
        ("RAISED", Token::Breach)
    } else {
        ("not raised", Token::Muted)
    }
}

/// Each metric with its value, its state and its limit: `coverage 0.51 BREACH <0.60`.
fn metrics(view: &View, metrics: &[Id]) -> String {
    let known = metrics.iter().filter_map(|id| view.scene.playbook.metrics.get(id));
    let said = known.map(|metric| {
        let base = facts::baseline(view.scene, metric);
        let limit = metric.stop.as_ref().map_or("-".into(), |limit| words::limit(limit, metric.unit, base));
        let state = facts::state_of(view.scene, &metric.id).word();
        format!("{} {} {state} {limit}", metric.title, facts::now_words(view.scene, metric))
    });
    said.collect::<Vec<_>>().join(" | ")
}

/// The levers that a symptom lists, as they rank now.
fn levers(view: &View, symptom: &Symptom) -> String {
    let ranked = view.scene.ranked.iter().filter(|lever| symptom.levers.contains(lever));
    let known = ranked.filter_map(|lever| view.scene.playbook.levers.get(lever));
    let said = known.map(|lever| {
        let number = facts::lever_number(view.scene, &lever.id);
        format!("{number} {} {}", lever.id, facts::ready(view.scene, lever).0)
    });
    said.collect::<Vec<_>>().join(" | ")
}

/// A branch: whether it is open, since when and how far it is flown, or what it waits for.
fn branch(view: &View, branch: &Branch, here: bool, width: usize) -> Lines {
    let (playbook, state) = (&view.scene.playbook, &view.scene.state);
    let open = state.branches.get(&branch.id);
    let (glyph, token) = if open.is_some() { ("[>]", Token::Running) } else { ("[/]", Token::Muted) };
    let row = cursor(view, here).to(4).put(token, glyph).to(INDENT);
    let row = view.mark(row, here, &branch.title, width.saturating_sub(INDENT + STATE));
    let Some(open) = open else {
        let mut lines = vec![row.put(token, "CLOSED").line()];
        lines.extend(under(view, "opens", &opens(playbook, branch), width));
        if !branch.why.is_empty() {
            lines.extend(under(view, "why", &branch.why, width));
        }
        return lines;
    };
    let since = state.since_declared(&open.opened).map_or_else(String::new, |since| words::clock(since.ms));
    let mut lines = vec![row.put(token, &format!("OPEN {since}")).line()];
    lines.extend(under(view, "opened", &format!("{}; {}", open.why, flown(view, playbook, &branch.id)), width));
    lines
}

/// What a closed branch waits for.
fn opens(playbook: &Playbook, branch: &Branch) -> String {
    match waits_for(playbook, branch) {
        Some(cause) => format!("on {cause}, or by <main.open> and a reason"),
        None => "only by <main.open> and a reason".into(),
    }
}

/// How far a branch is flown.
fn flown(view: &View, playbook: &Playbook, branch: &Id) -> String {
    let steps: Vec<_> = playbook.steps.iter().filter(|step| step.branch.as_ref() == Some(branch)).collect();
    let done = steps.iter().filter(|step| derive::is_settled(&view.scene.state, &step.id)).count();
    format!("{done} of {} steps done", steps.len())
}

fn cursor<'a>(view: &View<'a>, here: bool) -> crate::cockpit::row::Row<'a> {
    view.row().strong(Token::Focus, Modifier::BOLD, if here { ">" } else { " " }).to(2)
}

/// What is said of a symptom or a branch, under it, in as many lines as it needs.
fn under(view: &View, word: &str, text: &str, width: usize) -> Lines {
    let wrapped = words::wrap(text, width.saturating_sub(INDENT + WORD));
    let row = |(place, line): (usize, &String)| {
        let row = view.row().to(INDENT).cell(Token::Muted, if place == 0 { word } else { "" }, WORD);
        row.put(Token::Fg, line).line()
    };
    wrapped.iter().enumerate().map(row).collect()
}
