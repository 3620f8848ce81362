//! Messages before there is an incident: whether whom they go to is there. Nobody is told anything.

use super::backends::{BackendRow, BackendState};
use super::{Look, Wanted, What, at};
use crate::app::flight;
use crate::kind::{Answer, Call, Exchange, Fault, Seen};
use crate::playbook::{Comm, Id, Playbook};
use crate::text::Text;
use serde::Serialize;

/// How long a receiver may take to answer, in ms.
const KNOCK_MS: u64 = 5_000;

/// Whether whom a message goes to is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageState {
    /// Somebody answers there.
    Reachable,
    /// Nobody answers, or we are turned away.
    Unreachable,
    /// Only sending would show it.
    Unseen,
    /// It is written to a file in the incident directory and goes nowhere by itself.
    File,
}

impl MessageState {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reachable => "REACHABLE",
            Self::Unreachable => "UNREACHABLE",
            Self::Unseen => "UNSEEN",
            Self::File => "FILE",
        }
    }
}

/// One message. One that cannot be sent warns, and never changes whether the levers could be flown.
#[derive(Debug, Serialize)]
pub struct MessageRow {
    /// Its id.
    pub message: Id,
    /// In words.
    pub title: String,
    /// Where it goes; absent for one that is only written to a file.
    pub backend: Option<String>,
    /// Whether somebody is there.
    pub state: MessageState,
    /// What was answered to a look that says nothing (`HEAD /` of a web server).
    pub answered: Option<Text>,
    /// Why nobody can be reached, or cannot be seen.
    pub why: Option<Text>,
    /// From sending the look to the whole answer; absent when nothing was sent.
    pub took_ms: Option<u64>,
}

/// The look at whom a message goes to; `None` where only sending would show whether they are there.
pub(super) fn wanted(playbook: &Playbook, comm: &Comm) -> Option<Wanted> {
    let call = comm.send.as_ref()?;
    let knock = match exchange(playbook, call) {
        Ok((backend, exchange)) => Ok((backend, exchange.knock()?)),
        Err(why) => Err(why),
    };
    Some((What::Message(comm.id.clone()), at(playbook, call.backend(), knock), KNOCK_MS))
}

/// What would be sent, if anything were said.
fn exchange(playbook: &Playbook, call: &Call) -> Result<(Id, Exchange), String> {
    flight::encode_message(playbook, call, "20261121-031200-preflight", "said by nobody")
}

/// How whom a message goes to has answered.
pub(super) fn see(result: &Result<Answer, Fault>) -> Seen {
    match result.as_ref().map(Answer::to_knock) {
        Ok(Ok(said)) => Seen::Value(said),
        Ok(Err(why)) => Seen::Failed(why),
        Err(fault) => Seen::Failed(fault.to_string().into()),
    }
}

/// Every message of the playbook.
pub(super) fn rows(
    playbook: &Playbook,
    looks: &[Look],
    backends: &[BackendRow],
    unfit: &dyn Fn(&Exchange) -> Option<String>,
) -> Vec<MessageRow> {
    let row = |comm: &Comm| {
        let look = looks.iter().find(|look| look.what == What::Message(comm.id.clone()));
        let (state, answered, why) = match (&comm.send, look.and_then(|look| look.seen.as_ref())) {
            (None, _) => (MessageState::File, None, None),
            (Some(_), Some(Seen::Value(said))) => (MessageState::Reachable, Some(said.clone()), None),
            (Some(_), Some(Seen::Absent(why) | Seen::Failed(why))) => {
                (MessageState::Unreachable, None, Some(why.clone()))
            }
            (Some(call), None) => by_others(playbook, call, backends, unfit),
        };
        MessageRow {
            message: comm.id.clone(),
            title: comm.title.clone(),
            backend: comm.send.as_ref().map(|call| call.backend().to_owned()),
            state,
            answered,
            why,
            took_ms: look.and_then(|look| look.took_ms),
        }
    };
    playbook.comms.values().map(row).collect()
}

/// What is known of a receiver that cannot be asked: what this machine lacks, and what probes see at the same place.
fn by_others(
    playbook: &Playbook,
    call: &Call,
    backends: &[BackendRow],
    unfit: &dyn Fn(&Exchange) -> Option<String>,
) -> (MessageState, Option<Text>, Option<Text>) {
    let lacking = exchange(playbook, call).ok().and_then(|(_, exchange)| unfit(&exchange));
    if let Some(why) = lacking {
        return (MessageState::Unreachable, None, Some(why.into()));
    }
    match backends.iter().find(|row| row.backend.as_str() == call.backend()) {
        Some(row) if row.state == BackendState::Up => (MessageState::Reachable, None, None),
        Some(row) if row.state != BackendState::Unseen => (MessageState::Unreachable, None, row.why.clone()),
        Some(_) | None => (MessageState::Unseen, None, Some("only sending would show it".into())),
    }
}
