//! What keys do: each act becomes a selection, an open view, or an [`Intent`]; why it cannot, a sentence.

mod arming;
mod comms;
mod going;
mod lists;
mod offers;
mod steps;
mod talk;
mod tree;

pub(super) use offers::{blocked, unexplained, why_not};

use super::intent::Intent;
use super::keymap::Act;
use super::scene::Scene;
use super::ui::{Dialog, Panel, Ui};
use crate::incident::Command;

impl Ui {
    /// Does what a key asks for, unless something stands against it; then says what.
    pub(super) fn perform(&mut self, act: Act, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if let Some(why) = why_not(self, act, scene) {
            self.say(human_ms, why);
            return Vec::new();
        }
        match act {
            Act::Step(act) => self.perform_on_step(act, scene, human_ms),
            Act::Lever(act) => self.perform_on_lever(act, digit, scene, human_ms),
            Act::Talk(act) => self.perform_talk(act, scene, human_ms),
            Act::Choose => self.choose(digit, scene, human_ms),
            Act::Accept => self.accept(scene, human_ms),
            Act::Help => self.open(Dialog::Help),
            Act::Down => self.go(1, scene),
            Act::Up => self.go(-1, scene),
            Act::First => self.go(isize::MIN, scene),
            Act::Last => self.go(isize::MAX, scene),
            Act::Panel => self.go_to_panel(Panel::ALL[usize::from(digit.clamp(1, 6)) - 1]),
            Act::NextPanel => self.step_panel(1),
            Act::PrevPanel => self.step_panel(Panel::ALL.len() - 1),
            Act::Open | Act::Zoom => self.open_selected(scene, human_ms),
            Act::Back | Act::Cancel | Act::Stay => self.back(),
            Act::Leave => self.leave(),
            Act::Levers => self.open(Dialog::Levers),
            Act::Hold => self.open(Dialog::Hold),
            Act::Clocks => self.open(Dialog::Clocks),
            Act::Debts => self.open(Dialog::Debts),
            Act::Comms => self.open(Dialog::Comms),
            Act::Tree => self.open(Dialog::Tree),
            Act::List(list) => self.open(Dialog::List(list)),
            Act::CopyLink => self.copy_link(scene, human_ms),
            Act::Quit => vec![Intent::Quit],
            Act::Interrupt => self.interrupt(human_ms),
            Act::Mouse => self.toggle_mouse(human_ms),
            Act::Redraw => vec![Intent::Redraw],
        }
    }

    /// Opens a view; the same view is never open twice in a row.
    pub(super) fn open(&mut self, dialog: Dialog) -> Vec<Intent> {
        let same = self.stack.last().is_some_and(|top| std::mem::discriminant(top) == std::mem::discriminant(&dialog));
        if same {
            self.stack.pop();
        }
        self.selected.help_down = 0;
        self.selected.journal_back = 0;
        self.stack.push(dialog);
        Vec::new()
    }

    fn back(&mut self) -> Vec<Intent> {
        if self.stack.pop().is_none() {
            // Nothing is open: back to where the checklist stands.
            self.selected.step = None;
            self.focus = Panel::Checklist;
        }
        Vec::new()
    }

    fn leave(&mut self) -> Vec<Intent> {
        if self.stack.pop().is_none() {
            self.stack.push(Dialog::Quit);
        }
        Vec::new()
    }
}

/// One wish: this command.
pub(super) fn submit(command: Command) -> Vec<Intent> {
    vec![Intent::Submit(command)]
}
