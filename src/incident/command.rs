//! What may be asked of an incident. `decide` answers with events or a refusal.

use super::Moment;
use super::event::{Actor, AttemptId, Drill, EvidenceRef, ReadBack, Way};
use crate::kind::{Outcome, Seen, Settled};
use crate::metrics::Verdict;
use crate::playbook::Id;
use crate::text::Text;
use std::collections::BTreeMap;

/// A command with its time and its asker; `decide` has no other clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// When it was asked.
    pub at: Moment,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub command: Command,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Begin the journal.
    Open {
        /// The incident's id.
        incident: Text,
        /// The SHA-256 of the playbook's bytes, in hex.
        playbook_sha256: String,
        /// goaround's version.
        version: Text,
        /// The drill's script.
        drill: Option<Drill>,
    },
    /// Declare a rollback and start the checklist. The broken stop limits become its triggers.
    Declare {
        /// 1 (worst) to 4.
        severity: u8,
        /// What the commander says the situation is; also a trigger where no stop limit is broken.
        size_up: Text,
    },
    /// Change the size-up.
    SizeUp {
        /// What the commander says the situation is.
        size_up: Text,
    },
    /// Raise a symptom by hand.
    DeclareSymptom {
        /// Which.
        symptom: Id,
    },
    /// Open a branch of the checklist by hand.
    OpenBranch {
        /// Which.
        branch: Id,
        /// Why.
        reason: Text,
    },
    /// Begin a step.
    StartStep {
        /// Which.
        step: Id,
        /// Why out of order; required when an earlier step is open.
        out_of_order: Option<Text>,
    },
    /// Say what was seen, for a step that asks or whose sensor cannot be seen.
    Confirm {
        /// Which.
        step: Id,
        /// What was seen.
        saw: Text,
        /// How long the answer took, in milliseconds.
        took_ms: u64,
        /// The second person who answers, where the step asks for one: their name, and not the asker's.
        approver: Option<Text>,
    },
    /// Choose a lever in a step that picks.
    Pick {
        /// The step.
        step: Id,
        /// The lever.
        lever: Id,
        /// How long the choice took, in milliseconds.
        took_ms: u64,
        /// Why this one, where the raised symptoms list others and not this one.
        reason: Option<Text>,
    },
    /// Leave a step out.
    Skip {
        /// Which.
        step: Id,
        /// Why.
        reason: Text,
    },
    /// Declare a step done against its sensor.
    Override {
        /// Which.
        step: Id,
        /// Why.
        reason: Text,
    },
    /// Put a step off.
    Defer {
        /// Which.
        step: Id,
        /// Until when or what.
        trigger: Text,
    },
    /// Open a step again that a person had marked.
    Reopen {
        /// Which.
        step: Id,
        /// Why.
        why: Text,
    },
    /// A capture could not be made.
    FailStep {
        /// Which.
        step: Id,
        /// Why.
        why: Text,
    },
    /// Fire an armed lever.
    Fire(Fire),
    /// A second person approves an armed lever.
    Approve {
        /// Their name.
        approver: Text,
        /// The lever.
        lever: Id,
        /// Which way.
        way: Way,
        /// The target, as it is armed.
        want: Text,
        /// The target, as they typed it.
        typed: Text,
        /// The SHA-256 of the exchange as JSON, in hex.
        request_sha256: String,
    },
    /// A pull's call ended.
    Settle {
        /// Which.
        attempt: AttemptId,
        /// How.
        settled: Settled,
        /// How long it took, in milliseconds.
        took_ms: u64,
        /// Request and answer.
        evidence: Option<EvidenceRef>,
    },
    /// A pull was read back.
    ReadBack {
        /// Which.
        attempt: AttemptId,
        /// What was found.
        result: ReadBack,
        /// What was seen last; of several probes through the first.
        saw: Seen,
        /// What was seen last through the others, in the playbook's order.
        also: Vec<Seen>,
        /// How many looks it took.
        looks: u32,
        /// From settlement on, in milliseconds.
        took_ms: u64,
    },
    /// Say what was seen of a pull that nothing can read back.
    Attest {
        /// Which.
        attempt: AttemptId,
        /// Whether it is as wanted.
        result: ReadBack,
        /// What was seen, in words.
        saw: Text,
    },
    /// The first moments of a metric whose baseline is taken at the start are over.
    CaptureBaseline {
        /// The metric.
        metric: Id,
        /// The median of what was sampled; `None` if nothing was.
        median: Option<f64>,
        /// Of how many samples.
        samples: u32,
    },
    /// A metric's verdict is another.
    Judge {
        /// Which.
        metric: Id,
        /// What it is now.
        verdict: Verdict,
    },
    /// A probe saw something else.
    Sense {
        /// Which.
        probe: Id,
        /// What it sees now.
        seen: Seen,
    },
    /// A step has waited long enough, or too long.
    EndWait {
        /// Which step.
        step: Id,
        /// How the wait ends.
        end: WaitEnd,
    },
    /// Something was captured.
    Capture {
        /// For which step.
        step: Option<Id>,
        /// In words.
        title: Text,
        /// The file.
        file: EvidenceRef,
        /// Values worth showing.
        values: BTreeMap<String, Text>,
        /// What could not be had.
        missing: Vec<Text>,
    },
    /// A message is written and to be sent.
    Send {
        /// Which comm.
        comm: Id,
        /// The file.
        file: EvidenceRef,
    },
    /// A message was sent, or could not be.
    SettleMessage {
        /// Which comm.
        comm: Id,
        /// How.
        outcome: Outcome,
        /// What was answered.
        detail: Text,
        /// When the same words may be sent again.
        retry: Retry,
    },
    /// Send the same words again, if they are due.
    SendAgain {
        /// Which comm.
        comm: Id,
    },
    /// Write something down.
    Note {
        /// What.
        text: Text,
    },
    /// Acknowledge an alert.
    Acknowledge {
        /// Which metric.
        metric: Id,
    },
    /// Acknowledge that a flip did not last.
    AcknowledgeReversion {
        /// The probe that sees it.
        probe: Id,
    },
    /// An observer, who asks, objects.
    Object {
        /// The name it came under.
        id: Text,
        /// To what.
        text: Text,
    },
    /// Acknowledge an objection.
    AcknowledgeObjection {
        /// The number of its record.
        objection: u64,
    },
    /// An observer, who asks, wants to command.
    AskCommand {
        /// The name of this asking.
        id: Text,
    },
    /// Who asked for command does not any more.
    DropAsk {
        /// Which asking.
        id: Text,
    },
    /// Keep command.
    DeclineCommand {
        /// Which asking.
        id: Text,
    },
    /// Give command to who asked for it.
    HandOver {
        /// Which asking.
        id: Text,
    },
    /// Let the running hold take longer.
    ExtendHold {
        /// By how many milliseconds.
        by_ms: u64,
    },
    /// Time passed: a hold may have come of age.
    Tick,
    /// The journal was opened again.
    Resume {
        /// How many bytes of a torn last line were set aside.
        torn_bytes: u64,
    },
    /// Close the incident.
    Close {
        /// Why, when debts are open or the hold was not met.
        override_reason: Option<Text>,
    },
    /// Tick off a follow-up of a closed incident; whoever asks saw to it.
    FollowUp {
        /// Which.
        id: Id,
        /// What was done, and where it can be read.
        note: Text,
    },
}

/// When a message that did not go out may be sent again by itself. Only messages are; a lever never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never: it was refused, or may have arrived.
    Never,
    /// Soon, and less soon each time: nobody could be reached.
    Soon,
    /// After this many milliseconds: the receiver said so.
    After(u64),
}

/// How a wait ends.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitEnd {
    /// What was waited for was seen.
    Met {
        /// What was seen.
        saw: Text,
        /// When, the oldest of what was seen.
        at: SeenAt,
    },
    /// Its time is over.
    Late {
        /// What was seen instead.
        why: Text,
    },
}

/// When something was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum SeenAt {
    /// A look sent then.
    Looked(Moment),
    /// A sample taken then, in milliseconds since 1970.
    Sampled(i64),
}

/// An armed lever, fired: everything absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct Fire {
    /// The lever.
    pub lever: Id,
    /// Which way.
    pub way: Way,
    /// The step it is pulled for.
    pub step: Option<Id>,
    /// What the world should show afterwards.
    pub want: Text,
    /// What it showed when armed.
    pub was: Option<Text>,
    /// The names bound when armed.
    pub bindings: BTreeMap<String, String>,
    /// The SHA-256 of the exchange as JSON, in hex.
    pub request_sha256: String,
    /// Why it is fired although a precheck does not hold.
    pub override_reason: Option<Text>,
    /// Whether a person has done it by hand: nothing is sent, it is read back.
    pub by_hand: bool,
}
