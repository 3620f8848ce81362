//! Moving about: panels, rows, views. What is selected is an identity, never a row.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::intent::Intent;
use crate::cockpit::item::{Item, List};
use crate::cockpit::keymap::Place;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Output, Panel, Ui};
use crate::cockpit::{facts, groups};
use crossterm::event::KeyEvent;

impl Ui {
    pub(in crate::cockpit) fn go_to_panel(&mut self, panel: Panel) -> Vec<Intent> {
        (self.stack, self.search) = (Vec::new(), None);
        self.focus = panel;
        match panel {
            Panel::Metrics | Panel::Checklist | Panel::Levers => Vec::new(),
            Panel::Comms => self.open(Dialog::Comms),
            Panel::Journal => self.open(Dialog::Journal),
            Panel::Hold => self.open(Dialog::Hold),
        }
    }

    pub(super) fn step_panel(&mut self, by: usize) -> Vec<Intent> {
        let place = Panel::ALL.iter().position(|panel| *panel == self.focus).expect("every panel is in the list");
        self.go_to_panel(Panel::ALL[(place + by) % Panel::ALL.len()])
    }

    /// Says whose key it is that was pressed where it means nothing: one for a step, beside the checklist.
    pub(in crate::cockpit) fn say_whose(&mut self, key: KeyEvent, human_ms: u64) {
        let beside = self.stack.is_empty() && self.focus != Panel::Checklist && self.search.is_none();
        if beside && self.reel.is_none() && self.keymap.lookup(&[Place::Steps], key).is_some() {
            self.say(human_ms, "that key is for a step: 2 puts the keys on the checklist");
        }
    }

    /// `by` rows on in the list of where one is, stopping at its ends.
    pub(in crate::cockpit) fn go(&mut self, by: isize, scene: &Scene) -> Vec<Intent> {
        match self.list() {
            List::Page => {
                let most = self.shown.most.get();
                self.selected.help_down = self.selected.help_down.min(most).saturating_add_signed(by).min(most);
            }
            List::Palette => self.move_in_palette(by, scene),
            list => {
                let now = self.selected_item(scene);
                if let Some(item) = moved(list.items(scene), now.as_ref(), by) {
                    self.select(item, scene);
                }
            }
        }
        Vec::new()
    }

    /// Half of what one sees on, or back.
    pub(super) fn go_half(&mut self, forward: bool, scene: &Scene) -> Vec<Intent> {
        let half = isize::try_from(self.shown.rows.get() / 2).unwrap_or(1).max(1);
        self.go(if forward { half } else { -half }, scene)
    }

    /// What is selected in the list of where one is.
    pub(in crate::cockpit) fn selected_item(&self, scene: &Scene) -> Option<Item> {
        let playbook = &scene.playbook;
        match self.list() {
            List::Metrics => {
                let chosen = self.selected.metric.as_ref().and_then(|id| playbook.metrics.get(id));
                let metric = chosen.or_else(|| playbook.metrics.values().next())?;
                Some(Item::Metric(groups::shown(scene, metric).id.clone()))
            }
            List::Steps => self.step(scene).map(|step| Item::Step(step.id.clone())),
            List::Levers => self.selected.lever.as_ref().or(playbook.levers.keys().next()).cloned().map(Item::Lever),
            List::Comms => self.comm(scene).map(|comm| Item::Comm(comm.id.clone())),
            List::Debts => {
                let open = facts::open_debts(scene);
                let chosen = open.iter().find(|(id, _)| self.selected.debt.as_ref() == Some(*id));
                chosen.or(open.first()).map(|(id, _)| Item::Debt((*id).clone()))
            }
            List::Tree => self.twig(scene).map(Item::Twig),
            List::Symptoms => self.symptom(scene).map(|symptom| Item::Symptom(symptom.id.clone())),
            List::Links => self.link(scene).map(|link| Item::Link(link.id.clone())),
            List::Journal => {
                let newest = scene.records.back().map(|record| record.seq);
                self.selected.record.or(newest).map(Item::Record)
            }
            List::Palette | List::Page | List::None => None,
        }
    }

    /// Selects this, wherever it is shown.
    pub(super) fn select(&mut self, item: Item, scene: &Scene) {
        let selected = &mut self.selected;
        match item {
            Item::Metric(id) => selected.metric = Some(id),
            Item::Step(id) => {
                if let Some(Dialog::Step(open)) = self.stack.last_mut() {
                    open.clone_from(&id);
                }
                selected.output = Output::default();
                selected.step = Some(id);
            }
            Item::Lever(id) => selected.lever = Some(id),
            Item::Comm(id) => selected.comm = Some(id),
            Item::Debt(id) => selected.debt = Some(id),
            Item::Twig(twig) => selected.twig = Some(twig),
            Item::Symptom(id) => selected.symptom = Some(id),
            Item::Link(id) => selected.link = Some(id),
            // Who reads the newest goes on reading the newest.
            Item::Record(seq) => {
                selected.record = Some(seq).filter(|_| scene.records.back().is_some_and(|newest| newest.seq != seq));
            }
        }
    }

    /// The list that keys walk through where one is.
    pub(in crate::cockpit) fn list(&self) -> List {
        match self.stack.last() {
            None => match self.focus {
                Panel::Metrics => List::Metrics,
                Panel::Checklist => List::Steps,
                Panel::Levers => List::Levers,
                Panel::Comms => List::Comms,
                Panel::Journal => List::Journal,
                Panel::Hold => List::None,
            },
            Some(Dialog::Metric(_)) => List::Metrics,
            Some(Dialog::Step(_)) => List::Steps,
            Some(Dialog::Levers) => List::Levers,
            Some(Dialog::Comms) => List::Comms,
            Some(Dialog::Debts) => List::Debts,
            Some(Dialog::Tree) => List::Tree,
            Some(Dialog::Journal) => List::Journal,
            Some(Dialog::List(Catalogue::Symptoms)) => List::Symptoms,
            Some(Dialog::List(Catalogue::Links)) => List::Links,
            Some(Dialog::Palette(_)) => List::Palette,
            Some(
                Dialog::Help
                | Dialog::Acknowledged
                | Dialog::Hold
                | Dialog::Clocks
                | Dialog::Arm(_)
                | Dialog::Preview(_)
                | Dialog::List(Catalogue::Contacts | Catalogue::Faq | Catalogue::FollowUps),
            ) => List::Page,
            Some(Dialog::Edit(_) | Dialog::Quit | Dialog::Menu(_) | Dialog::Field(_)) => List::None,
        }
    }

    /// Whether opening what is selected is the beginning of changing something.
    pub(super) fn opens_a_change(&self) -> bool {
        match self.list() {
            List::Levers => !self.stack.is_empty(),
            List::Comms | List::Tree => true,
            List::Metrics
            | List::Steps
            | List::Debts
            | List::Symptoms
            | List::Links
            | List::Journal
            | List::Palette
            | List::Page
            | List::None => false,
        }
    }

    /// Opens what is selected: a metric's chart, a step's detail, the arm dialog of a lever, a message's words.
    pub(super) fn open_selected(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match self.list() {
            List::Metrics => {
                let metric = self.selected.metric.clone().or_else(|| scene.playbook.metrics.keys().next().cloned());
                metric.map(|metric| self.open(Dialog::Metric(metric))).unwrap_or_default()
            }
            List::Steps => {
                let step = self.step(scene).map(|step| step.id.clone());
                step.map(|step| self.open(Dialog::Step(step))).unwrap_or_default()
            }
            List::Levers if self.stack.is_empty() => self.open(Dialog::Levers),
            List::Levers => self.arm_selected(scene, human_ms),
            List::Comms => self.edit_message(scene, human_ms),
            List::Tree => self.open_branch(scene),
            List::Symptoms => self.open_pages(scene),
            List::Debts | List::Links | List::Journal | List::Palette | List::Page | List::None => Vec::new(),
        }
    }
}

/// The item `by` places on from `now`, stopping at the ends.
pub(super) fn moved<T: PartialEq>(items: Vec<T>, now: Option<&T>, by: isize) -> Option<T> {
    let place = items.iter().position(|item| Some(item) == now).unwrap_or(0);
    let place = place.saturating_add_signed(by).min(items.len().saturating_sub(1));
    items.into_iter().nth(place)
}
