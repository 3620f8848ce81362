//! The symptoms a playbook knows, and which of them are raised; the decision tree in short.

use super::{Lines, View, first};
use crate::cockpit::theme::Token;
use crate::incident::raised;

/// One a line in at most `height` rows with the heading; nothing where the playbook knows none.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let symptoms = &view.scene.playbook.symptoms;
    if symptoms.is_empty() {
        return Lines::new();
    }
    let raised = raised(&view.scene.playbook, &view.scene.state);
    let row = |symptom: &crate::playbook::Symptom| {
        let (glyph, token) = if raised.contains(&symptom.id) { ("X ", Token::Breach) } else { (". ", Token::Muted) };
        let word = if token == Token::Breach { "RAISED  " } else { "" };
        view.row().to(2).put(token, glyph).put(token, word).fit(Token::Fg, &symptom.title, width).line()
    };
    let counts = format!("DECISION TREE  {} of {} raised", raised.len(), symptoms.len());
    let mut lines = vec![view.row().put(Token::Muted, &counts).line()];
    lines.extend(first(view, symptoms.values().map(row).collect(), height.saturating_sub(1)));
    lines
}
