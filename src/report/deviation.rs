//! What counts as leaving the book, and what each such event says of its step.

use crate::incident::Event;
use crate::incident::about::{StepFact, Subject};
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
        // What else leaves the book leaves it at a step.
        other => of_step(other).is_some(),
    }
}

/// What an event says of a step that left the book.
pub(super) fn of_step(event: &Event) -> Option<OfStep<'_>> {
    let Subject::Step(step, fact) = event.about().subject else { return None };
    let told = |word, reason| Some(OfStep { step, word, reason });
    match fact {
        StepFact::Started(out_of_order) => told("started out of order", out_of_order?),
        StepFact::Done(DoneBy::Confirmed { reason, .. }) => told("PICKED AGAINST THE RANKING", reason.as_ref()?),
        StepFact::Done(DoneBy::Sensed { .. }) => None,
        StepFact::Failed(why) => told("FAILED", why),
        StepFact::Skipped(reason) => told("SKIPPED", reason),
        StepFact::Overridden(reason) => told("OVERRIDDEN", reason),
        StepFact::Deferred(trigger) => told("DEFERRED", trigger),
        StepFact::Reopened(why) => told("REOPENED", why),
    }
}
