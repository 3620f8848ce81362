//! What each event says on its line of the timeline.

use super::Dossier;
use super::escape::{code, md};
use super::show::{file_link, listed, millis};
use crate::incident::event::{DoneBy, Trigger};
use crate::incident::{Event, Way};
use crate::kind::Seen;

/// The event as one line of Markdown.
pub(super) fn sentence(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. } => of_step(dossier, event),
        Event::PullStarted { .. } | Event::PullSettled { .. } | Event::ReadBack { .. } => of_pull(dossier, event),
        Event::VerdictChanged { .. } | Event::SensorTurned { .. } | Event::Acknowledged { .. } => {
            of_sight(dossier, event)
        }
        Event::DebtOpened { .. }
        | Event::DebtPaid { .. }
        | Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldMet { .. } => of_recovery(event),
        Event::EvidenceCaptured { .. } | Event::MessageQueued { .. } | Event::MessageSettled { .. } => {
            of_file(dossier, event)
        }
        Event::Opened { .. }
        | Event::Declared { .. }
        | Event::SizedUp { .. }
        | Event::SymptomDeclared { .. }
        | Event::ChecklistStarted
        | Event::NoteAdded { .. }
        | Event::Approved { .. }
        | Event::Objected { .. }
        | Event::HandedOver { .. }
        | Event::Resumed { .. }
        | Event::Closed { .. } => of_command(dossier, event),
    }
}

fn of_step(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::StepStarted { step, out_of_order: None } => format!("Step **{}** started", dossier.step(step)),
        Event::StepStarted { step, out_of_order: Some(why) } => {
            format!("Step **{}** started out of order: {}", dossier.step(step), md(why.as_str()))
        }
        Event::StepDone { step, by, pick } => {
            let pick = pick.as_ref().map_or(String::new(), |lever| format!(", chose {}", dossier.lever(lever)));
            format!("Step **{}** done{pick}, {}", dossier.step(step), done_by(by))
        }
        Event::StepFailed { step, why } => format!("Step **{}** FAILED: {}", dossier.step(step), md(why.as_str())),
        Event::StepSkipped { step, reason } => {
            format!("Step **{}** SKIPPED: {}", dossier.step(step), md(reason.as_str()))
        }
        Event::StepOverridden { step, reason } => {
            format!("Step **{}** OVERRIDDEN: {}", dossier.step(step), md(reason.as_str()))
        }
        Event::StepDeferred { step, trigger } => {
            format!("Step **{}** DEFERRED until {}", dossier.step(step), md(trigger.as_str()))
        }
        Event::StepReopened { step, why } => format!("Step **{}** REOPENED: {}", dossier.step(step), md(why.as_str())),
        _ => String::new(),
    }
}

fn done_by(by: &DoneBy) -> String {
    match by {
        DoneBy::Sensed { saw } => format!("sensed {}", code(saw.as_str())),
        DoneBy::Confirmed { saw, took_ms } => {
            format!("a person saw {} after {}", code(saw.as_str()), millis(*took_ms))
        }
    }
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
        Event::PullSettled { attempt, outcome, detail, took_ms, .. } => {
            format!("Pull {attempt}: **{}** in {}, {}", outcome.word(), millis(*took_ms), code(detail.as_str()))
        }
        Event::ReadBack { attempt, result, saw, looks, took_ms } => {
            let looks = if *looks == 1 { "1 look".to_owned() } else { format!("{looks} looks") };
            format!(
                "Pull {attempt}: read-back **{}** after {looks} in {}, saw {}",
                result.word(),
                millis(*took_ms),
                seen(saw)
            )
        }
        _ => String::new(),
    }
}

/// What a look saw, in words.
pub(super) fn seen(seen: &Seen) -> String {
    match seen {
        Seen::Value(value) => code(value.as_str()),
        Seen::Absent(why) => format!("nothing ({})", md(why.as_str())),
        Seen::Failed(why) => format!("no answer ({})", md(why.as_str())),
    }
}

fn of_sight(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::VerdictChanged { metric, verdict } => {
            let limit = verdict.limit.as_deref().map_or(String::new(), |limit| format!(", limit {}", code(limit)));
            let why = verdict.why.as_ref().map_or(String::new(), |why| format!(", {}", md(why.as_str())));
            format!(
                "Metric {} turned **{}** at {}{limit}{why}",
                dossier.metric(metric),
                verdict.state.word(),
                dossier.value(metric, verdict)
            )
        }
        Event::SensorTurned { probe, seen: saw } => format!("Probe {} sees {}", dossier.probe(probe), seen(saw)),
        Event::Acknowledged { metric } => format!("Alert on {} acknowledged", dossier.metric(metric)),
        _ => String::new(),
    }
}

fn of_recovery(event: &Event) -> String {
    match event {
        Event::DebtOpened { title, .. } => format!("Debt opened: {}", md(title.as_str())),
        Event::DebtPaid { debt, by } => format!("Debt {} paid: {}", code(debt.as_str()), md(by.as_str())),
        Event::HoldStarted => "Hold started".into(),
        Event::HoldPaused { why } => format!("Hold stands still: {}", md(why.as_str())),
        Event::HoldResumed => "Hold runs on".into(),
        Event::HoldReset { why } => format!("Hold starts again from zero: {}", md(why.as_str())),
        Event::HoldMet { green_ms } => format!("**Hold met**: green for {}", millis(*green_ms)),
        _ => String::new(),
    }
}

fn of_file(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::EvidenceCaptured { title, file, missing, .. } => {
            let names: Vec<String> = missing.iter().map(|name| code(name.as_str())).collect();
            let missing = if names.is_empty() { String::new() } else { format!(", without {}", listed(&names)) };
            format!("Captured {} to {}{missing}", md(title.as_str()), file_link(file))
        }
        Event::MessageQueued { comm, file } => format!("Message {} written, {}", dossier.comm(comm), file_link(file)),
        Event::MessageSettled { comm, outcome, detail } => {
            format!("Message {}: **{}**, {}", dossier.comm(comm), outcome.word(), code(detail.as_str()))
        }
        _ => String::new(),
    }
}

fn of_command(dossier: &Dossier, event: &Event) -> String {
    match event {
        Event::Opened { .. } => "Journal opened".into(),
        Event::Declared { severity, triggers, .. } => {
            let on: Vec<String> = triggers.iter().map(|trigger| on(dossier, trigger)).collect();
            format!("**Rollback declared**, SEV{severity}, on {}", listed(&on))
        }
        Event::SizedUp { size_up } => format!("Situation: “{}”", md(size_up.as_str())),
        Event::SymptomDeclared { symptom } => format!("Symptom raised: {}", dossier.symptom(symptom)),
        Event::ChecklistStarted => "Checklist started".into(),
        Event::NoteAdded { text } => format!("Note: {}", md(text.as_str())),
        Event::Approved { what } => format!("Approved: {}", md(what.as_str())),
        Event::Objected { text } => format!("**Objection**: {}", md(text.as_str())),
        Event::HandedOver { to } => format!("Command handed over to {}", code(to.as_str())),
        Event::Resumed { torn_bytes, unsettled } => {
            let torn = if *torn_bytes == 0 { String::new() } else { format!(", {torn_bytes} torn bytes set aside") };
            let pulls: Vec<String> = unsettled.iter().map(|pull| format!("pull {pull}")).collect();
            let unknown = if pulls.is_empty() { String::new() } else { format!(", UNKNOWN: {}", listed(&pulls)) };
            format!("Journal opened again{torn}{unknown}")
        }
        Event::Closed { recovered, override_reason } => {
            let how = if *recovered { "recovered" } else { "not recovered" };
            let why = override_reason.as_ref().map_or(String::new(), |why| format!(", override: {}", md(why.as_str())));
            format!("**Closed**, {how}{why}")
        }
        _ => String::new(),
    }
}

fn on(dossier: &Dossier, trigger: &Trigger) -> String {
    match trigger {
        Trigger::Metric { metric, .. } => dossier.metric(metric),
        Trigger::Person(said) => format!("a person's word (“{}”)", md(said.as_str())),
    }
}
