//! What nothing can read back: a person says what they saw, and that is kept as a person's word.

use super::{Decided, Draft, refuse};
use crate::incident::event::{DoneBy, Event};
use crate::incident::{ReadBack, StepStatus, derive};
use crate::playbook::{Id, Step};
use crate::text::Text;

/// A person who says what they saw uses at least this many letters; `ok` and `-` say nothing.
const LETTERS_LEAST: usize = 4;

/// Whether these words say what was seen.
pub fn says_something(saw: &str) -> bool {
    saw.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_LEAST
}

impl Draft<'_> {
    pub(super) fn attest(&mut self, attempt: u32, result: ReadBack, saw: &Text) -> Decided {
        let Some(pull) = self.state.pulls.get(&attempt) else { return refuse(format!("there is no pull {attempt}")) };
        let lever = pull.lever.clone();
        if derive::to_attest(self.playbook, &self.state, &lever).is_none_or(|(newest, _)| newest != attempt) {
            return refuse(format!("nobody's word is asked for of pull {attempt}"));
        }
        if result == ReadBack::Unknown || !says_something(saw.as_str()) {
            return refuse("say what you saw, in words: `ok` is no answer");
        }
        let resting: Vec<Id> = self.resting_on(attempt).map(|step| step.id.clone()).collect();
        self.push(Event::Attested { attempt, result, saw: saw.clone() });
        self.pay_debt_of(&lever, attempt, "attested");
        match result {
            ReadBack::Agrees => self.finish_reopened(),
            ReadBack::Disagrees | ReadBack::Unknown => self.reopen_all(&resting, saw),
        }
        self.tick_steps();
        Ok(())
    }

    /// The steps that are done on the word given of this pull.
    fn resting_on(&self, attempt: u32) -> impl Iterator<Item = &Step> {
        let done = |step: &&Step| derive::status(&self.state, &step.id) == Some(StepStatus::Confirmed);
        let on_it = move |step: &&Step| derive::attested(&self.state, step).is_some_and(|(pull, _)| pull == attempt);
        self.playbook.steps.iter().filter(done).filter(on_it)
    }

    /// The word was taken back: what rested on it is open again.
    fn reopen_all(&mut self, steps: &[Id], saw: &Text) {
        for step in steps {
            let why = format!("attested not to be as wanted: {saw}");
            self.push(Event::StepReopened { step: step.clone(), why: why.into() });
            self.reset_hold("what was attested is so no more");
        }
    }

    /// Only a new word ends a step that was opened again.
    fn finish_reopened(&mut self) {
        for step in &self.playbook.steps {
            if derive::status(&self.state, &step.id) == Some(StepStatus::Reopened) {
                self.finish_attested(step);
            }
        }
    }

    /// Ends a step on the word of the person who attested its lever.
    pub(super) fn finish_attested(&mut self, step: &Step) {
        if let Some((_, saw)) = derive::attested(&self.state, step) {
            let saw = saw.clone();
            self.finish(step, DoneBy::confirmed(saw, 0), None);
        }
    }
}
