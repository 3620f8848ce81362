//! The checklist: sensed items tick themselves, people say what they saw, leaving the order costs a reason.

use super::life::own_debt;
use super::{Decided, Draft, refuse};
use crate::incident::event::{DoneBy, Event, EvidenceRef};
use crate::incident::{StepStatus, derive, goes_past_ranking};
use crate::kind::Seen;
use crate::playbook::{Id, Step, StepKind};
use crate::text::Text;
use std::collections::BTreeMap;

impl<'a> Draft<'a> {
    pub(super) fn step_of(&self, id: &Id) -> Result<&'a Step, super::Refusal> {
        self.ensure_declared()?;
        let unknown = || super::Refusal(format!("there is no step `{id}` in this checklist"));
        let step = self.playbook.step(id).ok_or_else(unknown)?;
        self.refuse_not_flown(step)?;
        Ok(step)
    }

    pub(super) fn start_step(&mut self, id: &Id, out_of_order: Option<&Text>) -> Decided {
        let step = self.step_of(id)?;
        match derive::status(&self.state, id) {
            Some(status) if status.is_settled() => {
                return refuse(format!("`{}` is {} already; u opens it again", step.title, status.word()));
            }
            // A capture that hangs or failed may be run again; looking changes nothing.
            Some(StepStatus::Running) if !matches!(step.kind, StepKind::Capture(_)) => return Ok(()),
            Some(_) | None => {}
        }
        let reason = out_of_order.filter(|reason| !reason.is_empty());
        let open = derive::open_before(self.playbook, &self.state, id);
        if let (Some(open), None) = (open, reason) {
            return refuse(format!(
                "`{}` is still open; going on to `{}` first needs a reason",
                open.title, step.title
            ));
        }
        self.push(Event::StepStarted { step: id.clone(), out_of_order: open.and(reason).cloned() });
        if matches!(step.kind, StepKind::Watch) && self.state.marks.hold_started.is_none() {
            self.push(Event::HoldStarted);
        }
        self.tick_steps();
        Ok(())
    }

    /// Begins a step in order, if it has not begun.
    pub(super) fn ensure_started(&mut self, id: &Id) -> Decided {
        match derive::status(&self.state, id) {
            None => self.start_step(id, None),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn confirm(&mut self, id: &Id, saw: &Text, took_ms: u64, named: Option<&Text>) -> Decided {
        let step = self.step_of(id)?;
        if saw.is_empty() {
            return refuse("say what you saw; `checked` is no answer");
        }
        self.refuse_settled(step)?;
        let mut approver = None;
        match &step.kind {
            StepKind::Ask(ask) => {
                let Some(place) = ask.answers.iter().position(|answer| answer == saw.as_str()) else {
                    return refuse(format!("`{saw}` is none of the answers: {}", ask.answers.join(", ")));
                };
                approver = match &ask.approver {
                    Some(role) => Some(self.second_person(step, role, named)?),
                    None => None,
                };
                self.ensure_started(id)?;
                if place >= ask.good {
                    let why = approver.map_or_else(|| saw.clone(), |name| format!("{saw}, says {name}").into());
                    self.push(Event::StepFailed { step: id.clone(), why });
                    return Ok(());
                }
            }
            StepKind::Pick(_) => return refuse("choose a lever: this step is done by picking one"),
            StepKind::Watch => return refuse("the hold decides this step; override it with a reason"),
            StepKind::Wait(_) => return refuse("its own looks decide this step; o overrides it with a reason"),
            StepKind::Capture(_) | StepKind::Pull(_) | StepKind::Sequence(_) => {
                self.refuse_what_a_sensor_sees(step)?;
                self.ensure_started(id)?;
            }
        }
        self.finish(step, DoneBy::Confirmed { saw: saw.clone(), took_ms, approver, reason: None }, None);
        Ok(())
    }

    /// A sensed item cannot be ticked by hand while its sensor can be seen.
    fn refuse_what_a_sensor_sees(&self, step: &Step) -> Decided {
        let Some((condition, vars)) = derive::sensor_of(self.playbook, &self.state, step) else { return Ok(()) };
        if derive::holds_now(&self.state, condition, &vars) == Some(false) {
            let probe = derive::telling(condition, &vars, |probe| self.state.seen(probe));
            let saw = self.state.sensors.get(probe).and_then(|sensor| sensor.seen.value()).unwrap_or("?");
            let want = derive::want(condition, &vars);
            return refuse(format!("its sensor sees `{saw}`, not `{want}`; o overrides it with a reason"));
        }
        Ok(())
    }

    pub(super) fn pick(&mut self, id: &Id, lever: &Id, took_ms: u64, reason: Option<&Text>) -> Decided {
        let step = self.step_of(id)?;
        let StepKind::Pick(levers) = &step.kind else {
            return refuse(format!("`{}` is no step that picks a lever", step.title));
        };
        if !levers.contains(lever) {
            return refuse(format!("`{lever}` is none of the levers of `{}`", step.title));
        }
        self.refuse_settled(step)?;
        let title = self.playbook.levers[lever].title.as_str();
        let past = goes_past_ranking(self.playbook, &self.state, step, lever);
        let reason = reason.filter(|reason| past && !reason.is_empty());
        if past && reason.is_none() {
            return refuse(format!("no raised symptom lists {title}, and others fit; picking it needs a reason"));
        }
        self.ensure_started(id)?;
        let by = DoneBy::Confirmed { saw: title.into(), took_ms, approver: None, reason: reason.cloned() };
        self.finish(step, by, Some(lever.clone()));
        Ok(())
    }

    pub(super) fn skip(&mut self, id: &Id, reason: &Text) -> Decided {
        self.leave(id, reason, |step, reason| Event::StepSkipped { step, reason })
    }

    pub(super) fn override_step(&mut self, id: &Id, reason: &Text) -> Decided {
        self.leave(id, reason, |step, reason| Event::StepOverridden { step, reason })
    }

    pub(super) fn defer(&mut self, id: &Id, trigger: &Text) -> Decided {
        self.leave(id, trigger, |step, trigger| Event::StepDeferred { step, trigger })?;
        let title = format!("deferred: {}", self.step_of(id)?.title);
        self.push(Event::DebtOpened { debt: own_debt("step", id), title: title.into() });
        Ok(())
    }

    fn leave(&mut self, id: &Id, reason: &Text, event: impl FnOnce(Id, Text) -> Event) -> Decided {
        let step = self.step_of(id)?;
        if reason.is_empty() {
            return refuse(format!("leaving `{}` needs a reason", step.title));
        }
        self.refuse_settled(step)?;
        self.push(event(id.clone(), reason.clone()));
        self.pay_deferral(id, "the step was settled otherwise");
        Ok(())
    }

    /// A step that is put off no longer owes nothing for it.
    fn pay_deferral(&mut self, id: &Id, by: &str) {
        let deferral = own_debt("step", id);
        if self.has_open_debt(&deferral) {
            self.push(Event::DebtPaid { debt: deferral, by: by.into() });
        }
    }

    pub(super) fn reopen(&mut self, id: &Id, why: &Text) -> Decided {
        let step = self.step_of(id)?;
        match derive::status(&self.state, id) {
            Some(StepStatus::Confirmed | StepStatus::Skipped | StepStatus::Overridden | StepStatus::Deferred) => {
                self.push(Event::StepReopened { step: id.clone(), why: why.clone() });
                self.pay_deferral(id, "the step is open again");
                self.tick_steps();
                Ok(())
            }
            Some(StepStatus::Sensed) => {
                refuse(format!("`{}` is sensed: it opens by itself when its sensor turns", step.title))
            }
            Some(StepStatus::Running | StepStatus::Failed | StepStatus::Reopened) | None => {
                refuse(format!("`{}` is open", step.title))
            }
        }
    }

    pub(super) fn fail_step(&mut self, id: &Id, why: &Text) -> Decided {
        let step = self.step_of(id)?;
        self.refuse_settled(step)?;
        self.push(Event::StepFailed { step: id.clone(), why: why.clone() });
        Ok(())
    }

    pub(super) fn capture(
        &mut self,
        step: Option<&Id>,
        title: &Text,
        file: &EvidenceRef,
        values: &BTreeMap<String, Text>,
        missing: &[Text],
    ) -> Decided {
        self.push(Event::EvidenceCaptured {
            step: step.cloned(),
            title: title.clone(),
            file: file.clone(),
            values: values.clone(),
            missing: missing.to_vec(),
        });
        let Some(id) = step else { return Ok(()) };
        let step = self.step_of(id)?;
        if derive::is_settled(&self.state, id) {
            return Ok(());
        }
        if missing.is_empty() {
            let saw = format!("{0}/{0} fields", values.len());
            self.finish(step, DoneBy::Sensed { saw: saw.into() }, None);
        } else {
            let names: Vec<&str> = missing.iter().map(Text::as_str).collect();
            let why = format!("not to be had: {}", names.join(", "));
            self.push(Event::StepFailed { step: id.clone(), why: why.into() });
        }
        Ok(())
    }

    pub(super) fn sense(&mut self, probe: &Id, seen: &Seen) -> Decided {
        if !self.playbook.probes.contains_key(probe) {
            return refuse(format!("there is no probe `{probe}`"));
        }
        let before = self.state.sensors.get(probe).and_then(|sensor| sensor.last_value.clone());
        self.believe_seen(probe, seen);
        self.watch_flipped(probe, before);
        self.tick_steps();
        Ok(())
    }

    /// Writes down what a probe sees, if it is something else than before. The words of a failure may vary
    /// from try to try; only that it fails is a fact worth a record.
    pub(super) fn believe_seen(&mut self, probe: &Id, seen: &Seen) {
        let same = self.state.sensors.get(probe).is_some_and(|before| match (&before.seen, seen) {
            (Seen::Value(old), Seen::Value(new)) => old == new,
            (Seen::Absent(_), Seen::Absent(_)) | (Seen::Failed(_), Seen::Failed(_)) => true,
            (Seen::Value(_) | Seen::Absent(_) | Seen::Failed(_), _) => false,
        });
        if !same {
            self.push(Event::SensorTurned { probe: probe.clone(), seen: seen.clone() });
        }
    }

    /// Lets every step tick itself, or open again, by what its sensor sees.
    pub(super) fn tick_steps(&mut self) {
        if self.state.marks.declared.is_none() {
            return;
        }
        for step in &self.playbook.steps {
            if !derive::is_flown(&self.state, step) {
                continue;
            }
            let status = derive::status(&self.state, &step.id);
            if status.is_none_or(|status| status != StepStatus::Reopened && may_tick_itself(status)) {
                self.finish_attested(step);
            }
            let Some((condition, vars)) = derive::sensor_of(self.playbook, &self.state, step) else { continue };
            let Some(holds) = derive::holds_now(&self.state, condition, &vars) else { continue };
            let probe = derive::telling(condition, &vars, |probe| self.state.seen(probe));
            let saw = self.state.sensors[probe].last_value.clone().unwrap_or_default();
            let status = derive::status(&self.state, &step.id);
            if holds && status.is_none_or(may_tick_itself) {
                self.finish(step, DoneBy::Sensed { saw }, None);
            } else if !holds
                && matches!(status, Some(StepStatus::Sensed | StepStatus::Confirmed))
                && !derive::is_taken_back(&self.state, step)
                && !derive::is_moved_on(self.playbook, &self.state, step)
            {
                let why = format!("its sensor sees `{saw}`, not `{}`", derive::want(condition, &vars));
                self.push(Event::StepReopened { step: step.id.clone(), why: why.as_str().into() });
                self.reset_hold(&format!("`{}` is open again", step.title));
            }
        }
    }

    /// Ends a step well; what it put in force becomes a debt, and a deferral is paid.
    pub(super) fn finish(&mut self, step: &Step, by: DoneBy, pick: Option<Id>) {
        let sensed = matches!(by, DoneBy::Sensed { .. });
        self.push(Event::StepDone { step: step.id.clone(), by, pick });
        self.pay_deferral(&step.id, "the step is done");
        // Found in force, by whoever did it: it must be undone all the same.
        if sensed {
            derive::surely_in_force(step).iter().for_each(|lever| self.open_lever_debt(lever));
        }
    }

    fn refuse_settled(&self, step: &Step) -> Decided {
        match derive::status(&self.state, &step.id) {
            Some(status) if status.is_settled() => {
                refuse(format!("`{}` is {} already; u opens it again", step.title, status.word()))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Whether a step in this status becomes SENSED when its sensor holds. What a person settled stays theirs.
fn may_tick_itself(status: StepStatus) -> bool {
    matches!(status, StepStatus::Running | StepStatus::Reopened | StepStatus::Failed | StepStatus::Deferred)
}
