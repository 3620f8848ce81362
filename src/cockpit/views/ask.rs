//! Questions to the person: a numbered choice, a line of text, whether to leave.

use crate::cockpit::field::Field;
use crate::cockpit::keymap::character_of;
use crate::cockpit::menu::Menu;
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::StepStatus;
use ratatui::style::Modifier;

/// The choice, numbered.
pub(super) fn menu(view: &View, menu: &Menu, width: usize) -> Lines {
    let wrapped = words::wrap(&menu.title, width);
    let mut lines: Lines =
        wrapped.iter().map(|text| view.row().strong(Token::Fg, Modifier::BOLD, text).line()).collect();
    for choice in &menu.choices {
        let key = character_of(choice.number).unwrap_or(' ');
        let row = view.row().to(2).strong(Token::Focus, Modifier::BOLD, &format!("{key}  "));
        lines.push(row.fit(Token::Fg, &choice.label, width).line());
    }
    lines.push(
        view.row()
            .put(Token::Muted, "its number chooses; a lever's is the same everywhere   Esc back   Enter does nothing")
            .line(),
    );
    lines
}

/// The question over a line of text, and what the line is for; the line itself is drawn between them.
pub(super) fn field(view: &View, field: &Field, width: usize) -> Lines {
    let wrapped = words::wrap(&field.title, width);
    let mut lines: Lines =
        wrapped.iter().map(|text| view.row().strong(Token::Fg, Modifier::BOLD, text).line()).collect();
    lines.push(view.row().put(Token::Focus, "> ").line());
    lines.push(view.row().fit(Token::Muted, &field.hint, width).line());
    lines.push(view.row().put(Token::Muted, "Enter accepts   Esc drops it").line());
    lines
}

/// Which of the lines of [`field`] is the one typed into.
pub(in crate::cockpit) fn typed_row(field: &Field, width: usize) -> usize {
    words::wrap(&field.title, width).len()
}

/// What stays open if one leaves now.
pub(super) fn quit(view: &View, width: usize) -> Lines {
    let state = &view.scene.state;
    let mut lines = vec![view.row().strong(Token::Fg, Modifier::BOLD, "LEAVE GOAROUND?").line()];
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
    if state.marks.declared.is_some() && state.closed.is_none() {
        open.push(("OPEN", Token::Warn, "the incident is not closed: Q closes it, `resume` goes on".into()));
    }
    if open.is_empty() {
        lines.push(view.row().to(2).put(Token::Muted, "nothing is open").line());
    }
    for (word, token, text) in open {
        lines.push(view.row().to(2).cell(token, word, 11).fit(Token::Fg, &text, width).line());
    }
    lines
        .push(view.row().put(Token::Focus, "y leaves").put(Token::Muted, "   Esc, n stay   Enter does nothing").line());
    lines
}
