//! The cast of a drill beside a person in the cockpit: it answers what is asked and approves what is armed.

use super::Session;
use crate::app::flight::Input;
use crate::drill::{Asked, Line};

impl Session {
    /// Lets the cast say what it has to say, once; what is refused is not said again.
    pub(super) fn let_the_cast_speak(&mut self) {
        if !self.flight.is_settled() {
            return;
        }
        let line = self.line_of_the_cast();
        if self.said == line {
            return;
        }
        self.said.clone_from(&line);
        if let Some(Line { actor, command, words }) = line {
            self.toast = Some((self.human_ms(), words));
            self.feed(Input::Command(actor, command));
        }
    }

    fn line_of_the_cast(&self) -> Option<Line> {
        let cast = self.cast.as_ref()?;
        let (playbook, state) = (self.flight.playbook(), self.flight.state());
        cast.answer(playbook, state).or_else(|| {
            let armed = self.flight.armed()?;
            let (want, request_sha256) = (&armed.want, armed.request_sha256.as_str());
            cast.approval(playbook, state, &Asked { lever: &armed.lever, way: armed.way, want, request_sha256 })
        })
    }
}
