//! The clocks of a playbook, read off the marks of an incident, and what the hold waits for.

use super::{Moment, State, StepStatus, VerdictSlot, derive};
use crate::metrics::{Board, ExitState, VerdictState};
use crate::playbook::{Clock, Edge, Metric, Playbook, Step, StepKind};

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
        let elapsed = start.map(|start| stop.unwrap_or(now).since(start)).unwrap_or_default();
        ClockReading {
            id: clock.id.clone(),
            title: clock.title.clone(),
            running: start.is_some() && stop.is_none(),
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

/// What a running hold waits for, as one sentence without a full stop: `waiting for coverage >= 0.70 (now 0.65)`,
/// `waiting for step 5 (open again) and 1 more`. `None` before the hold was started and once it was met. Whether
/// something is green is what `state` believes; the value now is the newest on `board`.
pub fn hold_waits_for(playbook: &Playbook, state: &State, board: &Board, now: &Moment) -> Option<String> {
    let runs = state.marks.hold_started.is_some() && state.marks.hold_met.is_none() && state.closed.is_none();
    let green_ms = derive::green_for_ms(playbook, state, now).filter(|_| runs)?;
    let mut reasons = steps_waited_for(playbook, state);
    reasons.extend(playbook.metrics.values().filter_map(|metric| metric_waited_for(state, board, metric)));
    let more = match reasons.len() {
        0 | 1 => String::new(),
        many => format!(" and {} more", many - 1),
    };
    let left_s = playbook.hold.green_for_ms.saturating_sub(green_ms).div_ceil(1000);
    let first = reasons.into_iter().next().unwrap_or_else(|| format!("{left_s} s more of green"));
    Some(format!("waiting for {first}{more}"))
}

/// The steps before the watch that are open.
fn steps_waited_for(playbook: &Playbook, state: &State) -> Vec<String> {
    let before = playbook.steps.iter().take_while(|step| !matches!(step.kind, StepKind::Watch));
    let open = (1..).zip(before).filter(|(_, step): &(u32, &Step)| !derive::is_settled(state, &step.id));
    let word = |step: &Step| derive::status(state, &step.id).map_or("not begun", StepStatus::word);
    open.map(|(number, step)| format!("step {number} ({})", word(step))).collect()
}

/// Why a metric keeps the hold from being green, if it does.
fn metric_waited_for(state: &State, board: &Board, metric: &Metric) -> Option<String> {
    let slot = state.verdicts.get(&metric.id);
    let word = slot.map_or(VerdictState::NoData, |slot| slot.verdict.state);
    let exit = slot.map_or(ExitState::Unknown, |slot| slot.verdict.exit);
    match (&metric.exit, exit) {
        (Some(limit), ExitState::Missed) => {
            Some(format!("{} {}{}", metric.title, limit.written, value_now(slot, board, metric)))
        }
        (_, _) if word == VerdictState::Breach => Some(format!("{} to leave BREACH", metric.title)),
        (Some(_), ExitState::Unknown | ExitState::None) => Some(unseen(metric, word)),
        (_, _) if metric.stop.is_some() && !word.is_fresh() => Some(unseen(metric, word)),
        (Some(_), ExitState::Met) | (None, _) => None,
    }
}

fn unseen(metric: &Metric, word: VerdictState) -> String {
    format!("{} to be measured ({})", metric.title, word.word())
}

fn value_now(slot: Option<&VerdictSlot>, board: &Board, metric: &Metric) -> String {
    let verdict = board.verdict(&metric.id).or(slot.map(|slot| &slot.verdict));
    let value = verdict.and_then(|verdict| verdict.value);
    value.map_or(String::new(), |value| format!(" (now {})", metric.unit.show(value)))
}
