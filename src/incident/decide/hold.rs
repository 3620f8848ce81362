//! Verdicts and the hold: a breach or a missed target resets it, what cannot be measured pauses it.

use super::{Decided, Draft, refuse};
use crate::incident::event::{DoneBy, Event};
use crate::incident::{Streak, StreakState, derive};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::{Id, Metric, StepKind};

/// The most that a hold is extended by in all, in ms: who needs more is not holding any more.
const EXTENDED_MAX_MS: u64 = 24 * 3_600_000;

/// How many metrics are named that keep a streak from running for one reason.
const PAUSES_TOLD: usize = 3;

impl Draft<'_> {
    pub(super) fn judge(&mut self, metric: &Id, verdict: &Verdict) -> Decided {
        if !self.playbook.metrics.contains_key(metric) {
            return refuse(format!("there is no metric `{metric}`"));
        }
        let before = self.running_hold().cloned();
        self.push(Event::VerdictChanged { metric: metric.clone(), verdict: verdict.clone() });
        if verdict.state == VerdictState::Breach {
            let title = self.title_of(metric);
            self.miss_baselines(&format!("{title} was in BREACH"));
        }
        let after = self.running_hold().map(|streak| streak.state);
        if let (Some(before), Some(after)) = (before, after) {
            self.tell_hold(metric, verdict, &before, after);
        }
        Ok(())
    }

    /// The overall streak while the hold runs.
    fn running_hold(&self) -> Option<&Streak> {
        self.state.hold.overall.as_ref().filter(|_| self.state.marks.hold_met.is_none())
    }

    fn tell_hold(&mut self, metric: &Id, verdict: &Verdict, before: &Streak, after: StreakState) {
        let why = self.why(metric, verdict);
        let gap_ms = self.stamped.at.since(&before.since).ms;
        match (before.state, after) {
            (StreakState::Green | StreakState::Paused, StreakState::Missed) => {
                self.push(Event::HoldReset { why: why.as_str().into() });
            }
            (StreakState::Green | StreakState::Missed, StreakState::Paused) => {
                let why = self.pause_why();
                self.push(Event::HoldPaused { why: why.as_str().into() });
            }
            (StreakState::Paused, StreakState::Green) if gap_ms > self.playbook.hold.max_gap_ms => {
                self.push(Event::HoldResumed);
                let why = format!("unmeasured for {} s", gap_ms / 1000);
                self.push(Event::HoldReset { why: why.into() });
            }
            (StreakState::Paused, StreakState::Green) => self.push(Event::HoldResumed),
            (StreakState::Missed | StreakState::Green, StreakState::Green)
            | (StreakState::Paused, StreakState::Paused)
            | (StreakState::Missed, StreakState::Missed) => {}
        }
        if self.state.hold.paused.is_some() && after != StreakState::Paused {
            self.push(Event::HoldResumed);
        }
    }

    /// What the streak waits for: the targets and stop limits that cannot be judged now, whichever metric has just turned.
    fn pause_why(&self) -> String {
        let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
        for metric in self.playbook.metrics.values() {
            let Some(why) = self.blind(metric) else { continue };
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, titles)) => titles.push(&metric.title),
                None => reasons.push((why, vec![&metric.title])),
            }
        }
        let told = |(why, titles): &(String, Vec<&str>)| {
            let more = titles.len().saturating_sub(PAUSES_TOLD);
            let titles = titles.get(..PAUSES_TOLD).unwrap_or(titles).join(", ");
            if more > 0 { format!("{titles} and {more} more {why}") } else { format!("{titles} {why}") }
        };
        let reasons: Vec<String> = reasons.iter().map(told).collect();
        if reasons.is_empty() { "nothing is read yet".to_owned() } else { reasons.join("; ") }
    }

    /// Why a metric keeps the streak from running, in words behind its title; nothing if it does not.
    fn blind(&self, metric: &Metric) -> Option<String> {
        let counts = metric.exit.is_some() || metric.stop.is_some();
        let Some(verdict) = self.state.verdicts.get(&metric.id).map(|slot| &slot.verdict) else {
            return counts.then(|| "not read yet".to_owned());
        };
        if !verdict.state.is_fresh() {
            return counts.then(|| verdict.state.word().to_owned());
        }
        let open = metric.exit.is_some() && matches!(verdict.exit, ExitState::Unknown | ExitState::None);
        let why = verdict.why.as_ref().map_or("exit target cannot be judged yet", |why| why.as_str());
        open.then(|| why.to_owned())
    }

    fn why(&self, metric: &Id, verdict: &Verdict) -> String {
        let title = self.playbook.metrics.get(metric).map_or(metric.as_str(), |metric| metric.title.as_str());
        match (verdict.state, verdict.exit) {
            (VerdictState::Breach | VerdictState::NoData | VerdictState::Stale | VerdictState::Error, _) => {
                format!("{title} {}", verdict.state.word())
            }
            (VerdictState::Ok | VerdictState::Warn, ExitState::Missed) => format!("{title} misses its exit target"),
            (VerdictState::Ok | VerdictState::Warn, ExitState::Met | ExitState::None | ExitState::Unknown) => {
                format!("{title} {}", verdict.state.word())
            }
        }
    }

    /// Gives the hold more time; it does not get green any sooner or later by that.
    pub(super) fn extend_hold(&mut self, by_ms: u64) -> Decided {
        if self.state.marks.hold_met.is_some() {
            return refuse("the hold is met: it needs no more time");
        }
        if self.running_hold().is_none() {
            return refuse("the hold was not started: the step that watches starts it");
        }
        if by_ms == 0 || self.state.hold.extended_ms.saturating_add(by_ms) > EXTENDED_MAX_MS {
            let most = EXTENDED_MAX_MS / 3_600_000;
            return refuse(format!(
                "a hold is extended by {most} h at most: close it, and say why it is not recovered"
            ));
        }
        self.push(Event::HoldExtended { by_ms });
        Ok(())
    }

    /// Starts the streak again, if a hold is running.
    pub(super) fn reset_hold(&mut self, why: &str) {
        if self.running_hold().is_some() {
            self.push(Event::HoldReset { why: why.into() });
        }
    }

    /// Time passed: the streak may have come of age.
    pub(super) fn tick(&mut self) -> Decided {
        let at = self.stamped.at.clone();
        let green_ms = derive::green_for_ms(self.playbook, &self.state, &at);
        let is_green = self.running_hold().is_some_and(|streak| streak.state == StreakState::Green);
        let watch = self.playbook.steps.iter().find(|step| matches!(step.kind, StepKind::Watch));
        let (Some(green_ms), Some(watch), true) = (green_ms, watch, is_green) else { return Ok(()) };
        // A step that opened again is not green, whatever the metrics say; a step behind the watch waits for it.
        let all_before_settled = derive::open_before(self.playbook, &self.state, &watch.id).is_none();
        let lasts = self.state.reverted.is_empty();
        if green_ms < self.playbook.hold.green_for_ms || !all_before_settled || !lasts {
            return Ok(());
        }
        self.push(Event::HoldMet { green_ms });
        if !derive::is_settled(&self.state, &watch.id) {
            let saw = format!("green for {} s", green_ms / 1000);
            let by = DoneBy::Sensed { saw: saw.into() };
            self.push(Event::StepDone { step: watch.id.clone(), by, pick: None });
        }
        Ok(())
    }
}
