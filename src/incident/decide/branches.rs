//! Branches: opened by what happens or by a person with a reason, and open from then on.

use super::{Decided, Draft, refuse};
use crate::incident::branches;
use crate::incident::event::Event;
use crate::playbook::{Id, Step};
use crate::text::Text;

impl Draft<'_> {
    pub(super) fn open_branch(&mut self, id: &Id, reason: &Text) -> Decided {
        let Some(branch) = self.playbook.branches.get(id) else {
            return refuse(format!("there is no branch `{id}` in this checklist"));
        };
        self.ensure_declared()?;
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

    /// Nothing is done with a step whose branch is not open, or instead of which another is.
    pub(super) fn refuse_not_flown(&self, step: &Step) -> Decided {
        match branches::not_flown(self.playbook, &self.state, step) {
            Some(why) => refuse(why.sentence(step)),
            None => Ok(()),
        }
    }
}
