//! What fires, sends, closes or speaks for a person waits a moment: it counts only if no paste goes on behind it.

use super::{PASTE_MS, PASTED, Plain};
use crate::cockpit::field::Purpose;
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::Act;
use crate::cockpit::menu::Chosen;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::Dialog;

/// What waits, by what it was meant for: never by a number or a place, which may mean something else by then.
#[derive(Clone, Debug)]
pub(super) enum Waiting {
    /// It fires or sends, or says that somebody has.
    Act(Act),
    /// This was chosen.
    Choice(Chosen),
    /// This was typed where it was asked for; nothing, where what was offered is taken.
    Answer(Purpose, Option<String>),
}

/// It, and since when in ms of human time.
#[derive(Clone, Debug)]
pub(super) struct Held {
    what: Waiting,
    since_ms: u64,
}

impl Plain {
    pub(super) fn hold(&mut self, what: Waiting, since_ms: u64) -> Vec<Intent> {
        self.held = Some(Held { what, since_ms });
        Vec::new()
    }

    /// Another line has come: what waits was a paste's, or is done before it.
    pub(super) fn overtaken(&mut self, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        match self.held.take() {
            Some(held) if at_ms.saturating_sub(held.since_ms) < PASTE_MS => self.refuse(PASTED),
            Some(held) => self.release(held.what, scene, at_ms),
            None => Vec::new(),
        }
    }

    /// Does what has waited long enough.
    pub(super) fn ripen(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let ripe = |held: &mut Held| human_ms.saturating_sub(held.since_ms) >= PASTE_MS;
        self.held.take_if(ripe).map_or_else(Vec::new, |held| self.release(held.what, scene, human_ms))
    }

    /// There will be no more lines, so no paste goes on: a person's word counts. What fires does not, for nobody is left to
    /// see what comes of it.
    pub(super) fn last_word(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match self.held.take() {
            Some(Held { what: what @ (Waiting::Choice(_) | Waiting::Answer(..)), .. }) => {
                self.release(what, scene, human_ms)
            }
            Some(Held { what: Waiting::Act(_), .. }) | None => Vec::new(),
        }
    }

    fn release(&mut self, what: Waiting, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match (what, self.ui.stack.last_mut()) {
            (Waiting::Act(act), _) => self.perform(act, 0, scene, human_ms),
            (Waiting::Choice(chosen), Some(Dialog::Menu(menu))) => {
                let number = menu.choices.iter().find(|choice| choice.chosen == chosen).map(|choice| choice.number);
                let number = number.and_then(|number| u8::try_from(number).ok());
                match number {
                    Some(number) => self.perform(Act::Choose, number, scene, human_ms),
                    None => self.refuse(GONE),
                }
            }
            (Waiting::Answer(purpose, answer), Some(Dialog::Field(field))) if field.purpose == purpose => {
                if let Some(answer) = answer {
                    field.replace(&answer);
                }
                self.perform(Act::Accept, 0, scene, human_ms)
            }
            (Waiting::Choice(_) | Waiting::Answer(..), _) => self.refuse(GONE),
        }
    }
}

const GONE: &str = "That is not asked any more; nothing was done.";
