//! A preflight's report as a person reads it.

use super::backends::{BackendRow, BackendState};
use super::messages::{MessageRow, MessageState};
use super::report::{LeverRow, LookRow, LookState, Report};
use crate::playbook::Id;
use std::fmt::Write as _;

/// The most characters of a value in a column; the JSON has all of it.
const VALUE_MAX: usize = 24;

/// The report as lines: the levers, what cannot be seen, the systems, the messages, and how many could be flown.
pub fn table(report: &Report) -> String {
    let mut text = grid(&report.levers.iter().map(lever_cells).collect::<Vec<_>>(), LEVERS);
    let unseen = unseen(report);
    if !unseen.is_empty() {
        text.push('\n');
        text.push_str(&grid(&unseen, UNSEEN));
    }
    text.push('\n');
    text.push_str(&grid(&report.backends.iter().map(backend_cells).collect::<Vec<_>>(), BACKENDS));
    if !report.messages.is_empty() {
        text.push('\n');
        text.push_str(&grid(&report.messages.iter().map(message_cells).collect::<Vec<_>>(), MESSAGES));
    }
    let able = report.levers.iter().filter(|lever| lever.can_fly).count();
    let blind = if unseen.is_empty() { String::new() } else { format!("; {} cannot be seen", unseen.len()) };
    let mute = report.messages.iter().filter(|row| row.state == MessageState::Unreachable).count();
    let mute = if mute == 0 {
        String::new()
    } else {
        format!("; WARN {mute} of {} messages cannot be sent", report.messages.len())
    };
    writeln!(text, "\n{able} of {} levers could be flown{blind}{mute}", report.levers.len())
        .expect("a string takes every write");
    text
}

const LEVERS: &[&str] = &["", "lever", "now", "target", "takes", "look", "ready"];
const UNSEEN: &[&str] = &["not seen", "", "backend", "", "why"];
const MESSAGES: &[&str] = &["message", "to", "", "look", "why"];
const BACKENDS: &[&str] = &["backend", "kind", "", "slowest", "why"];

fn lever_cells(lever: &LeverRow) -> Vec<String> {
    let why = match &lever.why {
        Some(why) => format!("{}: {why}", lever.state),
        None if lever.after.is_empty() => lever.state.to_owned(),
        None => {
            let first: Vec<&str> = lever.after.iter().map(Id::as_str).collect();
            format!("{} {}", lever.state, first.join(", "))
        }
    };
    vec![
        lever.number.to_string(),
        lever.lever.to_string(),
        lever.now.as_ref().map_or("--".into(), |now| short(now.as_str())),
        short(lever.target.as_str()),
        humantime::format_duration(std::time::Duration::from_millis(lever.takes_ms)).to_string(),
        took(lever.look_ms),
        why,
    ]
}

/// The looks that saw nothing, and why.
fn unseen(report: &Report) -> Vec<Vec<String>> {
    let groups = [("probe", &report.probes), ("metric", &report.metrics), ("baseline", &report.baselines)];
    let blind = |(kind, rows): (&'static str, &'_ Vec<LookRow>)| {
        let cells = |row: &LookRow| {
            let word = if row.state == LookState::Nodata { "NODATA" } else { "ERROR" };
            let why = row.why.as_ref().map_or(String::new(), ToString::to_string);
            vec![kind.to_owned(), row.id.to_string(), row.backend.to_string(), word.to_owned(), why]
        };
        rows.iter().filter(|row| row.state != LookState::Ok).map(cells).collect::<Vec<_>>()
    };
    groups.into_iter().flat_map(blind).collect()
}

fn message_cells(row: &MessageRow) -> Vec<String> {
    let told = row.why.as_ref().or(row.answered.as_ref()).map_or(String::new(), ToString::to_string);
    let to = row.backend.clone().unwrap_or_else(|| "-".to_owned());
    vec![row.message.to_string(), to, row.state.word().to_owned(), took(row.took_ms), told]
}

fn backend_cells(row: &BackendRow) -> Vec<String> {
    let why = row.why.as_ref().filter(|_| row.state != BackendState::Up).map_or(String::new(), ToString::to_string);
    vec![row.backend.to_string(), row.kind.to_owned(), row.state.word().to_owned(), took(row.slowest_ms), why]
}

fn took(ms: Option<u64>) -> String {
    ms.map_or("-".into(), |ms| format!("{ms} ms"))
}

fn short(value: &str) -> String {
    match value.char_indices().nth(VALUE_MAX) {
        Some(_) => format!("{}..", value.chars().take(VALUE_MAX - 2).collect::<String>()),
        None => value.to_owned(),
    }
}

/// Cells in columns, the last one as long as it is.
fn grid(rows: &[Vec<String>], heads: &[&str]) -> String {
    let all = || std::iter::once(heads.iter().map(|head| (*head).to_owned()).collect()).chain(rows.iter().cloned());
    let wide = |at: usize| all().map(|row: Vec<String>| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(wide).collect();
    let mut text = String::new();
    for row in all() {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
