//! How long something has been green.

use super::Moment;

/// For how long something has been green.
#[derive(Clone, Debug, PartialEq)]
pub struct Streak {
    /// Green milliseconds up to `since`.
    pub banked_ms: u64,
    /// Whether it counts, stands still or is zero.
    pub state: StreakState,
    /// Since when.
    pub since: Moment,
}

/// Whether a streak counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreakState {
    /// Green: it counts.
    Green,
    /// Unmeasured: it stands still.
    Paused,
    /// Missed: it is zero.
    Missed,
}

impl Streak {
    /// A streak that begins now.
    pub fn new(state: StreakState, at: &Moment) -> Self {
        Self { banked_ms: 0, state, since: at.clone() }
    }

    /// Its length in milliseconds.
    pub fn green_ms(&self, now: &Moment) -> u64 {
        match self.state {
            StreakState::Green => self.banked_ms + now.since(&self.since).ms,
            StreakState::Paused => self.banked_ms,
            StreakState::Missed => 0,
        }
    }

    /// Comes to `state`; a pause longer than `max_gap_ms` costs the streak.
    pub fn turn(&mut self, state: StreakState, at: &Moment, max_gap_ms: u64) {
        if state == self.state {
            return;
        }
        let gap_too_long = self.state == StreakState::Paused && at.since(&self.since).ms > max_gap_ms;
        self.banked_ms = if gap_too_long || state == StreakState::Missed { 0 } else { self.green_ms(at) };
        self.state = state;
        self.since = at.clone();
    }

    /// Starts again from zero.
    pub fn reset(&mut self, at: &Moment) {
        self.banked_ms = 0;
        self.since = at.clone();
    }
}
