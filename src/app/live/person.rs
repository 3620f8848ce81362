//! What a person at a screen does, and what comes of what they wish for.

use super::{Session, touched};
use crate::app::flight::Input;
use crate::cockpit::Intent;
use crate::incident::Command;
use crate::text::Text;
use crossterm::event::Event as TermEvent;
use std::sync::PoisonError;

impl Session {
    /// Takes a key, a paste, a click, a new size; nothing, when the terminal is gone.
    pub(super) fn key(&mut self, event: Option<TermEvent>) {
        let Some(ui) = self.ui.clone() else { return };
        let human_ms = self.human_ms();
        let scene = self.scene();
        // A frame that panicked must not take the flight with it.
        let mut ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
        let intents = touched(&mut ui, event, (&scene, human_ms));
        drop(ui);
        for intent in intents {
            self.wish(intent);
        }
    }

    /// Turns a wish into a command.
    pub(super) fn wish(&mut self, intent: Intent) {
        let now = self.clock.now();
        let human_ms = self.human_ms();
        match intent {
            Intent::Submit(command) => self.feed(Input::Command(self.commander.clone(), command)),
            Intent::Arm { lever, way, step } => self.flight.arm(&now, &lever, way, step, human_ms),
            Intent::Disarm => self.flight.disarm(),
            Intent::Fire { override_reason } => self.fire(override_reason, false),
            Intent::ByHand { override_reason } => self.fire(override_reason, true),
            Intent::ReRead => self.re_read(),
            Intent::ArmComm { comm, words } => {
                if let Err(why) = self.flight.arm_comm(&now, &comm, words.as_deref(), human_ms) {
                    self.deny(why);
                }
            }
            Intent::SendComm { comm, words } => {
                if let Err(why) = self.flight.send_comm(&now, self.commander.clone(), &comm, Some(&words)) {
                    self.deny(why);
                }
                self.feed(Input::Tick);
            }
            Intent::Object(_) | Intent::AskCommand => {
                self.toast = Some((human_ms, "you command; observers object and ask for command".into()));
            }
            Intent::KeepDraft { comm, words } => {
                let words = words.map(|words| self.flight.clean(&words));
                self.writer.draft(comm, words);
            }
            // What is flown has no tape yet.
            Intent::KeepBookmark(_) | Intent::DropBookmark(_) => {}
            Intent::Copy(text) => self.copy(text),
            Intent::Quit => (self.leaving, self.debriefs) = (true, true),
            Intent::Exit => self.leaving = true,
            Intent::Redraw => self.aside.redraw = true,
        }
    }

    fn fire(&mut self, override_reason: Option<Text>, by_hand: bool) {
        let now = self.clock.now();
        match self.flight.fire_armed(&now, override_reason, by_hand) {
            Ok(fire) => self.feed(Input::Command(self.commander.clone(), Command::Fire(fire))),
            Err(why) => self.deny(why),
        }
    }

    fn re_read(&mut self) {
        let (now, human_ms) = (self.clock.now(), self.human_ms());
        let lever = self.flight.armed().map(|armed| armed.lever.clone());
        let locked: Vec<u32> = self
            .flight
            .state()
            .pulls
            .iter()
            .filter_map(|(id, pull)| {
                (pull.locks() && lever.as_ref().is_none_or(|lever| *lever == pull.lever)).then_some(*id)
            })
            .collect();
        locked.into_iter().for_each(|attempt| self.flight.read_back_again(&now, attempt));
        self.flight.rearm(&now, human_ms);
        self.feed(Input::Tick);
    }
}
