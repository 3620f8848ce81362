//! What a believed event sets going. Replay never calls this: reading a journal can never pull a lever.

use super::event::{AttemptId, Event, Record};
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
    match &record.event {
        Event::PullStarted { by_hand: true, .. } => Vec::new(),
        Event::PullStarted { attempt, .. } => vec![Effect::Pull { attempt: *attempt }],
        // Where nothing can look there is nothing to begin: a person says what they saw.
        Event::PullSettled { attempt, outcome: Outcome::Applied | Outcome::Unknown, .. } => {
            let looks = state.pulls.get(attempt).is_some_and(|pull| has_read_back(playbook, pull));
            if looks { vec![Effect::ReadBack { attempt: *attempt }] } else { Vec::new() }
        }
        Event::StepStarted { step, .. } => looks(playbook, step).into_iter().collect(),
        Event::MessageQueued { comm, .. } | Event::MessageRetried { comm, .. } => {
            vec![Effect::Send { comm: comm.clone() }]
        }
        Event::Resumed { .. } => take_up(playbook, state),
        Event::PullSettled { outcome: Outcome::Rejected | Outcome::NotSent, .. }
        | Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::BranchOpened { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::VerdictChanged { .. }
        | Event::BaselineCaptured { .. }
        | Event::BaselineMissed { .. }
        | Event::SensorTurned { .. }
        | Event::Reverted { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldExtended { .. }
        | Event::HoldMet { .. }
        | Event::EvidenceCaptured { .. }
        | Event::MessageSettled { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::ReversionAcknowledged { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::HandedOver { .. }
        | Event::CommandAsked { .. }
        | Event::CommandDeclined { .. }
        | Event::CommandAskDropped { .. }
        | Event::ObjectionAcknowledged { .. }
        | Event::Closed { .. }
        | Event::FollowedUp { .. } => Vec::new(),
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
