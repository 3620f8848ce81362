//! Opening, declaring, writing down and closing.

use super::{Decided, Draft, Refusal, refuse};
use crate::incident::command::Command;
use crate::incident::event::{Drill, Event, Trigger};
use crate::incident::{DebtState, derive};
use crate::playbook::Id;
use crate::text::Text;

impl Draft<'_> {
    /// Whether this incident takes the command at all.
    pub(super) fn is_open_for(&self, command: &Command) -> Decided {
        let begins = matches!(command, Command::Open { .. });
        if begins != (self.state.seq == 0) {
            return refuse(if begins { "this journal has begun already" } else { "this journal has not begun" });
        }
        // An answer that was already on its way is still worth recording after closing.
        let records = matches!(
            command,
            Command::Settle { .. }
                | Command::ReadBack { .. }
                | Command::SettleMessage { .. }
                | Command::Note { .. }
                | Command::Object { .. }
                | Command::AcknowledgeObjection { .. }
                // What comes too late is no fault of whoever commands: it is left alone where it is decided.
                | Command::AskCommand { .. }
                | Command::DropAsk { .. }
                | Command::FollowUp { .. }
        );
        if let Some(handed) = &self.state.people.handed_over
            && !records
            && !matches!(command, Command::Resume { .. })
        {
            return refuse(format!("command was handed over to {}, who resumes this incident", handed.to));
        }
        if self.state.closed.is_some() && !records {
            return refuse("the incident is closed; only notes and follow-ups can be added");
        }
        Ok(())
    }

    pub(super) fn open(&mut self, incident: &Text, sha256: &str, version: &Text, drill: Option<&Drill>) -> Decided {
        self.push(Event::Opened {
            incident: incident.clone(),
            service: self.playbook.service.clone(),
            environment: self.playbook.environment.clone(),
            profile: self.playbook.profile.name.as_str().into(),
            playbook_sha256: sha256.to_owned(),
            version: version.clone(),
            drill: drill.cloned(),
        });
        Ok(())
    }

    pub(super) fn declare(&mut self, severity: u8, size_up: &Text) -> Decided {
        let declares = &self.playbook.declares;
        if self.state.marks.declared.is_some() {
            return refuse(format!("the {declares} is declared already; SizeUp changes the description"));
        }
        if !(1..=4).contains(&severity) {
            return refuse(format!("severity {severity} is none: use 1 (worst) to 4"));
        }
        let verdict_of = |metric: &Id| {
            let verdict = self.state.verdicts[metric].verdict.clone();
            Trigger::Metric { metric: metric.clone(), verdict }
        };
        let mut triggers: Vec<Trigger> = derive::breaches(&self.state).map(verdict_of).collect();
        if triggers.is_empty() {
            if size_up.is_empty() {
                let asked = if declares.is_rollback() { "what is wrong" } else { "what it is about" };
                return refuse(format!("no stop limit is broken: say {asked}, it becomes the trigger"));
            }
            triggers.push(Trigger::Person(size_up.clone()));
        }
        self.push(Event::Declared { severity, triggers, size_up: size_up.clone() });
        self.miss_baselines(&format!("the {declares} was declared before it was taken"));
        self.push(Event::ChecklistStarted);
        self.tick_steps();
        Ok(())
    }

    pub(super) fn declare_symptom(&mut self, symptom: &Id) -> Decided {
        if !self.playbook.symptoms.contains_key(symptom) {
            return refuse(format!("there is no symptom `{symptom}`"));
        }
        if !self.state.declared_symptoms.contains(symptom) {
            self.push(Event::SymptomDeclared { symptom: symptom.clone() });
        }
        Ok(())
    }

    /// Writes something down that changes nothing else.
    pub(super) fn note_down(&mut self, event: Event) -> Decided {
        let (Event::NoteAdded { text } | Event::SizedUp { size_up: text }) = &event else {
            return refuse("only notes and size-ups are written down like this");
        };
        if text.is_empty() {
            return refuse("there is nothing to write down");
        }
        self.push(event);
        Ok(())
    }

    pub(super) fn acknowledge(&mut self, metric: &Id) -> Decided {
        match self.state.verdicts.get(metric) {
            None => refuse(format!("there is no alert of `{metric}`")),
            Some(slot) if slot.acknowledged => Ok(()),
            Some(_) => {
                self.push(Event::Acknowledged { metric: metric.clone() });
                Ok(())
            }
        }
    }

    pub(super) fn resume(&mut self, torn_bytes: u64) -> Decided {
        let in_flight = |(id, pull): (&u32, &crate::incident::PullState)| pull.outcome.is_none().then_some(*id);
        let unsettled: Vec<u32> = self.state.pulls.iter().filter_map(in_flight).collect();
        self.push(Event::Resumed { torn_bytes, unsettled: unsettled.clone() });
        for attempt in unsettled {
            self.open_debt_of(attempt);
        }
        self.miss_baselines("goaround was away while it was to be taken");
        self.settle_lost_messages();
        self.mend();
        // Nobody watched meanwhile: the streak cannot have lasted.
        if self.state.hold.overall.is_some() && self.state.marks.hold_met.is_none() {
            self.push(Event::HoldReset { why: "goaround was away".into() });
            self.push(Event::HoldPaused { why: "nothing is read yet".into() });
        }
        Ok(())
    }

    pub(super) fn close(&mut self, override_reason: Option<&Text>) -> Decided {
        if let Some((attempt, _)) = self.state.pulls.iter().find(|(_, pull)| pull.outcome.is_none()) {
            return refuse(format!("pull {attempt} is in flight; wait for its answer"));
        }
        // A message has no debt before its answer: closed now, one would open that nobody could pay any more.
        if let Some((comm, _)) = self.state.messages.iter().find(|(_, message)| message.outcome.is_none()) {
            return refuse(format!("message `{comm}` is on its way; wait for its answer"));
        }
        let open = derive::open_before_closing(self.playbook, &self.state);
        let reason = override_reason.filter(|reason| !reason.is_empty());
        if !open.is_empty() && reason.is_none() {
            return refuse(format!("{}; closing all the same needs a reason", open.join("; ")));
        }
        self.push(Event::Closed { recovered: open.is_empty(), override_reason: reason.cloned() });
        Ok(())
    }

    /// Opens the debt of a pull that may have taken effect.
    pub(super) fn open_debt_of(&mut self, attempt: u32) {
        let Some(pull) = self.state.pulls.get(&attempt) else { return };
        if pull.way == crate::incident::Way::Do {
            let lever = pull.lever.clone();
            self.open_lever_debt(&lever);
        }
    }

    /// Opens the debt that a lever in force means.
    pub(super) fn open_lever_debt(&mut self, lever: &Id) {
        if let Some(debt) = self.playbook.debt_of(lever)
            && !self.has_open_debt(&debt.id)
        {
            self.push(Event::DebtOpened { debt: debt.id.clone(), title: debt.title.as_str().into() });
        }
    }

    pub(super) fn has_open_debt(&self, debt: &Id) -> bool {
        self.state.debts.get(debt).is_some_and(|debt: &DebtState| debt.paid.is_none())
    }
}

/// The id of a debt that is not written in the playbook (`step-flip`, `message-first`).
pub(super) fn own_debt(of: &str, id: &Id) -> Id {
    let mut name = format!("{of}-{id}");
    name.truncate(Id::MAX);
    Id::new(&name).unwrap_or_else(|_| id.clone())
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self(why)
    }
}
