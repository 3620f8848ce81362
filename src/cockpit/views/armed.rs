//! What a lever and a message under arms have in common: the time that is left, and the exact request.

use crate::cockpit::panels::{Lines, View};
use crate::cockpit::row::Row;
use crate::cockpit::scene::Armed;
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::text::Text;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// The rows that the request keeps, however much stands beside it; with fewer, all of it scrolls as one.
pub(super) const REQUEST_LEAST: usize = 4;
/// Where the second column begins.
pub(super) const INDENT: usize = 10;

/// How long what was armed at `since_ms` stays so.
pub(super) fn countdown<'a>(view: &View<'a>, since_ms: u64) -> Row<'a> {
    let left = Armed::EXPIRES_MS.saturating_sub(view.human_ms.saturating_sub(since_ms));
    view.row().styled(view.theme.armed(), &format!(" ARMED {}s left. ", left.div_ceil(1000)))
}

/// Why it cannot leave at all.
pub(super) fn cannot<'a>(view: &View<'a>, word: &str, why: &str) -> Row<'a> {
    view.row().strong(Token::Breach, Modifier::REVERSED, &format!(" {word}  {why} "))
}

/// The same, all of it in as many rows as it needs, and the key that leaves: its end says what to do.
pub(super) fn cannot_whole(view: &View, word: &str, why: &str, leaves: &str, width: usize) -> Lines {
    let said = format!("{word}  {why}");
    let rows = words::wrap(&said, width.saturating_sub(2));
    let mut lines: Lines = Vec::new();
    for (place, said) in rows.iter().enumerate() {
        let row = view.row().strong(Token::Breach, Modifier::REVERSED, &format!(" {said} "));
        let last = place + 1 == rows.len();
        lines.push(if last { row.fit(Token::Muted, &format!("  {leaves}"), width).line() } else { row.line() });
    }
    lines
}

/// A sentence that names keys of a lever under arms; of a message under arms it names that one's.
fn keys(view: &View, says: &str) -> String {
    if view.ui.arming().is_some() { says.to_owned() } else { says.replace("<arm.", "<preview.") }
}

/// The exact request, in the rows there are.
pub(super) fn request(view: &View, exact: &[Text], width: usize, room: usize) -> Lines {
    let says = keys(view, "exact; <arm.copy> copies; secrets are references");
    let heading = view.row().cell(Token::Muted, "REQUEST", INDENT).put(Token::Muted, &says);
    listed(view, heading.line(), exact.iter().map(Text::as_str), width, room)
}

/// `exact` beneath its heading, all of it: what has no room is reached by scrolling, and said to be there. A line break
/// within a text is shown, and broken at, so that a program of many lines reads as one.
pub(super) fn listed<'t>(
    view: &View,
    heading: Line<'static>,
    exact: impl Iterator<Item = &'t str>,
    width: usize,
    room: usize,
) -> Lines {
    let mut lines = vec![heading];
    let rows = exact.flat_map(|text| text.split_inclusive("\\n"));
    let whole: Vec<String> = rows.flat_map(|text| words::wrap(text, width.saturating_sub(2))).collect();
    if whole.len() < room {
        lines.extend(whole.iter().map(|text| view.exact().to(2).fit(Token::Fg, text, width).line()));
        return lines;
    }
    let shown = room.saturating_sub(2);
    let from = view.scrolled(whole.len(), shown);
    for text in whole.iter().skip(from).take(shown) {
        lines.push(view.exact().to(2).fit(Token::Fg, text, width).line());
    }
    let place = format!(".. lines {}-{} of {}; ", from + 1, from + shown, whole.len());
    let keys = keys(view, "<arm.down> <arm.up> scroll, <arm.copy> copies all");
    let place = format!("{place}{keys}");
    lines.push(view.row().to(2).fit(Token::Muted, &place, width).line());
    lines
}
