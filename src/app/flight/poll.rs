//! Looking, for ever: probes one by one, metrics in batches, never two looks of the same thing at once.

use super::job::Job;
use super::{Flight, Request, sensor};
use crate::incident::{Command, Moment};
use crate::kind::prometheus::{self, Named};
use crate::kind::{Answer, BackendConfig, Body, Call, Exchange, Fault, FileAsk, Reading, Seen, Use, Vars};
use crate::playbook::{Baseline, Id, Metric, Playbook};
use crate::text::Text;
use std::sync::Arc;

/// The most polls in the air at once.
const IN_AIR_MAX: usize = 8;

/// When each thing is to be looked at next; `None` while a look is in the air.
pub(super) struct Polls {
    probes: Vec<(Id, Option<Moment>)>,
    batches: Vec<(Vec<Id>, Option<Moment>)>,
    baselines: Vec<(Id, Moment)>,
}

impl Polls {
    pub(super) fn new(playbook: &Playbook, now: &Moment) -> Self {
        let asked_for = |m: &&Metric| matches!(m.baseline, Some(Baseline::Offset(_) | Baseline::File { .. }));
        Self {
            probes: playbook.probes.keys().map(|id| (id.clone(), Some(now.clone()))).collect(),
            batches: batches(playbook).into_iter().map(|ids| (ids, Some(now.clone()))).collect(),
            baselines: playbook
                .metrics
                .values()
                .filter(asked_for)
                .map(|metric| (metric.id.clone(), now.clone()))
                .collect(),
        }
    }

    pub(super) fn next_wake(&self) -> impl Iterator<Item = &Moment> {
        let probes = self.probes.iter().filter_map(|(_, at)| at.as_ref());
        let batches = self.batches.iter().filter_map(|(_, at)| at.as_ref());
        probes.chain(batches).chain(self.baselines.iter().map(|(_, at)| at))
    }
}

/// Metrics that one query can answer together: the same Prometheus at the same pace.
fn batches(playbook: &Playbook) -> Vec<Vec<Id>> {
    /// Which server, and how often.
    type Pace<'a> = Option<(&'a str, u64)>;
    let mut batches: Vec<(Pace<'_>, Vec<Id>)> = Vec::new();
    for metric in playbook.metrics.values() {
        let key = match &metric.source {
            Call::Prometheus(call) => Some((call.backend.as_str(), metric.every_ms)),
            Call::Http(_) | Call::Exec(_) | Call::File(_) | Call::Socket(_) | Call::Redis(_) | Call::Kubernetes(_) => {
                None
            }
        };
        match batches.iter_mut().find(|(other, _)| key.is_some() && *other == key) {
            Some((_, ids)) => ids.push(metric.id.clone()),
            None => batches.push((key, vec![metric.id.clone()])),
        }
    }
    batches.into_iter().map(|(_, ids)| ids).collect()
}

fn due(at: Option<&Moment>, now: &Moment) -> bool {
    at.is_some_and(|at| at.boot_ns <= now.boot_ns)
}

impl Flight {
    /// Sends every look that is due.
    pub(super) fn poll(&mut self, now: &Moment) {
        if self.state.closed.is_some() {
            return;
        }
        let (due_now, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.polls.baselines).into_iter().partition(|(_, at)| due(Some(at), now));
        self.polls.baselines = later;
        for (metric, _) in due_now {
            self.ask_baseline(now, &metric);
        }
        let mut free = IN_AIR_MAX.saturating_sub(self.jobs.len());
        for place in 0..self.polls.batches.len() {
            if free > 0 && due(self.polls.batches[place].1.as_ref(), now) {
                self.polls.batches[place].1 = None;
                free -= 1;
                let ids = self.polls.batches[place].0.clone();
                self.ask_metrics(now, &ids);
            }
        }
        // Whoever has waited longest comes first, so that eight slow backends starve nobody.
        let mut waiting: Vec<(u64, usize)> = Vec::new();
        for (place, (_, at)) in self.polls.probes.iter().enumerate() {
            if let Some(at) = at.as_ref().filter(|at| due(Some(at), now)) {
                waiting.push((at.boot_ns, place));
            }
        }
        waiting.sort_unstable();
        for (_, place) in waiting.into_iter().take(free) {
            self.polls.probes[place].1 = None;
            let probe = self.polls.probes[place].0.clone();
            self.ask_probe(now, &probe);
        }
    }

    /// Whether another poll may be sent; what is due and finds no room keeps its place until an answer makes some.
    pub(super) fn has_room(&self) -> bool {
        self.jobs.len() < IN_AIR_MAX
    }

    /// Looks at these probes as soon as possible.
    pub fn look_soon(&mut self, now: &Moment, probes: &[Id]) {
        for (id, at) in &mut self.polls.probes {
            if at.is_some() && probes.contains(id) {
                *at = Some(now.clone());
            }
        }
    }

    fn ask_probe(&mut self, now: &Moment, id: &Id) {
        let playbook = self.playbook.clone();
        let probe = &playbook.probes[id];
        match encode(&playbook, &probe.call, Use::Look) {
            Ok((backend, exchange)) => {
                self.ask(Job::Look { probe: id.clone(), backend }, exchange, Use::Look, probe.timeout_ms);
            }
            Err(why) => self.seen(now, id, Seen::Failed(why.into())),
        }
    }

    pub(super) fn looked(&mut self, now: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        let seen = playbook.probes[id].call.see(result);
        self.seen(now, id, seen);
    }

    fn seen(&mut self, now: &Moment, id: &Id, seen: Seen) {
        let every_ms = self.playbook.probes[id].every_ms;
        if let Some((_, at)) = self.polls.probes.iter_mut().find(|(probe, _)| probe == id) {
            *at = Some(now.plus_ms(every_ms));
        }
        self.note_seen(now, id, seen);
    }

    /// Notes a look, whoever made it.
    pub(super) fn note_seen(&mut self, now: &Moment, id: &Id, seen: Seen) {
        if seen.value().is_some() {
            Arc::make_mut(&mut self.looked).insert(id.clone(), now.clone());
        }
        let known = self.state.sensors.get(id).is_some_and(|sensor| sensor.seen == seen);
        if !known {
            self.submit(now, sensor(), Command::Sense { probe: id.clone(), seen }, Vec::new());
        }
    }

    fn ask_metrics(&mut self, now: &Moment, ids: &[Id]) {
        let playbook = self.playbook.clone();
        let timeout_ms = ids.iter().map(|id| playbook.metrics[id].timeout_ms).max().unwrap_or(2000);
        match encode_metrics(&playbook, ids, None) {
            Ok((backend, exchange)) => {
                self.ask(Job::Read { metrics: ids.to_vec(), backend }, exchange, Use::Look, timeout_ms);
            }
            Err(why) => {
                let error = Reading::Error(why.into());
                ids.iter().for_each(|id| self.take(now, id, error.clone()));
                self.read_again(now, ids);
            }
        }
    }

    pub(super) fn read(&mut self, now: &Moment, _backend: &Id, ids: &[Id], result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        match readings(&playbook, ids, result, now.wall_ms) {
            Ok(readings) => {
                for (id, reading) in ids.iter().zip(readings) {
                    self.take(now, id, reading);
                }
            }
            // One bad query must not blind the others: each is asked for by itself.
            Err(_) if ids.len() > 1 && result.is_ok() => {
                ids.iter().for_each(|id| self.ask_metrics(now, std::slice::from_ref(id)));
            }
            Err(why) => {
                let error = Reading::Error(why.into());
                ids.iter().for_each(|id| self.take(now, id, error.clone()));
            }
        }
        self.read_again(now, ids);
    }

    /// The batch is due again one interval after its last answer; a query asked alone belongs to its batch.
    fn read_again(&mut self, now: &Moment, ids: &[Id]) {
        let Some(first) = ids.first() else { return };
        let every_ms = self.playbook.metrics[first].every_ms;
        if let Some((_, at)) = self.polls.batches.iter_mut().find(|(batch, _)| batch.contains(first)) {
            *at = Some(now.plus_ms(every_ms));
        }
    }

    fn take(&mut self, now: &Moment, id: &Id, reading: Reading) {
        self.requests.push(Request::Sample(sample_line(now, id, &reading)));
        let change = Arc::make_mut(&mut self.board).take(&self.playbook, id, reading, now.wall_ms);
        if let Some(change) = change {
            let command = Command::Judge { metric: change.metric, verdict: change.verdict };
            self.submit(now, sensor(), command, Vec::new());
        }
    }

    fn ask_baseline(&mut self, now: &Moment, id: &Id) {
        let playbook = self.playbook.clone();
        let metric = &playbook.metrics[id];
        let encoded = match &metric.baseline {
            Some(Baseline::Offset(offset_ms)) => {
                // A baseline lies before the incident: counted from when the directory was opened.
                let opened = self.state.marks.opened.as_ref().map_or(now.wall_ms, |opened| opened.wall_ms);
                let at_ms = opened.saturating_sub_unsigned(*offset_ms);
                encode_metrics(&playbook, std::slice::from_ref(id), Some(at_ms))
            }
            Some(Baseline::File { path, .. }) => {
                let backend = Id::new("baseline-file").expect("a literal id");
                Ok((backend, Exchange::File(FileAsk::Read { path: path.clone() })))
            }
            Some(Baseline::Value(_)) | None => return,
        };
        if let Ok((backend, exchange)) = encoded {
            self.ask(Job::Baseline { metric: id.clone(), backend }, exchange, Use::Look, metric.timeout_ms);
        }
    }

    pub(super) fn baseline_read(&mut self, now: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        let value = match (&playbook.metrics[id].baseline, result) {
            (Some(Baseline::File { at, .. }), Ok(Answer::File(body))) => number_at(body, at),
            (Some(Baseline::Offset(_)), _) => {
                match readings(&playbook, std::slice::from_ref(id), result, now.wall_ms).as_deref() {
                    Ok([Reading::Value { value, .. }]) => Some(*value),
                    Ok(_) | Err(_) => None,
                }
            }
            (Some(Baseline::File { .. } | Baseline::Value(_)) | None, _) => None,
        };
        match value {
            Some(value) => Arc::make_mut(&mut self.board).set_baseline(id, value),
            // Without it the metric stays NODATA; asked again until it answers.
            None => self.polls.baselines.push((id.clone(), now.plus_ms(playbook.metrics[id].every_ms))),
        }
    }
}

/// A call without holes, ready to be sent.
pub(super) fn encode(playbook: &Playbook, call: &Call, purpose: Use) -> Result<(Id, Exchange), String> {
    encode_with(playbook, call, purpose, &Vars::new())
}

/// A call, its holes filled.
pub(super) fn encode_with(
    playbook: &Playbook,
    call: &Call,
    purpose: Use,
    vars: &Vars,
) -> Result<(Id, Exchange), String> {
    let (id, backend) = playbook.backends.get_key_value(call.backend()).expect("a checked playbook has every backend");
    Ok((id.clone(), call.encode(backend, purpose, vars)?))
}

fn encode_metrics(playbook: &Playbook, ids: &[Id], at_ms: Option<i64>) -> Result<(Id, Exchange), String> {
    let named = named(playbook, ids);
    let Some((_, first)) = named.first() else {
        let call = &playbook.metrics[&ids[0]].source;
        return encode(playbook, call, Use::Look);
    };
    let (id, backend) =
        playbook.backends.get_key_value(first.backend.as_str()).expect("a checked playbook has every backend");
    let BackendConfig::Prometheus(backend) = backend else {
        return Err(format!("backend `{id}` is no Prometheus"));
    };
    Ok((id.clone(), prometheus::batch(backend, &named, at_ms)?))
}

/// The Prometheus calls of these metrics, by id.
fn named<'a>(playbook: &'a Playbook, ids: &'a [Id]) -> Vec<Named<'a>> {
    let call = |id: &'a Id| match &playbook.metrics[id].source {
        Call::Prometheus(call) => Some((id.as_str(), call)),
        Call::Http(_) | Call::Exec(_) | Call::File(_) | Call::Socket(_) | Call::Redis(_) | Call::Kubernetes(_) => None,
    };
    ids.iter().filter_map(call).collect()
}

fn readings(
    playbook: &Playbook,
    ids: &[Id],
    result: &Result<Answer, Fault>,
    now_ms: i64,
) -> Result<Vec<Reading>, String> {
    let named = named(playbook, ids);
    if !named.is_empty() {
        return prometheus::readings(&named, result);
    }
    // Any other look is as old as its answer.
    let reading = match playbook.metrics[&ids[0]].source.see(result) {
        Seen::Value(text) => match text.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() => Reading::Value { value, sampled_ms: now_ms },
            Ok(_) | Err(_) => Reading::Error(Text::from(format!("`{text}` is no number"))),
        },
        Seen::Absent(why) => Reading::NoData(why),
        Seen::Failed(why) => Reading::Error(why),
    };
    Ok(vec![reading])
}

fn number_at(body: &Body, at: &str) -> Option<f64> {
    let json: serde_json::Value = serde_json::from_slice(&body.bytes).ok()?;
    json.pointer(at)?.as_f64().filter(|value| value.is_finite())
}

fn sample_line(now: &Moment, id: &Id, reading: &Reading) -> String {
    let line = match reading {
        Reading::Value { value, sampled_ms } => {
            serde_json::json!({"at": now.wall_ms, "metric": id, "value": value, "sampled": sampled_ms})
        }
        Reading::NoData(why) => serde_json::json!({"at": now.wall_ms, "metric": id, "nodata": why}),
        Reading::Error(why) => serde_json::json!({"at": now.wall_ms, "metric": id, "error": why}),
    };
    line.to_string()
}
