//! Claims about what the cockpit says of clocks, stages, the SLA and baselines.

use super::stage::{at, change, declared, id, render, type_in, ui};
use crate::cockpit::Scene;
use crate::incident::{StageMarks, TakenBaseline};
use crate::playbook::{Baseline, Clock, Edge, Stage};
use std::sync::Arc;

/// Declared a minute ago under an SLA of `sla_s`; the second stage runs since 50 s; the pins lever takes ten minutes.
pub(super) fn timed(sla_s: u64) -> Scene {
    let mut scene = declared();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let clock = |name: &str, title: &str, starts_on, stops_on, budget_ms, sla| {
        let (id, title) = (name.into(), title.into());
        Clock { id, title, starts_on, stops_on, budget_ms, sla }
    };
    playbook.clocks.push(clock("sla", "SLA", Edge::Declared, Edge::HoldMet, sla_s * 1000, true));
    playbook.clocks.push(clock(
        "read",
        "freeze to flip",
        Edge::Done(id("freeze")),
        Edge::Fired(id("alias")),
        30_000,
        false,
    ));
    for (name, title, budget_ms, steps) in
        [("look", "Look", 20_000, ["capture", "freeze"]), ("turn", "Traffic drain", 45_000, ["flip", "rotate"])]
    {
        playbook.stages.insert(id(name), Stage { id: id(name), title: title.into(), budget_ms });
        let inside = |step: &&mut crate::playbook::Step| steps.contains(&step.id.as_str());
        playbook.steps.iter_mut().filter(inside).for_each(|step| step.stage = Some(id(name)));
    }
    playbook.levers[&id("pins")].takes_ms = 600_000;
    playbook.levers[&id("flag")].takes_ms = 300_000;
    change(&mut scene, |state| {
        let look = StageMarks { started: at(242), done: Some(at(250)) };
        let turn = StageMarks { started: at(250), done: None };
        state.marks.stages = [(id("look"), look), (id("turn"), turn)].into_iter().collect();
    });
    scene
}

#[test]
fn the_header_shows_the_stage_and_what_is_left_of_the_sla() {
    let wide = render(&ui(), &timed(900), 1000, (120, 40));
    let header = wide.lines().next().expect("a header");
    assert!(header.contains("Traffic drain OVER 00:50/00:45"), "{header}");
    assert!(header.contains("SLA 14:00 left"), "{header}");
    let small = render(&ui(), &timed(50), 1000, (80, 24));
    let header = small.lines().next().expect("a header");
    assert!(header.contains("SLA OVER 00:10"), "{header}");
}

#[test]
fn a_lever_that_no_longer_fits_is_told_of_on_every_screen_until_the_sla_is_over() {
    for size in [(40, 10), (80, 24), (120, 40), (200, 60)] {
        let roomy = render(&ui(), &timed(660), 1000, size);
        assert!(!roomy.contains("no longer fits"), "ten minutes are left for ten minutes\n{roomy}");
        let tight = render(&ui(), &timed(640), 1000, size);
        assert!(size.0 < 80 || tight.contains("no longer fits: 09:40 left of SLA"), "{tight}");
        assert!(tight.contains("! Unpin to the last known good set"), "{tight}");
        let over = render(&ui(), &timed(60), 1000, size);
        assert!(!over.contains("no longer fits"), "{over}");
    }
    let tighter = render(&ui(), &timed(240), 1000, (120, 40));
    assert!(tighter.contains("! Kill switch: prompt pack off (05:00) no longer fits: 03:00 left of SLA, nor 1 slower"));
}

/// Four metrics with a baseline: known, not to be had, still taken, taken.
pub(super) fn based() -> Scene {
    let mut scene = declared();
    let playbook = Arc::make_mut(&mut scene.playbook);
    let file = Baseline::File { path: "base.json".into(), at: "/ds".into() };
    for (name, baseline) in [
        ("p99", Baseline::Value(50.0)),
        ("ds", file),
        ("p95", Baseline::AtStart(60_000)),
        ("coverage", Baseline::AtStart(60_000)),
    ] {
        playbook.metrics[&id(name)].baseline = Some(baseline);
    }
    let board = Arc::make_mut(&mut scene.board);
    board.set_baseline(&playbook.metrics["coverage"], 0.81, 0);
    board.miss_baseline(&id("ds"), "NO BASELINE: base.json: refused: No such file or directory".into());
    let taken = TakenBaseline::Median { value: 0.81, samples: 58 };
    change(&mut scene, |state| drop(state.baselines.insert(id("coverage"), taken)));
    scene
}

#[test]
fn value_baseline_and_limits_stand_in_one_row() {
    let scene = based();
    for size in [(80, 24), (120, 40), (200, 60)] {
        let screen = render(&ui(), &scene, 1000, size);
        let row = |title: &str| {
            let found = screen.lines().find(|line| line.get(2..).is_some_and(|rest| rest.starts_with(title)));
            let words: Vec<String> =
                found.expect("a row").split_whitespace().skip(1).take(5).map(str::to_owned).collect();
            words.join(" ")
        };
        assert_eq!(row("p99"), "p99 74.0ms 50.0ms >100ms -", "{screen}");
        assert_eq!(row("dS"), "dS -- NONE >0.37 <=0.27");
        assert_eq!(row("p95"), "p95 50.6ms taking - <=57ms");
        assert_eq!(row("coverage"), "coverage 0.51 0.81 <0.60 >=0.70");
    }
}

#[test]
fn a_metric_in_detail_says_where_its_baseline_is_from_or_why_there_is_none() {
    let scene = based();
    for (down, said) in [
        ("1j", "base    50.0ms   now 74.0ms"),
        ("1j", "as written in the playbook"),
        ("1jjj", "the median of 58 samples in the first 60s"),
        ("1jjjj", "NO BASELINE: base.json: refused: No such file or directory"),
    ] {
        let mut ui = ui();
        type_in(&mut ui, &scene, down);
        super::stage::enter(&mut ui, &scene);
        let screen = render(&ui, &scene, 1000, (80, 24));
        assert!(screen.contains(said), "{down}: {screen}");
    }
}
