//! What happened, in the past tense. A journal is a list of these.

use super::Moment;
pub use super::done::{Actor, DoneBy};
pub use super::evidence::EvidenceRef;
pub use super::trigger::{Drill, Trigger};
pub use super::way::{AttemptId, ReadBack, Way};
use crate::kind::{Outcome, Seen};
use crate::metrics::Verdict;
use crate::playbook::Id;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One believed event.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its place in the journal, from 1.
    pub seq: u64,
    /// When it was decided.
    pub at: Moment,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
}

/// A fact. Serialised as `{"pull_started":{…}}`; `journal/` adds seq, time, actor and chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The directory was opened: what is flown. Always record 1.
    Opened {
        /// The incident's id (`20261121-031200-docs-rag`, `drill-index-mismatch-1`).
        incident: Text,
        /// The service.
        service: Id,
        /// The environment.
        environment: Id,
        /// The profile; empty if the playbook has none.
        profile: Text,
        /// The SHA-256 of `playbook.toml`, in hex.
        playbook_sha256: String,
        /// goaround's version.
        version: Text,
        /// The scenario and seed, when it is a drill.
        drill: Option<Drill>,
    },
    /// A rollback was declared.
    Declared {
        /// 1 (worst) to 4.
        severity: u8,
        /// The stop limits that were broken, or what the person said.
        triggers: Vec<Trigger>,
        /// What the commander says the situation is.
        size_up: Text,
    },
    /// The size-up was changed.
    SizedUp {
        /// What the commander says the situation is.
        size_up: Text,
    },
    /// A person raised a symptom.
    SymptomDeclared {
        /// Which.
        symptom: Id,
    },
    /// The checklist was begun.
    ChecklistStarted,
    /// A part of the checklist is flown from here on.
    BranchOpened {
        /// Which.
        branch: Id,
        /// What opened it, or the reason of the person who did.
        why: Text,
    },
    /// A step was begun.
    StepStarted {
        /// Which.
        step: Id,
        /// Why it was begun out of order.
        out_of_order: Option<Text>,
    },
    /// A step is done.
    StepDone {
        /// Which.
        step: Id,
        /// How.
        by: DoneBy,
        /// The lever chosen, for a step that picks.
        pick: Option<Id>,
    },
    /// A step failed: its answer or its captures say so.
    StepFailed {
        /// Which.
        step: Id,
        /// Why.
        why: Text,
    },
    /// A step was skipped.
    StepSkipped {
        /// Which.
        step: Id,
        /// Why.
        reason: Text,
    },
    /// A step was declared done against its sensor.
    StepOverridden {
        /// Which.
        step: Id,
        /// Why.
        reason: Text,
    },
    /// A step was put off, which opens a debt.
    StepDeferred {
        /// Which.
        step: Id,
        /// Until when or what.
        trigger: Text,
    },
    /// A step that was done is open again.
    StepReopened {
        /// Which.
        step: Id,
        /// Why.
        why: Text,
    },
    /// A pull is about to be sent. On disk before anything leaves.
    PullStarted {
        /// Its number.
        attempt: AttemptId,
        /// The lever.
        lever: Id,
        /// Which way.
        way: Way,
        /// The step it was pulled for.
        step: Option<Id>,
        /// What the world should show afterwards, absolute.
        want: Text,
        /// What it showed before.
        was: Option<Text>,
        /// The names bound at arming.
        bindings: BTreeMap<String, String>,
        /// The SHA-256 of the exchange as JSON, in hex.
        request_sha256: String,
        /// Its total deadline in milliseconds.
        deadline_ms: u64,
        /// Why it was fired against a precheck.
        override_reason: Option<Text>,
        /// Whether a person does it by hand: nothing is sent.
        by_hand: bool,
    },
    /// A pull's call ended.
    PullSettled {
        /// Its number.
        attempt: AttemptId,
        /// How.
        outcome: Outcome,
        /// What was answered.
        detail: Text,
        /// How long it took in milliseconds.
        took_ms: u64,
        /// Request and answer, redacted.
        evidence: Option<EvidenceRef>,
    },
    /// A pull was read back.
    ReadBack {
        /// Its number.
        attempt: AttemptId,
        /// What was found.
        result: ReadBack,
        /// What was seen last; of several probes through the one that says most.
        saw: Seen,
        /// How many looks it took.
        looks: u32,
        /// From settlement to here, in milliseconds.
        took_ms: u64,
        /// Of several probes: how many agree, and what the others show; `None` when all do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<Text>,
    },
    /// A person said what they saw of a pull that nothing can read back. Their name is the record's actor.
    Attested {
        /// Its number.
        attempt: AttemptId,
        /// Whether it is as wanted: `Agrees` or `Disagrees`.
        result: ReadBack,
        /// What they saw, in their words.
        saw: Text,
    },
    /// A metric's verdict changed.
    VerdictChanged {
        /// Which.
        metric: Id,
        /// To what.
        verdict: Verdict,
    },
    /// A baseline was taken at the start, while nothing was wrong.
    BaselineCaptured {
        /// The metric.
        metric: Id,
        /// The median, in the metric's unit.
        value: f64,
        /// Of how many samples.
        samples: u32,
    },
    /// A baseline was to be taken at the start and could not be: there is none in this incident.
    BaselineMissed {
        /// The metric.
        metric: Id,
        /// Why.
        why: Text,
    },
    /// A probe sees something else than before.
    SensorTurned {
        /// Which.
        probe: Id,
        /// What it sees now.
        seen: Seen,
    },
    /// What was flipped, and seen so, is something else again, and nobody here took it back.
    Reverted {
        /// The probe that sees it.
        probe: Id,
        /// What it showed while it was in force.
        was: Text,
        /// What it shows now.
        now: Text,
    },
    /// Something must be undone before closing.
    DebtOpened {
        /// Which: a debt of the playbook, `step-<id>` for a deferred step, `message-<id>` for an unsent message.
        debt: Id,
        /// In words.
        title: Text,
    },
    /// It was undone.
    DebtPaid {
        /// Which.
        debt: Id,
        /// How.
        by: Text,
    },
    /// The hold began.
    HoldStarted,
    /// The hold stands still: a target cannot be measured.
    HoldPaused {
        /// Why.
        why: Text,
    },
    /// The hold runs on after a pause.
    HoldResumed,
    /// The streak starts again from zero.
    HoldReset {
        /// Why.
        why: Text,
    },
    /// A person lets the hold take longer than the playbook says. What must be green, and for how long, stays.
    HoldExtended {
        /// By how many milliseconds.
        by_ms: u64,
    },
    /// Every exit target was green for as long as asked.
    HoldMet {
        /// The streak in milliseconds.
        green_ms: u64,
    },
    /// Something was captured.
    EvidenceCaptured {
        /// The step it was captured for.
        step: Option<Id>,
        /// In words.
        title: Text,
        /// The file.
        file: EvidenceRef,
        /// Values worth showing: pins and samples by name.
        values: BTreeMap<String, Text>,
        /// Names that were asked for and could not be had.
        missing: Vec<Text>,
    },
    /// A message was written and is to be sent.
    MessageQueued {
        /// Its comm in the playbook.
        comm: Id,
        /// The file.
        file: EvidenceRef,
    },
    /// A message was sent, or could not be.
    MessageSettled {
        /// Its comm in the playbook.
        comm: Id,
        /// How.
        outcome: Outcome,
        /// What the receiver answered.
        detail: Text,
        /// In how many milliseconds the same words are sent again by themselves; `None` if only a person does that.
        #[serde(default)]
        again_in_ms: Option<u64>,
    },
    /// The same words are about to be sent again. On disk before anything leaves.
    MessageRetried {
        /// Its comm in the playbook.
        comm: Id,
        /// Which try this is; the first was when it was queued.
        attempt: u32,
    },
    /// Someone wrote something down.
    NoteAdded {
        /// What.
        text: Text,
    },
    /// An alert was seen by a person.
    Acknowledged {
        /// The metric.
        metric: Id,
    },
    /// A person has seen that a flip did not last; it is alarming all the same until it is back.
    ReversionAcknowledged {
        /// The probe that sees it.
        probe: Id,
    },
    /// A second person approved one pull, before it was fired.
    Approved {
        /// Who; never the record's actor, who commands.
        approver: Text,
        /// The lever.
        lever: Id,
        /// Which way.
        way: Way,
        /// The target, as they typed it.
        want: Text,
        /// The SHA-256 of the exchange they approved, in hex.
        request_sha256: String,
    },
    /// An observer objects; who is the record's actor.
    Objected {
        /// To what.
        text: Text,
        /// The name it came under, so that it is written down once; empty in journals older than that.
        #[serde(default, skip_serializing_if = "Text::is_empty")]
        id: Text,
    },
    /// The commander has seen an objection.
    ObjectionAcknowledged {
        /// The number of the record that has it.
        objection: u64,
    },
    /// An observer, the record's actor, asks for command.
    CommandAsked {
        /// The name of this asking.
        id: Text,
    },
    /// The commander keeps command.
    CommandDeclined {
        /// Which asking.
        id: Text,
        /// Whose.
        to: Actor,
    },
    /// An observer does not ask for command any more: taken back, or gone.
    CommandAskDropped {
        /// Which asking.
        id: Text,
        /// Whose.
        by: Actor,
    },
    /// Command changed hands: nobody commands until the other one resumes.
    HandedOver {
        /// To whom.
        to: Actor,
        /// Which asking was granted; empty in journals older than that.
        #[serde(default, skip_serializing_if = "Text::is_empty")]
        id: Text,
    },
    /// The journal was opened again.
    Resumed {
        /// How many bytes of a torn last line were set aside.
        torn_bytes: u64,
        /// Pulls that were started and never settled: Unknown from here on.
        unsettled: Vec<AttemptId>,
    },
    /// The incident is over.
    Closed {
        /// Whether the hold was met and no debt was left.
        recovered: bool,
        /// Why it was closed all the same.
        override_reason: Option<Text>,
    },
    /// After closing, something on the list of follow-ups was seen to.
    FollowedUp {
        /// Which.
        id: Id,
        /// By whom.
        by: Text,
        /// What was done, and where it can be read.
        note: Text,
    },
}
