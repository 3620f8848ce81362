//! Claims about a board that takes up where another one left off.

use super::{Board, ExitState, Verdict, VerdictState};
use crate::kind::Reading;
use crate::playbook::{Id, Playbook};

/// When the first sample after the break was taken, in ms since 1970.
const BACK_MS: i64 = 1_795_230_720_000;

/// `coverage` breaks its stop limit (`< 0.60 for 5s`) below 0.60.
fn coverage() -> Id {
    Id::new("coverage").unwrap()
}

fn playbook() -> Playbook {
    let text = include_str!("../../fixtures/playbooks/docs-rag.toml");
    Playbook::parse("docs-rag.toml", text, Some("drill")).expect("the first playbook is sound")
}

/// A board that was told how `coverage` stood when nobody looked any more.
fn recalling(state: VerdictState) -> Board {
    let limit = Some("< 0.60 for 5s".to_owned());
    let exit = ExitState::Missed;
    let verdict = Verdict { state, exit, value: Some(0.52), sampled_ms: Some(BACK_MS - 60_000), limit, why: None };
    let mut board = Board::default();
    board.recall(&coverage(), &verdict);
    board
}

/// How it stands after a sample `at_s` seconds after the first, seen `age_s` later.
fn reads(board: &mut Board, (value, at_s, age_s): (f64, i64, i64)) -> VerdictState {
    let sampled_ms = BACK_MS + at_s * 1000;
    let reading = Reading::Value { value, sampled_ms };
    board.take(&playbook(), &coverage(), reading, sampled_ms + age_s * 1000);
    board.verdict(&coverage()).unwrap().state
}

#[test]
fn what_was_judged_before_is_stale_until_it_is_read() {
    let board = recalling(VerdictState::Breach);
    let verdict = board.verdict(&coverage()).unwrap();
    assert_eq!((verdict.state, verdict.exit, verdict.value), (VerdictState::Stale, ExitState::Unknown, Some(0.52)));
    assert_eq!(board.points(&coverage()).count(), 0, "a remembered value is no reading");
}

#[test]
fn a_breach_that_goes_on_is_a_breach_at_the_first_sample() {
    assert_eq!(reads(&mut recalling(VerdictState::Breach), (0.52, 0, 0)), VerdictState::Breach);
    assert_eq!(reads(&mut Board::default(), (0.52, 0, 0)), VerdictState::Warn, "without it the window begins");
}

#[test]
fn a_breach_that_is_over_is_over_at_the_first_sample() {
    let mut board = recalling(VerdictState::Breach);
    assert_eq!(reads(&mut board, (0.75, 0, 0)), VerdictState::Ok);
    assert_eq!(reads(&mut board, (0.52, 1, 0)), VerdictState::Warn, "the next one takes its whole window");
    assert_eq!(reads(&mut board, (0.52, 6, 0)), VerdictState::Breach);
}

#[test]
fn neither_an_old_sample_nor_an_error_says_that_a_breach_is_over() {
    let mut board = recalling(VerdictState::Breach);
    assert_eq!(reads(&mut board, (0.75, 0, 60)), VerdictState::Stale);
    board.take(&playbook(), &coverage(), Reading::Error("connection refused".into()), BACK_MS + 61_000);
    assert_eq!(reads(&mut board, (0.52, 62, 0)), VerdictState::Breach);
}

#[test]
fn only_a_breach_is_taken_up_as_one() {
    for state in [VerdictState::Ok, VerdictState::Warn, VerdictState::NoData, VerdictState::Stale, VerdictState::Error]
    {
        assert_eq!(reads(&mut recalling(state), (0.52, 0, 0)), VerdictState::Warn, "{state:?}");
    }
}

/// `p99` with these limits and a baseline that is not known yet.
fn relative(limits: &str) -> Playbook {
    let text = include_str!("../../fixtures/playbooks/docs-rag.toml");
    let begin = text.find("[metrics.p99]").expect("it is there");
    let end = begin + text[begin..].find("\n\n").expect("it ends");
    let metric = text[begin..end]
        .lines()
        .filter(|line| !["stop", "exit", "warn", "baseline"].iter().any(|key| line.starts_with(key)));
    let metric: Vec<&str> = metric.collect();
    let text = format!("{}{}\n{limits}{}", &text[..begin], metric.join("\n"), &text[end..]);
    Playbook::parse("docs-rag.toml", &text, None).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn p99(board: &mut Board, playbook: &Playbook, value: f64) -> Verdict {
    let p99 = Id::new("p99").unwrap();
    board.take(playbook, &p99, Reading::Value { value, sampled_ms: BACK_MS }, BACK_MS);
    board.verdict(&p99).unwrap().clone()
}

#[test]
fn an_absolute_stop_limit_needs_no_baseline() {
    let playbook = relative("stop = \"> 100ms\"\nexit = \"<= baseline + 5ms\"\nbaseline = { at_start = \"60s\" }");
    let mut board = Board::default();
    let verdict = p99(&mut board, &playbook, 400.0);
    assert_eq!((verdict.state, verdict.exit), (VerdictState::Breach, ExitState::Unknown));
    assert_eq!(p99(&mut Board::default(), &playbook, 40.0).state, VerdictState::NoData, "of the exit nothing is known");
}

#[test]
fn what_was_read_before_its_baseline_came_is_judged_by_it() {
    let playbook =
        relative("stop = \"> baseline + 30ms\"\nexit = \"<= baseline + 5ms\"\nbaseline = { at_start = \"60s\" }");
    let mut board = Board::default();
    assert_eq!(p99(&mut board, &playbook, 400.0).state, VerdictState::NoData);
    board.set_baseline(&playbook.metrics["p99"], 50.0, BACK_MS + 1000);
    let turned: Vec<VerdictState> =
        board.tick(&playbook, BACK_MS + 1000).into_iter().map(|change| change.verdict.state).collect();
    assert_eq!(turned, [VerdictState::Breach], "never OK in between");
}

#[test]
fn a_breach_that_goes_on_is_one_at_the_first_sample_before_any_baseline_is_known() {
    let playbook =
        relative("stop = \"> 100ms for 30s\"\nexit = \"<= baseline + 5ms\"\nbaseline = { at_start = \"60s\" }");
    let limit = Some("> 100ms for 30s".to_owned());
    let (state, exit) = (VerdictState::Breach, ExitState::Unknown);
    let before = Verdict { state, exit, value: Some(400.0), sampled_ms: Some(BACK_MS - 60_000), limit, why: None };
    let mut board = Board::default();
    board.recall(&Id::new("p99").unwrap(), &before);
    assert_eq!(p99(&mut board, &playbook, 400.0).state, VerdictState::Breach);
    assert_eq!(p99(&mut Board::default(), &playbook, 400.0).state, VerdictState::Warn, "without it the window begins");
}

#[test]
fn what_was_told_is_met_only_while_somebody_reads() {
    let playbook = playbook();
    let metric = &playbook.metrics["coverage"];
    let (state, exit) = (VerdictState::Ok, ExitState::Met);
    let told = Verdict { state, exit, value: Some(0.81), sampled_ms: Some(BACK_MS), limit: None, why: None };
    let mut board = Board::default();
    let mut stands = |told: &Verdict, age_ms: i64| {
        board.told(metric, told, BACK_MS + age_ms);
        let verdict = board.verdict(&coverage()).unwrap();
        (verdict.state, verdict.exit)
    };
    let stale_ms = super::board::stale_after_ms(metric);
    assert_eq!(stands(&told, stale_ms), (VerdictState::Ok, ExitState::Met));
    assert_eq!(stands(&told, stale_ms + 1), (VerdictState::Stale, ExitState::Unknown));
    let untargeted = Verdict { exit: ExitState::None, ..told };
    assert_eq!(stands(&untargeted, stale_ms + 1), (VerdictState::Stale, ExitState::None));
}

/// What was read of `coverage` each second until `until_s` seconds before the break was over.
fn read_until(until_s: i64) -> Vec<(i64, Reading)> {
    let at = |second: i64| BACK_MS - (until_s + second) * 1000;
    (0..20).rev().map(|s| (at(s), Reading::Value { value: 0.59, sampled_ms: at(s) })).collect()
}

#[test]
fn a_chart_goes_on_where_it_ended_with_a_gap_for_the_time_in_which_nobody_looked() {
    let playbook = playbook();
    for (until_s, gaps) in [(1, 0), (300, 1)] {
        let mut board = recalling(VerdictState::Breach);
        board.recall_points(&playbook.metrics[&coverage()], read_until(until_s), BACK_MS);
        reads(&mut board, (0.75, 0, 0));
        let points: Vec<_> = board.points(&coverage()).collect();
        assert_eq!(points.len(), 21 + gaps, "{until_s} s");
        assert_eq!(points.iter().filter(|point| point.value.is_none()).count(), gaps, "{until_s} s");
        assert!(points.is_sorted_by_key(|point| point.sampled_ms), "{points:?}");
    }
}

#[test]
fn nothing_is_judged_by_what_was_read_before() {
    let playbook = playbook();
    let mut board = recalling(VerdictState::Ok);
    board.recall_points(&playbook.metrics[&coverage()], read_until(1), BACK_MS);
    let verdict = board.verdict(&coverage()).unwrap();
    assert_eq!(
        (verdict.state, verdict.exit, verdict.sampled_ms),
        (VerdictState::Stale, ExitState::Unknown, Some(BACK_MS - 1000))
    );
    assert_eq!(reads(&mut board, (0.52, 0, 0)), VerdictState::Warn, "its window begins with what is read now");
}
