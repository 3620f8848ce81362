//! How a signal moves: straight from where it is to where the world's variables send it.
//!
//! Straight lines, because that is what a rate over a window does after a step, and because they need no
//! transcendental function whose last bit differs between machines.

use std::collections::VecDeque;

/// The most bends remembered: samples are asked for within seconds of their time, so old bends are never needed.
const BENDS_MAX: usize = 64;

/// One straight stretch, valid from `since_ms` on.
#[derive(Clone, Copy, Debug)]
struct Bend {
    since_ms: i64,
    from: f64,
    target: f64,
    settle_ms: u64,
}

impl Bend {
    fn at(&self, at_ms: i64) -> f64 {
        let gone = millis(at_ms.saturating_sub(self.since_ms).unsigned_abs());
        let whole = millis(self.settle_ms);
        if gone >= whole {
            return self.target;
        }
        self.from + (self.target - self.from) * (gone / whole)
    }
}

/// A signal's way through time, without its noise.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    start: f64,
    bends: VecDeque<Bend>,
}

impl Curve {
    /// A signal that stays at `start`.
    pub(super) fn new(start: f64) -> Self {
        Self { start, bends: VecDeque::new() }
    }

    /// Its value; a later bend never changes what an earlier time showed.
    pub(super) fn at(&self, at_ms: i64) -> f64 {
        let bend = self.bends.iter().rev().find(|bend| bend.since_ms <= at_ms);
        bend.map_or(self.start, |bend| bend.at(at_ms))
    }

    /// From `now_ms` on it moves to `target` within `settle_ms`; nothing happens if it is already on its way there.
    pub(super) fn bend(&mut self, now_ms: i64, target: f64, settle_ms: u64) {
        let heading = self.bends.back().map_or(self.start, |bend| bend.target);
        if heading.to_bits() == target.to_bits() {
            return;
        }
        let from = self.at(now_ms);
        self.bends.push_back(Bend { since_ms: now_ms, from, target, settle_ms });
        if self.bends.len() > BENDS_MAX {
            self.start = self.bends.pop_front().map_or(self.start, |bend| bend.target);
        }
    }
}

/// Milliseconds as a float; drills are far shorter than the 2^53 ms that an `f64` holds exactly.
#[expect(clippy::cast_precision_loss, reason = "a drill lasts minutes, not 285,000 years")]
fn millis(ms: u64) -> f64 {
    ms as f64
}
