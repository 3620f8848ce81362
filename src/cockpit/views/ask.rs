//! Questions to the person: a numbered choice, a line of text, whether to leave.

use crate::cockpit::facts;
use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::keymap::character_of;
use crate::cockpit::menu::{Chosen, Menu};
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::red;
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::StepStatus;
use crate::metrics::VerdictState;
use crate::playbook::{Id, StepKind};
use ratatui::style::Modifier;

/// The choice, numbered.
pub(super) fn menu(view: &View, menu: &Menu, width: usize) -> Lines {
    let closing = menu.choices.iter().any(|choice| choice.chosen == Chosen::Close);
    let open = if closing { facts::open_before_closing(view.scene) } else { Vec::new() };
    let mut lines = if open.is_empty() {
        bold(view, &menu.title, width)
    } else {
        // Things have turned while it was open; the choice is refused, and says so before it is made.
        bold(
            view,
            &format!("CLOSE  not as recovered any more: {}. <text.cancel>, then <main.close>", open.join("; ")),
            width,
        )
    };
    for choice in &menu.choices {
        let key = character_of(choice.number).unwrap_or(' ');
        let row = view.row().to(2).strong(Token::Focus, Modifier::BOLD, &format!("{key}  "));
        lines.push(row.fit(Token::Fg, &choice.label, width).line());
    }
    if closing {
        lines.extend(unsent(view, width));
    }
    lines.push(view.row().put(Token::Muted, "its number chooses   <menu.cancel> back   Enter does nothing").line());
    lines
}

/// The question over a line of text, and what the line is for; the line itself is drawn between them.
pub(super) fn field(view: &View, field: &Field, width: usize) -> Lines {
    let (title, hint) = question(view, field);
    let mut lines = bold(view, &title, width);
    lines.extend(not_green(view, field, width));
    lines.push(view.row().put(Token::Focus, "> ").line());
    lines.push(view.row().fit(Token::Muted, &hint, width).line());
    lines.push(view.row().put(Token::Muted, taken_by(field)).line());
    lines
}

/// Which keys take the line, and which drop it.
fn taken_by(field: &Field) -> &'static str {
    let declares = matches!(field.purpose, Purpose::Declare(_));
    match (field.shut, declares) {
        (true, _) if field.area.is_empty() => "reason: <ready.edit-reason> types it   <ready.cancel> back",
        (true, _) => "reason: <ready.accept> declares with it   <ready.edit-reason> edits it   <ready.cancel> back",
        (false, true) => "reason: <text.accept> declares   <text.cancel> back",
        (false, false) => "<text.accept> accepts   <text.cancel> drops it",
    }
}

/// Which of the lines of [`field`] is the one typed into.
pub(in crate::cockpit) fn typed_row(view: &View, field: &Field, width: usize) -> usize {
    words::wrap(&view.spell(&question(view, field).0), width).len() + not_green(view, field, width).len()
}

fn bold(view: &View, text: &str, width: usize) -> Lines {
    let rows = words::wrap(&view.spell(text), width);
    rows.iter().map(|line| view.row().strong(Token::Fg, Modifier::BOLD, line).line()).collect()
}

/// What is asked, and what the answer is for. Closing speaks of how things stand now, not when it was asked.
fn question(view: &View, field: &Field) -> (String, String) {
    if field.purpose != Purpose::Close {
        return (field.title.clone(), field.hint.clone());
    }
    let open = facts::open_before_closing(view.scene);
    if open.is_empty() {
        let title = "CLOSE  nothing stands against it any more: <text.accept> closes as recovered";
        return (
            title.to_owned(),
            "the line is kept with it; <text.cancel>, then <main.close> closes without one".to_owned(),
        );
    }
    let title = format!("CLOSE  {}. Why close all the same?", open.join("; "));
    (title, "one line; the report calls it not recovered".to_owned())
}

/// What is not green, where the line typed would go past it: closing, or overriding the step that watches.
fn not_green(view: &View, field: &Field, width: usize) -> Lines {
    let watches = |id: &Id| view.scene.playbook.step(id).is_some_and(|step| matches!(step.kind, StepKind::Watch));
    let goes_past = match &field.purpose {
        Purpose::Close => true,
        Purpose::Override(step) | Purpose::Skip(step) | Purpose::Defer(step) => watches(step),
        Purpose::OutOfOrder(..)
        | Purpose::Reopen(_)
        | Purpose::Declare(_)
        | Purpose::SizeUp
        | Purpose::Note
        | Purpose::Object
        | Purpose::FindEvent
        | Purpose::FireAnyway(_)
        | Purpose::OpenBranch(_)
        | Purpose::Answer(_)
        | Purpose::PickAnyway(_)
        | Purpose::TypeTarget(_)
        | Purpose::Approver
        | Purpose::Approve(_)
        | Purpose::Attest(..) => false,
    };
    if !goes_past {
        return Lines::new();
    }
    let mut lines = named(view, ("RED NOW", Token::Breach), &red::red(view.scene), width);
    lines.extend(named(view, ("UNSEEN", Token::Nodata), &red::unmeasured(view.scene), width));
    if field.purpose == Purpose::Close {
        lines.extend(unsent(view, width));
    }
    lines
}

/// People who wait for a word, where an incident is closed without it.
fn unsent(view: &View, width: usize) -> Lines {
    named(view, ("UNSENT", Token::Warn), &facts::unsent(view.scene), width)
}

/// A word and what it counts, in as many lines as that needs; nothing where there is nothing.
fn named(view: &View, (word, token): (&str, Token), texts: &[String], width: usize) -> Lines {
    if texts.is_empty() {
        return Lines::new();
    }
    let wrapped = words::wrap(&texts.join("; "), width.saturating_sub(INDENT));
    let line = |(place, text): (usize, &String)| {
        view.row().cell(Token::Muted, if place == 0 { word } else { "" }, INDENT).put(token, text).line()
    };
    wrapped.iter().enumerate().map(line).collect()
}

/// Where the second column begins.
const INDENT: usize = 9;

/// What stays open if one leaves now.
pub(super) fn quit(view: &View, width: usize) -> Lines {
    let mut lines = vec![view.row().strong(Token::Fg, Modifier::BOLD, "LEAVE GOAROUND?").line()];
    let open = if view.scene.mode.only_reads() { Vec::new() } else { left_open(view) };
    if open.is_empty() {
        let reads = "you only read: the incident goes on without you";
        let words = if view.scene.mode.only_reads() { reads } else { "nothing is open" };
        lines.push(view.row().to(2).put(Token::Muted, words).line());
    }
    for (word, token, text) in open {
        lines.push(view.row().to(2).cell(token, word, 11).fit(Token::Fg, &text, width).line());
    }
    lines.push(
        view.row()
            .put(Token::Focus, "<quit.quit> leaves")
            .put(Token::Muted, "   <quit.stay> stays   Enter does nothing")
            .line(),
    );
    lines
}

/// What is in breach although nothing was declared.
fn undeclared(view: &View) -> Option<String> {
    let metrics = view.scene.playbook.metrics.values();
    let broken = metrics.filter(|metric| facts::state_of(view.scene, &metric.id) == VerdictState::Breach);
    let titles: Vec<&str> = broken.map(|metric| metric.title.as_str()).collect();
    let are = if titles.len() == 1 { "is" } else { "are" };
    let names = titles.join(", ");
    (!titles.is_empty()).then(|| format!("{names} {are} in breach and nothing was declared: <main.declare> declares"))
}

/// What the one who commands leaves behind.
fn left_open(view: &View) -> Vec<(&'static str, Token, String)> {
    let state = &view.scene.state;
    let mut open = Vec::new();
    for (attempt, pull) in state.pulls.iter().filter(|(_, pull)| pull.locks()) {
        open.push((
            "IN FLIGHT",
            Token::Breach,
            format!("pull {attempt} of {}: its outcome is not known yet", pull.lever),
        ));
    }
    for (id, _) in state.steps.iter().filter(|(_, step)| step.status == StepStatus::Deferred) {
        let title = view.scene.playbook.step(id).map_or(id.as_str(), |step| step.title.as_str());
        open.push(("DEFERRED", Token::Deferred, title.to_owned()));
    }
    for (_, debt) in state.open_debts() {
        open.push(("DEBT", Token::Deferred, debt.title.to_string()));
    }
    if state.marks.declared.is_none() {
        open.extend(undeclared(view).map(|told| ("BREACH", Token::Breach, told)));
    }
    if state.marks.declared.is_some() && state.closed.is_none() {
        open.push(("OPEN", Token::Warn, "the incident is not closed: <main.close> closes it, `resume` goes on".into()));
    }
    if state.closed.is_none() {
        open.extend(facts::unsent(view.scene).into_iter().map(|told| ("UNSENT", Token::Warn, told)));
    }
    for (comm, _) in view.ui.drafts.iter().filter(|(_, draft)| draft.is_unsaved()) {
        open.push((
            "WORDS",
            Token::Warn,
            format!("the edited words of {comm} are not saved: <main.comms>, <comms.edit>, then <edit.save>"),
        ));
    }
    open
}
