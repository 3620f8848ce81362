//! The tape: when each record and each sample came, in milliseconds since the first record, whatever the clocks did.

use crate::cockpit::words;
use crate::incident::{Event, Moment, Record, tell};
use crate::kind::Reading;
use crate::metrics::{Board, Heard, Sample};
use crate::playbook::{Id, Playbook};
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Behind the closing nobody waits for the next follow-up: it comes this much later at most, in ms.
const AFTERWARDS_MAX_MS: u64 = 10_000;
/// The wall clock was set where it and the boot clock come apart by more than this, in ms.
const CLOCK_SET_MS: i64 = 2_000;

/// Everything that was written down of an incident, and when.
#[derive(Debug)]
pub struct Tape {
    playbook: Arc<Playbook>,
    records: Vec<Record>,
    /// When each record was written.
    times: Vec<u64>,
    samples: Vec<Sample>,
    /// When each sample was taken.
    sample_times: Vec<u64>,
    /// The values of each metric, and when; `None` is a gap.
    traces: BTreeMap<Id, Vec<(u64, Option<f64>)>>,
    declared: Option<usize>,
    closed: bool,
    end_ms: u64,
    /// What is said of the journal: that it holds, or what is damaged and from where.
    seal: Text,
    sound: bool,
}

/// A place on the tape: a time, and how many records are believed there. Many may be of one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Milliseconds since the first record.
    pub at_ms: u64,
    /// How many records.
    pub count: usize,
}

impl Tape {
    /// Lays out what was written down.
    pub fn new(playbook: Arc<Playbook>, records: Vec<Record>, samples: Vec<Sample>) -> Self {
        let times = lay_out(&records);
        let sample_times = place_samples(&records, &times, &samples);
        let closed = records.iter().any(|record| matches!(record.event, Event::Closed { .. }));
        let last = times.last().copied().unwrap_or(0);
        let end_ms = if closed { last } else { sample_times.last().copied().unwrap_or(0).max(last) };
        let declared = records.iter().position(|record| matches!(record.event, Event::Declared { .. }));
        let traces = traces(&samples, &sample_times);
        let seal = "journal hash OK".into();
        Self { playbook, records, times, samples, sample_times, traces, declared, closed, end_ms, seal, sound: true }
    }

    /// The same, whose journal is damaged or ends in a torn line: what is said of that.
    #[must_use]
    pub fn sealed(self, seal: Text, sound: bool) -> Self {
        Self { seal, sound, ..self }
    }

    /// What was flown.
    pub fn playbook(&self) -> &Arc<Playbook> {
        &self.playbook
    }

    /// Everything that happened, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// When record `place` was written, in ms; the end for one that is not there.
    pub fn time(&self, place: usize) -> u64 {
        self.times.get(place).copied().unwrap_or(self.end_ms)
    }

    /// How long it is, in ms.
    pub fn end_ms(&self) -> u64 {
        self.end_ms
    }

    /// `journal hash OK`, or what is damaged and from where; and whether all is well.
    pub fn seal(&self) -> (&Text, bool) {
        (&self.seal, self.sound)
    }

    /// Whether it is one of an incident that nobody has closed. What a damaged journal says of that is not known.
    pub fn is_open(&self) -> bool {
        !self.closed && self.sound
    }

    /// The place at a time: every record until then is believed. It is never before the first record.
    pub fn at(&self, at_ms: u64) -> Cursor {
        let at_ms = at_ms.min(self.end_ms);
        Cursor { at_ms, count: self.times.partition_point(|time| *time <= at_ms) }
    }

    /// The place right behind the first `count` records.
    pub fn behind(&self, count: usize) -> Cursor {
        let count = count.clamp(self.records.len().min(1), self.records.len());
        Cursor { at_ms: count.checked_sub(1).map_or(0, |last| self.time(last)), count }
    }

    /// The record that has just happened there.
    pub fn event(&self, cursor: Cursor) -> Option<&Record> {
        self.records.get(cursor.count.checked_sub(1)?)
    }

    /// Incident time there, on both clocks.
    pub fn moment(&self, cursor: Cursor) -> Option<Moment> {
        let place = cursor.count.checked_sub(1)?;
        let record = self.records.get(place)?;
        Some(record.at.plus_ms(cursor.at_ms.saturating_sub(self.time(place))))
    }

    /// How many samples were taken until then.
    pub fn samples_until(&self, cursor: Cursor) -> usize {
        self.sample_times.partition_point(|time| *time <= cursor.at_ms)
    }

    /// How many samples there are.
    pub fn sample_count(&self) -> usize {
        self.samples.len()
    }

    /// Takes the sample at `place` into the readings.
    pub fn hear(&self, board: &mut Board, place: usize) {
        let sample = &self.samples[place];
        if let Some(metric) = self.playbook.metrics.get(&sample.metric) {
            board.hear(metric, sample.clone().heard(), sample.at);
        }
    }

    /// The values of a metric from the beginning to the end, and when; `None` is a gap.
    pub fn trace(&self, metric: &Id) -> &[(u64, Option<f64>)] {
        self.traces.get(metric).map_or(&[], Vec::as_slice)
    }

    /// The record at `place` in words.
    pub fn words(&self, place: usize) -> String {
        self.records.get(place).map(|record| tell(&self.playbook, &record.event)).unwrap_or_default()
    }

    /// When the rollback was declared, in ms; the beginning, if it never was.
    pub fn declared_ms(&self) -> u64 {
        self.declared.map_or(0, |place| self.time(place))
    }

    /// `T+02:12` since the declaration, `T-00:30` before it; without one, the time since the beginning.
    pub fn clock(&self, at_ms: u64) -> String {
        let declared = self.declared_ms();
        match self.declared {
            None => format!("{} in", words::clock(at_ms)),
            // A second has passed when it has passed, on either side.
            Some(_) if at_ms < declared => format!("T-{}", words::clock((declared - at_ms).div_ceil(1000) * 1000)),
            Some(_) => format!("T+{}", words::clock(at_ms - declared)),
        }
    }

    /// The place that a person names: `T+02:12`, `02:12`, `T-00:30`, `1:02:12`, `50%`, `#12`.
    pub fn find(&self, named: &str) -> Result<Cursor, String> {
        const HOW: &str = "write it like T+02:12, T-00:30, 50% or #12";
        if let Some(number) = named.strip_prefix('#') {
            let count: usize = number.parse().map_err(|_| format!("`{named}` is no event: {HOW}"))?;
            let there = (1..=self.records.len()).contains(&count);
            let last = self.records.len();
            return if there {
                Ok(self.behind(count))
            } else {
                Err(format!("there is no event {named}: the last is #{last}"))
            };
        }
        if let Some(percent) = named.strip_suffix('%') {
            let percent: u64 = percent.parse().map_err(|_| format!("`{named}` is no share: {HOW}"))?;
            return if percent <= 100 {
                Ok(self.at(self.share(percent)))
            } else {
                Err(format!("`{named}` is past the end: {HOW}"))
            };
        }
        let (before, clock) = match named.strip_prefix("T-") {
            Some(clock) => (true, clock),
            None => (false, named.strip_prefix("T+").unwrap_or(named)),
        };
        let ms = clock_ms(clock).ok_or_else(|| format!("`{named}` is no time: {HOW}"))?;
        let declared = self.declared_ms();
        let wanted = if before { declared.checked_sub(ms) } else { declared.checked_add(ms) };
        wanted.filter(|at| *at <= self.end_ms).map(|at| self.at(at)).ok_or_else(|| {
            let (first, last) = (self.clock(0), self.clock(self.end_ms));
            format!("{named} is not on this tape: it goes from {first} to {last}")
        })
    }

    /// So many hundredths of the way.
    pub fn share(&self, percent: u64) -> u64 {
        u64::try_from(u128::from(self.end_ms) * u128::from(percent.min(100)) / 100).unwrap_or(self.end_ms)
    }
}

/// `02:12`, `1:02:12` or `12` seconds, in ms.
fn clock_ms(clock: &str) -> Option<u64> {
    let parts: Vec<&str> = clock.split(':').collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let seconds = parts.iter().try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))?;
    seconds.checked_mul(1000)
}

/// When each record came. Within a boot its clock says so, across boots the wall clock; no record is before another one
/// that stands in front of it.
fn lay_out(records: &[Record]) -> Vec<u64> {
    let mut times: Vec<u64> = Vec::with_capacity(records.len());
    let Some(mut anchor) = records.first().map(|first| (&first.at, 0)) else { return times };
    let (mut before, mut closed) = (anchor.0, false);
    for record in records {
        let last = times.last().copied().unwrap_or(0);
        let gap = record.at.since(before).ms;
        if (closed && gap > AFTERWARDS_MAX_MS) || record.at.boot_id != anchor.0.boot_id {
            anchor = (&record.at, last + if closed { gap.min(AFTERWARDS_MAX_MS) } else { gap });
        }
        times.push((anchor.1 + record.at.since(anchor.0).ms).max(last));
        (before, closed) = (&record.at, closed || matches!(record.event, Event::Closed { .. }));
    }
    times
}

/// When each sample came: its wall clock, as it stood to the records around it. Where the clock was set in between, the
/// samples behind that are known by no longer following those before.
fn place_samples(records: &[Record], times: &[u64], samples: &[Sample]) -> Vec<u64> {
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    let mut clocks: Vec<(u64, i64)> = Vec::new();
    for (record, time) in records.iter().zip(times) {
        let skew = record.at.wall_ms.saturating_sub(signed(*time));
        if clocks.last().is_none_or(|(_, before)| skew.saturating_sub(*before).abs() > CLOCK_SET_MS) {
            clocks.push((*time, skew));
        }
    }
    let (mut clock, mut last, mut placed) = (0, 0_i64, Vec::with_capacity(samples.len()));
    for sample in samples {
        let on = |clock: usize| clocks.get(clock).map(|(from, skew)| (signed(*from), sample.at.saturating_sub(*skew)));
        while let (Some((_, now)), Some((from, _))) = (on(clock), on(clock + 1)) {
            if now < from && now >= last.saturating_sub(CLOCK_SET_MS) {
                break;
            }
            clock += 1;
        }
        last = on(clock).map_or(0, |(_, at)| at).max(last);
        placed.push(u64::try_from(last).unwrap_or(0));
    }
    placed
}

/// What was measured of each metric. The same sample read again is one; it does not grow younger by that.
fn traces(samples: &[Sample], times: &[u64]) -> BTreeMap<Id, Vec<(u64, Option<f64>)>> {
    let mut traces: BTreeMap<Id, Vec<(u64, Option<f64>)>> = BTreeMap::new();
    let mut newest: BTreeMap<Id, i64> = BTreeMap::new();
    for (sample, time) in samples.iter().zip(times) {
        let Heard::Reading(reading) = sample.clone().heard() else { continue };
        let value = match reading {
            Reading::Value { sampled_ms, .. } if newest.get(&sample.metric) == Some(&sampled_ms) => continue,
            Reading::Value { value, sampled_ms } => {
                newest.insert(sample.metric.clone(), sampled_ms);
                Some(value).filter(|value| value.is_finite())
            }
            Reading::NoData(_) | Reading::Error(_) => None,
        };
        traces.entry(sample.metric.clone()).or_default().push((*time, value));
    }
    traces
}
