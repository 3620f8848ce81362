//! What the hold counts: the streak of each exit target, and of all.

use crate::incident::event::Event;
use crate::incident::{Moment, State, Streak, StreakState, derive};
use crate::metrics::ExitState;
use crate::playbook::{Id, Playbook};

/// Turns every streak to what the verdicts say now.
pub(super) fn turn_streaks(playbook: &Playbook, state: &mut State, at: &Moment) {
    let overall = overall_of(playbook, state);
    let targets: Vec<(Id, StreakState)> = targets(playbook).map(|id| (id.clone(), streak_of(state, id))).collect();
    let gap = playbook.hold.max_gap_ms;
    for (id, now) in targets {
        state.hold.streaks.entry(id).or_insert_with(|| Streak::new(now, at)).turn(now, at, gap);
    }
    if let Some(streak) = &mut state.hold.overall {
        streak.turn(overall, at, gap);
    }
}

fn targets(playbook: &Playbook) -> impl Iterator<Item = &Id> {
    playbook.metrics.values().filter(|metric| metric.exit.is_some()).map(|metric| &metric.id)
}

fn streak_of(state: &State, metric: &Id) -> StreakState {
    match state.verdicts.get(metric).map(|slot| slot.verdict.exit) {
        Some(ExitState::Met) => StreakState::Green,
        Some(ExitState::Missed) => StreakState::Missed,
        Some(ExitState::Unknown | ExitState::None) | None => StreakState::Paused,
    }
}

/// Missed wins over paused, paused over green; a broken stop limit of any metric is a miss.
fn overall_of(playbook: &Playbook, state: &State) -> StreakState {
    let streaks: Vec<StreakState> = targets(playbook).map(|id| streak_of(state, id)).collect();
    if derive::breaches(state).next().is_some() || streaks.contains(&StreakState::Missed) {
        StreakState::Missed
    } else if streaks.is_empty() || streaks.contains(&StreakState::Paused) || has_blind_stop(playbook, state) {
        StreakState::Paused
    } else {
        StreakState::Green
    }
}

/// Whether a stop limit cannot be judged now: a breach nobody could see is not green.
fn has_blind_stop(playbook: &Playbook, state: &State) -> bool {
    let blind = |id: &Id| state.verdicts.get(id).is_none_or(|slot| !slot.verdict.state.is_fresh());
    playbook.metrics.values().any(|metric| metric.stop.is_some() && blind(&metric.id))
}

/// Folds what happened to the hold in.
pub(super) fn turn(playbook: &Playbook, state: &mut State, event: &Event, at: &Moment) {
    match event {
        Event::HoldStarted => {
            state.marks.hold_started = Some(at.clone());
            state.hold.overall = Some(Streak::new(overall_of(playbook, state), at));
            state.hold.streaks =
                targets(playbook).map(|id| (id.clone(), Streak::new(streak_of(state, id), at))).collect();
        }
        Event::HoldPaused { why } => state.hold.paused = Some(why.clone()),
        Event::HoldResumed => state.hold.paused = None,
        Event::HoldReset { why } => {
            state.hold.last_reset = Some(why.clone());
            if let Some(overall) = &mut state.hold.overall {
                overall.reset(at);
            }
        }
        Event::HoldExtended { by_ms } => state.hold.extended_ms = state.hold.extended_ms.saturating_add(*by_ms),
        Event::HoldMet { .. } => {
            state.marks.hold_met = Some(at.clone());
            state.hold.paused = None;
        }
        _ => unreachable!("`apply` sends only hold events here"),
    }
}
