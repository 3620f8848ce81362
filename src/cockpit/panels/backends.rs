//! The backends: those that do not answer with their reason, the others by name.

use super::{Lines, View, first};
use crate::cockpit::theme::Token;
use crate::cockpit::words;

/// The list in at most `height` rows with its heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let all = &view.scene.backends;
    let names = |up: Option<bool>| -> Vec<&str> {
        all.iter().filter(|health| health.up == up).map(|health| health.backend.as_str()).collect()
    };
    let (answering, unasked) = (names(Some(true)), names(None));
    let heading = format!("BACKENDS {}/{} answer", answering.len(), all.len() - unasked.len());
    let heading = if unasked.is_empty() { heading } else { format!("{heading}, {} not asked yet", unasked.len()) };
    let mut lines = vec![view.row().put(Token::Muted, &heading).line()];
    let mut rows = Lines::new();
    for health in all.iter().filter(|health| health.up == Some(false)) {
        let since = health.since.as_ref().map(|since| format!(" since {}", words::age(view.scene.now.since(since).ms)));
        let row = view.row().put(Token::Breach, "X ").cell(Token::Fg, health.backend.as_str(), 14);
        let why = if health.why.is_empty() { "does not answer" } else { health.why.as_str() };
        rows.push(row.fit(Token::Nodata, &format!("{why}{}", since.unwrap_or_default()), width).line());
    }
    for (glyph, names) in [("+", answering), ("?", unasked)] {
        if !names.is_empty() {
            rows.extend(view.titled(2, glyph, &names.join(", "), width));
        }
    }
    lines.extend(first(view, rows, height.saturating_sub(1)));
    lines
}
