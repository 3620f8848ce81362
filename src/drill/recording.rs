//! An incident flown again from what was written down of it, until the first act that is another.
//!
//! A recording knows what was read and seen, and what the pulls came to; it knows nothing of what was not done. Its
//! time is the recorded one, set anew at each act that is done again: earlier, and what lay between is passed over;
//! later, and the world stands still before that act, as it stands for a while after the last one.

use super::scenario::Cast;
use crate::incident::event::{DoneBy, Trigger};
use crate::incident::{AttemptId, Event, ReadBack, Record, Way, derive};
use crate::kind::{Answer, Fault, Outcome, Reading, Seen, Settled, Told};
use crate::metrics::{Heard, Sample};
use crate::playbook::{Id, Playbook};
use crate::report::Dossier;
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// How long after its end a recorded world stands as it was left, for who was a little slower, in ms.
const KNOWN_AFTER_MS: i64 = 60_000;
/// How long a look at a recording takes, in ms.
const LATENCY_MS: u64 = 2;

/// What an exchange is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A look through a probe.
    Probe(Id),
    /// Metrics read together.
    Metrics(Vec<Id>),
    /// What no journal has: a baseline that is asked for, a look before the flight.
    Unrecorded,
    /// A pull.
    Pull,
    /// A message.
    Message(Id),
}

/// What an incident directory has of an incident, and how far it was flown again.
#[derive(Clone, Debug)]
pub struct Recording {
    playbook: Playbook,
    opened_ms: i64,
    readings: BTreeMap<Id, Vec<(i64, Reading)>>,
    seen: BTreeMap<Id, Vec<(i64, Seen)>>,
    acts: Vec<Act>,
    messages: BTreeMap<Id, Settled>,
    /// The steps that were not done, and the word for how.
    left: BTreeSet<(&'static str, Id)>,
    /// Whoever declared, answered and approved.
    cast: Cast,
    declared: bool,
    ended_ms: i64,
    /// How many of the acts were done again.
    done: usize,
    /// How much later things are than they were, in ms.
    shift_ms: i64,
    differs: Option<Text>,
}

/// One pull.
#[derive(Clone, Debug)]
struct Act {
    at_ms: i64,
    attempt: AttemptId,
    lever: Id,
    way: Way,
    by_hand: bool,
    settled: Option<(Settled, u64)>,
    settled_ms: i64,
    /// When it was read back as wanted, if every look of it had shown that.
    agreed_ms: Option<i64>,
}

impl Recording {
    /// What a directory has; an error is a sentence that says what it lacks.
    pub fn new(dossier: &Dossier) -> Result<Self, String> {
        let dir = Text::new(&dossier.dir);
        let Some(playbook) = dossier.playbook.clone() else {
            return Err(format!("{dir}: its playbook cannot be read by this goaround; `goaround check` says why"));
        };
        let (Some(first), Some(last)) = (dossier.records.first(), dossier.records.last()) else {
            return Err(format!("{dir}: its journal is empty; name the directory of an incident that was flown"));
        };
        if dossier.torn_bytes > 0 {
            let torn = dossier.torn_bytes;
            return Err(format!(
                "{dir}: its journal ends in {torn} torn bytes; `goaround resume` sets them aside first"
            ));
        }
        if dossier.samples.is_empty() {
            return Err(format!("{dir}: it has no samples, so there is nothing to read; name one with samples.jsonl"));
        }
        let mut recording = Self {
            playbook,
            opened_ms: first.at.wall_ms,
            readings: BTreeMap::new(),
            seen: BTreeMap::new(),
            acts: Vec::new(),
            messages: BTreeMap::new(),
            left: BTreeSet::new(),
            cast: Cast::default(),
            declared: false,
            ended_ms: last.at.wall_ms,
            done: 0,
            shift_ms: 0,
            differs: None,
        };
        for (place, line) in dossier.samples.iter().enumerate() {
            let sample = Sample::parse(line).ok_or_else(|| {
                format!("{dir}: samples.jsonl:{}: this is no sample; take the line out to fly it again", place + 1)
            })?;
            let (at, metric) = (sample.at, sample.metric.clone());
            if let Heard::Reading(reading) = sample.heard() {
                recording.readings.entry(metric).or_default().push((at, reading));
            }
        }
        dossier.records.iter().for_each(|record| recording.take(record));
        Ok(recording)
    }

    fn take(&mut self, record: &Record) {
        let at_ms = record.at.wall_ms;
        if let Some(left) = left(&record.event) {
            self.left.insert(left);
        }
        match &record.event {
            Event::SensorTurned { probe, seen } => {
                let at_ms = self.seen_since(probe, at_ms);
                self.seen.entry(probe.clone()).or_default().push((at_ms, seen.clone()));
            }
            Event::PullStarted { attempt, lever, way, by_hand, .. } => {
                let (attempt, lever) = (*attempt, lever.clone());
                self.acts.push(Act {
                    at_ms,
                    attempt,
                    lever,
                    way: *way,
                    by_hand: *by_hand,
                    settled: None,
                    settled_ms: at_ms,
                    agreed_ms: None,
                });
            }
            Event::PullSettled { attempt, outcome, detail, took_ms, .. } => {
                if let Some(act) = self.acts.iter_mut().find(|act| act.attempt == *attempt) {
                    act.settled = Some((Settled::new(*outcome, detail.clone()), *took_ms));
                    act.settled_ms = at_ms;
                }
            }
            Event::ReadBack { attempt, result: ReadBack::Agrees, looks, .. } => self.agreed(*attempt, *looks, at_ms),
            Event::MessageSettled { comm, outcome, detail, .. } => {
                self.messages.insert(comm.clone(), Settled::new(*outcome, detail.clone()));
            }
            Event::Declared { severity, triggers, size_up } => {
                self.declared = true;
                let by_person = triggers.iter().all(|trigger| matches!(trigger, Trigger::Person(_)));
                self.cast.declares = by_person.then(|| size_up.to_string());
                self.cast.severity = by_person.then_some(*severity);
                self.cast.declares_ms = u64::try_from(at_ms.saturating_sub(self.opened_ms)).unwrap_or(0);
            }
            Event::StepDone { step, by: DoneBy::Confirmed { saw, .. }, .. } => {
                self.cast.answers.entry(step.to_string()).or_insert_with(|| saw.to_string());
            }
            Event::Approved { approver, lever, .. } => {
                self.cast.approvals.insert(lever.to_string(), approver.to_string());
            }
            _ => {}
        }
    }

    /// A pull was read back as wanted. Where every look agreed, what was written down of its probes meanwhile was there
    /// from the first look on.
    fn agreed(&mut self, attempt: AttemptId, looks: u32, at_ms: i64) {
        let Some(act) = self.acts.iter_mut().find(|act| act.attempt == attempt) else { return };
        let lever = self.playbook.levers.get(&act.lever);
        let Some(verify) = lever.and_then(|lever| derive::verify_of(lever, act.way)) else { return };
        let probes = u32::try_from(verify.condition.probes().count()).unwrap_or(u32::MAX);
        if looks > verify.agree.saturating_mul(probes) {
            return;
        }
        act.agreed_ms = Some(at_ms);
        for probe in verify.condition.probes() {
            let shown = self.seen.get_mut(probe).into_iter().flatten();
            shown.filter(|(at, _)| *at > act.settled_ms).for_each(|(at, _)| *at = act.settled_ms);
        }
    }

    /// Since when a probe had shown what was written down of it now: of what a pull brought about, since its answer;
    /// and nothing it brought about is to be seen before it is done again.
    fn seen_since(&self, probe: &Id, at_ms: i64) -> i64 {
        let Some(act) = self.acts.last() else { return at_ms };
        let verify = self.playbook.levers.get(&act.lever).and_then(|lever| derive::verify_of(lever, act.way));
        let read_back = act.agreed_ms == Some(at_ms) && verify.is_some_and(|verify| verify.condition.asks(probe));
        let since_ms = if read_back { act.settled_ms } else { at_ms };
        since_ms.max(act.at_ms + 1)
    }

    /// Whoever declared, answered and approved.
    pub(super) fn cast(&self) -> &Cast {
        &self.cast
    }

    /// When it was over, in ms after its start, if nothing was ever declared.
    pub(super) fn left_alone_ms(&self) -> Option<u64> {
        (!self.declared).then(|| u64::try_from(self.ended_ms.saturating_sub(self.opened_ms)).unwrap_or(0))
    }

    /// When it began, on the wall clock, in ms since 1970.
    pub fn opened_ms(&self) -> i64 {
        self.opened_ms
    }

    /// What was done otherwise than it was recorded, if anything was: nothing is known from there on.
    pub fn differs(&self) -> Option<&Text> {
        self.differs.as_ref()
    }

    /// What was recorded of this at the time that corresponds to `now_ms`, and how long it took, in ms.
    pub fn tell(&self, about: &About, now_ms: i64) -> (Result<Answer, Fault>, u64) {
        let then_ms = self.then(now_ms);
        let past_end = then_ms > self.ended_ms.saturating_add(KNOWN_AFTER_MS);
        let (told, took_ms) = match about {
            _ if self.differs.is_some() => (Told::Nothing, LATENCY_MS),
            About::Pull => self.settled(),
            About::Message(comm) => (self.messages.get(comm).cloned().map_or(Told::Nothing, Told::Settled), LATENCY_MS),
            _ if past_end => (Told::Nothing, LATENCY_MS),
            About::Probe(probe) => {
                (self.known(self.seen.get(probe), then_ms).map_or(Told::Nothing, Told::Seen), LATENCY_MS)
            }
            About::Metrics(ids) => {
                (Told::Readings(ids.iter().map(|id| self.reading(id, then_ms, now_ms)).collect()), LATENCY_MS)
            }
            About::Unrecorded => (Told::Nothing, LATENCY_MS),
        };
        (Ok(Answer::Told(told)), took_ms)
    }

    /// Notes what was believed in this flight; an act that is another ends what is known.
    pub fn follow(&mut self, record: &Record) {
        if self.differs.is_some() {
            return;
        }
        if matches!(record.event, Event::Declared { .. }) && !self.declared {
            self.differs = Some("you declared a rollback, and the recording has none".into());
        }
        if let Some((word, step)) = left(&record.event)
            && !self.left.contains(&(word, step.clone()))
        {
            self.differs = Some(format!("you {word} `{step}`, and the recording has no such thing").into());
        }
        if let Event::PullStarted { lever, way, by_hand, .. } = &record.event {
            match self.acts.get(self.done) {
                Some(act) if (&act.lever, act.way, act.by_hand) == (lever, *way, *by_hand) => {
                    self.shift_ms = record.at.wall_ms.saturating_sub(act.at_ms);
                    self.done += 1;
                }
                next => {
                    let next =
                        next.map_or_else(|| "nothing more".into(), |act| self.words(&act.lever, act.way, act.by_hand));
                    let yours = self.words(lever, *way, *by_hand);
                    self.differs = Some(format!("you pulled {yours}, and the recording {next}").into());
                }
            }
        }
    }

    fn words(&self, lever: &Id, way: Way, by_hand: bool) -> String {
        let title = self.playbook.levers.get(lever).map_or(lever.as_str(), |lever| &lever.title);
        let back = if way == Way::Undo { " back" } else { "" };
        format!("`{title}`{back}{}", if by_hand { " by hand" } else { "" })
    }

    /// The recorded time that corresponds to now: never beyond an act that is still to be done again.
    fn then(&self, now_ms: i64) -> i64 {
        let then_ms = now_ms.saturating_sub(self.shift_ms);
        self.acts.get(self.done).map_or(then_ms, |act| then_ms.min(act.at_ms))
    }

    /// What stood there then. What stood there first, before anything was done, had stood there from the start.
    fn known<T: Clone>(&self, entries: Option<&Vec<(i64, T)>>, then_ms: i64) -> Option<T> {
        let untouched = |(at_ms, _): &&(i64, T)| self.acts.first().is_none_or(|act| *at_ms < act.at_ms);
        let first = || entries?.first().filter(untouched).map(|(_, entry)| entry.clone());
        newest(entries, then_ms).or_else(first)
    }

    /// A value is as old now as it was then.
    fn reading(&self, metric: &Id, then_ms: i64, now_ms: i64) -> Reading {
        match self.known(self.readings.get(metric), then_ms) {
            Some(Reading::Value { value, sampled_ms }) => {
                Reading::Value { value, sampled_ms: sampled_ms.saturating_add(now_ms.saturating_sub(then_ms)) }
            }
            Some(other) => other,
            None => Reading::NoData(Told::NOT_RECORDED.into()),
        }
    }

    /// What the pull that was done again last came to; one that never settled is known by nobody.
    fn settled(&self) -> (Told, u64) {
        let act = self.done.checked_sub(1).and_then(|last| self.acts.get(last));
        let unknown = || (Settled::new(Outcome::Unknown, Told::NOT_RECORDED), LATENCY_MS);
        let (settled, took_ms) = act.and_then(|act| act.settled.clone()).unwrap_or_else(unknown);
        (Told::Settled(settled), took_ms)
    }
}

/// The newest entry at or before then.
fn newest<T: Clone>(entries: Option<&Vec<(i64, T)>>, then_ms: i64) -> Option<T> {
    let until = entries?.partition_point(|(at, _)| *at <= then_ms);
    entries?.get(until.checked_sub(1)?).map(|(_, entry)| entry.clone())
}

/// A step that was not done, and the word for how.
fn left(event: &Event) -> Option<(&'static str, Id)> {
    match event {
        Event::StepSkipped { step, .. } => Some(("skipped", step.clone())),
        Event::StepOverridden { step, .. } => Some(("overrode", step.clone())),
        Event::StepDeferred { step, .. } => Some(("deferred", step.clone())),
        _ => None,
    }
}
