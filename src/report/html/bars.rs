//! What lasted, as bars below each other: the swim lanes, and the clocks nested on one axis.

use super::scale::{along, percent};
use super::words::plain;
use crate::report::account::{Account, Entry, Time};
use crate::report::chart::Axis;
use crate::report::lane::Lane;
use crate::report::show::millis;
use crate::report::stretch::Stretch;
use serde::Serialize;

/// How high a bar's row is, and what is above the first, in pixels.
const ROW: usize = 22;
const HEAD: usize = 26;

/// The most bars a lane draws; the table has them all.
const BARS_MAX: usize = 24;

/// A swim lane, ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Track {
    name: &'static str,
    height: usize,
    dots: Vec<Dot>,
    bars: Vec<Bar>,
    /// How many bars are left to the table.
    more: usize,
}

/// One line of the journal, or several that cannot be told apart.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Dot {
    x: String,
    line: u64,
    says: String,
    count: usize,
}

/// Something that lasted.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    y: usize,
    x: String,
    width: String,
    /// What of it is beyond its budget.
    over: Option<(String, String)>,
    /// Where its budget ends.
    budget: Option<String>,
    label: String,
    label_x: String,
    anchor: &'static str,
    tone: &'static str,
    line: u64,
}

/// The lanes and their names.
const LANES: [(Lane, &str); 7] = [
    (Lane::Alerts, "Alerts"),
    (Lane::Steps, "Steps"),
    (Lane::Levers, "Pulls"),
    (Lane::Hold, "Hold and debts"),
    (Lane::Messages, "Messages"),
    (Lane::People, "People"),
    (Lane::Record, "Journal and evidence"),
];

/// A lane's name.
pub(super) fn name_of(lane: Lane) -> &'static str {
    LANES.iter().find(|(known, _)| *known == lane).map_or("", |(_, name)| name)
}

/// Every lane that has something to show.
pub(super) fn tracks(account: &Account) -> Vec<Track> {
    let track = |(lane, name): &(Lane, &'static str)| {
        let entries = account.timeline.iter().filter(|entry| entry.lane == *lane);
        let lasted: Vec<&Stretch> = account.stretches.iter().filter(|stretch| stretch.lane == *lane).collect();
        let bars = lasted.iter().take(BARS_MAX).enumerate();
        let bars: Vec<Bar> = bars.map(|(row, stretch)| of_stretch(stretch, account.axis, row)).collect();
        let (height, more) = (HEAD + 14 + ROW * bars.len(), lasted.len() - bars.len());
        Track { name, height, dots: dots(entries, account.axis), bars, more }
    };
    LANES.iter().map(track).filter(|track| !track.dots.is_empty() || !track.bars.is_empty()).collect()
}

/// One dot for what happened at one place.
fn dots<'a>(entries: impl Iterator<Item = &'a Entry>, axis: Axis) -> Vec<Dot> {
    let mut dots: Vec<Dot> = Vec::new();
    for entry in entries {
        let x = percent((along(axis, entry.at.t_ms) * 250.0).round() / 250.0);
        match dots.last_mut().filter(|last| last.x == x) {
            Some(last) => last.count += 1,
            None => dots.push(Dot { x, line: entry.at.line, says: plain(&entry.says), count: 1 }),
        }
    }
    dots
}

fn of_stretch(stretch: &Stretch, axis: Axis, row: usize) -> Bar {
    let until_ms = stretch.to_ms.unwrap_or(axis.to_ms);
    let lasted = millis(until_ms.abs_diff(stretch.from_ms));
    let lasted = if stretch.to_ms.is_some() { lasted } else { format!("{lasted}, still open at the end") };
    let label = match stretch.lane {
        Lane::Alerts => format!("{} BREACH for {lasted}", plain(&stretch.title)),
        _ => format!("{} {}, {lasted}", plain(&stretch.title), stretch.stands),
    };
    let tone = if stretch.lane == Lane::Alerts { "bad" } else { tone_of(&stretch.stands) };
    Bar { tone, line: stretch.line, ..bar(axis, (stretch.from_ms, until_ms), row, label) }
}

/// What a word says of what it stands for; any other is neither good nor bad.
const TONES: [(&str, &str); 11] = [
    ("SENSED", "good"),
    ("CONFIRMED", "good"),
    ("AGREES", "good"),
    ("APPLIED", "good"),
    ("paid", "good"),
    ("met", "good"),
    ("FAILED", "bad"),
    ("DISAGREES", "bad"),
    ("UNKNOWN", "bad"),
    ("REJECTED", "bad"),
    ("NOT SENT", "bad"),
];

/// The tone of a word. It only repeats what the word says.
pub(super) fn tone_of(word: &str) -> &'static str {
    TONES.iter().find(|(known, _)| *known == word).map_or("plain", |(_, tone)| tone)
}

fn bar(axis: Axis, (from_ms, to_ms): (i64, i64), row: usize, label: String) -> Bar {
    let (from, to) = (along(axis, from_ms), along(axis, to_ms));
    let (label_x, anchor) = if from < 0.5 { (percent(from), "start") } else { (percent(to), "end") };
    let (x, width) = (percent(from), percent((to - from).max(0.004)));
    let y = HEAD + 14 + ROW * row;
    Bar { y, x, width, over: None, budget: None, label, label_x, anchor, tone: "plain", line: 0 }
}

/// What has a budget, the outer before the inner.
#[derive(Debug, Serialize)]
pub(super) struct Clocks {
    height: usize,
    bars: Vec<Bar>,
}

/// Every time that has a budget and has begun, on one axis.
pub(super) fn clocks(account: &Account) -> Clocks {
    let ends = |time: &Time| {
        let from_ms = time.from.as_ref()?.t_ms;
        Some((from_ms, time.to.as_ref().map_or(account.axis.to_ms, |to| to.t_ms).max(from_ms)))
    };
    let mut timed: Vec<(&Time, u64, (i64, i64))> =
        account.times.iter().filter_map(|time| Some((time, time.budget_ms?, ends(time)?))).collect();
    timed.sort_by_key(|(_, _, (from_ms, to_ms))| (*from_ms, -*to_ms));
    timed.truncate(BARS_MAX);
    let bars: Vec<Bar> = timed.iter().enumerate().map(|(row, clock)| of_clock(account.axis, row, *clock)).collect();
    Clocks { height: HEAD + ROW * bars.len(), bars }
}

fn of_clock(axis: Axis, row: usize, (time, budget_ms, (from_ms, to_ms)): (&Time, u64, (i64, i64))) -> Bar {
    let took = match time.took_ms {
        Some(took_ms) => millis(took_ms),
        None => format!("{} and still open", millis(to_ms.abs_diff(from_ms))),
    };
    let within = time.over_ms.map_or_else(|| "within".to_owned(), |over_ms| format!("OVER by {}:", millis(over_ms)));
    let label = format!("{}: {took}, {within} {}", plain(&time.name), millis(budget_ms));
    let due_ms = from_ms.saturating_add_unsigned(budget_ms);
    let share = |at_ms| along(axis, at_ms);
    let over = (time.over_ms.is_some() && due_ms < to_ms)
        .then(|| (percent(share(due_ms)), percent((share(to_ms) - share(due_ms)).max(0.004))));
    Bar {
        over,
        budget: (due_ms <= axis.to_ms).then(|| percent(share(due_ms))),
        tone: if time.over_ms.is_some() { "bad" } else { "good" },
        line: time.from.as_ref().map_or(0, |from| from.line),
        y: HEAD + ROW * row,
        ..bar(axis, (from_ms, to_ms), row, label)
    }
}
