//! Writing down what is in service before anything moves, as files with a hash in the journal.

use super::job::{Capturing, Job};
use super::{Flight, poll, sensor};
use crate::incident::{Command, EvidenceRef, Moment};
use crate::kind::{Answer, Body, Exit, Fault, NatsReply, RedisValue, Seen, SqlReply, Timed, Use};
use crate::playbook::{Capture, Id};
use crate::text::Text;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The most bytes of captured values in one record, whose line is bounded; whole they are in the file it names.
const VALUES_BYTES: usize = 6 * 1024;

/// A file as a record names it, and its path and bytes for the journal to keep.
pub(super) type Kept = (EvidenceRef, (String, Vec<u8>));

impl Flight {
    pub(super) fn begin_capture(&mut self, now: &Moment, step: &Id) {
        let playbook = self.playbook.clone();
        let Some(capture) = capture_of(&playbook, step) else { return };
        self.drop_capture(step);
        let probes: Vec<&Id> = capture.pins_probe.iter().chain(&capture.probes).collect();
        self.capturing.insert(step.clone(), Capturing { out: probes.len(), seen: BTreeMap::new() });
        for id in probes {
            let probe = &playbook.probes[id];
            match poll::encode(&playbook, &probe.call, Use::Look) {
                Ok((backend, exchange)) => {
                    let job = Job::Capture { step: step.clone(), probe: id.clone(), backend };
                    self.ask(job, exchange, Use::Look, probe.timeout_ms);
                }
                Err(why) => self.captured(now, step, id, Seen::Failed(why.into())),
            }
        }
        self.finish_capture(now, step);
    }

    /// Forgets an earlier capture of the step: its answers, on their way or waiting for the disk, are not this one's.
    fn drop_capture(&mut self, step: &Id) {
        self.jobs.retain(|_, job| !matches!(job, Job::Capture { step: of, .. } if of == step));
        self.withdraw(|command| !matches!(command, Command::Capture { step: Some(of), .. } if of == step));
    }

    pub(super) fn capture_looked(&mut self, now: &Moment, step: &Id, probe: &Id, result: &Result<Answer, Fault>) {
        let seen = self.playbook.probes[probe].call.see(result);
        self.captured(now, step, probe, seen);
    }

    fn captured(&mut self, now: &Moment, step: &Id, probe: &Id, seen: Seen) {
        if let Some(capturing) = self.capturing.get_mut(step) {
            capturing.out = capturing.out.saturating_sub(1);
            capturing.seen.insert(probe.clone(), seen);
        }
        self.finish_capture(now, step);
    }

    /// Writes the capture down once every look is back.
    fn finish_capture(&mut self, now: &Moment, step: &Id) {
        if self.capturing.get(step).is_none_or(|capturing| capturing.out > 0) {
            return;
        }
        let playbook = self.playbook.clone();
        let (Some(capturing), Some(capture)) = (self.capturing.remove(step), capture_of(&playbook, step)) else {
            return;
        };
        let mut found = Found::default();
        found.pins(capture, &capturing.seen);
        for id in &capture.probes {
            found.note(id.as_str(), capturing.seen.get(id).cloned());
        }
        for id in &capture.metrics {
            found.note(id.as_str(), Some(self.reading_of(id)));
        }
        let raw: BTreeMap<&Id, &Seen> = capturing.seen.iter().collect();
        let content =
            json!({ "captured_at_ms": now.wall_ms, "values": found.values, "missing": found.missing, "looks": raw });
        let (file, kept) = self.evidence(&format!("capture-{step}"), "json", &pretty(&content));
        let title = playbook.step(step).map_or(step.as_str(), |step| step.title.as_str()).into();
        let Found { values, missing } = found.shortened();
        let command = Command::Capture { step: Some(step.clone()), title, file, values, missing };
        self.submit(now, sensor(), command, vec![kept]);
    }

    fn reading_of(&self, id: &Id) -> Seen {
        let unit = self.playbook.metrics[id].unit;
        match self.board.verdict(id) {
            Some(verdict) if verdict.state.is_fresh() => {
                verdict.value.map_or(Seen::Absent("no value".into()), |value| Seen::Value(unit.show(value).into()))
            }
            Some(verdict) => Seen::Absent(verdict.state.word().into()),
            None => Seen::Absent("not read yet".into()),
        }
    }

    /// Names, redacts and hashes evidence. The journal keeps the file before the record that names it.
    pub(super) fn evidence(&mut self, name: &str, extension: &str, content: &str) -> Kept {
        self.file("evidence", name, extension, content)
    }

    pub(super) fn file(&mut self, folder: &str, name: &str, ext: &str, content: &str) -> Kept {
        let path = self.new_path(folder, name, ext);
        self.file_at(path, content)
    }

    /// A path that no file of this incident has.
    pub(super) fn new_path(&mut self, folder: &str, name: &str, ext: &str) -> String {
        // The seq and the number make the name new even where a crash, or a record that could not be written, left a
        // file that no record names.
        let path = format!("{folder}/{:05}-{}-{name}.{ext}", self.state.seq, self.next_job);
        self.next_job += 1;
        path
    }

    /// A file at a path that [`Self::new_path`] has given.
    pub(super) fn file_at(&self, path: String, content: &str) -> Kept {
        let bytes = self.redactor.redact(content).into_bytes();
        let file = EvidenceRef { path: path.clone(), sha256: sha256_hex(&bytes), bytes: bytes.len() as u64 };
        (file, (path, bytes))
    }
}

/// The values of a capture, and what could not be had.
#[derive(Default)]
struct Found {
    values: BTreeMap<String, Text>,
    missing: Vec<Text>,
}

impl Found {
    fn note(&mut self, name: &str, seen: Option<Seen>) {
        match seen {
            Some(Seen::Value(value)) => {
                self.values.insert(name.to_owned(), value);
            }
            Some(Seen::Absent(why) | Seen::Failed(why)) => self.missing.push(format!("{name} ({why})").into()),
            None => self.missing.push(name.into()),
        }
    }

    /// The same, each text cut to its share of a record.
    fn shortened(mut self) -> Self {
        let share = VALUES_BYTES / (self.values.len() + self.missing.len()).max(1);
        for text in self.values.values_mut().chain(&mut self.missing).filter(|text| text.as_str().len() > share) {
            let ends = text.as_str().char_indices().map(|(at, _)| at);
            let end = ends.take_while(|at| *at <= share).last().unwrap_or(0);
            *text = format!("{}…", &text.as_str()[..end]).into();
        }
        self
    }

    /// Takes each pin out of the JSON object that the pins' probe answered.
    fn pins(&mut self, capture: &Capture, seen: &BTreeMap<Id, Seen>) {
        let object = capture.pins_probe.as_ref().and_then(|probe| seen.get(probe));
        let json: Option<Value> = object.and_then(Seen::value).and_then(|text| serde_json::from_str(text).ok());
        for pin in &capture.pins {
            let value = json.as_ref().and_then(|json| json.get(pin)).map(|value| match value {
                Value::String(text) => Seen::Value(text.as_str().into()),
                other => Seen::Value(other.to_string().into()),
            });
            self.note(pin, value);
        }
    }
}

fn capture_of<'a>(playbook: &'a crate::playbook::Playbook, step: &Id) -> Option<&'a Capture> {
    playbook.step(step)?.kind.capture()
}

/// The SHA-256 of `bytes`, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// JSON as a person reads it.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// An answer as evidence.
pub(super) fn answer_json(result: &Result<Answer, Fault>) -> Value {
    match result {
        Err(fault) => json!({ "fault": fault }),
        Ok(Answer::Http { status, location, retry_after_s, body }) => {
            json!({ "status": status, "location": location, "retry_after_s": retry_after_s, "body": body_json(body) })
        }
        Ok(Answer::HttpMany(parts)) => {
            let part = |part: &Timed| json!({ "took_ms": part.took_ms, "answer": answer_json(&part.result) });
            parts.iter().map(part).collect()
        }
        Ok(Answer::Told(told)) => json!({ "recorded": format!("{told:?}") }),
        Ok(Answer::Line(body)) => json!({ "line": body_json(body) }),
        Ok(Answer::Redis(value)) => json!({ "redis": redis_json(value) }),
        Ok(Answer::Exec { exit, stdout, stderr }) => {
            let exit = match exit {
                Exit::Code(code) => json!({ "code": code }),
                Exit::Signal(signal) => json!({ "signal": signal }),
            };
            json!({ "exit": exit, "stdout": body_json(stdout), "stderr": body_json(stderr) })
        }
        Ok(Answer::File(content)) => json!({ "file": body_json(&content.body) }),
        Ok(Answer::Sql(SqlReply::Done { rows, touched, committed })) => {
            let rows: Vec<_> = rows.iter().map(|value| value.as_ref().map(body_json)).collect();
            json!({ "rows": rows, "touched": touched, "committed": committed })
        }
        Ok(Answer::Sql(SqlReply::Error { code, message })) => json!({ "sqlstate": code, "error": message }),
        Ok(Answer::Nats(NatsReply::Message(body))) => json!({ "reply": body_json(body) }),
        Ok(Answer::Nats(NatsReply::NoResponders)) => json!({ "status": 503, "words": "no responders" }),
        Ok(Answer::Nats(NatsReply::Status { code, words })) => json!({ "status": code, "words": words }),
        Ok(Answer::Kube { status, retry_after_s, body, rival }) => {
            let rival = rival.as_ref().map(body_json);
            json!({ "status": status, "retry_after_s": retry_after_s, "body": body_json(body), "rival": rival })
        }
    }
}

fn body_json(body: &Body) -> Value {
    json!({ "text": String::from_utf8_lossy(&body.bytes), "truncated": body.truncated })
}

fn redis_json(value: &RedisValue) -> Value {
    match value {
        RedisValue::Nil => Value::Null,
        RedisValue::Int(number) => json!(number),
        RedisValue::Text(body) => json!(String::from_utf8_lossy(&body.bytes)),
        RedisValue::List(items) => items.iter().map(redis_json).collect(),
        RedisValue::Error(why) => json!({ "error": why }),
    }
}
