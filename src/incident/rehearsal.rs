//! A rehearsal: levers pulled and taken back, one after the other, each read back both ways.

use super::command::Command;
use super::event::Way;
use super::pilot::Move;
use super::ready::{Readiness, readiness};
use super::state::State;
use super::{PullState, derive};
use crate::kind::Outcome;
use crate::playbook::{Id, Playbook};

/// What a rehearsal of `levers` does next. A lever that is not ready is left alone, and so is one that does not come
/// back: the rest is rehearsed all the same.
pub fn rehearse(playbook: &Playbook, state: &State, levers: &[Id]) -> Move {
    if state.closed.is_some() {
        return Move::Landed;
    }
    if state.marks.declared.is_none() {
        return Move::Submit(Command::Declare { severity: 3, size_up: "rehearsal: there and back".into() });
    }
    let next = levers.iter().find_map(|lever| next_of(playbook, state, lever));
    next.unwrap_or_else(|| Move::Submit(Command::Close { override_reason: Some("a rehearsal ends here".into()) }))
}

/// The next move with one lever; nothing when it is through.
fn next_of(playbook: &Playbook, state: &State, lever: &Id) -> Option<Move> {
    let pull = |way| Some(Move::Pull { lever: lever.clone(), way, step: None });
    match state.last_pull(lever).map(|(_, pull)| pull) {
        None => (readiness(playbook, state, &playbook.levers[lever]) == Readiness::Ready).then(|| pull(Way::Do))?,
        Some(last) if is_under_way(last) => Some(Move::Wait),
        Some(last) if last.way == Way::Do && last.is_effective() => pull(Way::Undo),
        Some(_) => None,
    }
}

fn is_under_way(pull: &PullState) -> bool {
    matches!((&pull.outcome, pull.read_back), (None, _) | (Some((Outcome::Applied | Outcome::Unknown, _)), None))
}

/// Whether a lever can be rehearsed: it is taken back by a call, and both ways are read back.
pub fn can_rehearse(playbook: &Playbook, lever: &Id) -> bool {
    let seen = |way| derive::verify_of(&playbook.levers[lever], way).is_some();
    !playbook.levers[lever].irreversible && seen(Way::Do) && seen(Way::Undo)
}
