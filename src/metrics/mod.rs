//! Readings in bounded rings, and the verdicts they add up to.
//!
//! Readings are not events: [`Board`] folds them, and only a [`Change`] of a verdict reaches the journal.

mod board;
mod sample;
#[cfg(test)]
mod tests;
mod verdict;

pub use board::{Board, Change, Point, stale_after_ms};
pub use sample::{Heard, Sample};
pub use verdict::{ExitState, Verdict, VerdictState};
