//! Messages to people: rendered from what is known, kept as files, sent once.

use super::job::Job;
use super::{Flight, sensor};
use crate::incident::{self, Command, Event, EvidenceRef, Moment, Retry};
use crate::kind::{Answer, Fault, Outcome, Settled, Use};
use crate::playbook::{Comm, Id};

/// How long to wait for the journal before a message that is due is asked for once more, in ms.
const ASK_AGAIN_MS: u64 = 1000;

/// When the same words may be sent again: a receiver that was never reached, or one that said when.
fn retry(result: &Result<Answer, Fault>) -> Retry {
    match result {
        Err(Fault::NotSent(_)) => Retry::Soon,
        Err(Fault::Refused(_) | Fault::Lost(_)) => Retry::Never,
        Ok(answer) => answer.asks_to_wait_s().map_or(Retry::Never, |wait| Retry::After(wait.saturating_mul(1000))),
    }
}

impl Flight {
    /// Renders a comm as it would go out now.
    pub fn render_comm(&self, comm: &Comm) -> Result<String, String> {
        incident::message(&self.playbook, &self.state, &self.board, comm)
    }

    /// Takes the text of a queued message out of the file that was kept: what is sent is what is on disk.
    pub(super) fn note_outgoing(&mut self, event: &Event, files: &[(String, Vec<u8>)]) {
        if let Event::MessageQueued { comm, file } = event
            && let Some((_, bytes)) = files.iter().find(|(path, _)| *path == file.path)
        {
            self.outgoing.insert(comm.clone(), String::from_utf8_lossy(bytes).into_owned());
        }
    }

    /// The messages that wait to be sent again, and where their words are.
    pub fn waiting_messages(&self) -> Vec<(Id, EvidenceRef)> {
        let waiting = self.state.messages.iter().filter(|(_, message)| message.again_at.is_some());
        waiting.map(|(comm, message)| (comm.clone(), message.file.clone())).collect()
    }

    /// Gives a flight that goes on the words of a message as they were written down; without them it is not sent.
    pub fn recall_message(&mut self, comm: Id, bytes: &[u8]) {
        self.outgoing.insert(comm, String::from_utf8_lossy(bytes).into_owned());
    }

    pub(super) fn begin_send(&mut self, now: &Moment, id: &Id) {
        let playbook = self.playbook.clone();
        let comm = &playbook.comms[id];
        let Some(call) = &comm.send else {
            let kept = Settled::new(Outcome::Applied, "kept in the incident directory; it goes nowhere by itself");
            return self.settle_comm(now, id, kept, Retry::Never);
        };
        let Some(text) = self.outgoing.get(id).cloned() else {
            return self.settle_comm(
                now,
                id,
                Settled::new(Outcome::NotSent, "its words are not in the incident directory any more: send it anew"),
                Retry::Never,
            );
        };
        match self.encode_words(call, &text) {
            Ok((backend, exchange)) => self.ask(Job::Send { comm: id.clone(), backend }, exchange, Use::Act, 10_000),
            Err(why) => self.settle_comm(now, id, Settled::new(Outcome::NotSent, why), Retry::Never),
        }
    }

    pub(super) fn send_answered(&mut self, now: &Moment, id: &Id, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        if let Some(call) = &playbook.comms[id].send {
            self.settle_comm(now, id, call.settle(result), retry(result));
        }
    }

    fn settle_comm(&mut self, now: &Moment, id: &Id, settled: Settled, retry: Retry) {
        let Settled { outcome, detail } = settled;
        self.submit(now, sensor(), Command::SettleMessage { comm: id.clone(), outcome, detail, retry }, Vec::new());
    }

    /// Asks for every message to be sent again that is due, and notes when the next one is.
    pub(super) fn tick_messages(&mut self, now: &Moment) {
        self.message_tick_at = None;
        if self.state.closed.is_some() {
            return;
        }
        for (comm, message) in &self.state.clone().messages {
            let Some(again) = &message.again_at else { continue };
            let mut wake = again.clone();
            if again.boot_ns <= now.boot_ns {
                // The disk may take its time: asked once more, it is still sent only once.
                wake = now.plus_ms(ASK_AGAIN_MS);
                self.submit(now, sensor(), Command::SendAgain { comm: comm.clone() }, Vec::new());
            }
            let sooner = self.message_tick_at.take().filter(|at| at.boot_ns <= wake.boot_ns);
            self.message_tick_at = sooner.or(Some(wake));
        }
    }
}
