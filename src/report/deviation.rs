//! What counts as leaving the book, and what each such event says of its step.

use crate::incident::Event;
use crate::incident::event::DoneBy;
use crate::playbook::Id;
use crate::text::Text;

/// A step's deviation: its step, its word, and the reason given.
pub(super) struct OfStep<'a> {
    pub(super) step: &'a Id,
    pub(super) word: &'static str,
    pub(super) reason: &'a Text,
}

/// Whether a person went against the checklist, a sensor, a precheck or the hold here.
pub(super) fn is_deviation(event: &Event) -> bool {
    match event {
        Event::Objected { .. } => true,
        Event::PullStarted { override_reason, by_hand, .. } => override_reason.is_some() || *by_hand,
        Event::Closed { override_reason, .. } => override_reason.is_some(),
        // Which events are about steps is listed there, every one of them.
        other => of_step(other).is_some(),
    }
}

/// What an event says of a step that left the book.
pub(super) fn of_step(event: &Event) -> Option<OfStep<'_>> {
    let told = |step, word, reason| Some(OfStep { step, word, reason });
    match event {
        Event::StepStarted { step, out_of_order } => told(step, "started out of order", out_of_order.as_ref()?),
        Event::StepSkipped { step, reason } => told(step, "SKIPPED", reason),
        Event::StepOverridden { step, reason } => told(step, "OVERRIDDEN", reason),
        Event::StepDeferred { step, trigger } => told(step, "DEFERRED", trigger),
        Event::StepDone { step, by: DoneBy::Confirmed { reason, .. }, .. } => {
            told(step, "PICKED AGAINST THE RANKING", reason.as_ref()?)
        }
        Event::StepFailed { step, why } => told(step, "FAILED", why),
        Event::StepReopened { step, why } => told(step, "REOPENED", why),
        Event::PullStarted { .. }
        | Event::Objected { .. }
        | Event::Closed { .. }
        | Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::BranchOpened { .. }
        | Event::StepDone { by: DoneBy::Sensed { .. }, .. }
        | Event::PullSettled { .. }
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
        | Event::MessageQueued { .. }
        | Event::MessageSettled { .. }
        | Event::MessageRetried { .. }
        | Event::NoteAdded { .. }
        | Event::Acknowledged { .. }
        | Event::ReversionAcknowledged { .. }
        | Event::Approved { .. }
        | Event::HandedOver { .. }
        | Event::CommandAsked { .. }
        | Event::CommandDeclined { .. }
        | Event::CommandAskDropped { .. }
        | Event::ObjectionAcknowledged { .. }
        | Event::Resumed { .. }
        | Event::FollowedUp { .. } => None,
    }
}
