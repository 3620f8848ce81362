//! What each event says on its line of the timeline.

use super::Dossier;
use super::escape::{code, md};
use super::show::{listed, millis, short};
use crate::incident::event::{DoneBy, Trigger};
use crate::incident::{AttemptId, Event, EvidenceRef, ReadBack, Way};
use crate::kind::Seen;
use crate::metrics::Verdict;
use crate::playbook::Id;
use crate::text::Text;

/// The event as one line of Markdown.
pub(super) fn sentence(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::Opened { .. } => "Journal opened".into(),
        Event::Declared { severity, triggers, .. } => declared(dossier, *severity, triggers),
        Event::SizedUp { size_up } => format!("Situation: “{}”", said(size_up)),
        Event::SymptomDeclared { symptom } => format!("Symptom raised: {}", dossier.symptom(symptom)),
        Event::ChecklistStarted => "Checklist started".into(),
        Event::BranchOpened { branch, why } => format!("Branch **{}** opened: {}", dossier.branch(branch), said(why)),
        Event::StepStarted { step, out_of_order } => {
            let why = out_of_order.as_ref().map_or(String::new(), |why| format!(" out of order: {}", said(why)));
            of_step(dossier, step, &format!("started{why}"))
        }
        Event::StepDone { step, by, pick } => of_step(dossier, step, &done(dossier, by, pick.as_ref())),
        Event::StepFailed { step, why } => of_step(dossier, step, &format!("FAILED: {}", said(why))),
        Event::StepSkipped { step, reason } => of_step(dossier, step, &format!("SKIPPED: {}", said(reason))),
        Event::StepOverridden { step, reason } => of_step(dossier, step, &format!("OVERRIDDEN: {}", said(reason))),
        Event::StepDeferred { step, trigger } => of_step(dossier, step, &format!("DEFERRED until {}", said(trigger))),
        Event::StepReopened { step, why } => of_step(dossier, step, &format!("REOPENED: {}", said(why))),
        Event::PullStarted { .. } | Event::PullSettled { .. } | Event::ReadBack { .. } | Event::Attested { .. } => {
            of_pull(dossier, event)
        }
        Event::VerdictChanged { metric, verdict } => turned(dossier, metric, verdict),
        Event::BaselineCaptured { metric, value, samples } => {
            format!("Baseline of {}: {value}, the median of {samples} samples", dossier.metric(metric))
        }
        Event::BaselineMissed { metric, why } => {
            format!("**No baseline** of {}: {}", dossier.metric(metric), said(why))
        }
        Event::SensorTurned { probe, seen: saw } => format!("Probe {} sees {}", dossier.probe(probe), seen(saw)),
        Event::Reverted { probe, was, now } => {
            let (was, now) = (code(was.as_str()), code(now.as_str()));
            format!("**BREACH**: {} reverted by itself, from {was} to {now}", dossier.probe(probe))
        }
        Event::DebtOpened { title, .. } => format!("Debt opened: {}", said(title)),
        Event::DebtPaid { debt, by } => format!("Debt paid: {}, by {}", dossier.debt(debt), said(by)),
        Event::HoldStarted => "Hold started".into(),
        Event::HoldPaused { why } => format!("Hold stands still: {}", said(why)),
        Event::HoldResumed => "Hold runs on".into(),
        Event::HoldReset { why } => format!("Hold starts again from zero: {}", said(why)),
        Event::HoldExtended { by_ms } => format!("Hold may take {} longer than planned", millis(*by_ms)),
        Event::HoldMet { green_ms } => format!("**Hold met**: green for {}", millis(*green_ms)),
        Event::EvidenceCaptured { title, file, missing, .. } => captured(dossier, title, file, missing),
        Event::MessageQueued { comm, file } => {
            format!("Message {} written, {}", dossier.comm(comm), dossier.file(&file.path))
        }
        Event::MessageSettled { comm, outcome, detail, again_in_ms } => {
            let again = again_in_ms.map_or(String::new(), |ms| format!(", again by itself in {}", millis(ms)));
            format!("Message {}: **{}**, {}{again}", dossier.comm(comm), outcome.word(), code(detail.as_str()))
        }
        Event::MessageRetried { comm, attempt } => {
            format!("Message {} sent again, try {attempt}, the same words", dossier.comm(comm))
        }
        Event::NoteAdded { text } => format!("Note: {}", said(text)),
        Event::Acknowledged { metric } => format!("Alert on {} acknowledged", dossier.metric(metric)),
        Event::ReversionAcknowledged { probe } => format!("Alarm on {} acknowledged", dossier.probe(probe)),
        Event::Approved { approver, lever, way, want, request_sha256 } => {
            let undo = if *way == Way::Undo { "taking back " } else { "" };
            let (by, lever, sha256) = (code(approver.as_str()), dossier.lever(lever), code(short(request_sha256)));
            format!("**Approved** by {by}: {undo}lever **{lever}**, wanted {}, request {sha256}", code(want.as_str()))
        }
        Event::Objected { text, .. } => format!("**Objection**: {}", said(text)),
        Event::ObjectionAcknowledged { .. } => "Objection acknowledged".into(),
        Event::CommandAsked { .. } => "Asked for command".into(),
        Event::CommandDeclined { to, .. } => format!("Kept command, which {} had asked for", code(to.as_str())),
        Event::CommandAskDropped { by, .. } => format!("{} does not ask for command any more", code(by.as_str())),
        Event::HandedOver { to, .. } => format!("Command handed over to {}", code(to.as_str())),
        Event::Resumed { torn_bytes, unsettled } => resumed(*torn_bytes, unsettled),
        Event::FollowedUp { id, by, note } => {
            format!("Follow-up **{}** done by {}: {}", dossier.follow_up(id), code(by.as_str()), said(note))
        }
        Event::Closed { recovered, override_reason } => closed(*recovered, override_reason.as_ref()),
    }
}

fn said(text: &Text) -> String {
    md(text.as_str())
}

fn of_step(dossier: &Dossier, step: &Id, what: &str) -> String {
    format!("Step **{}** {what}", dossier.step(step))
}

fn done(dossier: &Dossier, by: &DoneBy, pick: Option<&Id>) -> String {
    let pick = pick.map_or(String::new(), |lever| format!(", chose {}", dossier.lever(lever)));
    let how = match by {
        DoneBy::Sensed { saw } => format!("sensed {}", code(saw.as_str())),
        DoneBy::Confirmed { saw, took_ms, approver, reason } => {
            let who = approver.as_ref().map_or("a person".to_owned(), |name| code(name.as_str()));
            let why = reason.as_ref().map_or(String::new(), |why| format!(", against the ranking: {}", said(why)));
            format!("{who} saw {} after {}{why}", code(saw.as_str()), millis(*took_ms))
        }
    };
    format!("done{pick}, {how}")
}

fn of_pull(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::PullStarted { attempt, lever, way, want, by_hand, .. } => {
            let verb = match (way, by_hand) {
                (Way::Do, false) => "fired",
                (Way::Undo, false) => "taken back",
                (Way::Do, true) => "done by hand",
                (Way::Undo, true) => "taken back by hand",
            };
            format!("Pull {attempt}: lever **{}** {verb}, wanted {}", dossier.lever(lever), code(want.as_str()))
        }
        Event::PullSettled { attempt, .. } if dossier.is_by_hand(*attempt) => {
            format!("Pull {attempt}: **done by hand** on a person's word, nothing was sent")
        }
        Event::PullSettled { attempt, outcome, detail, took_ms, .. } => {
            format!("Pull {attempt}: **{}** in {}, {}", outcome.word(), millis(*took_ms), code(detail.as_str()))
        }
        Event::ReadBack { attempt, result, saw, looks, took_ms, detail } => {
            let looks = if *looks == 1 { "1 look".to_owned() } else { format!("{looks} looks") };
            format!(
                "Pull {attempt}: read-back **{}** after {looks} in {}, {}",
                result.word(),
                millis(*took_ms),
                read_back_saw(saw, detail.as_ref())
            )
        }
        Event::Attested { attempt, result, saw } => {
            format!("Pull {attempt}: a person attested that it is {}: “{}”", as_wanted(*result), said(saw))
        }
        _ => String::new(),
    }
}

/// What a read-back saw, and of several probes what each of those shows that do not agree.
pub(super) fn read_back_saw(saw: &Seen, detail: Option<&Text>) -> String {
    detail.map_or_else(|| format!("saw {}", seen(saw)), |detail| code(detail.as_str()))
}

/// What a person's word amounts to.
pub(super) fn as_wanted(result: ReadBack) -> &'static str {
    if result == ReadBack::Agrees { "as wanted" } else { "**not** as wanted" }
}

/// What a look saw, in words.
pub(super) fn seen(seen: &Seen) -> String {
    match seen {
        Seen::Value(value) => code(value.as_str()),
        Seen::Absent(why) => format!("nothing ({})", md(why.as_str())),
        Seen::Failed(why) => format!("no answer ({})", md(why.as_str())),
    }
}

fn turned(dossier: &Dossier, metric: &Id, verdict: &Verdict) -> String {
    let limit = verdict.limit.as_deref().map_or(String::new(), |limit| format!(", limit {}", code(limit)));
    let why = verdict.why.as_ref().map_or(String::new(), |why| format!(", {}", said(why)));
    let (name, word) = (dossier.metric(metric), verdict.state.word());
    format!("Metric {name} turned **{word}** at {}{limit}{why}", dossier.value(metric, verdict))
}

fn captured(dossier: &Dossier, title: &Text, file: &EvidenceRef, missing: &[Text]) -> String {
    let names: Vec<String> = missing.iter().map(|name| code(name.as_str())).collect();
    let missing = if names.is_empty() { String::new() } else { format!(", without {}", listed(&names)) };
    format!("Captured {} to {}{missing}", said(title), dossier.file(&file.path))
}

fn declared(dossier: &Dossier, severity: u8, triggers: &[Trigger]) -> String {
    let on: Vec<String> = triggers
        .iter()
        .map(|trigger| match trigger {
            Trigger::Metric { metric, .. } => dossier.metric(metric),
            Trigger::Person(word) => format!("a person's word (“{}”)", said(word)),
        })
        .collect();
    format!("**{} declared**, SEV{severity}, on {}", dossier.noun().capital(), listed(&on))
}

fn resumed(torn_bytes: u64, unsettled: &[AttemptId]) -> String {
    let torn = if torn_bytes == 0 { String::new() } else { format!(", {torn_bytes} torn bytes set aside") };
    let pulls: Vec<String> = unsettled.iter().map(|pull| format!("pull {pull}")).collect();
    let unknown = if pulls.is_empty() { String::new() } else { format!(", UNKNOWN: {}", listed(&pulls)) };
    format!("Journal opened again{torn}{unknown}")
}

fn closed(recovered: bool, override_reason: Option<&Text>) -> String {
    let how = if recovered { "recovered" } else { "not recovered" };
    let why = override_reason.map_or(String::new(), |why| format!(", override: {}", said(why)));
    format!("**Closed**, {how}{why}")
}
