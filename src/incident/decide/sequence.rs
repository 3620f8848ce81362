//! Levers pulled one after the other: the next only when the one before reads back as wanted.

use super::{Decided, Draft, refuse};
use crate::incident::command::Fire;
use crate::incident::event::Event;
use crate::incident::{AttemptId, ReadBack, StepStatus, Way, derive};
use crate::kind::Outcome;
use crate::playbook::{Id, Lever, Step, StepKind};

impl Draft<'_> {
    /// Never pull a later one of a sequence for its step while an earlier one has not been seen to work.
    pub(super) fn refuse_out_of_sequence(&self, lever: &Lever, fire: &Fire) -> Decided {
        let for_step = fire.step.as_ref().filter(|_| fire.way == Way::Do);
        let Some(step) = for_step.and_then(|step| self.playbook.step(step)) else { return Ok(()) };
        match self.comes_first(step, &lever.id) {
            Some(first) => refuse(format!(
                "{} comes after {}, which has not read back as wanted",
                lever.title, self.playbook.levers[first].title
            )),
            None => Ok(()),
        }
    }

    /// What stands against pulling this lever outside the open sequence that it belongs to.
    pub(super) fn held_by_sequence(&self, lever: &Lever) -> Option<String> {
        let open = self.playbook.steps.iter().filter(|step| !derive::is_settled(&self.state, &step.id));
        open.filter(|step| self.state.steps.contains_key(&step.id)).find_map(|step| {
            let first = self.comes_first(step, &lever.id)?;
            Some(format!("`{}` pulls {} first", step.title, self.playbook.levers[first].title))
        })
    }

    fn comes_first<'a>(&self, step: &'a Step, lever: &Id) -> Option<&'a Id> {
        let StepKind::Sequence(levers) = &step.kind else { return None };
        let place = |id: &Id| levers.iter().position(|held| held == id);
        let next = derive::next_in_sequence(&self.state, step)?;
        (place(next) < place(lever)).then_some(next)
    }

    /// A sequence that failed runs again when its lever is fired again.
    pub(super) fn take_up_sequence(&mut self, id: &Id) {
        let is_sequence = self.playbook.step(id).is_some_and(|step| matches!(step.kind, StepKind::Sequence(_)));
        let stopped = matches!(derive::status(&self.state, id), Some(StepStatus::Failed | StepStatus::Reopened));
        if is_sequence && stopped {
            self.push(Event::StepStarted { step: id.clone(), out_of_order: None });
        }
    }

    /// Fails the sequence whose pull was refused, or did not read back as wanted; the rest is not pulled.
    pub(super) fn stop_sequence(&mut self, attempt: AttemptId) {
        let Some(pull) = self.state.pulls.get(&attempt).filter(|pull| pull.way == Way::Do) else { return };
        let step = pull.step.as_ref().and_then(|step| self.playbook.step(step));
        let Some(Step { id, kind: StepKind::Sequence(levers), .. }) = step else { return };
        let why = match (&pull.outcome, pull.read_back) {
            (Some((outcome @ (Outcome::Rejected | Outcome::NotSent), why)), _) => format!("{}: {why}", outcome.word()),
            (_, Some(result @ (ReadBack::Disagrees | ReadBack::Unknown))) => format!("its read-back {}", result.word()),
            (_, Some(ReadBack::Agrees) | None) => return,
        };
        let title = |id: &Id| self.playbook.levers.get(id).map_or(id.as_str(), |lever| lever.title.as_str()).to_owned();
        let behind = levers.iter().skip_while(|lever| **lever != pull.lever).skip(1);
        let rest: Vec<String> = behind.map(title).collect();
        let rest = if rest.is_empty() { String::new() } else { format!("; not pulled: {}", rest.join(", ")) };
        let why = format!("{}: {why}{rest}", title(&pull.lever));
        if derive::status(&self.state, id) == Some(StepStatus::Running) {
            self.push(Event::StepFailed { step: id.clone(), why: why.into() });
        }
    }
}
