//! Where messages stand, in words: sent, on their way, due.

use super::scene::Scene;
use super::theme::Token;
use super::words;
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};

/// Where a message stands, in words.
pub(super) fn comm_words(scene: &Scene, comm: &Comm) -> (String, Token) {
    let Some(message) = scene.state.messages.get(&comm.id) else {
        return due_words(scene, comm);
    };
    let queued = scene.state.since_declared(&message.queued).map(|t| words::clock(t.ms)).unwrap_or_default();
    match &message.outcome {
        None => (format!("sending {queued}"), Token::Running),
        Some((Outcome::Applied, detail)) => (format!("sent {queued} {detail}"), Token::Ok),
        Some((outcome, detail)) => match again_words(scene, &comm.id) {
            Some(again) => (format!("{}; {again}; {detail}", outcome.word()), Token::Warn),
            None => (format!("{} {detail}", outcome.word()), Token::Breach),
        },
    }
}

/// The messages that are due after a declaration and that nobody has sent: overdue, or due in a while.
pub(super) fn unsent(scene: &Scene) -> Vec<String> {
    let due = |comm: &&Comm| comm.due_ms.is_some() && !scene.state.messages.contains_key(&comm.id);
    let told = |comm: &Comm| format!("{}: {}", comm.title, due_words(scene, comm).0);
    match scene.state.marks.declared {
        Some(_) => scene.playbook.comms.values().filter(due).map(told).collect(),
        None => Vec::new(),
    }
}

/// When a message that did not go out goes again by itself.
pub(super) fn again_words(scene: &Scene, comm: &Id) -> Option<String> {
    let message = scene.state.messages.get(comm)?;
    let again = message.again_at.as_ref()?;
    Some(format!("try {} by itself in {}", message.tries + 1, words::age(again.since(&scene.now).ms)))
}

fn due_words(scene: &Scene, comm: &Comm) -> (String, Token) {
    let (Some(due), Some(since)) = (comm.due_ms, scene.state.since_declared(&scene.now)) else {
        return ("draft".into(), Token::Muted);
    };
    if since.ms > due {
        (format!("OVERDUE {}", words::clock(since.ms - due)), Token::Warn)
    } else {
        (format!("draft, due in {}", words::clock(due - since.ms)), Token::Muted)
    }
}
