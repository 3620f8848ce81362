//! What an event is about: the one list that every event stands in, which panels, reports and effects read.

use super::done::DoneBy;
use super::event::{AttemptId, Event, ReadBack};
use super::evidence::EvidenceRef;
use crate::kind::Outcome;
use crate::playbook::Id;
use crate::text::Text;

/// What an event is about, how it weighs, and the file it names.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// What it is about.
    pub subject: Subject<'a>,
    /// How it weighs where it stands among others.
    pub weight: Weight,
    /// The file it names.
    pub file: Option<&'a EvidenceRef>,
}

/// What an event is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The incident as a whole.
    Incident,
    /// The journal was opened again.
    Resumed,
    /// A symptom.
    Symptom(&'a Id),
    /// A branch of the checklist.
    Branch(&'a Id),
    /// A step, and what became of it.
    Step(&'a Id, StepFact<'a>),
    /// A pull, and what became of it.
    Pull(AttemptId, PullFact<'a>),
    /// A lever that was not pulled yet.
    Lever(&'a Id),
    /// A metric.
    Metric(&'a Id),
    /// A probe.
    Probe(&'a Id),
    /// A debt.
    Debt(&'a Id),
    /// The hold.
    Hold,
    /// What was captured, and for which step.
    Evidence(Option<&'a Id>),
    /// A message, and whether it is about to leave.
    Message(&'a Id, MessageFact),
    /// What people said or asked for.
    People,
    /// What was seen to after closing.
    FollowUp(&'a Id),
}

/// What became of a step, with the reason that was given.
#[derive(Clone, Copy, Debug)]
pub enum StepFact<'a> {
    /// Begun; out of order with a reason.
    Started(Option<&'a Text>),
    /// Done.
    Done(&'a DoneBy),
    /// Failed.
    Failed(&'a Text),
    /// Skipped.
    Skipped(&'a Text),
    /// Declared done against its sensor.
    Overridden(&'a Text),
    /// Put off.
    Deferred(&'a Text),
    /// Open again.
    Reopened(&'a Text),
}

/// What became of a pull.
#[derive(Clone, Copy, Debug)]
pub enum PullFact<'a> {
    /// It is about to be sent.
    Started {
        /// The step it is for.
        step: Option<&'a Id>,
        /// Whether a person does it, so that nothing is sent.
        by_hand: bool,
    },
    /// Its call ended.
    Settled(Outcome),
    /// It was looked at, by a probe or by a person.
    Seen(ReadBack),
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFact {
    /// It is about to be sent.
    Leaves,
    /// It was sent, or could not be.
    Settled,
}

/// How an event weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// One of many.
    Plain,
    /// A mark in time: what came before and what came after differ.
    Mark,
    /// Something went back, or went wrong.
    Caution,
    /// Something that was done has undone itself.
    Alarm,
    /// A person went past something.
    Past,
    /// Something ended well.
    Good,
}

impl<'a> About<'a> {
    fn of(subject: Subject<'a>) -> Self {
        Self { subject, weight: Weight::Plain, file: None }
    }

    fn step(step: &'a Id, fact: StepFact<'a>) -> Self {
        let weight = match fact {
            StepFact::Started(_) | StepFact::Done(_) | StepFact::Deferred(_) => Weight::Plain,
            StepFact::Failed(_) | StepFact::Reopened(_) => Weight::Caution,
            StepFact::Skipped(_) | StepFact::Overridden(_) => Weight::Past,
        };
        Self { weight, ..Self::of(Subject::Step(step, fact)) }
    }

    fn weighs(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    fn names(self, file: &'a EvidenceRef) -> Self {
        Self { file: Some(file), ..self }
    }
}

impl Event {
    /// What it is about.
    pub fn about(&self) -> About<'_> {
        use Weight::{Alarm, Caution, Good, Mark};
        let of = About::of;
        match self {
            Self::Opened { .. } | Self::Declared { .. } | Self::SizedUp { .. } | Self::ChecklistStarted => {
                of(Subject::Incident)
            }
            Self::Closed { .. } => of(Subject::Incident).weighs(Good),
            Self::Resumed { .. } => of(Subject::Resumed),
            Self::SymptomDeclared { symptom } => of(Subject::Symptom(symptom)),
            Self::BranchOpened { branch, .. } => of(Subject::Branch(branch)).weighs(Mark),
            Self::StepStarted { step, out_of_order } => About::step(step, StepFact::Started(out_of_order.as_ref())),
            Self::StepDone { step, by, .. } => About::step(step, StepFact::Done(by)),
            Self::StepFailed { step, why } => About::step(step, StepFact::Failed(why)),
            Self::StepSkipped { step, reason } => About::step(step, StepFact::Skipped(reason)),
            Self::StepOverridden { step, reason } => About::step(step, StepFact::Overridden(reason)),
            Self::StepDeferred { step, trigger } => About::step(step, StepFact::Deferred(trigger)),
            Self::StepReopened { step, why } => About::step(step, StepFact::Reopened(why)),
            Self::PullStarted { attempt, step, by_hand, .. } => {
                let fact = PullFact::Started { step: step.as_ref(), by_hand: *by_hand };
                of(Subject::Pull(*attempt, fact)).weighs(Mark)
            }
            Self::PullSettled { attempt, outcome, evidence, .. } => {
                About { file: evidence.as_ref(), ..of(Subject::Pull(*attempt, PullFact::Settled(*outcome))) }
            }
            Self::ReadBack { attempt, result, .. } | Self::Attested { attempt, result, .. } => {
                of(Subject::Pull(*attempt, PullFact::Seen(*result)))
            }
            Self::Approved { lever, .. } => of(Subject::Lever(lever)),
            Self::VerdictChanged { metric, .. }
            | Self::BaselineCaptured { metric, .. }
            | Self::Acknowledged { metric } => of(Subject::Metric(metric)),
            Self::BaselineMissed { metric, .. } => of(Subject::Metric(metric)).weighs(Caution),
            Self::SensorTurned { probe, .. } | Self::ReversionAcknowledged { probe } => of(Subject::Probe(probe)),
            Self::Reverted { probe, .. } => of(Subject::Probe(probe)).weighs(Alarm),
            Self::DebtOpened { debt, .. } | Self::DebtPaid { debt, .. } => of(Subject::Debt(debt)),
            Self::HoldStarted | Self::HoldPaused { .. } | Self::HoldResumed | Self::HoldExtended { .. } => {
                of(Subject::Hold)
            }
            Self::HoldReset { .. } => of(Subject::Hold).weighs(Caution),
            Self::HoldMet { .. } => of(Subject::Hold).weighs(Good),
            Self::EvidenceCaptured { step, file, .. } => of(Subject::Evidence(step.as_ref())).names(file),
            Self::MessageQueued { comm, file } => of(Subject::Message(comm, MessageFact::Leaves)).names(file),
            Self::MessageRetried { comm, .. } => of(Subject::Message(comm, MessageFact::Leaves)),
            Self::MessageSettled { comm, .. } => of(Subject::Message(comm, MessageFact::Settled)),
            Self::NoteAdded { .. }
            | Self::CommandDeclined { .. }
            | Self::CommandAskDropped { .. }
            | Self::ObjectionAcknowledged { .. } => of(Subject::People),
            Self::Objected { .. } | Self::CommandAsked { .. } | Self::HandedOver { .. } => {
                of(Subject::People).weighs(Mark)
            }
            Self::FollowedUp { id, .. } => of(Subject::FollowUp(id)).weighs(Good),
        }
    }
}
