//! Branches: opened by what happens or by a person with a reason, and open from then on.

use super::{Decided, Draft, Refusal, refuse};
use crate::incident::event::Event;
use crate::incident::{branches, derive};
use crate::playbook::{Id, Step};
use crate::text::Text;

impl Draft<'_> {
    pub(super) fn open_branch(&mut self, id: &Id, reason: &Text) -> Decided {
        let Some(branch) = self.playbook.branches.get(id) else {
            return refuse(format!("there is no branch `{id}` in this checklist"));
        };
        if self.state.marks.declared.is_none() {
            return refuse("no rollback is declared: I declares it and starts the checklist");
        }
        if self.state.branches.contains_key(id) {
            return refuse(format!("branch `{}` is open already", branch.title));
        }
        if reason.is_empty() {
            return refuse(format!("opening `{}` by hand needs a reason", branch.title));
        }
        self.push(Event::BranchOpened { branch: id.clone(), why: reason.clone() });
        self.tick_steps();
        Ok(())
    }

    /// Opens every branch that what has happened opens.
    pub(super) fn open_branches(&mut self) {
        if self.state.marks.declared.is_none() || self.state.closed.is_some() {
            return;
        }
        // What the steps of one branch tick may open the next; each opens once.
        while let Some((branch, why)) = branches::opened_now(self.playbook, &self.state, &self.stamped.at) {
            self.push(Event::BranchOpened { branch: branch.id.clone(), why: why.into() });
            self.tick_steps();
        }
    }

    /// Nothing is done with a step whose branch is not open.
    pub(super) fn refuse_not_flown(&self, step: &Step) -> Decided {
        let closed = step.branch.as_ref().filter(|_| !derive::is_flown(&self.state, step));
        let Some(branch) = closed.and_then(|branch| self.playbook.branches.get(branch)) else { return Ok(()) };
        Err(Refusal(format!("`{}` is N/A: its branch `{}` is not open; t opens it", step.title, branch.title)))
    }
}
