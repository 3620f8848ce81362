//! What a crash cut off: a command's events reach the disk in order, and the last of them may be missing.
//!
//! A resume derives them again from those that are there. A journal that was not cut has nothing to mend.

use super::Draft;
use super::life::own_debt;
use crate::incident::event::{DoneBy, Event};
use crate::incident::{ReadBack, StepStatus, Way, derive};
use crate::playbook::{Debt, Step, StepKind};

impl Draft<'_> {
    pub(super) fn mend(&mut self) {
        self.playbook.debts.values().for_each(|debt| self.mend_debt(debt));
        self.playbook.steps.iter().for_each(|step| self.mend_step(step));
        self.mend_messages();
    }

    /// A lever that may be in force is owed; one that was seen to be taken back is not.
    fn mend_debt(&mut self, debt: &Debt) {
        let mut owed = false;
        let mut paid_by = None;
        for (attempt, pull) in self.state.pulls.iter().filter(|(_, pull)| pull.lever == debt.lever) {
            match pull.way {
                Way::Do if pull.may_have_worked() => (owed, paid_by) = (true, None),
                Way::Undo if pull.read_back == Some(ReadBack::Agrees) => (owed, paid_by) = (false, Some(*attempt)),
                Way::Do | Way::Undo => {}
            }
        }
        if owed {
            self.open_lever_debt(&debt.lever);
        }
        if let Some(attempt) = paid_by
            && self.has_open_debt(&debt.id)
        {
            self.push(Event::DebtPaid { debt: debt.id.clone(), by: format!("pull {attempt}, read back").into() });
        }
    }

    fn mend_step(&mut self, step: &Step) {
        let status = derive::status(&self.state, &step.id);
        let deferral = own_debt("step", &step.id);
        let open = self.has_open_debt(&deferral);
        let put_off = status == Some(StepStatus::Deferred);
        if put_off && !open {
            let title = format!("deferred: {}", step.title).into();
            self.push(Event::DebtOpened { debt: deferral, title });
        } else if status.is_some() && !put_off && open {
            self.push(Event::DebtPaid { debt: deferral, by: "the step is no longer put off".into() });
        }
        let met = self.state.marks.hold_met.is_some();
        if met && matches!(step.kind, StepKind::Watch) && !derive::is_settled(&self.state, &step.id) {
            let by = DoneBy::Sensed { saw: "the hold was met".into() };
            self.push(Event::StepDone { step: step.id.clone(), by, pick: None });
        }
        if status == Some(StepStatus::Sensed) && !derive::is_taken_back(&self.state, step) {
            derive::surely_in_force(step).iter().for_each(|lever| self.open_lever_debt(lever));
        }
    }

    /// A message that did not go out is owed; one that did is not.
    fn mend_messages(&mut self) {
        let outcome_of = |(comm, message): (&crate::playbook::Id, &crate::incident::MessageState)| {
            message.outcome.as_ref().map(|(outcome, _)| (comm.clone(), *outcome))
        };
        let settled: Vec<_> = self.state.messages.iter().filter_map(outcome_of).collect();
        settled.into_iter().for_each(|(comm, outcome)| self.owe_message(&comm, outcome));
    }
}
