//! Every look of a playbook once, before there is an incident: what could be flown, and what could not.
//!
//! Like a flight it performs nothing itself: a driver takes the [`Ask`]s, all of them looks, and answers them.

mod backends;
mod messages;
mod report;
mod table;

pub use backends::{BackendRow, BackendState};
pub use messages::{MessageRow, MessageState};
pub use report::{LeverRow, LookRow, LookState, Report};
pub use table::table;

use crate::app::flight::{self, Ask, JobId};
use crate::drill::About;
use crate::kind::{Answer, Exchange, Fault, Reading, Seen, Use};
use crate::playbook::{Id, Metric, Playbook, Probe};
use crate::text::{Redactor, Text};
use std::collections::{BTreeMap, VecDeque};

/// The most looks in the air at one backend: a check must not weigh on what it checks.
const IN_AIR_MAX: usize = 2;

/// A sample older than this many intervals is stale, as in the cockpit.
const STALE_INTERVALS: u64 = 3;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Probe(Id),
    Metric(Id),
    Baseline(Id),
    /// Whether whom a message goes to is there.
    Message(Id),
}

/// One look, and what came of it.
struct Look {
    what: What,
    backend: Id,
    /// `None` until it is over.
    seen: Option<Seen>,
    /// Whether anybody answered, whatever they said.
    answered: bool,
    /// From sending to the whole answer, in milliseconds; `None` when nothing was sent.
    took_ms: Option<u64>,
}

/// A preflight under way.
pub struct Preflight {
    playbook: Playbook,
    redactor: Redactor,
    looks: Vec<Look>,
    waiting: VecDeque<Waiting>,
    in_air: BTreeMap<JobId, Vec<usize>>,
}

/// An exchange that has not been sent, and the looks that it answers: many requests at once are made once for all.
struct Waiting {
    looks: Vec<usize>,
    exchange: Exchange,
    deadline_ms: u64,
}

impl Preflight {
    /// A preflight of `playbook` at `now_ms` (wall clock); `missing` says of a backend why its secrets cannot be had,
    /// and nothing is sent there.
    pub fn new(playbook: Playbook, redactor: Redactor, missing: &BTreeMap<Id, Text>, now_ms: i64) -> Self {
        let mut preflight =
            Self { playbook, redactor, looks: Vec::new(), waiting: VecDeque::new(), in_air: BTreeMap::new() };
        for (what, encoded, deadline_ms) in wanted(&preflight.playbook, now_ms) {
            preflight.plan(what, encoded, deadline_ms, missing);
        }
        preflight
    }

    fn plan(
        &mut self,
        what: What,
        (backend, encoded): (Id, Result<Exchange, String>),
        deadline_ms: u64,
        missing: &BTreeMap<Id, Text>,
    ) {
        let place = self.looks.len();
        let exchange = match (missing.get(&backend), encoded) {
            (Some(why), _) => Err(why.clone()),
            (None, encoded) => encoded.map_err(Text::from),
        };
        let seen = exchange.as_ref().err().map(|why| Seen::Failed(why.clone()));
        self.looks.push(Look { what, backend, seen, answered: false, took_ms: None });
        if let Ok(exchange) = exchange {
            let looks = &self.looks;
            let same = |waiting: &&mut Waiting| {
                let there = looks[waiting.looks[0]].backend == looks[place].backend;
                let many = matches!(exchange, Exchange::HttpMany(_));
                many && there && waiting.deadline_ms == deadline_ms && waiting.exchange == exchange
            };
            match self.waiting.iter_mut().find(same) {
                Some(waiting) => waiting.looks.push(place),
                None => self.waiting.push_back(Waiting { looks: vec![place], exchange, deadline_ms }),
            }
        }
    }

    /// The looks that may be sent now.
    pub fn due(&mut self) -> Vec<Ask> {
        let mut due = Vec::new();
        let mut later = VecDeque::new();
        while let Some(waiting) = self.waiting.pop_front() {
            let place = waiting.looks[0];
            let backend = self.looks[place].backend.clone();
            let flying = self.in_air.values().filter(|others| self.looks[others[0]].backend == backend).count();
            if flying >= IN_AIR_MAX {
                later.push_back(waiting);
                continue;
            }
            let job = place as JobId;
            let Waiting { looks, exchange, deadline_ms } = waiting;
            self.in_air.insert(job, looks);
            due.push(Ask { job, backend, about: About::Unrecorded, exchange, purpose: Use::Look, deadline_ms });
        }
        self.waiting = later;
        due
    }

    /// A look is over, `took_ms` after it was sent and at `now_ms` by the wall clock.
    pub fn answered(&mut self, job: JobId, took_ms: u64, now_ms: i64, result: Result<Answer, Fault>) {
        let Some(places) = self.in_air.remove(&job) else { return };
        // Secrets are cut before anything is read out of an answer or shown.
        let result = result.map(|answer| answer.cleaned(&|bytes: &[u8]| self.redactor.redact_bytes(bytes)));
        for place in places {
            let look = &mut self.looks[place];
            let seen = see(&self.playbook, &look.what, &result, now_ms);
            // Many at once always come back; whether anybody was there, each of them says.
            let answered = match &result {
                Ok(Answer::HttpMany(parts)) => parts.iter().any(|part| part.result.is_ok()),
                result => result.is_ok(),
            };
            (look.seen, look.answered, look.took_ms) = (Some(seen), answered, Some(took_ms));
        }
    }

    /// Whether everything has been looked at.
    pub fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.in_air.is_empty()
    }

    /// What came of it. `unfit` says why an exchange that would be sent cannot be performed on this machine.
    pub fn report(&self, unfit: &dyn Fn(&Exchange) -> Option<String>) -> Report {
        report::judge(&self.playbook, &self.looks, unfit)
    }
}

/// What is looked at, what is sent for it, and its total deadline in milliseconds.
type Wanted = (What, (Id, Result<Exchange, String>), u64);

fn wanted(playbook: &Playbook, now_ms: i64) -> Vec<Wanted> {
    let probe = |probe: &Probe| {
        let encoded = flight::encode(playbook, &probe.call, Use::Look);
        (What::Probe(probe.id.clone()), at(playbook, probe.call.backend(), encoded), probe.timeout_ms)
    };
    let metric = |metric: &Metric| {
        // Each by itself: of a query for many nobody could say which one is wrong, or slow.
        let encoded = flight::encode_metrics(playbook, std::slice::from_ref(&metric.id), None);
        (What::Metric(metric.id.clone()), at(playbook, metric.source.backend(), encoded), metric.timeout_ms)
    };
    let baseline = |metric: &Metric| {
        let encoded = flight::encode_baseline(playbook, metric, now_ms)?;
        Some((What::Baseline(metric.id.clone()), at(playbook, metric.source.backend(), encoded), metric.timeout_ms))
    };
    let probes = playbook.probes.values().map(probe);
    let metrics = playbook.metrics.values().map(metric);
    let baselines = playbook.metrics.values().filter_map(baseline);
    let messages = playbook.comms.values().filter_map(|comm| messages::wanted(playbook, comm));
    probes.chain(metrics).chain(baselines).chain(messages).collect()
}

/// Where an exchange goes; one that cannot be made still belongs to its backend.
fn at(playbook: &Playbook, named: &str, encoded: Result<(Id, Exchange), String>) -> (Id, Result<Exchange, String>) {
    match encoded {
        Ok((backend, exchange)) => (backend, Ok(exchange)),
        Err(why) => {
            let (id, _) = playbook.backends.get_key_value(named).expect("a checked playbook has every backend");
            (id.clone(), Err(why))
        }
    }
}

/// What a look has seen; a metric's value in its unit.
fn see(playbook: &Playbook, what: &What, result: &Result<Answer, Fault>, now_ms: i64) -> Seen {
    match what {
        What::Probe(id) => playbook.probes[id].call.see(result),
        What::Metric(id) => {
            let metric = &playbook.metrics[id];
            match flight::readings(playbook, std::slice::from_ref(id), result, now_ms).map(|mut one| one.pop()) {
                Ok(Some(reading)) => shown(metric, &reading, now_ms),
                Ok(None) => Seen::Absent("the answer holds no reading".into()),
                Err(why) => Seen::Failed(why.into()),
            }
        }
        What::Message(_) => messages::see(result),
        What::Baseline(id) => {
            let unit = playbook.metrics[id].unit;
            match (flight::baseline_of(playbook, id, result, now_ms), result) {
                (Ok(value), _) => Seen::Value(unit.show(value).into()),
                (Err(why), Ok(_)) => Seen::Absent(why),
                (Err(why), Err(_)) => Seen::Failed(why),
            }
        }
    }
}

fn shown(metric: &Metric, reading: &Reading, now_ms: i64) -> Seen {
    match reading {
        Reading::NoData(why) => Seen::Absent(why.clone()),
        Reading::Error(why) => Seen::Failed(why.clone()),
        Reading::Value { value, sampled_ms } => {
            let old_ms = u64::try_from(now_ms.saturating_sub(*sampled_ms)).unwrap_or(0);
            let value = metric.unit.show(*value);
            if old_ms > metric.every_ms.saturating_mul(STALE_INTERVALS) {
                return Seen::Absent(format!("STALE: {value} is {} s old", old_ms / 1000).into());
            }
            Seen::Value(value.into())
        }
    }
}

#[cfg(test)]
mod tests;
