//! Claims about lines over time: every value where it belongs, nothing where none was measured.

use super::stage::{enter, id, render, type_in, ui, undeclared, watching};
use crate::cockpit::chart::{Chart, Limit};
use crate::cockpit::{Scene, Theme, Token, Ui};
use crate::metrics::Point;
use crate::playbook::Unit;
use proptest::prelude::*;
use std::sync::Arc;

/// The time that is now in every chart here, in ms.
const NOW_MS: i64 = 1_000_000;
const WINDOW_MS: i64 = 300_000;
const STALE_MS: i64 = 3_000;
/// Where the line begins behind the scale.
const LEFT: usize = 10;

fn drawn(points: &[Point], limits: &[(&'static str, f64)], (width, height): (usize, usize)) -> Vec<String> {
    let theme = Theme::embedded("dark").expect("the dark theme is embedded");
    let limit = |(word, bound): &(&'static str, f64)| Limit {
        word,
        bound: *bound,
        stroke: if *word == "stop" { '-' } else { '=' },
        token: Token::Limit,
    };
    let chart = Chart {
        theme: &theme,
        points,
        unit: Unit::Number,
        limits: limits.iter().map(limit).collect(),
        marks: vec![(NOW_MS - 100_000, 'D'), (NOW_MS - 100_000, '1'), (i64::MAX, '^'), (i64::MIN, '2')],
        now_ms: NOW_MS,
        window_ms: WINDOW_MS,
        stale_ms: STALE_MS,
    };
    chart.plot(width, height).lines.iter().map(ToString::to_string).collect()
}

/// A value a second, the last one now.
fn every_second(values: impl DoubleEndedIterator<Item = Option<f64>>) -> Vec<Point> {
    let back = values.rev().zip(0..);
    let mut points: Vec<Point> = back.map(|(value, s)| Point { sampled_ms: NOW_MS - s * 1000, value }).collect();
    points.reverse();
    points
}

fn is_ink(c: char) -> bool {
    ['#', '\'', '.'].contains(&c)
}

/// The columns of the line, each from top to bottom.
fn columns(lines: &[String], rows: usize) -> Vec<String> {
    let count = lines[0].chars().count().saturating_sub(LEFT);
    let plot: Vec<Vec<char>> = lines[..rows].iter().map(|line| line.chars().skip(LEFT).collect()).collect();
    (0..count).map(|x| plot.iter().map(|row| row.get(x).copied().unwrap_or(' ')).collect()).collect()
}

/// One reading of a backend that means no good.
fn hostile() -> impl Strategy<Value = Option<f64>> {
    let wild = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, 1e-308, -0.0, f64::MIN_POSITIVE, -5.0];
    prop_oneof![
        prop::sample::select(wild.to_vec()).prop_map(Some),
        any::<f64>().prop_map(Some),
        (0.0..100.0_f64).prop_map(Some),
        Just(Some(7.0)),
        Just(None),
    ]
}

fn ring() -> impl Strategy<Value = Vec<Point>> {
    let time = prop_oneof![(NOW_MS - 400_000)..(NOW_MS + 60_000), Just(i64::MIN), Just(i64::MAX), Just(0)];
    let point = (time, hostile()).prop_map(|(sampled_ms, value)| Point { sampled_ms, value });
    let steady = prop::collection::vec(hostile(), 0..600).prop_map(|values| every_second(values.into_iter()));
    prop_oneof![prop::collection::vec(point, 0..60), steady]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn no_ring_at_any_size_is_drawn_out_of_place(
        points in ring(), width in 0..240_usize, height in 0..70_usize, stop in any::<f64>(), exit in 0.0..100.0_f64
    ) {
        let stop = if stop.is_finite() { stop } else { 0.5 };
        let lines = drawn(&points, &[("stop", stop), ("exit", exit)], (width, height));
        prop_assert!(lines.len() <= height);
        for line in &lines {
            prop_assert!(line.is_ascii() && line.len() <= width, "{line}");
        }
        if lines.len() < 2 {
            return Ok(());
        }
        let bucket = WINDOW_MS / i64::try_from(width - LEFT - 10).unwrap_or(1).max(1);
        let start = (NOW_MS.div_euclid(bucket) + 1) * bucket - bucket * i64::try_from(width - LEFT - 10).unwrap_or(1);
        let below = if height >= 9 { 2 } else { 1 };
        for (x, column) in columns(&lines, lines.len() - below).iter().take(width - LEFT - 10).enumerate() {
            let from = start + i64::try_from(x).unwrap_or(0) * bucket;
            let near = |point: &Point| {
                let at = if point.sampled_ms > NOW_MS + 30_000 { i64::MIN } else { point.sampled_ms.min(NOW_MS) };
                point.value.is_some_and(f64::is_finite) && at < from + bucket && at >= from.saturating_sub(STALE_MS)
            };
            prop_assert!(!column.contains(is_ink) || points.iter().any(near), "column {x}: {column}\n{lines:#?}");
            let inside = |point: &Point| {
                let at = point.sampled_ms.min(NOW_MS);
                let believed = point.sampled_ms <= NOW_MS + 30_000 && point.value.is_some_and(f64::is_finite);
                believed && at >= from && at < from + bucket
            };
            prop_assert!(column.contains(is_ink) || !points.iter().any(inside), "column {x}: {column}\n{lines:#?}");
        }
    }
}

#[test]
fn where_nothing_was_sampled_the_sentence_keeps_to_its_width() {
    for width in 0..60 {
        assert!(drawn(&[], &[("stop", 1.0)], (width, 3)).iter().all(|line| line.len() <= width), "{width}");
    }
}

#[test]
fn a_line_is_in_the_row_of_its_value() {
    let points = every_second((0..300).map(|_| Some(7.0)));
    let lines = drawn(&points, &[("stop", 10.0), ("exit", 2.0)], (80, 12));
    let inked: Vec<&String> = lines.iter().filter(|line| line[LEFT..].contains("####")).collect();
    let [row] = inked.as_slice() else { panic!("one row: {lines:#?}") };
    let above = lines.iter().position(|line| line.ends_with(" stop"));
    let below = lines.iter().position(|line| line.ends_with(" exit"));
    let at = lines.iter().position(|line| line == *row);
    assert!(above < at && at < below, "{lines:#?}");
    assert!(row[LEFT..].starts_with(&"#".repeat(60)), "{row}");
}

#[test]
fn a_gap_is_never_joined_and_says_so() {
    // A minute without an answer, and a minute in which nobody asked: no sample came and none was missed.
    let answers = (0..300).map(|second| if (60..120).contains(&second) { None } else { Some(f64::from(second)) });
    let mut points = every_second(answers);
    points.retain(|point| !(NOW_MS - 90_000..NOW_MS - 30_000).contains(&point.sampled_ms));
    for width in [60, 80, 200] {
        let lines = drawn(&points, &[("stop", 280.0)], (width, 12));
        let columns = columns(&lines, 10);
        let gaps: Vec<usize> = (0..columns.len()).filter(|x| columns[*x].ends_with('?')).collect();
        let per_minute = (width - LEFT - 5) / 5;
        assert!(gaps.len() + 3 >= 2 * per_minute && gaps.len() <= 2 * per_minute + 3, "{width}: {lines:#?}");
        // Only a column that a gap begins or ends in has both.
        let both = gaps.iter().filter(|x| columns[**x].contains(is_ink)).count();
        assert!(both <= 2, "{width}: {lines:#?}");
    }
}

#[test]
fn a_metric_that_is_not_read_any_more_ends_where_it_ended() {
    let mut points = every_second((0..300).map(|_| Some(7.0)));
    points.retain(|point| point.sampled_ms < NOW_MS - 60_000);
    let lines = drawn(&points, &[], (80, 12));
    let last = columns(&lines, 10);
    assert!(last[60].ends_with('?') && !last[60].contains(is_ink), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("????????")), "{lines:#?}");
}

#[test]
fn a_spike_of_one_sample_among_two_thousand_is_seen() {
    let points = every_second((0..2000).map(|second| Some(if second == 1900 { 50.0 } else { 1.0 })));
    let lines = drawn(&points, &[], (80, 12));
    assert!(lines[0].contains('#') && lines[8].contains('#'), "{lines:#?}");
}

#[test]
fn on_the_row_of_a_limit_the_line_says_on_which_side_it_is() {
    let near =
        |value: f64| drawn(&every_second((0..300).map(|_| Some(value))), &[("stop", 100.0), ("exit", 0.0)], (80, 8));
    let row = |lines: Vec<String>| lines.into_iter().find(|line| line.ends_with(" stop")).expect("a stop line");
    assert!(row(near(101.0)).contains("''''"), "above");
    assert!(row(near(99.0)).contains("...."), "below");
    assert!(row(near(100.0)).contains("####"), "on it");
}

#[test]
fn limits_on_one_row_both_keep_their_word() {
    let lines = drawn(&every_second((0..300).map(|_| Some(0.1))), &[("stop", 0.2), ("exit", 0.2)], (80, 8));
    assert!(lines.iter().any(|line| line.ends_with(" stop+exit")), "{lines:#?}");
}

#[test]
fn times_are_named_in_their_columns_and_marks_never_hide_one_another() {
    let points = every_second((0..300).map(|_| Some(7.0)));
    let lines = drawn(&points, &[], (80, 12));
    let times = lines.last().expect("a row of times");
    assert!(times.contains("|-4m") && times.ends_with(" now"), "{times}");
    let marks = &lines[lines.len() - 2];
    assert!(marks.contains("1D") || marks.contains("D1"), "{marks}");
    // The declaration was 100 s ago: two thirds of the way.
    let at = marks.find('1').expect("the mark") - LEFT;
    assert!((40..=46).contains(&at), "{marks}");
}

#[test]
fn rows_have_different_names_where_values_differ() {
    let points = every_second((0..300).map(|second| Some(1000.0 + f64::from(second) / 1000.0)));
    let lines = drawn(&points, &[], (80, 8));
    let mut names: Vec<&str> = lines[..7].iter().map(|line| line[..LEFT].trim()).collect();
    names.dedup();
    assert_eq!(names.len(), 7, "{lines:#?}");
}

/// The scene with the metric coverage opened.
pub(super) fn zoomed(scene: &Scene) -> Ui {
    let mut ui = ui();
    type_in(&mut ui, scene, "1jjj");
    enter(&mut ui, scene);
    ui
}

#[test]
fn a_metric_opened_has_a_large_chart_and_its_data_in_words() {
    let scene = watching();
    for size in [(80, 24), (120, 40), (200, 60)] {
        let screen = render(&zoomed(&scene), &scene, 1000, size);
        assert!(screen.contains("data    284 samples in 5m00s: least 0.51, most 0.81, newest 0.51"), "{screen}");
        assert!(screen.contains("2s ago; 1 gap,"), "{screen}");
        assert!(screen.contains("? no sample") && screen.contains("|-4m"), "{screen}");
    }
}

#[test]
fn a_large_chart_goes_back_to_the_declaration() {
    let mut scene = watching();
    scene.now = scene.now.plus_ms(400_000);
    assert!(render(&zoomed(&scene), &scene, 1000, (80, 24)).contains("samples in 10m00s"));
    let bare = render(&zoomed(&undeclared()), &undeclared(), 1000, (80, 24));
    assert!(bare.contains("samples in 5m00s"), "{bare}");
}

#[test]
fn a_metric_that_was_never_read_has_no_chart_and_says_so() {
    let mut scene = watching();
    scene.board = Arc::default();
    let mut ui = ui();
    ui.stack.push(crate::cockpit::ui::Dialog::Metric(id("coverage")));
    assert!(render(&ui, &scene, 1000, (80, 24)).contains("no samples in this window"));
}

#[test]
fn a_metric_that_is_out_right_now_has_a_gap() {
    let scene = watching();
    let mut ui = ui();
    ui.stack.push(crate::cockpit::ui::Dialog::Metric(id("ds")));
    let screen = render(&ui, &scene, 1000, (120, 40));
    assert!(screen.contains("60s ago; 1 gap,"), "{screen}");
}

#[test]
fn the_top_of_a_scale_is_called_what_is_drawn_there() {
    for (value, called) in [(1.0, "1.0 |"), (2.0, "2.0 |"), (250.0, "250 |")] {
        let steady = every_second((0..200).map(|second| Some(if second < 100 { value } else { value / 4.0 })));
        let lines = drawn(&steady, &[], (60, 6));
        assert!(lines[0].contains(called), "{value}: {lines:?}");
    }
}
