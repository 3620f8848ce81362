//! What a person acknowledged: silenced, not over.

use super::event::Record;
use super::{Actor, Moment};
use crate::playbook::Id;

/// The most that are remembered.
pub const ACKNOWLEDGEMENTS_MAX: usize = 200;

/// One alert, acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct Acknowledgement {
    /// Which alert.
    pub alarm: Alarm,
    /// What it said then: `BREACH`, `REVERTED`.
    pub saw: &'static str,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// What can be acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub enum Alarm {
    /// A metric in BREACH or WARN.
    Metric(Id),
    /// A flip that did not last, by the probe that sees it.
    Reverted(Id),
}

/// Remembers who acknowledged what; of very many the newest.
pub(super) fn remember(all: &mut Vec<Acknowledgement>, alarm: Alarm, saw: &'static str, record: &Record) {
    all.push(Acknowledgement { alarm, saw, by: record.actor.clone(), at: record.at.clone() });
    let over = all.len().saturating_sub(ACKNOWLEDGEMENTS_MAX);
    all.drain(..over);
}
