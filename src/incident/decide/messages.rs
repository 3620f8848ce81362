//! Messages: sent, settled, owed, and sent again where that can help and cannot tell anybody twice.

use super::life::own_debt;
use super::{Decided, Draft, refuse};
use crate::incident::command::Retry;
use crate::incident::event::{Event, EvidenceRef};
use crate::kind::Outcome;
use crate::playbook::Id;
use crate::text::Text;

/// How often a message is sent again by itself before a person has to.
const AGAIN_MAX: u32 = 5;
/// The pauses after a receiver could not be reached, in ms; the last one stays.
const PAUSES_MS: [u64; 5] = [5_000, 10_000, 20_000, 40_000, 60_000];

/// In how many milliseconds a message is sent again by itself after so many tries. Only one that cannot have been
/// taken is: whoever was told must not be told twice.
fn pause_ms(outcome: Outcome, retry: Retry, tries: u32) -> Option<u64> {
    let before = tries.saturating_sub(1);
    match (outcome, retry) {
        _ if before >= AGAIN_MAX => None,
        (Outcome::NotSent, Retry::Soon) => PAUSES_MS.get(usize::try_from(before).ok()?).copied(),
        (Outcome::Rejected, Retry::After(ms)) => Some(ms),
        (Outcome::Applied | Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, _) => None,
    }
}

impl Draft<'_> {
    pub(super) fn send(&mut self, comm: &Id, file: &EvidenceRef) -> Decided {
        if !self.playbook.comms.contains_key(comm) {
            return refuse(format!("there is no message `{comm}` in this playbook"));
        }
        if self.state.messages.get(comm).is_some_and(|message| message.outcome.is_none()) {
            return refuse("this message is being sent already");
        }
        self.push(Event::MessageQueued { comm: comm.clone(), file: file.clone() });
        Ok(())
    }

    /// A message that did not go out is a debt until it has; where that can help it is sent again by itself.
    pub(super) fn settle_message(&mut self, comm: &Id, outcome: Outcome, detail: &Text, retry: Retry) -> Decided {
        if !self.playbook.comms.contains_key(comm) {
            return refuse(format!("there is no message `{comm}` in this playbook"));
        }
        let tries = self.state.messages.get(comm).map_or(1, |message| message.tries);
        // After closing nobody sends anything any more.
        let again_in_ms = if self.state.closed.is_none() { pause_ms(outcome, retry, tries) } else { None };
        self.push(Event::MessageSettled { comm: comm.clone(), outcome, detail: detail.clone(), again_in_ms });
        self.owe_message(comm, outcome);
        Ok(())
    }

    /// The same words once more, when it is their time; whoever asks too early or twice asks for nothing.
    pub(super) fn send_again(&mut self, comm: &Id) -> Decided {
        let Some(message) = self.state.messages.get(comm) else {
            return refuse(format!("there is no message `{comm}` to send again"));
        };
        let at = &self.stamped.at;
        let due =
            message.again_at.as_ref().is_some_and(|again| again.boot_id == at.boot_id && again.boot_ns <= at.boot_ns);
        if due {
            let attempt = message.tries + 1;
            self.push(Event::MessageRetried { comm: comm.clone(), attempt });
        }
        Ok(())
    }

    /// Opens or pays a message's debt by how sending it ended.
    pub(super) fn owe_message(&mut self, comm: &Id, outcome: Outcome) {
        let Some(title) = self.playbook.comms.get(comm).map(|comm| &comm.title) else { return };
        let debt = own_debt("message", comm);
        let open = self.has_open_debt(&debt);
        match (outcome, open) {
            (Outcome::Applied, true) => self.push(Event::DebtPaid { debt, by: "sent".into() }),
            (Outcome::Applied, false) | (Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, true) => {}
            (Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, false) => {
                self.push(Event::DebtOpened { debt, title: format!("send: {title}").into() });
            }
        }
    }

    /// Nobody waits for the answer of a message that was on its way at a crash: whether it arrived, nobody knows.
    pub(super) fn settle_lost_messages(&mut self) {
        let messages = self.state.messages.iter();
        let lost: Vec<Id> =
            messages.filter(|(_, message)| message.outcome.is_none()).map(|(comm, _)| comm.clone()).collect();
        for comm in lost {
            let detail =
                "goaround ended before an answer came; it may have arrived, so a person sends it again, or not".into();
            self.push(Event::MessageSettled { comm, outcome: Outcome::Unknown, detail, again_in_ms: None });
        }
    }
}
