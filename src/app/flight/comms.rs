//! Messages to people: rendered from what is known, kept as files, sent once.

use super::job::Job;
use super::{Flight, poll, sensor};
use crate::incident::{Actor, Command, Event, Moment};
use crate::kind::{Answer, Fault, Outcome, Settled, Use, Vars};
use crate::playbook::{Comm, Id};
use crate::text::Text;
use chrono::DateTime;

/// The most work a template may cause; a template is a few lines.
const FUEL: u64 = 50_000;

impl Flight {
    /// Renders a comm as it would go out now.
    pub fn render_comm(&self, comm: &Comm) -> Result<String, String> {
        let mut engine = minijinja::Environment::new();
        engine.set_fuel(Some(FUEL));
        engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        let time = |ms: i64| DateTime::from_timestamp_millis(ms).map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string());
        let declared = self.state.marks.declared.as_ref().and_then(|at| time(at.wall_ms)).unwrap_or_default();
        let breaches: Vec<&str> =
            crate::incident::derive::breaches(&self.state).map(|id| self.playbook.metrics[id].title.as_str()).collect();
        let lever =
            self.state.pick.as_ref().and_then(|id| self.playbook.levers.get(id)).map(|lever| lever.title.clone());
        let known = minijinja::context! {
            service => self.playbook.service.as_str(),
            environment => self.playbook.environment.as_str(),
            incident => self.state.incident.as_str(),
            started => declared,
            triggers => breaches.join(", "),
            lever => lever.unwrap_or_default(),
            metrics => self.metrics_line(),
        };
        engine.render_str(&comm.body, known).map_err(|error| format!("message `{}`: {error}", comm.id))
    }

    /// Every metric's newest value with its state, in one line.
    fn metrics_line(&self) -> String {
        let known = self.playbook.metrics.values().filter_map(|metric| {
            let verdict = self.board.verdict(&metric.id)?;
            let value = verdict.value.map_or_else(|| "--".to_owned(), |value| metric.unit.show(value));
            Some(format!("{} {value} {}", metric.title, verdict.state.word()))
        });
        known.collect::<Vec<_>>().join(", ")
    }

    /// Writes a comm down and queues it.
    pub fn send_comm(&mut self, now: &Moment, actor: Actor, comm: &Id) -> Result<(), Text> {
        let playbook = self.playbook.clone();
        let Some(comm) = playbook.comms.get(comm) else { return Err(format!("there is no message `{comm}`").into()) };
        let text = self.render_comm(comm)?;
        let (file, kept) = self.file("comms", comm.id.as_str(), "txt", &text);
        self.submit(now, actor, Command::Send { comm: comm.id.clone(), file }, vec![kept]);
        Ok(())
    }

    /// Takes the text of a queued message out of the file that was kept: what is sent is what is on disk.
    pub(super) fn note_outgoing(&mut self, event: &Event, files: &[(String, Vec<u8>)]) {
        if let Event::MessageQueued { comm, file } = event
            && let Some((_, bytes)) = files.iter().find(|(path, _)| *path == file.path)
        {
            self.outgoing.insert(comm.clone(), String::from_utf8_lossy(bytes).into_owned());
        }
    }

    pub(super) fn begin_send(&mut self, now: &Moment, id: &Id) {
        let playbook = self.playbook.clone();
        let comm = &playbook.comms[id];
        let Some(call) = &comm.send else {
            let kept = Settled::new(Outcome::Applied, "kept in the incident directory; it goes nowhere by itself");
            return self.settle_comm(now, id, kept);
        };
        let Some(text) = self.outgoing.remove(id) else {
            return self.settle_comm(now, id, Settled::new(Outcome::NotSent, "its text is not known any more"));
        };
        let vars = Vars::from([("text".to_owned(), text), ("incident".to_owned(), self.state.incident.to_string())]);
        match poll::encode_with(&playbook, call, Use::Act, &vars) {
            Ok((backend, exchange)) => self.ask(Job::Send { comm: id.clone(), backend }, exchange, Use::Act, 10_000),
            Err(why) => self.settle_comm(now, id, Settled::new(Outcome::NotSent, why)),
        }
    }

    pub(super) fn send_answered(&mut self, now: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        if let Some(call) = &playbook.comms[id].send {
            self.settle_comm(now, id, call.settle(result));
        }
    }

    fn settle_comm(&mut self, now: &Moment, id: &Id, settled: Settled) {
        let Settled { outcome, detail } = settled;
        self.submit(now, sensor(), Command::SettleMessage { comm: id.clone(), outcome, detail }, Vec::new());
    }
}
