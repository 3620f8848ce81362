//! The palette: what was typed, how many rows fit it, and each with its key or why it cannot be taken now.

use crate::cockpit::palette::{Entry, Palette};
use crate::cockpit::panels::{Lines, View, window};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// The most rows under what is typed, and the least.
const ROWS: (usize, usize) = (3, 14);
/// What the keys of a row take.
const KEYS: usize = 9;
/// The widest that a name is.
const NAME_MAX: usize = 56;
/// The rows in which the selected one stands in full.
const FULL: usize = 2;

/// As high whatever fits, so that nothing jumps while one types.
pub(super) fn lines(view: &View, palette: &Palette, width: usize, height: usize) -> Lines {
    let (rows, of) = view.ui.palette_rows(view.scene);
    let room = (height / 2).clamp(ROWS.0, ROWS.1);
    let place = palette.place(&rows);
    let counts = format!("{} of {of}   <palette.cancel> close", rows.len());
    let typed = words::clip(palette.typed.as_str(), width.saturating_sub(counts.len() + 6));
    let head = view.row().strong(Token::Focus, Modifier::BOLD, ": ").put(Token::Fg, &typed).put(Token::Focus, "_");
    let mut lines = vec![head.right(Token::Muted, &counts, width).line()];
    let shown = window(rows.len(), room, place);
    let name = (width / 2).min(NAME_MAX);
    lines.extend(
        rows.iter()
            .enumerate()
            .skip(shown.start)
            .take(shown.len())
            .map(|(at, row)| line(view, row, at == place, (name, width))),
    );
    if rows.is_empty() {
        lines.push(view.row().to(2).put(Token::Warn, "nothing has such a name").line());
    }
    lines.resize_with(room + 1, Line::default);
    lines.extend(rows.get(place).map(|row| in_full(view, row, width)).unwrap_or_default());
    lines.resize_with(room + 1 + FULL, Line::default);
    lines
}

/// The selected row without a cut: what it is, and why it cannot be taken now.
fn in_full(view: &View, row: &Entry, width: usize) -> Lines {
    let why = view.ui.why_not_target(&row.target, view.scene).map_or(String::new(), |why| format!(": {why}"));
    let wrapped = words::wrap(&view.spell(&format!("{}{why}", row.label)), width.saturating_sub(2));
    wrapped.iter().take(FULL).map(|text| view.row().to(2).put(Token::Muted, text).line()).collect()
}

fn line(view: &View, row: &Entry, here: bool, (name, width): (usize, usize)) -> Line<'static> {
    let line = view.row().strong(Token::Focus, Modifier::BOLD, if here { ">" } else { " " }).to(2);
    let line = view.mark(line, here, &row.label, name).cell(Token::Focus, &row.keys, KEYS);
    match view.ui.why_not_target(&row.target, view.scene) {
        Some(why) => line.put(Token::Warn, "disabled: ").fit(Token::Muted, &why, width).line(),
        None => line.fit(Token::Muted, row.note, width).line(),
    }
}
