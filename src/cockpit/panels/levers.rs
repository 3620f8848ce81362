//! The levers: where each stands, where it would go, what was done with it last.

use super::{Lines, View, cut};
use crate::cockpit::facts;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel};
use crate::cockpit::words;
use crate::playbook::Lever;
use ratatui::text::Line;

/// Where the levers begin, behind the heading.
const INDENT: usize = 11;
/// What `+9 more` takes at the end of the last row.
const MORE: usize = 9;

/// Number, id and position of each, in as few rows as they need, at most `height`; what has no room is counted, and the
/// selected one has room.
pub(in crate::cockpit) fn strip(view: &View, width: usize, height: usize) -> Lines {
    let levers: Vec<&Lever> = view.scene.playbook.levers.values().collect();
    let chosen = levers.iter().position(|lever| is_selected(view, lever)).unwrap_or(0);
    let laid = (0..=chosen).map(|start| lay(view, &levers, start, (width, height)));
    laid.enumerate().find(|(start, (_, shown))| start + shown > chosen).map(|(_, (lines, _))| lines).unwrap_or_default()
}

/// The levers from `start` on in at most `height` rows, and how many had room.
fn lay(view: &View, levers: &[&Lever], start: usize, (width, height): (usize, usize)) -> (Lines, usize) {
    let mut row = view.heading(Panel::Levers, "LEVERS").to(INDENT);
    let (mut lines, mut shown) = (Lines::new(), 0);
    for (place, lever) in levers.iter().enumerate().skip(start) {
        let (position, token) = position(view, lever);
        let number = format!("{} {} ", facts::lever_number(view.scene, &lever.id), words::clip(lever.id.as_str(), 14));
        let position = words::clip(&position, 12);
        let wide = words::columns(&number) + words::columns(&position) + 3;
        let whole = start == 0 && place + 1 == levers.len();
        let room = |row: usize| if whole || row + 1 < height { width } else { width.saturating_sub(MORE) };
        if row.used() + wide > room(lines.len()) && row.used() > INDENT {
            if lines.len() + 1 >= height {
                break;
            }
            lines.push(row.line());
            row = view.row().to(INDENT);
        }
        let selected = view.ui.focus == Panel::Levers && is_selected(view, lever);
        row = if selected { row.styled(view.theme.selection(), &number) } else { row.put(Token::Muted, &number) };
        row = row.put(token, &position).put(Token::Fg, "   ");
        shown += 1;
    }
    let hidden = levers.len() - shown;
    let row = if hidden > 0 { row.put(Token::Muted, &format!("+{hidden} more")) } else { row };
    lines.push(row.line());
    (lines, shown)
}

/// The table, in `height` rows with its heading.
pub(in crate::cockpit) fn table(view: &View, width: usize, height: usize) -> Lines {
    let title = if width >= 76 { 36 } else { 15 };
    let heading = view.heading(Panel::Levers, "LEVERS").to(2 + title);
    let words = [("position", 12), ("target", 12), ("age", 6), ("last act", 9)];
    let heading = words.iter().fold(heading, |row, (word, width)| row.cell(Token::Muted, word, *width));
    let levers: Vec<&Lever> = view.scene.playbook.levers.values().collect();
    let place = levers.iter().position(|lever| is_selected(view, lever)).unwrap_or(0);
    let rows = levers.iter().map(|lever| line(view, lever, title, width)).collect();
    let mut lines = vec![heading.line()];
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

fn line(view: &View, lever: &Lever, title: usize, width: usize) -> Line<'static> {
    let number = facts::lever_number(view.scene, &lever.id);
    let (position, token) = position(view, lever);
    let focused = view.ui.focus == Panel::Levers && view.ui.stack.is_empty();
    let listed = matches!(view.ui.stack.last(), Some(Dialog::Levers));
    let name = if title > 20 { lever.title.as_str() } else { lever.id.as_str() };
    let row = view.row().cell(Token::Muted, &number.to_string(), 2);
    let row = view.mark(row, (focused || listed) && is_selected(view, lever), name, title);
    let row = row.cell(token, &position, 12).cell(Token::Muted, &facts::target(lever), 12);
    let age = lever.verify.as_ref().and_then(|verify| facts::looked_age(view.scene, &verify.condition.probe));
    let row = row.cell(Token::Muted, &age.map_or("-".into(), words::age), 6);
    let (last, token) = last_act(view, lever);
    row.fit(token, &last, width).line()
}

/// What its probe sees now; where it is already where it would go, that is good to know.
fn position(view: &View, lever: &Lever) -> (String, Token) {
    let (saw, token) = facts::position(view.scene, lever);
    let there = token == Token::Fg && saw == facts::target(lever);
    (saw, if there { Token::Ok } else { token })
}

fn last_act(view: &View, lever: &Lever) -> (String, Token) {
    match view.scene.state.last_pull(&lever.id) {
        Some((_, pull)) => facts::pull_words(view.scene, pull),
        None => ("-".into(), Token::Muted),
    }
}

fn is_selected(view: &View, lever: &Lever) -> bool {
    let first = view.scene.playbook.levers.keys().next();
    view.ui.selected.lever.as_ref().or(first) == Some(&lever.id)
}
