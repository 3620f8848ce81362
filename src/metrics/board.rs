//! The bounded rings of readings and the fold that judges them.

use super::{ExitState, Heard, Verdict, VerdictState};
use crate::kind::Reading;
use crate::playbook::{Id, Limit, Metric, Playbook};
use crate::text::Text;
use std::collections::{BTreeMap, VecDeque};

/// One value at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it was sampled, in milliseconds since 1970.
    pub sampled_ms: i64,
    /// The value; `None` is a gap that is never joined.
    pub value: Option<f64>,
}

/// A verdict that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which metric.
    pub metric: Id,
    /// Its new verdict.
    pub verdict: Verdict,
}

/// All metrics' readings and verdicts.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// When production was changed last, in milliseconds since 1970: what was sampled before shows the world before.
    acted_ms: Option<i64>,
    slots: BTreeMap<Id, Slot>,
}

/// One metric's readings.
#[derive(Clone, Debug, Default)]
struct Slot {
    points: VecDeque<Point>,
    baseline: Option<f64>,
    /// Why there is no baseline, as a sentence.
    no_baseline: Option<Text>,
    newest: Option<(f64, i64)>,
    trouble: Option<(VerdictState, Text)>,
    /// Since which sample each limit has held without a gap.
    warn_since: Option<i64>,
    stop_since: Option<i64>,
    exit_since: Option<i64>,
    verdict: Option<Verdict>,
    /// The last word before nobody looked; it stands until a fresh sample has been judged.
    recalled: Option<VerdictState>,
}

impl Board {
    /// The most points kept per metric.
    pub const POINTS_MAX: usize = 2000;
    /// A sample this far ahead of our clock is no data: nobody knows how old it is.
    pub const FUTURE_MAX_MS: i64 = 30_000;
    /// A sample older than this many intervals is STALE.
    pub const STALE_INTERVALS: u64 = 3;

    /// The points of a metric, oldest first.
    pub fn points(&self, metric: &Id) -> impl DoubleEndedIterator<Item = Point> + '_ {
        self.slots.get(metric).into_iter().flat_map(|slot| slot.points.iter().copied())
    }

    /// The metric's verdict now.
    pub fn verdict(&self, metric: &Id) -> Option<&Verdict> {
        self.slots.get(metric)?.verdict.as_ref()
    }

    /// The newest value and its time, if the exit limit is met by samples taken after `after_ms` alone.
    pub fn met_after(&self, metric: &Metric, after_ms: i64) -> Option<(f64, i64)> {
        let slot = self.slots.get(&metric.id)?;
        let (value, sampled_ms) = slot.newest?;
        let met = slot.verdict.as_ref()?.exit == ExitState::Met && sampled_ms > after_ms;
        // A window begun before counts from there on.
        let since = slot.exit_since?.max(after_ms);
        let held = sampled_ms - since >= signed(metric.exit.as_ref()?.for_ms);
        (met && held).then_some((value, sampled_ms))
    }

    /// The value relative limits are relative to.
    pub fn baseline(&self, metric: &Id) -> Option<f64> {
        self.slots.get(metric)?.baseline
    }

    /// Sets what a metric's relative limits are relative to; what was read before is judged by it too.
    pub fn set_baseline(&mut self, metric: &Metric, value: f64, now_ms: i64) {
        let slot = self.slots.entry(metric.id.clone()).or_default();
        (slot.baseline, slot.no_baseline) = (Some(value), None);
        if let (Some((value, sampled_ms)), None) = (slot.newest, &slot.trouble)
            && now_ms.saturating_sub(sampled_ms) <= stale_after_ms(metric)
        {
            slot.pend(metric, value, sampled_ms);
            slot.take_up(metric, sampled_ms);
        }
    }

    /// Says why a metric has no baseline, or none yet.
    pub fn miss_baseline(&mut self, metric: &Id, why: Text) {
        self.slots.entry(metric.clone()).or_default().no_baseline = Some(why);
    }

    /// Why a metric has no baseline.
    pub fn no_baseline(&self, metric: &Id) -> Option<&Text> {
        self.slots.get(metric)?.no_baseline.as_ref()
    }

    /// Takes up the last verdict of a metric that nobody has looked at since. It is shown as stale; the first fresh
    /// sample that still breaks a limit whose window had passed then need not wait for that window again, and one that
    /// does not break it ends it, as it always does.
    pub fn recall(&mut self, metric: &Id, verdict: &Verdict) {
        let slot = self.slots.entry(metric.clone()).or_default();
        slot.recalled = Some(verdict.state);
        let exit = if verdict.exit == ExitState::None { ExitState::None } else { ExitState::Unknown };
        let why = Some("not read since goaround was away".into());
        slot.verdict = Some(Verdict { state: VerdictState::Stale, exit, why, ..verdict.clone() });
    }

    /// Takes up what was read, and when, before nobody looked any more: for charts and trends. It is not judged again, no
    /// limit counts as held through the time in between, and where that was long it is a gap.
    pub fn recall_points(&mut self, metric: &Metric, readings: Vec<(i64, Reading)>, now_ms: i64) {
        let slot = self.slots.entry(metric.id.clone()).or_default();
        let mut before = Slot::default();
        for (at_ms, reading) in readings {
            before.take(metric, reading, at_ms);
        }
        if let Some((value, sampled_ms)) = before.newest {
            if before.trouble.is_none() && now_ms.saturating_sub(sampled_ms) > stale_after_ms(metric) {
                before.push(Point { sampled_ms: sampled_ms + 1, value: None });
            }
            if let Some(verdict) = &mut slot.verdict {
                (verdict.value, verdict.sampled_ms) = (Some(value), Some(sampled_ms));
            }
        }
        slot.points = before.points;
    }

    /// Production was changed at this time: no exit target counts as met before it was sampled after it. What is broken
    /// stays broken.
    pub fn acted(&mut self, at_ms: i64) {
        self.acted_ms = self.acted_ms.max(Some(at_ms));
    }

    /// Takes a reading in.
    pub fn take(&mut self, playbook: &Playbook, metric: &Id, reading: Reading, now_ms: i64) -> Option<Change> {
        let metric = playbook.metrics.get(metric)?;
        let slot = self.slots.entry(metric.id.clone()).or_default();
        slot.take(metric, reading, now_ms);
        slot.judge(metric, now_ms, self.acted_ms)
    }

    /// Takes in a line of `samples.jsonl`: it is judged elsewhere, by who commands, where this is only watched.
    pub fn hear(&mut self, metric: &Metric, heard: Heard, now_ms: i64) {
        match heard {
            Heard::Reading(reading) => self.slots.entry(metric.id.clone()).or_default().take(metric, reading, now_ms),
            Heard::Baseline(value) => self.set_baseline(metric, value, now_ms),
        }
    }

    /// What was judged elsewhere is the verdict, of the newest value heard. Where nothing was heard for too long it is
    /// STALE, whatever was said last: who judges may be gone.
    pub fn told(&mut self, metric: &Metric, verdict: &Verdict, now_ms: i64) {
        let slot = self.slots.entry(metric.id.clone()).or_default();
        let (value, sampled_ms) =
            slot.newest.map_or((verdict.value, verdict.sampled_ms), |(v, at)| (Some(v), Some(at)));
        let old = sampled_ms.is_some_and(|at| now_ms.saturating_sub(at) > stale_after_ms(metric));
        let blind = old && verdict.state.is_fresh();
        let state = if blind { VerdictState::Stale } else { verdict.state };
        // Nobody sees any more whether its exit target is met.
        let exit = if blind && verdict.exit != ExitState::None { ExitState::Unknown } else { verdict.exit };
        slot.verdict = Some(Verdict { state, exit, value, sampled_ms, ..verdict.clone() });
    }

    /// Judges again as time passes: samples grow stale.
    pub fn tick(&mut self, playbook: &Playbook, now_ms: i64) -> Vec<Change> {
        let acted_ms = self.acted_ms;
        // What was never read yet is no news.
        let judge = |(id, slot): (&Id, &mut Slot)| {
            let read = slot.newest.is_some() || slot.trouble.is_some();
            read.then(|| slot.judge(playbook.metrics.get(id)?, now_ms, acted_ms)).flatten()
        };
        self.slots.iter_mut().filter_map(judge).collect()
    }
}

impl Slot {
    fn take(&mut self, metric: &Metric, reading: Reading, now_ms: i64) {
        match reading {
            Reading::Value { value, sampled_ms } if sampled_ms > now_ms + Board::FUTURE_MAX_MS => {
                let why = format!("its newest sample ({value}) is {} s in the future", (sampled_ms - now_ms) / 1000);
                self.trouble(VerdictState::NoData, why.into(), now_ms);
            }
            Reading::Value { value, sampled_ms } => {
                let was_blind = self.trouble.take().is_some();
                // The same sample seen twice is one sample, but after a gap it is judged anew.
                let is_new = self.newest != Some((value, sampled_ms));
                if is_new {
                    self.newest = Some((value, sampled_ms));
                    self.push(Point { sampled_ms, value: Some(value) });
                }
                if is_new || was_blind {
                    self.pend(metric, value, sampled_ms);
                    if now_ms.saturating_sub(sampled_ms) <= stale_after_ms(metric) {
                        self.take_up(metric, sampled_ms);
                    }
                }
            }
            Reading::NoData(why) => self.trouble(VerdictState::NoData, why, now_ms),
            Reading::Error(why) => self.trouble(VerdictState::Error, why, now_ms),
        }
    }

    /// What cannot be seen is a gap, and no limit has held through it.
    fn trouble(&mut self, state: VerdictState, why: Text, now_ms: i64) {
        if self.trouble.is_none() {
            self.push(Point { sampled_ms: now_ms, value: None });
        }
        self.trouble = Some((state, why));
        self.forget_pending();
    }

    fn forget_pending(&mut self) {
        (self.warn_since, self.stop_since, self.exit_since) = (None, None, None);
    }

    fn push(&mut self, point: Point) {
        if self.points.len() == Board::POINTS_MAX {
            self.points.pop_front();
        }
        self.points.push_back(point);
    }

    /// Notes since which sample each limit holds.
    fn pend(&mut self, metric: &Metric, value: f64, sampled_ms: i64) {
        let baseline = self.baseline;
        let since = |limit: &Option<Limit>, before: Option<i64>| {
            let holds = limit.as_ref().and_then(|limit| limit.holds(value, baseline)).unwrap_or(false);
            holds.then(|| before.unwrap_or(sampled_ms))
        };
        self.warn_since = since(&metric.warn, self.warn_since);
        self.stop_since = since(&metric.stop, self.stop_since);
        self.exit_since = since(&metric.exit, self.exit_since);
    }

    /// Lets the limits that were broken when nobody looked any more, and still are, count as broken for their window.
    fn take_up(&mut self, metric: &Metric, sampled_ms: i64) {
        // A stop limit that is broken is judged without the baseline that another limit still lacks.
        if self.limit_without_baseline(metric).is_some() && self.stop_since.is_none() {
            return;
        }
        let (warned, stopped) = match self.recalled.take() {
            Some(VerdictState::Breach) => (true, true),
            Some(VerdictState::Warn) => (true, false),
            Some(VerdictState::Ok | VerdictState::NoData | VerdictState::Stale | VerdictState::Error) | None => {
                (false, false)
            }
        };
        let aged = |limit: &Option<Limit>| limit.as_ref().map(|limit| sampled_ms - signed(limit.for_ms));
        if stopped && self.stop_since.is_some() {
            self.stop_since = aged(&metric.stop);
        }
        if warned && self.warn_since.is_some() {
            self.warn_since = aged(&metric.warn);
        }
    }

    fn judge(&mut self, metric: &Metric, now_ms: i64, acted_ms: Option<i64>) -> Option<Change> {
        let mut verdict = self.verdict_now(metric, now_ms);
        let before_the_act = verdict.sampled_ms.zip(acted_ms).is_some_and(|(sampled, acted)| sampled <= acted);
        if before_the_act && verdict.exit == ExitState::Met {
            verdict.exit = ExitState::Unknown;
            verdict.why = Some("sampled before the last lever; a newer sample decides".into());
        }
        let changed = self
            .verdict
            .as_ref()
            .is_none_or(|old| (old.state, old.exit, &old.limit) != (verdict.state, verdict.exit, &verdict.limit));
        self.verdict = Some(verdict.clone());
        changed.then(|| Change { metric: metric.id.clone(), verdict })
    }

    fn verdict_now(&mut self, metric: &Metric, now_ms: i64) -> Verdict {
        let mut verdict = Verdict {
            state: VerdictState::NoData,
            exit: if metric.exit.is_some() { ExitState::Unknown } else { ExitState::None },
            value: self.newest.map(|(value, _)| value),
            sampled_ms: self.newest.map(|(_, at)| at),
            limit: None,
            why: None,
        };
        if let Some((state, why)) = &self.trouble {
            (verdict.state, verdict.why) = (*state, Some(why.clone()));
            return verdict;
        }
        let Some((_, sampled_ms)) = self.newest else {
            verdict.why = Some("not read yet".into());
            return verdict;
        };
        if now_ms.saturating_sub(sampled_ms) > stale_after_ms(metric) {
            verdict.state = VerdictState::Stale;
            self.forget_pending();
            return verdict;
        }
        // A stop limit that can be judged and is broken is broken, whatever the others need.
        if let (Some(limit), None) = (self.limit_without_baseline(metric), self.stop_since) {
            (verdict.state, verdict.limit) = (VerdictState::NoData, Some(limit));
            let unknown = || Text::from("its baseline is not known");
            verdict.why = Some(self.no_baseline.clone().unwrap_or_else(unknown));
            return verdict;
        }
        (verdict.state, verdict.limit) = self.against_limits(metric, sampled_ms);
        if metric.exit.as_ref().is_none_or(|exit| exit.bound_at(self.baseline).is_some()) {
            verdict.exit = self.against_exit(metric, sampled_ms);
        }
        verdict
    }

    /// A limit that cannot be judged because its baseline is unknown: that is no data, not green.
    fn limit_without_baseline(&self, metric: &Metric) -> Option<String> {
        let limits = [&metric.stop, &metric.warn, &metric.exit];
        let blind = limits.into_iter().flatten().find(|limit| limit.bound_at(self.baseline).is_none());
        blind.map(|limit| limit.written.clone())
    }

    fn against_limits(&self, metric: &Metric, sampled_ms: i64) -> (VerdictState, Option<String>) {
        let came_of_age = |limit: &Limit, since: i64| sampled_ms - since >= signed(limit.for_ms);
        if let (Some(stop), Some(since)) = (&metric.stop, self.stop_since) {
            let state = if came_of_age(stop, since) { VerdictState::Breach } else { VerdictState::Warn };
            return (state, Some(stop.written.clone()));
        }
        if let (Some(warn), Some(since)) = (&metric.warn, self.warn_since)
            && came_of_age(warn, since)
        {
            return (VerdictState::Warn, Some(warn.written.clone()));
        }
        (VerdictState::Ok, None)
    }

    fn against_exit(&self, metric: &Metric, sampled_ms: i64) -> ExitState {
        match (&metric.exit, self.exit_since) {
            (None, _) => ExitState::None,
            (Some(exit), Some(since)) if sampled_ms - since >= signed(exit.for_ms) => ExitState::Met,
            (Some(_), _) => ExitState::Missed,
        }
    }
}

/// After how many milliseconds without a new sample a metric is STALE.
pub fn stale_after_ms(metric: &Metric) -> i64 {
    signed(metric.every_ms.saturating_mul(Board::STALE_INTERVALS))
}

fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
