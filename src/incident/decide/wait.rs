//! Waiting: only what was seen after the step had begun and after the last pull ends it.

use super::{Decided, Draft, refuse};
use crate::incident::command::WaitEnd;
use crate::incident::event::{DoneBy, Event};
use crate::incident::{StepStatus, derive, wait};
use crate::playbook::{Id, StepKind};

impl Draft<'_> {
    pub(super) fn end_wait(&mut self, id: &Id, end: &WaitEnd) -> Decided {
        let step = self.step_of(id)?;
        if !matches!(step.kind, StepKind::Wait(_)) {
            return refuse(format!("`{}` waits for nothing", step.title));
        }
        // A person has settled it meanwhile, or another branch is flown instead.
        if derive::status(&self.state, id) != Some(StepStatus::Running) || !derive::is_flown(&self.state, step) {
            return Ok(());
        }
        match end {
            // Seen before a pull that was decided meanwhile: the wait goes on.
            WaitEnd::Met { at, .. } if !wait::is_new(self.playbook, &self.state, id, at) => {}
            WaitEnd::Met { saw, .. } => self.finish(step, DoneBy::Sensed { saw: saw.clone() }, None),
            WaitEnd::Late { why } => self.push(Event::StepFailed { step: id.clone(), why: why.clone() }),
        }
        Ok(())
    }
}
