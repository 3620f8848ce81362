//! What a drill that is over has taught: the pitfalls fallen into, and what they did to the world.

use super::World;
use super::scenario::{Left, Pitfall, fits};
use super::world::signed;
use crate::incident::{State, StepStatus, derive};
use crate::kind::Outcome;
use crate::playbook::{Baseline, Metric, Playbook};

/// What is said after a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Everything the script did, the fault's beginning and injected faults among it, in ms after the drill's start.
    pub injected: Vec<(u64, String)>,
    /// What came about by itself, and when, in ms after the drill's start.
    pub told: Vec<(i64, String)>,
    /// The pitfalls fallen into: id and what it means.
    pub fallen: Vec<(String, String)>,
    /// Which limits are missed a while after the end, if a pitfall was fallen into; a sentence each.
    pub aftermath: Vec<String>,
    /// Whether a rollback was flown on an alarm that was false.
    pub needless: bool,
}

impl World {
    /// Looks back from `ended_ms` after the drill's start, and ahead to what comes of it.
    pub fn score(&mut self, playbook: &Playbook, state: &State, ended_ms: u64) -> Score {
        let ended = signed(ended_ms);
        self.advance(ended);
        let told = self.happenings.told.clone();
        let facts = self.facts();
        let needless = self.scenario.false_alarm_ms.is_some() && state.marks.declared.is_some();
        let fell = |pitfall: &&Pitfall| {
            let shown = fits(&pitfall.fell, &facts) && pitfall.left.iter().all(|left| is_left(left, state));
            // A pitfall that nothing but a needless rollback shows is shown by that.
            let only_declares = pitfall.fell.is_empty() && pitfall.left.is_empty();
            shown && (!only_declares || needless)
        };
        let fallen: Vec<_> = self
            .scenario
            .pitfalls
            .iter()
            .filter(fell)
            .map(|pitfall| (pitfall.id.to_string(), pitfall.says.clone()))
            .collect();
        let aftermath = if fallen.is_empty() { Vec::new() } else { self.aftermath(playbook, ended) };
        Score { injected: self.injected(&told, ended_ms), told, fallen, aftermath, needless }
    }

    /// When the alarm is over, in ms after the start, if it was false.
    pub fn false_alarm_ms(&self) -> Option<u64> {
        self.scenario.false_alarm_ms
    }

    /// What the script did until then, in order.
    fn injected(&self, told: &[(i64, String)], ended_ms: u64) -> Vec<(u64, String)> {
        let scenario = &self.scenario;
        let begins = scenario.false_alarm_ms.is_none().then(|| (scenario.starts_ms, scenario.title.clone()));
        let faults = scenario.injections.iter().map(|fault| (fault.at.0, fault.words()));
        let told = told.iter().map(|(at, says)| (u64::try_from(*at).unwrap_or_default(), says.clone()));
        let mut all: Vec<_> = begins.into_iter().chain(faults).chain(told).collect();
        all.retain(|(at, _)| *at <= ended_ms);
        all.sort_by_key(|(at, _)| *at);
        all
    }

    fn aftermath(&mut self, playbook: &Playbook, ended: i64) -> Vec<String> {
        let later_ms = self.scenario.aftermath_ms;
        let at = ended.saturating_add(signed(later_ms));
        self.advance(at);
        let missed = playbook.metrics.values().filter_map(|metric| self.missed(metric, at));
        let later = humantime::format_duration(std::time::Duration::from_millis(later_ms));
        missed.map(|missed| format!("{later} later: {missed}")).collect()
    }

    /// The limit that a metric misses then, the worse one first.
    fn missed(&self, metric: &Metric, at: i64) -> Option<String> {
        let value = self.sample(metric.id.as_str(), Self::scraped(at))?;
        let baseline = match metric.baseline {
            Some(Baseline::Value(value)) => Some(value),
            Some(Baseline::File { .. } | Baseline::Offset(_) | Baseline::AtStart(_)) => {
                self.scenario.signals.get(metric.id.as_str()).map(|signal| signal.healthy)
            }
            None => None,
        };
        let broken = metric.stop.as_ref().filter(|stop| stop.holds(value, baseline) == Some(true));
        let missed = || metric.exit.as_ref().filter(|exit| exit.holds(value, baseline) == Some(false));
        let (word, limit) = broken.map(|stop| ("stop", stop)).or_else(|| missed().map(|exit| ("exit", exit)))?;
        Some(format!("{} is {value:.2}, {word} limit {limit}", metric.title))
    }
}

/// Whether this was not done.
fn is_left(left: &Left, state: &State) -> bool {
    match left {
        Left::Step(id) => {
            let status = state.steps.iter().find(|(step, _)| step.as_str() == id).map(|(step, _)| step);
            let status = status.and_then(|step| derive::status(state, step));
            !matches!(status, Some(StepStatus::Sensed | StepStatus::Confirmed))
        }
        Left::Debt(id) => state.open_debts().any(|(debt, _)| debt.as_str() == id),
        Left::Message(id) => {
            let message = state.messages.iter().find(|(comm, _)| comm.as_str() == id).map(|(_, message)| message);
            !message.is_some_and(|message| matches!(message.outcome, Some((Outcome::Applied, _))))
        }
    }
}
