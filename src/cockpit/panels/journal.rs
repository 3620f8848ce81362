//! The newest records, newest first.

use super::{Lines, View};
use crate::cockpit::theme::Token;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::incident::about::Weight;
use crate::incident::{Event, Record, tell};

/// Where what happened begins, behind its time.
const INDENT: usize = 9;
/// The most rows of one record: what came before it has a claim too.
const ROWS_MAX: usize = 3;

/// The journal in `height` rows with its heading.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    // Where one reads is a record: newer ones that arrive move nothing.
    let newer = |record: &&Record| view.ui.selected.record.is_some_and(|top| record.seq > top);
    let back = view.scene.records.iter().rev().take_while(newer).count();
    let mut heading = view.heading(Panel::Journal, "JOURNAL");
    if back > 0 {
        heading = heading.put(Token::Muted, &format!("   {back} newer above"));
    }
    let mut lines = vec![heading.line()];
    for record in view.scene.records.iter().rev().skip(back) {
        let rows = told(view, record, width);
        // A record begins only where it has room to end.
        if lines.len() > 1 && lines.len() + rows.len() > height {
            break;
        }
        lines.extend(rows);
    }
    lines.truncate(height.max(1));
    lines
}

/// A record in as many rows as its sentence needs, up to [`ROWS_MAX`]; what is cut then says so.
fn told(view: &View, record: &Record, width: usize) -> Lines {
    let room = width.saturating_sub(INDENT);
    let words = tell(&view.scene.playbook, &record.event);
    let mut rows = words::wrap(&words, room);
    if rows.len() > ROWS_MAX {
        let last = rows.split_off(ROWS_MAX - 1).join(" ");
        rows.push(words::clip(&last, room));
    }
    let at = time(view, record);
    let line = |(place, text): (usize, &String)| {
        let row = view.exact().cell(Token::Muted, if place == 0 { &at } else { "" }, INDENT);
        row.fit(token(&record.event), text, width).line()
    };
    rows.iter().enumerate().map(line).collect()
}

/// Since the declaration; before it, with a minus.
fn time(view: &View, record: &Record) -> String {
    let Some(declared) = &view.scene.state.marks.declared else {
        return format!("#{}", record.seq);
    };
    if record.at.wall_ms < declared.wall_ms {
        return format!("-{}", words::clock(declared.since(&record.at).ms));
    }
    words::clock(record.at.since(declared).ms)
}

fn token(event: &Event) -> Token {
    if let Event::VerdictChanged { verdict, .. } = event {
        return crate::cockpit::facts::token_of(verdict.state);
    }
    match event.about().weight {
        Weight::Plain => Token::Fg,
        Weight::Mark => Token::Event,
        Weight::Caution => Token::Warn,
        Weight::Alarm => Token::Breach,
        Weight::Past => Token::Override,
        Weight::Good => Token::Ok,
    }
}
