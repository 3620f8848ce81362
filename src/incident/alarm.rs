//! The alarms of metrics, and what a person acknowledged: silenced, not over.

use super::event::Record;
use super::{Actor, Moment};
use crate::metrics::{Verdict, VerdictState};
use crate::playbook::Id;

/// A metric's newest verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictSlot {
    /// The verdict.
    pub verdict: Verdict,
    /// Since when.
    pub since: Moment,
    /// Whether a person has acknowledged its alarm.
    pub acknowledged: bool,
    /// The alarm that it gave when it was seen last, while nobody can see whether that is over.
    pub unseen: Option<UnseenAlarm>,
}

/// The alarm of a metric that cannot be judged any more: not known to be over, so not gone.
#[derive(Clone, Debug, PartialEq)]
pub struct UnseenAlarm {
    /// BREACH or WARN.
    pub state: VerdictState,
    /// The value then.
    pub value: Option<f64>,
    /// Since when it was.
    pub since: Moment,
}

impl VerdictSlot {
    /// The slot after a new verdict. What cannot be seen does not end an alarm, and one that is there again afterwards
    /// is the same: it keeps its time and its acknowledgement.
    pub(super) fn after(before: Option<&Self>, verdict: &Verdict, at: &Moment) -> Self {
        let new = Self { verdict: verdict.clone(), since: at.clone(), acknowledged: false, unseen: None };
        let Some(before) = before else { return new };
        let same = before.verdict.state == verdict.state;
        let alarm = before.alarm();
        let since = if same { before.since.clone() } else { new.since.clone() };
        match alarm {
            Some(alarm) if !verdict.state.is_fresh() => {
                Self { since, acknowledged: before.acknowledged, unseen: Some(alarm), ..new }
            }
            Some(alarm) if alarm.state == verdict.state => {
                Self { since: alarm.since, acknowledged: before.acknowledged, ..new }
            }
            Some(_) | None => Self { since, acknowledged: same && before.acknowledged, ..new },
        }
    }

    /// The alarm it gives, or gave when it was seen last.
    pub fn alarm(&self) -> Option<UnseenAlarm> {
        let Verdict { state, value, .. } = self.verdict;
        match state {
            VerdictState::Breach | VerdictState::Warn => Some(UnseenAlarm { state, value, since: self.since.clone() }),
            VerdictState::Ok => None,
            VerdictState::NoData | VerdictState::Stale | VerdictState::Error => self.unseen.clone(),
        }
    }
}

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
