//! Looking, for ever: probes one by one, metrics in batches, never two looks of the same thing at once.

use super::job::Job;
use super::turns::Look;
use super::{Flight, Request, sensor, turns};
use crate::incident::{Command, Event, Moment, wait};
use crate::kind::prometheus::{self, Named};
use crate::kind::{Answer, BackendConfig, Body, Call, Exchange, Fault, FileAsk, Reading, Seen, Told, Use, Vars};
use crate::playbook::{Baseline, Id, Metric, Playbook};
use crate::text::Text;
use std::sync::Arc;

/// The most polls in the air at one backend. There is no bound over all of them: what hangs then holds up nothing but
/// its own backend, and a playbook has few.
const IN_AIR_MAX: usize = 2;

impl Flight {
    /// Sends every look that is due.
    pub(super) fn poll(&mut self, now: &Moment) {
        if self.state.closed.is_some() {
            return;
        }
        for (look, backend) in self.turns.due(now) {
            if !self.has_room(&backend) {
                continue;
            }
            self.turns.sent(&look);
            match look {
                Look::Metrics(ids) => self.ask_metrics(now, &ids),
                Look::Alone(id) => self.ask_metrics(now, &[id]),
                Look::Probe(id) => self.ask_probe(now, &id),
                Look::Baseline(id) => self.ask_baseline(now, &id),
            }
        }
    }

    /// When the next poll can be sent; what finds no room keeps its place until an answer makes some.
    pub(super) fn next_poll(&self) -> Option<&Moment> {
        let ready = self.turns.waiting().filter(|(backend, _)| self.has_room(backend));
        ready.map(|(_, at)| at).min_by_key(|at| at.boot_ns)
    }

    fn has_room(&self, backend: &Id) -> bool {
        self.jobs.values().filter(|job| job.polls(backend)).count() < IN_AIR_MAX
    }

    /// Looks at these probes as soon as possible.
    pub fn look_soon(&mut self, now: &Moment, probes: &[Id]) {
        self.turns.soon(probes, now);
    }

    fn ask_probe(&mut self, now: &Moment, id: &Id) {
        let playbook = self.playbook.clone();
        let probe = &playbook.probes[id];
        match encode(&playbook, &probe.call, Use::Look) {
            Ok((backend, exchange)) => {
                let job = Job::Look { probe: id.clone(), backend, asked: now.clone() };
                self.ask(job, exchange, Use::Look, probe.timeout_ms);
            }
            Err(why) => self.seen(now, now, id, Seen::Failed(why.into())),
        }
    }

    pub(super) fn looked(&mut self, now: &Moment, asked: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        let seen = playbook.probes[id].call.see(result);
        self.seen(now, asked, id, seen);
    }

    fn seen(&mut self, now: &Moment, asked: &Moment, id: &Id, seen: Seen) {
        let noted = self.note_seen(now, asked, id, seen);
        let pause_ms = if noted { self.playbook.probes[id].every_ms } else { 0 };
        self.turns.again(&Look::Probe(id.clone()), now.plus_ms(pause_ms));
    }

    /// Notes a look that was sent at `asked`, whoever made it; not one that was sent before production was changed last,
    /// since nobody knows which world has answered.
    pub(super) fn note_seen(&mut self, now: &Moment, asked: &Moment, id: &Id, seen: Seen) -> bool {
        if !self.is_of_this_world(asked) {
            return false;
        }
        let known = self.state.sensors.get(id).is_some_and(|sensor| sensor.seen == seen);
        if seen.value().is_some() {
            // A value counts as looked at once it is believed, and not while it waits for the disk.
            let looked = if known { Arc::make_mut(&mut self.looked) } else { &mut self.unbelieved };
            looked.insert(id.clone(), asked.clone());
        }
        if known {
            self.look_at_armed_through(now, id);
        } else {
            self.submit(now, sensor(), Command::Sense { probe: id.clone(), seen }, Vec::new());
        }
        true
    }

    /// Whether what was asked at this time shows the world as it was left by the last pull.
    pub(super) fn is_of_this_world(&self, asked: &Moment) -> bool {
        wait::is_of_this_world(&self.state, asked)
    }

    /// What a probe has turned to is believed, and so is when it was looked at.
    pub(super) fn believe_look(&mut self, event: &Event) {
        if let Event::SensorTurned { probe, .. } = event
            && let Some(asked) = self.unbelieved.remove(probe)
        {
            Arc::make_mut(&mut self.looked).insert(probe.clone(), asked);
        }
    }

    fn ask_metrics(&mut self, now: &Moment, ids: &[Id]) {
        let playbook = self.playbook.clone();
        let timeout_ms = ids.iter().map(|id| playbook.metrics[id].timeout_ms).max().unwrap_or(2000);
        match encode_metrics(&playbook, ids, None) {
            Ok((backend, exchange)) => {
                self.ask(
                    Job::Read { metrics: ids.to_vec(), backend, asked: now.clone() },
                    exchange,
                    Use::Look,
                    timeout_ms,
                );
            }
            Err(why) => {
                let error = Reading::Error(why.into());
                ids.iter().for_each(|id| self.take(now, id, error.clone()));
                self.read_again(now, ids);
            }
        }
    }

    pub(super) fn read(
        &mut self,
        now: &Moment,
        (backend, asked): (&Id, &Moment),
        ids: &[Id],
        result: &Result<Answer, Fault>,
    ) {
        let playbook = self.playbook.clone();
        match readings(&playbook, ids, result, asked.wall_ms) {
            Ok(readings) => {
                for (id, reading) in ids.iter().zip(readings) {
                    self.take(now, id, reading);
                }
            }
            // One bad query must not blind the others: each is asked for by itself.
            Err(_) if ids.len() > 1 && result.is_ok() => {
                return self.turns.split(ids, backend, now);
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
        self.turns.answered(ids, now.plus_ms(every_ms));
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
        // A baseline lies before the incident: counted from when the directory was opened.
        let opened_ms = self.state.marks.opened.as_ref().map_or(now.wall_ms, |opened| opened.wall_ms);
        match encode_baseline(&playbook, metric, opened_ms) {
            Some(Ok((backend, exchange))) => {
                self.ask(Job::Baseline { metric: id.clone(), backend }, exchange, Use::Look, metric.timeout_ms);
            }
            Some(Err(_)) => self.turns.again(&Look::Baseline(id.clone()), now.plus_ms(metric.every_ms)),
            None => {}
        }
    }

    pub(super) fn baseline_read(&mut self, now: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        match baseline_of(&playbook, id, result, now.wall_ms) {
            Ok(value) => {
                self.requests.extend(baseline_line(now, id, value).map(Request::Sample));
                Arc::make_mut(&mut self.board).set_baseline(&playbook.metrics[id], value, now.wall_ms);
                self.turns.over(&Look::Baseline(id.clone()));
            }
            // Without it the metric stays NODATA; asked again until it answers.
            Err(why) => {
                Arc::make_mut(&mut self.board).miss_baseline(id, super::baseline::no_baseline(&why));
                self.turns.again(&Look::Baseline(id.clone()), now.plus_ms(playbook.metrics[id].every_ms));
            }
        }
    }
}

/// A call without holes, ready to be sent.
pub(in crate::app) fn encode(playbook: &Playbook, call: &Call, purpose: Use) -> Result<(Id, Exchange), String> {
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

/// What asks for a metric's baseline as it was before `opened_ms`; `None` where it need not be asked for.
pub(in crate::app) fn encode_baseline(
    playbook: &Playbook,
    metric: &Metric,
    opened_ms: i64,
) -> Option<Result<(Id, Exchange), String>> {
    match &metric.baseline {
        Some(Baseline::Offset(offset_ms)) => {
            let at_ms = opened_ms.saturating_sub_unsigned(*offset_ms);
            Some(encode_metrics(playbook, std::slice::from_ref(&metric.id), Some(at_ms)))
        }
        Some(Baseline::File { path, .. }) => {
            let backend = turns::baseline_backend(playbook, metric).expect("a baseline in a file is asked for");
            Some(Ok((backend, Exchange::File(FileAsk::Read { path: path.clone() }))))
        }
        Some(Baseline::Value(_) | Baseline::AtStart(_)) | None => None,
    }
}

/// The baseline in an answer, or why there is none.
pub(in crate::app) fn baseline_of(
    playbook: &Playbook,
    id: &Id,
    result: &Result<Answer, Fault>,
    now_ms: i64,
) -> Result<f64, Text> {
    match (&playbook.metrics[id].baseline, result) {
        (Some(Baseline::File { path, at }), Ok(Answer::File(content))) => number_at(&content.body, at)
            .ok_or_else(|| format!("there is no number at {at} in {}", path.display()).into()),
        (Some(Baseline::File { path, .. }), Err(fault)) => Err(format!("{}: {fault}", path.display()).into()),
        (Some(Baseline::Offset(offset_ms)), _) => {
            match readings(playbook, std::slice::from_ref(id), result, now_ms).as_deref() {
                Ok([Reading::Value { value, .. }]) => Ok(*value),
                Ok([Reading::NoData(why)]) => Err(format!("no sample {} s ago: {why}", offset_ms / 1000).into()),
                Ok([Reading::Error(why)]) => Err(why.clone()),
                Ok(_) => Err("the answer holds no reading".into()),
                Err(why) => Err(why.as_str().into()),
            }
        }
        (Some(Baseline::File { .. } | Baseline::Value(_) | Baseline::AtStart(_)) | None, _) => {
            Err("there is no number".into())
        }
    }
}

/// One exchange for all of these, which belong together; `at_ms` asks for the past.
pub(in crate::app) fn encode_metrics(
    playbook: &Playbook,
    ids: &[Id],
    at_ms: Option<i64>,
) -> Result<(Id, Exchange), String> {
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
    let call = |id: &'a Id| turns::batched(&playbook.metrics[id]).map(|call| (id.as_str(), call));
    ids.iter().filter_map(call).collect()
}

/// What each of these has read.
pub(in crate::app) fn readings(
    playbook: &Playbook,
    ids: &[Id],
    result: &Result<Answer, Fault>,
    now_ms: i64,
) -> Result<Vec<Reading>, String> {
    if let Some(told) = Told::of(result) {
        return Ok(told.readings(ids.len()));
    }
    let named = named(playbook, ids);
    if !named.is_empty() {
        return prometheus::readings(&named, result);
    }
    let calls: Vec<&Call> = ids.iter().map(|id| &playbook.metrics[id].source).collect();
    Ok(Call::read_all(&calls, result, now_ms))
}

fn number_at(body: &Body, at: &str) -> Option<f64> {
    let json: serde_json::Value = serde_json::from_slice(&body.bytes).ok()?;
    json.pointer(at)?.as_f64().filter(|value| value.is_finite())
}

/// The line that says what a baseline was, so that whoever reads later draws the limits that were flown by.
fn baseline_line(now: &Moment, id: &Id, value: f64) -> Option<String> {
    value.is_finite().then(|| serde_json::json!({"at": now.wall_ms, "metric": id, "baseline": value}).to_string())
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
