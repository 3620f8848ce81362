//! What counts as leaving the book, and what each such event says of its step.

use super::Dossier;
use crate::incident::about::{StepFact, Subject};
use crate::incident::event::DoneBy;
use crate::incident::{Event, Record, Way};
use crate::playbook::Id;
use crate::text::Text;

/// A step's deviation: its step, its word, and the reason given.
pub(super) struct OfStep<'a> {
    pub(super) step: &'a Id,
    pub(super) word: &'static str,
    pub(super) reason: &'a Text,
}

impl Dossier {
    /// What left the book. A rehearsal takes back whatever it pulled and closes before anything recovers: that is its
    /// book.
    pub(super) fn deviations(&self) -> impl Iterator<Item = &Record> {
        let opened = self.records.first().map(|record| &record.event);
        let is_rehearsal = matches!(opened, Some(Event::Opened { drill: Some(drill), .. }) if drill.rehearsal);
        let of_rehearsal =
            |event: &Event| matches!(event, Event::Closed { .. } | Event::PullStarted { way: Way::Undo, .. });
        let leaves = move |event: &Event| is_deviation(event) && !(is_rehearsal && of_rehearsal(event));
        self.records.iter().filter(move |record| leaves(&record.event))
    }
}

/// Whether a person went against the checklist, a sensor, a precheck or the hold here.
fn is_deviation(event: &Event) -> bool {
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
