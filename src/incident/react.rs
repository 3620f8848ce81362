//! What a believed event sets going. Replay never calls this: reading a journal can never pull a lever.

use super::about::{MessageFact, PullFact, StepFact, Subject};
use super::event::{AttemptId, Record};
use super::state::State;
use super::{PullState, ReadBack, StepStatus, derive};
use crate::kind::Outcome;
use crate::playbook::{Id, Playbook, StepKind};

/// Work outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a pull's exchange, once.
    Pull {
        /// Which pull.
        attempt: AttemptId,
    },
    /// Look whether the world followed a pull.
    ReadBack {
        /// Which pull.
        attempt: AttemptId,
    },
    /// Capture what a step asks for.
    Capture {
        /// Which step.
        step: Id,
    },
    /// Look until a step has seen what it waits for.
    Wait {
        /// Which step.
        step: Id,
    },
    /// Send a message that is in its file.
    Send {
        /// Which comm.
        comm: Id,
    },
}

/// The effects of an event that has just been synced and applied.
pub fn react(playbook: &Playbook, state: &State, record: &Record) -> Vec<Effect> {
    match record.event.about().subject {
        Subject::Pull(attempt, PullFact::Started { by_hand: false, .. }) => vec![Effect::Pull { attempt }],
        // Where nothing can look there is nothing to begin: a person says what they saw.
        Subject::Pull(attempt, PullFact::Settled(Outcome::Applied | Outcome::Unknown)) => {
            let looks = state.pulls.get(&attempt).is_some_and(|pull| has_read_back(playbook, pull));
            if looks { vec![Effect::ReadBack { attempt }] } else { Vec::new() }
        }
        Subject::Step(step, StepFact::Started(_)) => looks(playbook, step).into_iter().collect(),
        Subject::Message(comm, MessageFact::Leaves) => vec![Effect::Send { comm: comm.clone() }],
        Subject::Resumed => take_up(playbook, state),
        Subject::Pull(
            _,
            PullFact::Started { by_hand: true, .. }
            | PullFact::Settled(Outcome::Rejected | Outcome::NotSent)
            | PullFact::Seen(_),
        )
        | Subject::Step(
            _,
            StepFact::Done(_)
            | StepFact::Failed(_)
            | StepFact::Skipped(_)
            | StepFact::Overridden(_)
            | StepFact::Deferred(_)
            | StepFact::Reopened(_),
        )
        | Subject::Message(_, MessageFact::Settled)
        | Subject::Incident
        | Subject::Symptom(_)
        | Subject::Branch(_)
        | Subject::Lever(_)
        | Subject::Metric(_)
        | Subject::Probe(_)
        | Subject::Debt(_)
        | Subject::Hold
        | Subject::Evidence(_)
        | Subject::People
        | Subject::FollowUp(_) => Vec::new(),
    }
}

fn has_read_back(playbook: &Playbook, pull: &PullState) -> bool {
    playbook.levers.get(&pull.lever).is_some_and(|lever| derive::verify_of(lever, pull.way).is_some())
}

/// What a step looks at by itself once it has begun.
fn looks(playbook: &Playbook, step: &Id) -> Option<Effect> {
    match playbook.step(step)?.kind {
        StepKind::Capture(_) => Some(Effect::Capture { step: step.clone() }),
        StepKind::Wait(_) => Some(Effect::Wait { step: step.clone() }),
        StepKind::Pick(_) | StepKind::Pull(_) | StepKind::Sequence(_) | StepKind::Watch | StepKind::Ask(_) => None,
    }
}

/// After a resume only looks are taken up again: read-backs that have not said, captures and waits.
fn take_up(playbook: &Playbook, state: &State) -> Vec<Effect> {
    let unsaid = |pull: &PullState| pull.may_have_worked() && matches!(pull.read_back, None | Some(ReadBack::Unknown));
    let unread = state.pulls.iter().filter(|(_, pull)| unsaid(pull) && has_read_back(playbook, pull));
    let running = state.steps.iter().filter(|(_, step)| step.status == StepStatus::Running);
    let read_backs = unread.map(|(attempt, _)| Effect::ReadBack { attempt: *attempt });
    read_backs.chain(running.filter_map(|(step, _)| looks(playbook, step))).collect()
}
