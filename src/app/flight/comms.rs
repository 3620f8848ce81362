//! Messages to people: rendered from what is known, kept as files, sent once.

use super::job::Job;
use super::{Flight, poll, sensor};
use crate::incident::{self, Actor, Command, Event, Moment};
use crate::kind::{Answer, Fault, Outcome, Settled, Use, Vars};
use crate::playbook::{Comm, Id};
use crate::text::Text;

impl Flight {
    /// Renders a comm as it would go out now.
    pub fn render_comm(&self, comm: &Comm) -> Result<String, String> {
        incident::message(&self.playbook, &self.state, &self.board, comm)
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
        let vars = Vars::from([
            ("text".to_owned(), text),
            ("incident".to_owned(), self.state.incident.to_string()),
            ("service".to_owned(), playbook.service.to_string()),
            ("environment".to_owned(), playbook.environment.to_string()),
        ]);
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
