//! What happens beside the flight itself: what was copied, who is called, in whose hands the terminal is.

use super::screen::Aside;
use super::signals::{Told, stop};
use super::{Helm, Session};
use std::sync::PoisonError;

impl Session {
    pub(super) fn copy(&mut self, text: String) {
        self.copies.keep(&text);
        self.aside.clipboard = Some(text);
    }

    /// What the terminal is told with the next frame, and not once more.
    pub(super) fn take_aside(&mut self, human_ms: u64) -> Aside {
        let alarm = self.alarms.ring(human_ms);
        Aside { alarm, ..std::mem::take(&mut self.aside) }
    }

    /// Does as a signal says. What is in flight must be settled by somebody: until then nothing stands still.
    pub(super) fn told(&mut self, told: Told, helm: &mut Helm) {
        let loan = if let Helm::Person(screen) = helm { Some(screen.loan()) } else { None };
        match (told, helm) {
            // Without a screen Ctrl-C is a person's, as the key is on one.
            (Told::Interrupt, Helm::Plain(console)) => self.interrupted(console),
            (Told::Interrupt | Told::Leave, _) => self.leaving = true,
            (Told::Stop, _) if !self.flight.can_stand_still() => {
                self.notice("not stopped: what was fired is still in flight; ask again when it is read back");
            }
            (Told::Stop, helm) => {
                let put_away = match helm {
                    Helm::Person(screen) => screen.ui().lock().unwrap_or_else(PoisonError::into_inner).put_away(),
                    Helm::Plain(console) => console.ui().put_away(),
                    Helm::Pilot => Vec::new(),
                };
                put_away.into_iter().for_each(|intent| self.wish(intent));
                stop(loan.as_ref());
            }
            (Told::Continue, _) => loan.iter().for_each(super::screen::Loan::take_again),
        }
    }
}
