//! Every pull as data: what was asked, how its call ended, what was seen afterwards, by whom.

use super::facts::{Facts, Pull};
use super::sent::sent;
use crate::incident::{AttemptId, Event, ReadBack, Record, Way};
use crate::kind::Seen;
use schemars::JsonSchema;
use serde::Serialize;

/// The word for what a person says they saw. It is never that of a probe, which has seen the world.
pub(super) const ATTESTED: &str = "ATTESTED";

/// One pull of a lever. Foreign words in it are as they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pulled {
    /// Its number.
    pub attempt: AttemptId,
    /// The lever: a line of Markdown.
    pub lever: String,
    /// Whether it was a taking back.
    pub undo: bool,
    /// Whether it is a person's word that it was done: nothing was sent.
    pub by_hand: bool,
    /// In whose name it was fired.
    pub by: String,
    /// Who approved it, where two persons are asked for.
    pub approved_by: Option<String>,
    /// The step it was pulled for: a line of Markdown.
    pub step: Option<String>,
    /// When it was fired, in milliseconds since `zero_ms`.
    pub t_ms: i64,
    /// The line that says so.
    pub line: u64,
    /// What the world showed before.
    pub was: Option<String>,
    /// What it should show afterwards.
    pub want: String,
    /// Why it was fired against a precheck.
    pub override_reason: Option<String>,
    /// The SHA-256 of the request, in hex.
    pub request_sha256: String,
    /// The request, line by line, as it was shown before it was fired: long ones are cut. None where it cannot be shown.
    pub request: Option<Vec<String>>,
    /// Why the request cannot be shown.
    pub withheld: Option<String>,
    /// Its deadline in milliseconds.
    pub deadline_ms: u64,
    /// How its call ended; none where that was never recorded, which is UNKNOWN.
    pub ended: Option<Ended>,
    /// What was seen afterwards; none where nobody looked.
    pub read_back: Option<Seem>,
}

/// How a pull's call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ended {
    /// The word for it: `APPLIED`, `REJECTED`, `NOT SENT`, `UNKNOWN`.
    pub word: &'static str,
    /// What was answered.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The file with request and answer.
    pub evidence: Option<String>,
    /// The line that says so.
    pub line: u64,
}

/// What was seen after a pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seem {
    /// The word for it: `AGREES`, `DISAGREES`, `UNKNOWN` where a probe looked; `ATTESTED` where a person said so.
    pub word: &'static str,
    /// Whether what was seen, or said, is what was wanted; none where it could not be seen.
    pub as_wanted: Option<bool>,
    /// What was seen last, or what a person said they saw.
    pub saw: String,
    /// Who said so, where no probe looked.
    pub attested_by: Option<String>,
    /// How many looks it took.
    pub looks: Option<u32>,
    /// From firing to here, in milliseconds.
    pub after_ms: u64,
    /// The line that says so.
    pub line: u64,
}

/// Every pull, in order.
pub(super) fn pulled(facts: &Facts) -> Vec<Pulled> {
    facts.pulls.iter().filter_map(|(attempt, pull)| of(facts, *attempt, pull)).collect()
}

fn of(facts: &Facts, attempt: AttemptId, pull: &Pull) -> Option<Pulled> {
    let Event::PullStarted { step, want, was, request_sha256, deadline_ms, override_reason, .. } = &pull.started.event
    else {
        return None;
    };
    let approver = |record: &Record| match &record.event {
        Event::Approved { approver, .. } => Some(approver.to_string()),
        _ => None,
    };
    let request = if pull.by_hand { Err("nothing was sent") } else { sent(facts.dossier, pull) };
    Some(Pulled {
        attempt,
        lever: facts.dossier.lever(pull.lever),
        undo: pull.way == Way::Undo,
        by_hand: pull.by_hand,
        by: pull.started.actor.to_string(),
        approved_by: pull.approved.and_then(approver),
        step: step.as_ref().map(|step| facts.dossier.step(step)),
        t_ms: facts.t_ms(pull.started),
        line: pull.started.seq,
        was: was.as_ref().map(ToString::to_string),
        want: want.to_string(),
        override_reason: override_reason.as_ref().map(ToString::to_string),
        request_sha256: request_sha256.clone(),
        withheld: request.as_ref().err().map(ToString::to_string),
        request: request.ok(),
        deadline_ms: *deadline_ms,
        ended: ended(pull),
        read_back: read_back(facts, pull),
    })
}

fn ended(pull: &Pull) -> Option<Ended> {
    let (record, outcome) = pull.settled?;
    let Event::PullSettled { detail, took_ms, evidence, .. } = &record.event else { return None };
    let evidence = evidence.as_ref().map(|file| file.path.clone());
    Some(Ended { word: outcome.word(), detail: detail.to_string(), took_ms: *took_ms, evidence, line: record.seq })
}

fn read_back(facts: &Facts, pull: &Pull) -> Option<Seem> {
    let (record, result) = pull.read?;
    let (saw, looks, attested_by) = match &record.event {
        Event::ReadBack { saw, looks, detail, .. } => {
            (detail.as_ref().map_or_else(|| seen(saw), ToString::to_string), Some(*looks), None)
        }
        Event::Attested { saw, .. } => (saw.to_string(), None, Some(record.actor.to_string())),
        _ => return None,
    };
    let word = if attested_by.is_some() { ATTESTED } else { result.word() };
    let as_wanted = (result != ReadBack::Unknown).then_some(result == ReadBack::Agrees);
    let after_ms = facts.between(pull.started, record).ms;
    Some(Seem { word, as_wanted, saw, attested_by, looks, after_ms, line: record.seq })
}

fn seen(seen: &Seen) -> String {
    match seen {
        Seen::Value(value) => value.to_string(),
        Seen::Absent(why) => format!("nothing ({why})"),
        Seen::Failed(why) => format!("no answer ({why})"),
    }
}
