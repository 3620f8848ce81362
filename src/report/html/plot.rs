//! One metric's chart as places on a drawing: line, limits, bands, gaps, marks, and the table behind it.

use super::flags::{Flag, anchor, flags};
use super::scale::{Range, along, exact_time, percent, thousandth, time, times};
use crate::playbook::Unit;
use crate::report::axis::Axis;
use crate::report::basis::Basis;
use crate::report::chart::{Bound, BoundKind, BoundSide, Chart, Hole};
use crate::report::mark::Mark;
use crate::report::written::plain;
use serde::Serialize;

/// Where the line's field begins and how high it is, in pixels.
const TOP: f64 = 44.0;
const HEIGHT: f64 = 150.0;

/// How wide a time is, as a share of a phone's width.
const TIME_WIDTH: f64 = 0.14;

/// How far apart two limits' words must be, in pixels.
const WORDS_ROOM: f64 = 14.0;

/// A chart, ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Plot {
    id: String,
    title: String,
    /// What is to be seen, in words.
    describes: String,
    /// What its relative limits are relative to, as a sentence.
    baseline: Option<String>,
    /// What it was at the end, in words.
    newest: String,
    path: String,
    count: usize,
    gaps: Vec<Strip>,
    bounds: Vec<Line>,
    ticks: Vec<Tick>,
    times: Vec<Label>,
    marks: Vec<Flag>,
    rows: Vec<Row>,
    thinned: u64,
    left_out: u64,
}

/// A part of the width.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Strip {
    pub(super) x: String,
    pub(super) width: String,
    says: String,
}

/// A limit across the field.
#[derive(Debug, Serialize)]
struct Line {
    kind: &'static str,
    says: String,
    /// Where its words stand.
    words_y: String,
    /// The line, if it is within the field's numbers.
    y: Option<String>,
    /// Where the exit target is met.
    band: Option<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Tick {
    y: String,
    says: String,
}

/// A time below a drawing.
#[derive(Debug, Serialize)]
pub(super) struct Label {
    pub(super) x: String,
    pub(super) anchor: &'static str,
    pub(super) says: String,
}

#[derive(Debug, Serialize)]
struct Row {
    time: String,
    says: String,
    gap: bool,
}

/// The chart, and beside it what happened.
pub(super) fn plot(chart: &Chart, axis: Axis, marks: &[Mark]) -> Plot {
    let unit = Unit::parse(&chart.unit).unwrap_or_default();
    let values = || chart.points.iter().filter_map(|(_, value)| *value);
    let range = Range::of(values().chain(chart.bounds.iter().filter_map(|bound| bound.at)));
    Plot {
        id: chart.id.clone(),
        title: plain(&chart.title),
        describes: describes(chart, unit),
        baseline: chart.baseline.as_ref().map(|basis| based(basis, unit)),
        newest: newest(chart, axis, unit),
        path: path(chart, axis, range),
        count: values().count(),
        gaps: gaps(&chart.gaps, axis),
        bounds: lines(&chart.bounds, range, unit),
        ticks: ticks(range, unit),
        times: labels(axis),
        marks: flags(marks, axis),
        rows: rows(chart, unit),
        thinned: chart.thinned,
        left_out: chart.left_out,
    }
}

/// What it was at the end, and what it last was where nobody could see it any more.
fn newest(chart: &Chart, axis: Axis, unit: Unit) -> String {
    let last = chart.points.iter().rev().find_map(|(at, value)| Some((*at, (*value)?)));
    let until_the_end = |hole: &&Hole| hole.to_ms >= axis.to_ms && last.is_none_or(|(at, _)| at <= hole.from_ms);
    match (chart.gaps.last().filter(until_the_end), last) {
        (None, None) => "no value at the end".to_owned(),
        (None, Some((_, value))) => format!("{} at the end", unit.show(value)),
        (Some(hole), None) => format!("{} at the end (never a value)", hole.state),
        (Some(hole), Some((at, value))) => {
            format!("{} at the end (last {} at {})", hole.state, unit.show(value), time(at))
        }
    }
}

/// What a person who does not see the chart is told.
fn describes(chart: &Chart, unit: Unit) -> String {
    let values = || chart.points.iter().filter_map(|(at, value)| Some((*at, (*value)?)));
    let least = values().min_by(|(_, a), (_, b)| a.total_cmp(b));
    let greatest = values().max_by(|(_, a), (_, b)| a.total_cmp(b));
    let (Some((_, first)), Some((_, last)), Some(least), Some(greatest)) =
        (values().next(), values().next_back(), least, greatest)
    else {
        return "No reading of it was kept.".into();
    };
    let gaps = match chart.gaps.len() {
        0 => "no gap".to_owned(),
        1 => "1 gap".to_owned(),
        many => format!("{many} gaps"),
    };
    format!(
        "From {} to {}; least {} at {}, greatest {} at {}; {gaps}.",
        unit.show(first),
        unit.show(last),
        unit.show(least.1),
        time(least.0),
        unit.show(greatest.1),
        time(greatest.0)
    )
}

/// A baseline with its source, or that nobody can say any more what it was.
fn based(Basis { source, at }: &Basis, unit: Unit) -> String {
    match at {
        Some(at) => format!("Baseline: {}, {source}.", unit.show(*at)),
        None => format!("Baseline: {source}, not recorded; limits relative to it have no line here."),
    }
}

/// The line in thousandths of the field, broken at every gap. A value alone between two gaps is a dot.
fn path(chart: &Chart, axis: Axis, range: Range) -> String {
    let place = |at_ms, value| format!("{},{}", thousandth(along(axis, at_ms)), thousandth(range.down(value)));
    let mut path = String::new();
    for run in chart.points.split(|(_, value)| value.is_none()).filter(|run| !run.is_empty()) {
        let places = run.iter().filter_map(|(at, value)| Some(place(*at, (*value)?)));
        path += "M";
        path += &places.collect::<Vec<_>>().join("L");
        path += if run.len() == 1 { "h0" } else { "" };
    }
    path
}

/// The gaps as parts of the width; those that cannot be told apart are one.
fn gaps(holes: &[Hole], axis: Axis) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    for hole in holes {
        let (from, to) = (along(axis, hole.from_ms), along(axis, hole.to_ms));
        let strip = Strip { x: percent(from), width: percent((to - from).max(0.002)), says: gap(hole) };
        if strips.last().is_none_or(|last| last.x != strip.x) {
            strips.push(strip);
        }
    }
    strips
}

fn gap(hole: &Hole) -> String {
    let why = if hole.why.is_empty() { String::new() } else { format!(": {}", hole.why) };
    format!("{} until {}{why}", hole.state, time(hole.to_ms))
}

fn pixel(place: f64) -> String {
    format!("{place:.1}")
}

/// The limits, their words one below the other where they would cover each other.
fn lines(bounds: &[Bound], range: Range, unit: Unit) -> Vec<Line> {
    let place = |at: f64| TOP + range.down(at).clamp(0.0, 1.0) * HEIGHT;
    let mut sorted: Vec<&Bound> = bounds.iter().collect();
    let high = |bound: &Bound| bound.at.map_or(TOP, place);
    sorted.sort_by(|a, b| high(a).total_cmp(&high(b)));
    let places = apart(sorted.iter().map(|bound| high(bound) - 4.0));
    let line = |(bound, words_y): (&Bound, f64)| Line {
        kind: word(bound.kind),
        says: said(bound, unit),
        words_y: pixel(words_y),
        y: bound.at.map(|at| pixel(place(at))),
        band: bound.at.filter(|_| bound.kind == BoundKind::Exit).and_then(|at| band(bound.side, place(at))),
    };
    sorted.into_iter().zip(places).map(line).collect()
}

/// Places from above to below, so far from each other that words there can be read, and within the field.
fn apart(wanted: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut free = TOP + 10.0;
    let mut places: Vec<f64> = Vec::new();
    for place in wanted {
        places.push(place.max(free));
        free = place.max(free) + WORDS_ROOM;
    }
    let mut lowest = TOP + HEIGHT - 3.0;
    for place in places.iter_mut().rev() {
        *place = place.min(lowest);
        lowest = *place - WORDS_ROOM;
    }
    places
}

fn word(kind: BoundKind) -> &'static str {
    match kind {
        BoundKind::Stop => "stop",
        BoundKind::Warn => "warn",
        BoundKind::Exit => "exit",
        BoundKind::Baseline => "baseline",
    }
}

/// A limit in words, with the number where the playbook's words have another.
fn said(bound: &Bound, unit: Unit) -> String {
    let Some(at) = bound.at else {
        return format!("{} {} (baseline not recorded)", word(bound.kind), bound.written);
    };
    let shown = unit.show(at);
    match bound.kind {
        BoundKind::Baseline => format!("baseline {shown}"),
        _ if bound.written.contains("baseline") => format!("{} {} = {shown}", word(bound.kind), bound.written),
        _ => format!("{} {}", word(bound.kind), bound.written),
    }
}

/// From where to where the target is met: top and height.
fn band(side: BoundSide, line: f64) -> Option<(String, String)> {
    match side {
        BoundSide::Above => Some((pixel(TOP), pixel(line - TOP))),
        BoundSide::Below => Some((pixel(line), pixel(TOP + HEIGHT - line))),
        BoundSide::At => None,
    }
}

fn ticks(range: Range, unit: Unit) -> Vec<Tick> {
    let tick = |value: f64| Tick { y: pixel(TOP + range.down(value) * HEIGHT), says: unit.show(value) };
    range.ticks().into_iter().map(tick).collect()
}

/// The times below a drawing.
pub(super) fn labels(axis: Axis) -> Vec<Label> {
    let label = |at| {
        let share = along(axis, at);
        Label { x: percent(share), anchor: anchor(share, TIME_WIDTH), says: time(at) }
    };
    times(axis).into_iter().map(label).collect()
}

/// The table behind the chart: every point that is drawn, every gap.
fn rows(chart: &Chart, unit: Unit) -> Vec<Row> {
    let value = |(at, value): &(i64, Option<f64>)| {
        Some((*at, Row { time: exact_time(*at), says: unit.show((*value)?), gap: false }))
    };
    let mut rows: Vec<(i64, Row)> = chart.points.iter().filter_map(value).collect();
    rows.extend(chart.gaps.iter().map(|hole| {
        let row = Row { time: exact_time(hole.from_ms), says: gap(hole), gap: true };
        (hole.from_ms, row)
    }));
    rows.sort_by_key(|(at, row)| (*at, row.gap));
    rows.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_at_a_gap_and_a_value_alone_is_a_dot() {
        let points = vec![(0, Some(0.0)), (50, Some(10.0)), (60, None), (100, Some(5.0))];
        let chart = Chart {
            id: "x".into(),
            title: "x".into(),
            unit: "number".into(),
            points,
            thinned: 0,
            left_out: 0,
            gaps: vec![Hole { from_ms: 60, to_ms: 100, state: "NODATA", why: "empty".into() }],
            bounds: Vec::new(),
            baseline: None,
        };
        let plot = plot(&chart, Axis { from_ms: 0, to_ms: 100 }, &[]);
        assert_eq!(plot.path, "M0,1000L500,90.9M1000,545.5h0");
        assert_eq!((plot.count, plot.rows.len(), plot.gaps.len()), (3, 4, 1));
        assert_eq!(plot.rows[2].says, "NODATA until T+0:00: empty");
        assert!(plot.describes.contains("least 0 at T+0:00, greatest 10") && plot.describes.contains("1 gap"));
    }

    #[test]
    fn what_was_blind_at_the_end_has_no_value_there() {
        let hole = |from_ms, to_ms| Hole { from_ms, to_ms, state: "STALE", why: String::new() };
        let told = |points: &[(i64, Option<f64>)], gaps: &[Hole]| {
            let (id, title, unit) = ("x".to_owned(), "x".to_owned(), "number".to_owned());
            let (points, gaps, bounds) = (points.to_vec(), gaps.to_vec(), Vec::new());
            let chart = Chart { id, title, unit, points, thinned: 0, left_out: 0, gaps, bounds, baseline: None };
            plot(&chart, Axis { from_ms: 0, to_ms: 100_000 }, &[]).newest
        };
        let seen = [(1_000, Some(0.5)), (40_000, Some(0.25))];
        let blind = [hole(10_000, 20_000), hole(55_000, 100_000)];
        assert_eq!(told(&seen, &blind), "STALE at the end (last 0.25 at T+0:40)");
        assert_eq!(told(&seen, &blind[..1]), "0.25 at the end");
        let back = [(1_000, Some(0.5)), (100_000, Some(0.25))];
        assert_eq!(told(&back, &blind), "0.25 at the end", "seen again at the very end");
        assert_eq!(told(&[], &blind), "STALE at the end (never a value)");
        assert_eq!(told(&[], &[]), "no value at the end");
    }

    #[test]
    fn words_of_limits_never_cover_each_other_and_name_what_is_not_known() {
        let bound = |kind, written: &str, at| Bound { kind, written: written.into(), at, side: BoundSide::Above };
        let bounds = [
            bound(BoundKind::Stop, "> baseline * 2", Some(1.0)),
            bound(BoundKind::Warn, "> 1", Some(1.0)),
            bound(BoundKind::Exit, "< baseline", None),
        ];
        let lines = lines(&bounds, Range::of([0.0, 1.0].into_iter()), Unit::Number);
        let places: Vec<f64> = lines.iter().map(|line| line.words_y.parse().expect("a number")).collect();
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= WORDS_ROOM), "{places:?}");
        let low = apart([190.0, 192.0, 193.0].into_iter());
        assert_eq!(low, [163.0, 177.0, 191.0], "none falls out of the field");
        let said: Vec<&str> = lines.iter().map(|line| line.says.as_str()).collect();
        assert!(said.contains(&"stop > baseline * 2 = 1") && said.contains(&"warn > 1"), "{said:?}");
        assert!(said.contains(&"exit < baseline (baseline not recorded)"), "{said:?}");
    }
}
