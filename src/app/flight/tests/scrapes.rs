//! What was sampled before a lever was pulled says nothing of the world after it.

use super::slow_disk::{Desk, id};
use crate::app::flight::{Flight, Input};
use crate::incident::{Command, StreakState};
use crate::kind::{Outcome, Reading, Settled};
use crate::metrics::{ExitState, VerdictState};
use crate::text::Redactor;
use std::sync::Arc;

/// Every metric read as good, sampled at this second.
fn read_good(desk: &mut Desk, sampled: u64) {
    let playbook = desk.flight.playbook.clone();
    let now = desk.start.plus_ms(sampled * 1000);
    for metric in playbook.metrics.keys() {
        let value = if metric.as_str() == "coverage" { 0.9 } else { 0.0 };
        let reading = Reading::Value { value, sampled_ms: now.wall_ms };
        let board = Arc::make_mut(&mut desk.flight.board);
        let change = board.take(&playbook, metric, reading, now.wall_ms);
        if let Some(change) = change {
            let judged = Command::Judge { metric: change.metric, verdict: change.verdict };
            if let Some(batch) = desk.ask(sampled, judged) {
                desk.saved_all(sampled, batch);
            }
        }
    }
}

fn streak(desk: &Desk) -> StreakState {
    desk.flight.state().hold.overall.as_ref().expect("the hold runs").state
}

/// Watching, all green by samples of second 1, and a lever accepted at second 2.
fn pulled() -> Desk {
    let mut desk = Desk::watching();
    read_good(&mut desk, 1);
    assert_eq!(streak(&desk), StreakState::Green);
    let batch = desk.fire(2).expect("it is written down");
    desk.saved_all(2, batch);
    let settled = Settled::new(Outcome::Applied, "OK");
    let settle = Command::Settle { attempt: 1, settled, took_ms: 5, evidence: None };
    let batch = desk.ask(2, settle).expect("it is written down");
    desk.saved_all(2, batch);
    desk
}

fn tick(desk: &mut Desk, second: u64) {
    if let Some(batch) = super::slow_disk::batch_in(desk.feed(second, Input::Tick)) {
        desk.saved_all(second, batch);
    }
}

#[test]
fn a_scrape_from_before_the_pull_is_not_green_until_a_later_one_comes() {
    let mut desk = pulled();
    tick(&mut desk, 3);
    assert_eq!(streak(&desk), StreakState::Paused, "nobody has seen the world after the pull");
    let coverage = desk.flight.board.verdict(&id("coverage")).expect("it was read");
    assert_eq!((coverage.state, coverage.exit), (VerdictState::Ok, ExitState::Unknown));
    read_good(&mut desk, 4);
    assert_eq!(streak(&desk), StreakState::Green);
}

#[test]
fn a_restart_of_goaround_does_not_make_an_old_scrape_new() {
    let mut desk = pulled();
    let Desk { flight, paper, start } = &desk;
    let again = Flight::new(flight.playbook.clone(), paper, Redactor::default(), start);
    desk.flight = again;
    read_good(&mut desk, 1);
    let coverage = desk.flight.board.verdict(&id("coverage")).expect("it was read");
    assert_eq!(coverage.exit, ExitState::Unknown);
}
