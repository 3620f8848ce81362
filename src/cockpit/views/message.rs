//! One message as it would go out now, its blanks marked.

use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::message;
use crate::playbook::{Comm, Id};
use ratatui::style::Modifier;
use ratatui::text::Line;

pub(super) fn lines(view: &View, comm: &Id, width: usize) -> Lines {
    let Some(comm) = view.scene.playbook.comms.get(comm) else { return Vec::new() };
    let (status, token) = facts::comm_words(view.scene, comm);
    let heading = view.row().put(Token::Muted, "MESSAGE ").put(Token::Fg, &comm.title).put(Token::Fg, "   ");
    let mut lines = vec![heading.put(token, &status).line(), to_line(view, comm), view.row().line()];
    match message(&view.scene.playbook, &view.scene.state, &view.scene.board, comm) {
        Ok(text) => {
            lines.extend(body(view, &text, width));
            lines.push(view.row().line());
            lines.push(checks(view, &text));
            lines.push(keys(view, "F sends."));
        }
        Err(why) => {
            let wrapped = words::wrap(&why, width.saturating_sub(4));
            lines.extend(wrapped.iter().map(|text| view.row().to(2).put(Token::Breach, text).line()));
            lines.push(view.row().line());
            lines.push(keys(view, "F sends nothing: it cannot be written."));
        }
    }
    lines
}

fn to_line(view: &View, comm: &Comm) -> Line<'static> {
    let to = match &comm.send {
        Some(call) => format!("{} ({})", call.backend(), call.kind()),
        None => "a file in the incident directory".to_owned(),
    };
    view.row().cell(Token::Muted, "TO", 8).put(Token::Fg, &to).line()
}

/// The text; a blank that a person must fill is marked from `[[` to `]]`, over the ends of lines too.
fn body(view: &View, text: &str, width: usize) -> Lines {
    let mut in_blank = false;
    let mut lines = Lines::new();
    for line in text.lines().flat_map(|line| words::wrap(line, width.saturating_sub(4))) {
        let mut row = view.row().to(2);
        let mut rest = line.as_str();
        while !rest.is_empty() {
            let (mark, past) = if in_blank { ("]]", 2) } else { ("[[", 0) };
            let end = rest.find(mark).map_or(rest.len(), |at| at + past);
            let (part, after) = rest.split_at(end);
            row = if in_blank { row.strong(Token::Warn, Modifier::REVERSED, part) } else { row.put(Token::Fg, part) };
            in_blank ^= !after.is_empty() || (past > 0 && part.ends_with(mark));
            rest = after;
        }
        lines.push(row.line());
    }
    lines
}

fn checks(view: &View, text: &str) -> Line<'static> {
    let blanks = text.matches("[[").count();
    let (glyph, token) = if blanks == 0 { ("+", Token::Ok) } else { ("!", Token::Warn) };
    let words = match blanks {
        0 => "no blank is left open".to_owned(),
        1 => "1 blank in [[ ]]: it is sent as it stands".to_owned(),
        more => format!("{more} blanks in [[ ]]: they are sent as they stand"),
    };
    view.row().put(Token::Muted, "CHECKS  ").put(token, glyph).put(Token::Fg, &format!(" {words}")).line()
}

fn keys(view: &View, fire: &str) -> Line<'static> {
    let row = view.row().strong(Token::Focus, Modifier::BOLD, fire);
    row.put(Token::Fg, "   Esc, nothing is sent.   Enter does nothing.").line()
}
