//! `goaround list`: every incident and drill of a folder, a line each.

use super::brief::brief;
use super::columns::{Column, cut, least, lines, room};
use super::wanted::{Found, Wanted};
use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::report::{Mode, Roll, Row, Standing, Summary, Timed, Took, What};
use clap::{Args, ValueEnum};
use std::cmp::Reverse;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// By what it is sorted: the newest, worst or longest first
    #[arg(long, value_enum, value_name = "COLUMN", default_value = "when")]
    sort: Sort,
    /// One JSON object; `goaround schema list` says its shape
    #[arg(long)]
    json: bool,
}

/// What a list can be sorted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    When,
    Service,
    Severity,
    Ttd,
    Lever,
    #[value(name = "60s")]
    Sixty,
    Ttm,
    Ttr,
    Debts,
    State,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut found = arguments.wanted.find()?;
    arguments.sort.put(&mut found.rows);
    if arguments.json {
        say(Roll::of(found.rows, found.foreign.len()).json());
        return Ok(Verdict::Yes);
    }
    found.tell_foreign();
    match found.nothing() {
        Some(sentence) => say(sentence),
        None => tell(&found),
    }
    Ok(Verdict::Yes)
}

impl Sort {
    /// Sorts the rows; what is equal stays with the newest first, and what nobody knows comes last.
    fn put(self, rows: &mut [Row]) {
        rows.sort_by_cached_key(|row| Reverse((row.when, row.directory.clone())));
        let timed = match self {
            Self::When => return,
            Self::Service => return rows.sort_by_cached_key(|row| row.incident().map_or((1, None), service)),
            Self::Severity => return by(rows, |summary| summary.severity.map(Reverse)),
            Self::Debts => return by(rows, |summary| Some(summary.debts_open)),
            Self::State => return by(rows, |summary| Some(Reverse(summary.state))),
            Self::Ttd => Timed::Ttd,
            Self::Lever => Timed::Lever,
            Self::Sixty => Timed::Sixty,
            Self::Ttm => Timed::Ttm,
            Self::Ttr => Timed::Ttr,
        };
        by(rows, |summary| summary.times.get(&timed).map(|took| took.ms));
    }
}

fn service(summary: &Summary) -> (u8, Option<String>) {
    (0, Some(summary.service.to_string()))
}

/// The greatest first; a stable sort.
fn by<K: Ord>(rows: &mut [Row], key: impl Fn(&Summary) -> Option<K>) {
    rows.sort_by_cached_key(|row| Reverse(row.incident().and_then(&key)));
}

fn tell(found: &Found) {
    let room = room();
    let mut columns = columns(&found.rows);
    // The directory's name is what every other command takes, and it begins with when and what.
    for spare in SPARE {
        if room.is_some_and(|room| least(&columns) > room) {
            columns.retain(|column| column.title != spare);
        }
    }
    let mut lines = lines(&columns, room);
    let room = room.unwrap_or(usize::MAX);
    for (line, row) in lines.iter_mut().skip(1).zip(&found.rows) {
        let (word, why) = match &row.what {
            What::Incident(_) => continue,
            What::Damaged(why) => ("DAMAGED", why),
            What::Unreadable(why) => ("UNREADABLE", why),
        };
        *line = cut(&format!("{} {word} {}: {why}", when(row, "%Y-%m-%d"), row.directory), room);
    }
    lines.push(cut(&found.place(), room));
    lines.iter().for_each(say);
}

/// The widest trigger, however much room there is: one person's long sentence would push every line's end away.
const TRIGGER_MAX: usize = 40;

/// The column that is never cut nor left out.
const DIRECTORY: &str = "DIRECTORY";

/// The columns that are left out where there is no room, the first of them first.
const SPARE: [&str; 10] = [WHAT, WHEN, "TRIGGER", "60s", "TTD", "TTM", "D", "", "LEVER", "TTR"];
const WHAT: &str = "WHAT";
const WHEN: &str = "WHEN (UTC)";

fn columns(rows: &[Row]) -> Vec<Column> {
    let cells = |cell: &dyn Fn(&Summary) -> String| -> Vec<String> {
        rows.iter().map(|row| row.incident().map(cell).unwrap_or_default()).collect()
    };
    let all = |cell: &dyn Fn(&Row) -> String| -> Vec<String> { rows.iter().map(cell).collect() };
    let mut columns = vec![
        Column::left(WHEN, all(&|row| when(row, "%Y-%m-%d %H:%M"))),
        Column::left("", cells(&|summary| mode(summary.mode).to_owned())).least(5),
        Column::left(WHAT, cells(&what)).least(10),
        Column::left(
            "S",
            cells(&|summary| summary.severity.map_or_else(|| "-".into(), |severity| severity.to_string())),
        ),
        Column::left("TRIGGER", cells(&trigger)).least(7),
    ];
    columns
        .extend(Timed::ALL.map(|timed| Column::right(timed.word(), cells(&|summary| time(summary.times.get(&timed))))));
    columns.push(Column::right("D", cells(&|summary| summary.debts_open.to_string())));
    columns.push(Column::left("STATE", cells(&|summary| standing(summary).to_owned())));
    columns.push(Column::left(DIRECTORY, all(&|row| row.directory.to_string())));
    columns
}

fn when(row: &Row, format: &str) -> String {
    row.when.map_or_else(|| "unknown".to_owned(), |when| when.format(format).to_string())
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "LIVE",
        Mode::Drill => "drill",
        Mode::Rehearsal => "rehearsal",
    }
}

/// The scenario of a drill, else the service.
fn what(summary: &Summary) -> String {
    match (summary.mode, &summary.scenario) {
        (Mode::Drill, Some(scenario)) => scenario.to_string(),
        (_, _) => summary.service.to_string(),
    }
}

fn trigger(summary: &Summary) -> String {
    match summary.triggers.as_slice() {
        [] => "-".to_owned(),
        [one] => cut(one.as_str(), TRIGGER_MAX),
        [first, more @ ..] => format!("{} +{}", cut(first.as_str(), TRIGGER_MAX), more.len()),
    }
}

/// A time; `~` marks one that rests on the wall clock, or on a sample's own time.
fn time(took: Option<&Took>) -> String {
    let Some(Took { ms, approximate }) = took else { return "-".to_owned() };
    format!("{}{}", if *approximate { "~" } else { "" }, brief(*ms))
}

/// Where it stands.
fn standing(summary: &Summary) -> &'static str {
    match summary.state {
        Standing::Empty => "empty",
        Standing::Undeclared => "undeclared",
        Standing::Open => "OPEN",
        Standing::Recovered => "recovered",
        Standing::NotRecovered if summary.mode == Mode::Rehearsal => "rehearsed",
        Standing::NotRecovered => "NOT RECOVERED",
    }
}
