//! Each event as one sentence, the same in the terminal, the journal panel and the report.

use super::event::{DoneBy, Event, ReadBack, Trigger, Way};
use crate::kind::Seen;
use crate::metrics::Verdict;
use crate::playbook::{Id, Playbook};

/// `event` as one sentence without a full stop.
pub fn tell(playbook: &Playbook, event: &Event) -> String {
    let words = Words(playbook);
    match event {
        Event::Opened { incident, service, environment, drill, .. } => match drill {
            Some(drill) => format!("DRILL {} seed {} opened: {service} in {environment}", drill.scenario, drill.seed),
            None => format!("{incident} opened: {service} in {environment}"),
        },
        Event::Declared { severity, triggers, .. } => {
            let triggers: Vec<String> = triggers.iter().map(|trigger| words.trigger(trigger)).collect();
            format!("DECLARED SEV{severity}: {}", triggers.join("; "))
        }
        Event::SizedUp { size_up } => format!("size-up: {size_up}"),
        Event::SymptomDeclared { symptom } => format!("symptom {} raised by hand", words.symptom(symptom)),
        Event::ChecklistStarted => "checklist started".into(),
        Event::BranchOpened { branch, why } => format!("branch {} OPEN: {why}", words.branch(branch)),
        Event::NoteAdded { text } => format!("note: {text}"),
        Event::Acknowledged { metric } => format!("{} acknowledged", words.metric(metric)),
        Event::ReversionAcknowledged { probe } => format!("{} reverted, acknowledged", words.probe(probe)),
        Event::Approved { approver, lever, way, want, .. } => {
            let undo = if *way == Way::Undo { "UNDO " } else { "" };
            format!("{undo}{} -> {want} APPROVED by {approver}", words.lever(lever))
        }
        Event::Objected { text, .. } => format!("OBJECTION: {text}"),
        Event::ObjectionAcknowledged { objection } => format!("objection #{objection} acknowledged"),
        Event::CommandAsked { .. } => "asks for command".into(),
        Event::CommandDeclined { to, .. } => format!("keeps command; {to} had asked for it"),
        Event::CommandAskDropped { by, .. } => format!("{by} does not ask for command any more"),
        Event::HandedOver { to, .. } => format!("command handed over to {to}"),
        Event::VerdictChanged { metric, verdict } => words.verdict(metric, verdict),
        Event::BaselineCaptured { metric, value, samples } => {
            let shown =
                playbook.metrics.get(metric).map_or_else(|| value.to_string(), |metric| metric.unit.show(*value));
            format!("{} baseline {shown}, the median of {samples} samples", words.metric(metric))
        }
        Event::BaselineMissed { metric, why } => format!("{} NO BASELINE: {why}", words.metric(metric)),
        Event::SensorTurned { probe, seen } => format!("{} {}", words.probe(probe), see(seen)),
        Event::Reverted { probe, was, now } => format!("BREACH: {} reverted: {was} -> {now}", words.probe(probe)),
        Event::Resumed { torn_bytes, unsettled } => {
            let torn = if *torn_bytes > 0 { format!(", {torn_bytes} torn bytes set aside") } else { String::new() };
            let lost = if unsettled.is_empty() { String::new() } else { format!(", pulls now UNKNOWN: {unsettled:?}") };
            format!("resumed{torn}{lost}")
        }
        Event::FollowedUp { id, by, note } => format!("follow-up {} DONE by {by}: {note}", words.follow_up(id)),
        Event::Closed { recovered: true, .. } => "CLOSED, recovered".into(),
        Event::Closed { recovered: false, override_reason } => {
            format!("CLOSED, not recovered: {}", override_reason.as_ref().map_or("", |reason| reason.as_str()))
        }
        Event::EvidenceCaptured { title, file, values, missing, .. } => {
            let missing = if missing.is_empty() { String::new() } else { format!(", {} missing", missing.len()) };
            format!("{title}: {} values{missing}, {}", values.len(), file.path)
        }
        Event::MessageQueued { comm, file } => format!("message {} written, {}", words.comm(comm), file.path),
        Event::MessageSettled { comm, outcome, detail, again_in_ms } => {
            let again = again_in_ms.map_or(String::new(), |ms| format!("; again by itself in {} s", ms.div_ceil(1000)));
            format!("message {} {}: {detail}{again}", words.comm(comm), outcome.word())
        }
        Event::MessageRetried { comm, attempt } => {
            format!("message {} sent again, try {attempt}, the same words", words.comm(comm))
        }
        event @ (Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. }) => words.step(event),
        event @ (Event::PullStarted { .. }
        | Event::PullSettled { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::DebtOpened { .. }
        | Event::DebtPaid { .. }) => words.pull(event),
        event @ (Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldExtended { .. }
        | Event::HoldMet { .. }) => words.hold(event),
    }
}

struct Words<'a>(&'a Playbook);

impl Words<'_> {
    fn step(&self, event: &Event) -> String {
        let title = |id: &Id| self.0.step(id).map_or_else(|| id.to_string(), |step| step.title.clone());
        match event {
            Event::StepStarted { step, out_of_order: None } => format!("step {} RUNNING", title(step)),
            Event::StepStarted { step, out_of_order: Some(why) } => {
                format!("step {} RUNNING out of order: {why}", title(step))
            }
            Event::StepDone { step, by: DoneBy::Sensed { saw }, .. } => format!("step {} SENSED {saw}", title(step)),
            Event::StepDone { step, by: DoneBy::Confirmed { saw, approver, reason, .. }, .. } => {
                let who = approver.as_ref().map_or(String::new(), |name| format!(", says {name}"));
                let why = reason.as_ref().map_or(String::new(), |why| format!(", against the ranking: {why}"));
                format!("step {} CONFIRMED {saw}{who}{why}", title(step))
            }
            Event::StepFailed { step, why } => format!("step {} FAILED: {why}", title(step)),
            Event::StepSkipped { step, reason } => format!("step {} SKIPPED: {reason}", title(step)),
            Event::StepOverridden { step, reason } => format!("step {} OVERRIDDEN: {reason}", title(step)),
            Event::StepDeferred { step, trigger } => format!("step {} DEFERRED until {trigger}", title(step)),
            Event::StepReopened { step, why } => format!("step {} open again: {why}", title(step)),
            _ => unreachable!("`tell` sends only step events here"),
        }
    }

    fn pull(&self, event: &Event) -> String {
        match event {
            Event::PullStarted { attempt, lever, way, want, was, override_reason, by_hand, .. } => {
                let undo = if *way == Way::Undo { "UNDO " } else { "" };
                let hand = if *by_hand { " by hand" } else { "" };
                let was = was.as_ref().map_or("?", |was| was.as_str());
                let against = override_reason.as_ref().map_or(String::new(), |why| format!(", overridden: {why}"));
                format!("pull {attempt} {undo}{} FIRED{hand}: {was} -> {want}{against}", self.lever(lever))
            }
            Event::PullSettled { attempt, outcome, detail, took_ms, .. } => {
                let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
                format!("pull {attempt} {} in {took_ms} ms{detail}", outcome.word())
            }
            Event::ReadBack { attempt, result, saw, looks, took_ms, detail } => {
                let saw = detail.as_ref().map_or_else(|| see(saw), ToString::to_string);
                format!("pull {attempt} read-back {} after {looks} looks in {took_ms} ms, {saw}", result.word())
            }
            Event::Attested { attempt, result, saw } => {
                let word = if *result == ReadBack::Agrees { "as wanted" } else { "NOT as wanted" };
                format!("pull {attempt} ATTESTED {word}: {saw}")
            }
            Event::DebtOpened { title, .. } => format!("DEBT opened: {title}"),
            Event::DebtPaid { debt, by } => {
                let title = self.0.debts.get(debt).map_or_else(|| debt.to_string(), |debt| debt.title.clone());
                format!("DEBT paid: {title} ({by})")
            }
            _ => unreachable!("`tell` sends only pull and debt events here"),
        }
    }

    fn hold(&self, event: &Event) -> String {
        match event {
            Event::HoldStarted => format!("HOLD started: green for {} s wanted", self.0.hold.green_for_ms / 1000),
            Event::HoldPaused { why } => format!("HOLD paused: {why}"),
            Event::HoldResumed => "HOLD runs on".into(),
            Event::HoldReset { why } => format!("HOLD reset: {why}"),
            Event::HoldExtended { by_ms } => format!("HOLD may take {} s longer", by_ms / 1000),
            Event::HoldMet { green_ms } => format!("HOLD MET: green for {} s", green_ms / 1000),
            _ => unreachable!("`tell` sends only hold events here"),
        }
    }

    fn verdict(&self, metric: &Id, verdict: &Verdict) -> String {
        let value = match (self.0.metrics.get(metric), verdict.value) {
            (Some(metric), Some(value)) => format!(" {}", metric.unit.show(value)),
            (_, _) => String::new(),
        };
        let limit = verdict.limit.as_ref().map_or(String::new(), |limit| format!(" against {limit}"));
        let why = verdict.why.as_ref().map_or(String::new(), |why| format!(" ({why})"));
        format!("{} {}{value}{limit}{why}", self.metric(metric), verdict.state.word())
    }

    fn trigger(&self, trigger: &Trigger) -> String {
        match trigger {
            Trigger::Metric { metric, verdict } => self.verdict(metric, verdict),
            Trigger::Person(words) => words.to_string(),
        }
    }

    fn metric(&self, id: &Id) -> String {
        self.0.metrics.get(id).map_or_else(|| id.to_string(), |metric| metric.title.clone())
    }

    fn probe(&self, id: &Id) -> String {
        self.0.probes.get(id).map_or_else(|| id.to_string(), |probe| probe.title.clone())
    }

    fn lever(&self, id: &Id) -> String {
        self.0.levers.get(id).map_or_else(|| id.to_string(), |lever| lever.title.clone())
    }

    fn symptom(&self, id: &Id) -> String {
        self.0.symptoms.get(id).map_or_else(|| id.to_string(), |symptom| symptom.title.clone())
    }

    fn branch(&self, id: &Id) -> String {
        self.0.branches.get(id).map_or_else(|| id.to_string(), |branch| branch.title.clone())
    }

    fn follow_up(&self, id: &Id) -> String {
        self.0.lists.follow_up(id).map_or_else(|| id.to_string(), |follow_up| follow_up.title.clone())
    }

    fn comm(&self, id: &Id) -> String {
        self.0.comms.get(id).map_or_else(|| id.to_string(), |comm| comm.title.clone())
    }
}

fn see(seen: &Seen) -> String {
    match seen {
        Seen::Value(value) => format!("shows {value}"),
        Seen::Absent(why) => format!("shows nothing ({why})"),
        Seen::Failed(why) => format!("cannot be seen ({why})"),
    }
}
