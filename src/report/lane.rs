//! Which swim lane of the timeline an event belongs to.

use crate::incident::Event;
use schemars::JsonSchema;
use serde::Serialize;

/// A swim lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// What turned red or green, and who acknowledged it.
    Alerts,
    /// The declaration, the checklist and its steps.
    Steps,
    /// Levers, their outcomes and read-backs; what was flipped and went back.
    Levers,
    /// The hold, and what was owed before closing.
    Hold,
    /// Messages to people.
    Messages,
    /// What people said, asked, approved and took over.
    People,
    /// The journal itself, and what was captured.
    Record,
}

/// The lane of an event.
pub(super) fn lane_of(event: &Event) -> Lane {
    match event {
        Event::VerdictChanged { .. } | Event::Acknowledged { .. } | Event::ReversionAcknowledged { .. } => Lane::Alerts,
        Event::Declared { .. }
        | Event::ChecklistStarted
        | Event::BranchOpened { .. }
        | Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. }
        | Event::Closed { .. } => Lane::Steps,
        Event::PullStarted { .. }
        | Event::PullSettled { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::Reverted { .. } => Lane::Levers,
        Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldExtended { .. }
        | Event::HoldMet { .. } => Lane::Hold,
        Event::MessageQueued { .. } | Event::MessageSettled { .. } | Event::MessageRetried { .. } => Lane::Messages,
        Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::NoteAdded { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::ObjectionAcknowledged { .. }
        | Event::CommandAsked { .. }
        | Event::CommandDeclined { .. }
        | Event::CommandAskDropped { .. }
        | Event::HandedOver { .. }
        | Event::FollowedUp { .. } => Lane::People,
        Event::Opened { .. }
        | Event::SensorTurned { .. }
        | Event::BaselineCaptured { .. }
        | Event::BaselineMissed { .. }
        | Event::EvidenceCaptured { .. }
        | Event::Resumed { .. } => Lane::Record,
    }
}
