//! Claims about what charts show, and what they leave out.

use super::flight::{Flight, declared};
use super::*;
use crate::report::axis::Axis;
use crate::report::thin::{COLUMNS, thinned};
use crate::report::{BoundKind, BoundSide, Chart};
use proptest::prelude::*;

/// When the hand-written flight opened.
pub(super) const OPENED_MS: i64 = 1_795_230_710_250;

/// A line of `samples.jsonl`: read at second `at`.
fn read(metric: &str, at: i64, what: &str) -> String {
    format!("{{\"at\":{},\"metric\":\"{metric}\",{what}}}", OPENED_MS + at * 1000)
}

pub(super) fn value(metric: &str, at: i64, value: f64) -> String {
    read(metric, at, &format!("\"sampled\":{},\"value\":{value}", OPENED_MS + at * 1000))
}

/// A chart of a flight of a minute that was declared as it was opened.
fn chart(metric: &str, samples: Vec<String>) -> Chart {
    let mut flight = Flight::open();
    flight.add(0, "ops", declared());
    flight.add(60, "ops", Event::Closed { recovered: true, override_reason: None });
    assert_eq!(flight.records[0].at.wall_ms, OPENED_MS, "the samples are of this flight");
    let account = Account::of(&Dossier { records: flight.records, samples, ..dossier() });
    let index = account.metrics.iter().position(|chart| chart.id == metric).expect("the playbook has it");
    account.metrics[index].clone()
}

#[test]
fn what_could_not_be_believed_breaks_the_line_and_is_said() {
    let samples = vec![
        value("coverage", 0, 0.8),
        read("coverage", 1, "\"nodata\":\"empty\""),
        read("coverage", 2, "\"nodata\":\"empty\""),
        read("coverage", 3, "\"error\":\"refused\""),
        value("coverage", 4, 0.7),
        value("coverage", 20, 0.6),
    ];
    let chart = chart("coverage", samples);
    let gaps: Vec<(i64, i64, &str)> = chart.gaps.iter().map(|gap| (gap.from_ms, gap.to_ms, gap.state)).collect();
    let silent = (4_000 + stale_ms(), 20_000, "STALE");
    let left = (20_000 + stale_ms(), 60_000, "STALE");
    assert_eq!(gaps, [(1_000, 3_000, "NODATA"), (3_000, 4_000, "ERROR"), silent, left]);
    assert_eq!((chart.gaps[0].why.as_str(), chart.gaps[1].why.as_str()), ("empty", "refused"));
    let values: Vec<Option<f64>> = chart.points.iter().map(|(_, value)| *value).collect();
    let broken = values.split(Option::is_none).filter(|run| !run.is_empty()).count();
    assert_eq!((broken, chart.thinned), (3, 0), "{values:?}");
}

fn stale_ms() -> i64 {
    crate::metrics::stale_after_ms(&playbook().metrics["coverage"])
}

#[test]
fn the_same_sample_read_twice_is_one_point_and_a_time_that_runs_back_is_none() {
    let again = |at: i64| read("coverage", at, &format!("\"sampled\":{OPENED_MS},\"value\":0.8"));
    let early = read("coverage", 3, &format!("\"sampled\":{},\"value\":0.1", OPENED_MS - 500));
    let ancient = read("coverage", 4, "\"sampled\":0,\"value\":0.1");
    let chart = chart("coverage", vec![again(0), again(1), again(2), early, ancient]);
    assert_eq!(chart.points.iter().filter(|(_, value)| value.is_some()).count(), 1, "{:?}", chart.points);
    assert_eq!(chart.left_out, 2);
}

#[test]
fn a_metric_that_was_never_read_has_a_chart_that_says_so() {
    let chart = chart("coverage", Vec::new());
    assert!(chart.points.is_empty() && chart.gaps.is_empty(), "{chart:?}");
}

#[test]
fn limits_are_numbers_where_their_baseline_is_known() {
    let p99 = chart("p99", Vec::new());
    let stop = p99.bounds.iter().find(|bound| bound.kind == BoundKind::Stop).expect("it has one");
    assert_eq!((stop.written.as_str(), stop.side), ("> baseline * 2 for 5s", BoundSide::Above));
    let baseline = p99.bounds.iter().find(|bound| bound.kind == BoundKind::Baseline).and_then(|bound| bound.at);
    assert_eq!(stop.at, baseline.map(|baseline| baseline * 2.0));
    assert!(stop.at.is_some());
}

/// The chart of p99 whose baseline is its own value an hour ago, and its figure on the page.
fn an_hour_ago(samples: Vec<String>) -> (Chart, String) {
    let text = super::PLAYBOOK.replacen("baseline = 50", "baseline = { offset = \"1h\" }", 1);
    let flown = crate::playbook::Playbook::parse("docs-rag.toml", &text, Some("drill")).expect("it may be so");
    let account = Account::of(&Dossier { playbook: Some(flown), samples, ..dossier() });
    let chart = account.metrics.iter().find(|chart| chart.id == "p99").expect("the playbook has it");
    let page = account.html();
    let figure = page.split("id=\"chart-p99\"").nth(1).and_then(|rest| rest.split("</figure>").next());
    (chart.clone(), figure.expect("it is drawn").to_owned())
}

#[test]
fn a_baseline_that_was_asked_for_is_a_number_where_it_was_recorded_and_else_said_to_be_none() {
    let (chart, page) = an_hour_ago(vec![read("p99", 1, "\"baseline\":48.5"), value("p99", 2, 50.0)]);
    let stop = chart.bounds.iter().find(|bound| bound.kind == BoundKind::Stop).expect("it has one");
    let read = chart.points.iter().filter(|(_, value)| value.is_some()).count();
    assert_eq!((stop.at, read), (Some(97.0), 1), "a baseline is no reading: {:?}", chart.points);
    let words = "its own value 1 h 00 min before goaround was opened";
    assert!(page.contains(&format!("Baseline: 48.5ms, {words}.")) && page.contains("bound baseline"), "{page}");

    let (chart, page) = an_hour_ago(vec![value("p99", 2, 50.0)]);
    assert!(chart.bounds.iter().all(|bound| bound.at.is_none()), "nothing is made up: {:?}", chart.bounds);
    assert!(page.contains(&format!("Baseline: {words}, not recorded; limits relative to it have no line here.")));
    assert!(!page.contains("bound baseline"), "{page}");
}

#[test]
fn what_the_playbook_does_not_know_is_charted_without_limits() {
    let samples = vec![value("other", 0, 1.0), value("other", 1, 2.0)];
    let other = chart("other", samples);
    assert!(other.bounds.is_empty() && other.points.len() >= 2, "{other:?}");
}

#[test]
fn every_mark_and_every_stretch_names_its_line() {
    let dossier = dossier();
    let account = Account::of(&dossier);
    let labels: Vec<&str> = account.marks.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(labels.first(), Some(&"D"));
    assert_eq!(labels.last(), Some(&"C"));
    for stretch in &account.stretches {
        assert!(stretch.to_ms.is_none_or(|to_ms| to_ms >= stretch.from_ms), "{stretch:?}");
        let entry = &account.timeline[usize::try_from(stretch.line).unwrap() - 1];
        assert_eq!((entry.at.line, entry.at.t_ms), (stretch.line, stretch.from_ms), "{stretch:?}");
    }
    assert!(account.stretches.iter().any(|stretch| stretch.title.contains("coverage")), "{:?}", account.stretches);
}

#[test]
fn a_pull_says_what_was_asked_answered_and_seen() {
    let account = Account::of(&dossier());
    let pull = &account.pulls[1];
    assert_eq!((pull.attempt, pull.undo, pull.by_hand), (2, false, false));
    let ended = pull.ended.as_ref().unwrap();
    assert_eq!((ended.word, ended.evidence.as_deref()), ("UNKNOWN", Some("evidence/pull-2.json")));
    assert_eq!(pull.read_back.as_ref().unwrap().word, "AGREES");
}

/// Points in order of time, now and then a break.
fn lines() -> impl Strategy<Value = Vec<(i64, Option<f64>)>> {
    let point = (0..200_i64, prop::option::weighted(0.95, -1e6..1e6_f64));
    prop::collection::vec(point, 0..4_000).prop_map(|steps| {
        let mut now = 0;
        let place = |(step, value)| {
            now += step;
            (now, value)
        };
        steps.into_iter().map(place).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn thinning_keeps_every_extreme_and_every_gap_and_makes_nothing_up(points in lines()) {
        let axis = Axis { from_ms: 0, to_ms: points.last().map_or(0, |(at, _)| *at) };
        let thin = thinned(&points, axis);
        prop_assert!(thin.len() <= 2 * (2 * COLUMNS + 4), "{} of {}", thin.len(), points.len());
        let extremes = |points: &[(i64, Option<f64>)]| {
            let values: Vec<f64> = points.iter().filter_map(|(_, value)| *value).collect();
            (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
        };
        prop_assert_eq!(extremes(&thin), extremes(&points));
        // Each that is kept was given, in the same order; and where a break lay between two values, one still does.
        let (mut next, mut last_value) = (0, None);
        for (place, kept) in thin.iter().enumerate() {
            let found = points[next..].iter().position(|point| point == kept);
            prop_assert!(found.is_some(), "{kept:?} was not given");
            let at = next + found.unwrap_or(0);
            let before = if kept.1.is_some() { last_value.replace((at, place)) } else { None };
            if let Some((was, was_place)) = before {
                let broken = points[was..at].iter().any(|(_, value)| value.is_none());
                prop_assert_eq!(thin[was_place..place].iter().any(|(_, value)| value.is_none()), broken);
            }
            next = at + 1;
        }
    }
}
