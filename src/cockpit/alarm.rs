//! Which events call a person who looks elsewhere: each once, and never more than one call a second.

use crate::incident::{Event, ReadBack, State, tell};
use crate::metrics::VerdictState;
use crate::playbook::{Id, Playbook};
use std::collections::BTreeSet;

/// Between two calls, in ms of human time.
const RING_EVERY_MS: u64 = 1_000;
/// The most sentences of one call; of the rest it says how many.
const WORDS_MAX: usize = 3;

/// What a person is to be called for.
#[derive(Clone, Debug, Default)]
pub struct Alarms {
    /// The metrics in BREACH. One that was STALE for a while has not recovered meanwhile.
    broken: BTreeSet<Id>,
    waiting: Vec<String>,
    rang_ms: Option<u64>,
}

impl Alarms {
    /// Nothing to call for: what is broken already when the cockpit opens is on its screen.
    pub fn new(state: &State) -> Self {
        let is_broken = |id: &&Id| {
            let slot = &state.verdicts[*id];
            // What somebody knows of, and nobody could look at since, is no news when it is there again.
            let known = || slot.acknowledged && slot.alarm().is_some_and(|alarm| alarm.state == VerdictState::Breach);
            slot.verdict.state == VerdictState::Breach || known()
        };
        Self { broken: state.verdicts.keys().filter(is_broken).cloned().collect(), ..Self::default() }
    }

    /// Takes note of what happened. `state` knows the pull that is read back.
    pub fn hear(&mut self, playbook: &Playbook, state: &State, event: &Event) {
        if let Event::VerdictChanged { metric, verdict } = event {
            if verdict.state == VerdictState::Breach && self.broken.insert(metric.clone()) {
                self.waiting.push(tell(playbook, event));
            } else if verdict.state != VerdictState::Breach && verdict.state.is_fresh() {
                self.broken.remove(metric);
            }
        }
        if let Event::ReadBack { attempt, result: ReadBack::Disagrees, .. } = event {
            let lever = state.pulls.get(attempt).and_then(|pull| playbook.levers.get(&pull.lever));
            let title = lever.map_or_else(|| format!("pull {attempt}"), |lever| lever.title.clone());
            self.waiting.push(format!("{title} DISAGREES: read back, and it is not as wanted"));
        }
        if matches!(event, Event::HoldMet { .. } | Event::Reverted { .. }) {
            self.waiting.push(tell(playbook, event));
        }
    }

    /// What to call a person for now, if the last call is long enough ago.
    pub fn ring(&mut self, human_ms: u64) -> Option<String> {
        let early = self.rang_ms.is_some_and(|rang| human_ms.saturating_sub(rang) < RING_EVERY_MS);
        if early || self.waiting.is_empty() {
            return None;
        }
        self.rang_ms = Some(human_ms);
        let mut words = std::mem::take(&mut self.waiting);
        let more = words.len().saturating_sub(WORDS_MAX);
        words.truncate(WORDS_MAX);
        let more = if more > 0 { format!(" | {more} more") } else { String::new() };
        Some(format!("{}{more}", words.join(" | ")))
    }
}
