//! What keys do: each act becomes a selection, an open view, or an [`Intent`]; why it cannot, a sentence.

mod arming;
mod comms;
mod going;
mod lists;
mod offers;
mod palette;
mod people;
mod reel;
mod search;
mod steps;
mod talk;
mod tree;

pub(super) use offers::{blocked, unexplained, why_not};

use super::intent::Intent;
use super::keymap::Act;
use super::scene::Scene;
use super::ui::{Dialog, Output, Panel, Ui};
use crate::incident::Command;

/// What `+` adds to the hold, in ms.
const EXTENDS_MS: u64 = 300_000;

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
            Act::Reel(act) => self.perform_on_reel(act, digit, human_ms),
            Act::Palette => self.open_palette(),
            Act::Search => self.begin_search(scene),
            Act::NextFound => self.walk_found(true, scene),
            Act::PrevFound => self.walk_found(false, scene),
            Act::HalfDown => self.go_half(true, scene),
            Act::HalfUp => self.go_half(false, scene),
            Act::Acknowledged => self.open(Dialog::Acknowledged),
            Act::Choose => self.choose(digit, scene, human_ms),
            Act::Accept if self.search.is_some() => self.keep_search(scene),
            Act::Accept if matches!(self.stack.last(), Some(Dialog::Palette(_))) => {
                self.take_from_palette(scene, human_ms)
            }
            Act::Accept => self.accept(scene, human_ms),
            Act::Help => self.open(Dialog::Help),
            Act::Down => self.go(1, scene),
            Act::Up => self.go(-1, scene),
            Act::First => self.go(isize::MIN, scene),
            Act::Last => self.go(isize::MAX, scene),
            Act::Panel => self.go_to_panel(Panel::ALL[usize::from(digit.clamp(1, 6)) - 1]),
            Act::NextPanel => self.step_panel(1),
            Act::PrevPanel => self.step_panel(Panel::ALL.len() - 1),
            Act::Open => self.open_selected(scene, human_ms),
            Act::Zoom => {
                self.zoomed = !self.zoomed;
                Vec::new()
            }
            Act::Back | Act::Cancel | Act::Stay => self.back(),
            Act::Leave => self.leave(),
            Act::Levers => self.open(Dialog::Levers),
            Act::Hold => self.open(Dialog::Hold),
            Act::ExtendHold => submit(Command::ExtendHold { by_ms: EXTENDS_MS }),
            Act::Clocks => self.open(Dialog::Clocks),
            Act::Debts => self.open(Dialog::Debts),
            Act::Comms => self.open(Dialog::Comms),
            Act::Tree => self.open(Dialog::Tree),
            Act::List(list) => self.open(Dialog::List(list)),
            Act::CopyLink => self.copy_link(scene, human_ms),
            Act::Quit => vec![Intent::Quit],
            Act::Interrupt => self.interrupt(human_ms),
            Act::Theme => {
                self.next_theme(human_ms);
                Vec::new()
            }
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
        (self.selected.help_down, self.selected.record, self.search) = (0, None, None);
        self.selected.output = Output::default();
        self.shown.most.set(usize::MAX);
        self.stack.push(dialog);
        Vec::new()
    }

    fn back(&mut self) -> Vec<Intent> {
        if self.search.is_some() {
            return self.end_search();
        }
        if self.stack.is_empty() && std::mem::take(&mut self.zoomed) {
            return Vec::new();
        }
        if self.stack.pop().is_none() {
            // Nothing is open: back to where the checklist stands.
            self.selected.step = None;
            self.focus = Panel::Checklist;
        }
        Vec::new()
    }

    fn leave(&mut self) -> Vec<Intent> {
        self.search = None;
        if self.stack.pop().is_some() {
            return Vec::new();
        }
        if self.reel.is_some() {
            // Nothing is left behind by who has only read, and nobody is waited for.
            return vec![Intent::Quit];
        }
        self.stack.push(Dialog::Quit);
        Vec::new()
    }
}

/// One wish: this command.
pub(super) fn submit(command: Command) -> Vec<Intent> {
    vec![Intent::Submit(command)]
}
