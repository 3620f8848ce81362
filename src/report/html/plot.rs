//! One metric's chart as places on a drawing: line, limits, bands, gaps, marks, and the table behind it.

use super::scale::{Range, along, exact_time, percent, thousandth, time, times};
use super::words::plain;
use crate::playbook::Unit;
use crate::report::axis::Axis;
use crate::report::chart::{Bound, BoundKind, Chart, Hole, Side};
use crate::report::mark::Mark;
use serde::Serialize;

/// Where the line's field begins and how high it is, in pixels.
const TOP: f64 = 44.0;
const HEIGHT: f64 = 150.0;

/// How many rows the marks' labels may take.
const MARK_ROWS: usize = 3;

/// How near to each other marks share a label, and how wide a letter of it is, as shares of a phone's width.
const CROWD: f64 = 0.04;
const LETTER: f64 = 0.022;

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
struct Flag {
    x: String,
    anchor: &'static str,
    label: Option<String>,
    y: usize,
    says: String,
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
        newest: values().next_back().map_or_else(|| "no value".to_owned(), |value| unit.show(value)),
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
        return format!("{} {} (baseline not in the journal)", word(bound.kind), bound.written);
    };
    let shown = unit.show(at);
    match bound.kind {
        BoundKind::Baseline => format!("baseline {shown}"),
        _ if bound.written.contains("baseline") => format!("{} {} = {shown}", word(bound.kind), bound.written),
        _ => format!("{} {}", word(bound.kind), bound.written),
    }
}

/// From where to where the target is met: top and height.
fn band(side: Side, line: f64) -> Option<(String, String)> {
    match side {
        Side::Above => Some((pixel(TOP), pixel(line - TOP))),
        Side::Below => Some((pixel(line), pixel(TOP + HEIGHT - line))),
        Side::At => None,
    }
}

fn ticks(range: Range, unit: Unit) -> Vec<Tick> {
    let tick = |value: f64| Tick { y: pixel(TOP + range.down(value) * HEIGHT), says: unit.show(value) };
    range.ticks().into_iter().map(tick).collect()
}

/// How words of this width stand at a place: within the drawing, also at its edges.
fn anchor(place: f64, width: f64) -> &'static str {
    match place {
        place if place < width / 2.0 => "start",
        place if place > 1.0 - width / 2.0 => "end",
        _ => "middle",
    }
}

/// The times below a drawing.
pub(super) fn labels(axis: Axis) -> Vec<Label> {
    let label = |at| {
        let share = along(axis, at);
        Label { x: percent(share), anchor: anchor(share, TIME_WIDTH), says: time(at) }
    };
    times(axis).into_iter().map(label).collect()
}

/// The marks: one line for those that cannot be told apart, one label for a crowd, in the row where it covers no other.
fn flags(marks: &[Mark], axis: Axis) -> Vec<Flag> {
    let mut taken = [f64::NEG_INFINITY; MARK_ROWS];
    let mut flags = Vec::new();
    let mut rest: Vec<(f64, &Mark)> = marks.iter().map(|mark| (along(axis, mark.t_ms), mark)).collect();
    while let Some(&(first, _)) = rest.first() {
        let crowd: Vec<(f64, &Mark)> = rest.iter().copied().take_while(|(at, _)| at - first < CROWD).collect();
        rest.drain(..crowd.len());
        let mut crowd = Crowd::of(&crowd);
        let row = taken.iter().position(|until| crowd.from() >= *until);
        if let Some(row) = row {
            taken[row] = crowd.from() + crowd.width;
        } else {
            crowd.flags[0].label = None;
        }
        let y = 12 + 12 * row.unwrap_or(0);
        flags.extend(crowd.flags.into_iter().map(|flag| Flag { y, ..flag }));
    }
    flags
}

/// Marks that are too near to each other for a label each.
struct Crowd {
    /// Where they are.
    place: f64,
    /// How wide their label is on a phone, as a share of the width.
    width: f64,
    flags: Vec<Flag>,
}

impl Crowd {
    #[expect(clippy::cast_precision_loss, reason = "a label has a few letters")]
    fn of(crowd: &[(f64, &Mark)]) -> Self {
        let place = crowd.first().map_or(0.0, |(at, _)| *at);
        let labels: Vec<&str> = crowd.iter().map(|(_, mark)| mark.label.as_str()).collect();
        let label = together(&labels);
        let width = (label.chars().count() as f64 + 1.0) * LETTER;
        let mut flags: Vec<Flag> = Vec::new();
        for (at, mark) in crowd {
            // Half a percent is a pixel and a half on a phone.
            let x = percent((at * 200.0).round() / 200.0);
            let says = format!("{}: {} (line {})", mark.label, plain(&mark.says), mark.line);
            match flags.last_mut().filter(|last| last.x == x) {
                Some(last) => last.says = format!("{}; {says}", last.says),
                None => flags.push(Flag { x, anchor: anchor(place, width), label: None, y: 12, says }),
            }
        }
        if let Some(first) = flags.first_mut() {
            first.label = Some(label);
        }
        Self { place, width, flags }
    }

    /// Where the label begins.
    fn from(&self) -> f64 {
        match anchor(self.place, self.width) {
            "start" => self.place,
            "end" => self.place - self.width,
            _ => self.place - self.width / 2.0,
        }
    }
}

/// Labels of a crowd in a few letters: `D 1-7 P1-4 H`.
fn together(labels: &[&str]) -> String {
    let mut kinds: Vec<(&str, Vec<u32>)> = Vec::new();
    for label in labels {
        let kind = label.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = label[kind.len()..].parse().ok();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, numbers)) => numbers.extend(number),
            None => kinds.push((kind, number.into_iter().collect())),
        }
    }
    let written: Vec<String> = kinds.iter().map(|(kind, numbers)| format!("{kind}{}", ranges(numbers))).collect();
    written.join(" ")
}

/// Numbers in order, those that follow each other as one: `1-4,7`.
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(",")
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

    fn mark(t_ms: i64, label: &str) -> Mark {
        Mark { t_ms, label: label.into(), says: format!("**{label}**"), line: 7 }
    }

    #[test]
    fn a_crowd_of_marks_has_one_label() {
        assert_eq!(together(&["D", "1", "P1", "2", "P2", "3", "5", "H"]), "D 1-3,5 P1-2 H");
        let axis = Axis { from_ms: 0, to_ms: 100_000 };
        let flags = flags(&[mark(0, "D"), mark(10, "1"), mark(1_000, "2"), mark(50_000, "H"), mark(99_999, "C")], axis);
        let shown: Vec<(&str, Option<&str>, &str)> =
            flags.iter().map(|flag| (flag.x.as_str(), flag.label.as_deref(), flag.anchor)).collect();
        let first = ("0", Some("D 1-2"), "start");
        assert_eq!(shown, [first, ("1", None, "start"), ("50", Some("H"), "middle"), ("100", Some("C"), "end")]);
        assert_eq!(flags[0].says, "D: D (line 7); 1: 1 (line 7)");
    }

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
        };
        let plot = plot(&chart, Axis { from_ms: 0, to_ms: 100 }, &[]);
        assert_eq!(plot.path, "M0,1000L500,90.9M1000,545.5h0");
        assert_eq!((plot.count, plot.rows.len(), plot.gaps.len()), (3, 4, 1));
        assert_eq!(plot.rows[2].says, "NODATA until T+0:00: empty");
        assert!(plot.describes.contains("least 0 at T+0:00, greatest 10") && plot.describes.contains("1 gap"));
    }

    #[test]
    fn words_of_limits_never_cover_each_other_and_name_what_is_not_known() {
        let bound = |kind, written: &str, at| Bound { kind, written: written.into(), at, side: Side::Above };
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
        assert!(said.contains(&"exit < baseline (baseline not in the journal)"), "{said:?}");
    }
}
