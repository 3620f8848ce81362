//! The clocks of a playbook, read off the marks of an incident.

use super::{Moment, State};
use crate::playbook::{Clock, Edge, Playbook};

/// One clock, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Its id.
    pub id: String,
    /// In words.
    pub title: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether it has stopped.
    pub done: bool,
    /// What it shows, in milliseconds; counts on past the budget and blocks nothing.
    pub elapsed_ms: u64,
    /// What it may take, in milliseconds.
    pub budget_ms: u64,
    /// Whether a reboot lay between, so that the wall clock had to be believed.
    pub approximate: bool,
}

/// Every clock of the playbook, in its order.
pub fn clocks(playbook: &Playbook, state: &State, now: &Moment) -> Vec<ClockReading> {
    let read = |clock: &Clock| {
        let start = mark(state, clock.starts_on);
        let stop = mark(state, clock.stops_on);
        // What never stopped ends with the incident.
        let end = stop.or(state.marks.closed.as_ref()).unwrap_or(now);
        let elapsed = start.map(|start| end.since(start)).unwrap_or_default();
        ClockReading {
            id: clock.id.clone(),
            title: clock.title.clone(),
            running: start.is_some() && stop.is_none() && state.closed.is_none(),
            done: start.is_some() && stop.is_some(),
            elapsed_ms: elapsed.ms,
            budget_ms: budget_ms(playbook, clock),
            approximate: elapsed.approximate,
        }
    };
    playbook.clocks.iter().map(read).collect()
}

/// What a clock may take. The hold's is the profile's, so that no clock calls a hold late that its profile does not.
pub fn budget_ms(playbook: &Playbook, clock: &Clock) -> u64 {
    let times_the_hold = clock.starts_on == Edge::HoldStarted && clock.stops_on == Edge::HoldMet;
    if times_the_hold { playbook.hold.max_ms } else { clock.budget_ms }
}

/// When an edge happened.
pub fn mark(state: &State, edge: Edge) -> Option<&Moment> {
    let marks = &state.marks;
    match edge {
        Edge::Detected => marks.detected.as_ref(),
        Edge::Declared => marks.declared.as_ref(),
        Edge::FirstStep => marks.first_step.as_ref(),
        Edge::SixtyDone => marks.sixty_done.as_ref(),
        Edge::FirstLever => marks.first_lever.as_ref(),
        Edge::HoldStarted => marks.hold_started.as_ref(),
        Edge::HoldMet => marks.hold_met.as_ref(),
        Edge::DebtsPaid => marks.debts_paid.as_ref(),
        Edge::Closed => marks.closed.as_ref(),
    }
}
