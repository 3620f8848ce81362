//! The palette: Enter does what the row's key would do, or opens what it names; nothing is fired, sent or confirmed.

use super::going::moved;
use super::why_not;
use crate::cockpit::Catalogue;
use crate::cockpit::intent::Intent;
use crate::cockpit::item::Item;
use crate::cockpit::keymap::{Act, LeverAct};
use crate::cockpit::palette::{Entry, Target, entries, matching};
use crate::cockpit::scene::Scene;
use crate::cockpit::tree::Twig;
use crate::cockpit::ui::{Dialog, Panel, Ui};

impl Ui {
    pub(super) fn open_palette(&mut self) -> Vec<Intent> {
        self.open(Dialog::Palette(Box::default()))
    }

    /// The rows that fit what was typed, and of how many; nothing unless the palette is open.
    pub(in crate::cockpit) fn palette_rows(&self, scene: &Scene) -> (Vec<Entry>, usize) {
        let Some(Dialog::Palette(palette)) = self.stack.last() else { return (Vec::new(), 0) };
        let all = entries(&self.keymap, &self.below().places(), scene);
        let of = all.len();
        (matching(all, palette.typed.as_str()), of)
    }

    pub(super) fn move_in_palette(&mut self, by: isize, scene: &Scene) {
        let (rows, _) = self.palette_rows(scene);
        let Some(Dialog::Palette(palette)) = self.stack.last_mut() else { return };
        let now = rows.get(palette.place(&rows)).map(|row| row.target.clone());
        palette.chosen = moved(rows.into_iter().map(|row| row.target).collect(), now.as_ref(), by);
    }

    /// Does what the selected row names; one that cannot be done now says why, and the palette stays.
    pub(super) fn take_from_palette(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let (rows, _) = self.palette_rows(scene);
        let Some(Dialog::Palette(palette)) = self.stack.last() else { return Vec::new() };
        let Some(row) = rows.get(palette.place(&rows)) else {
            self.say(human_ms, "nothing has such a name: take letters away, or <palette.cancel>");
            return Vec::new();
        };
        if let Some(why) = self.why_not_target(&row.target, scene) {
            self.say(human_ms, why);
            return Vec::new();
        }
        self.stack.pop();
        match self.aim(&row.target, scene) {
            Some((act, number)) => self.perform(act, number, scene, human_ms),
            None => Vec::new(),
        }
    }

    /// Why a row cannot be taken now: what its key would say where it is pressed.
    pub(in crate::cockpit) fn why_not_target(&self, target: &Target, scene: &Scene) -> Option<String> {
        let mut there = self.below();
        let (act, _) = there.aim(target, scene)?;
        why_not(&there, act, scene)
    }

    /// Opens where something is and selects it; answers with what is left to do there, and its number.
    fn aim(&mut self, target: &Target, scene: &Scene) -> Option<(Act, u8)> {
        match target {
            Target::Act(act) => return Some((*act, 0)),
            Target::Panel(panel) => drop(self.go_to_panel(*panel)),
            Target::Undo(lever) => {
                self.show(Dialog::Levers, Item::Lever(lever.clone()), scene);
                return Some((Act::Lever(LeverAct::PayDebt), 0));
            }
            Target::Item(item) => return self.aim_at(item, scene),
        }
        None
    }

    fn aim_at(&mut self, item: &Item, scene: &Scene) -> Option<(Act, u8)> {
        let there = match item {
            Item::Metric(id) => Dialog::Metric(id.clone()),
            Item::Step(id) => Dialog::Step(id.clone()),
            Item::Lever(_) => Dialog::Levers,
            Item::Comm(_) => Dialog::Comms,
            Item::Debt(_) => Dialog::Debts,
            Item::Symptom(_) => Dialog::List(Catalogue::Symptoms),
            Item::Link(_) => Dialog::List(Catalogue::Links),
            Item::Twig(Twig::Symptom(_) | Twig::Branch(_)) => Dialog::Tree,
            Item::Record(_) => Dialog::Journal,
        };
        self.show(there, item.clone(), scene);
        match item {
            Item::Lever(id) => {
                let number = u8::try_from(crate::cockpit::facts::lever_number(scene, id)).ok()?;
                Some((Act::Lever(LeverAct::ArmNumber), number))
            }
            Item::Debt(_) => Some((Act::Lever(LeverAct::PayDebt), 0)),
            Item::Metric(_)
            | Item::Step(_)
            | Item::Comm(_)
            | Item::Symptom(_)
            | Item::Link(_)
            | Item::Twig(_)
            | Item::Record(_) => None,
        }
    }

    /// Opens a view over the main screen with this selected in it.
    fn show(&mut self, dialog: Dialog, item: Item, scene: &Scene) {
        self.stack.clear();
        self.focus = match &dialog {
            Dialog::Metric(_) => Panel::Metrics,
            Dialog::Levers => Panel::Levers,
            _ => self.focus,
        };
        self.open(dialog);
        self.select(item, scene);
    }
}
