//! Moving about: panels, rows, views. What is selected is an identity, never a row.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::groups;
use crate::cockpit::intent::Intent;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Panel, Ui};
use crate::playbook::Id;

/// The list that j and k walk through.
enum List {
    Metrics,
    Steps,
    Levers,
    Comms,
    Debts,
    Tree,
    Symptoms,
    Links,
    Journal,
    Help,
    None,
}

impl Ui {
    pub(in crate::cockpit) fn go_to_panel(&mut self, panel: Panel) -> Vec<Intent> {
        self.stack.clear();
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

    pub(in crate::cockpit) fn go(&mut self, by: isize, scene: &Scene) -> Vec<Intent> {
        let playbook = &scene.playbook;
        match self.list() {
            List::Metrics => {
                let now = self.selected.metric.as_ref().and_then(|id| playbook.metrics.get(id));
                let now = now.map(|metric| &groups::shown(scene, metric).id);
                let rows = groups::rows(scene).into_iter().map(|metric| &metric.id);
                self.selected.metric = moved(rows, now, by);
            }
            List::Steps => {
                let now = self.step(scene).map(|step| step.id.clone());
                self.selected.step = moved(playbook.steps.iter().map(|step| &step.id), now.as_ref(), by);
                if let (Some(Dialog::Step(open)), Some(step)) = (self.stack.last_mut(), &self.selected.step) {
                    open.clone_from(step);
                }
            }
            List::Levers => self.selected.lever = moved(playbook.levers.keys(), self.selected.lever.as_ref(), by),
            List::Comms => self.selected.comm = moved(playbook.comms.keys(), self.selected.comm.as_ref(), by),
            List::Debts => {
                let open = scene.state.open_debts().map(|(id, _)| id);
                self.selected.debt = moved(open, self.selected.debt.as_ref(), by);
            }
            List::Tree => self.walk_tree(by, scene),
            List::Symptoms => {
                let now = self.symptom(scene).map(|symptom| symptom.id.clone());
                self.selected.symptom = moved(playbook.symptoms.keys(), now.as_ref(), by);
            }
            List::Links => {
                let now = self.link(scene).map(|link| link.id.clone());
                self.selected.link = moved(playbook.lists.links.keys(), now.as_ref(), by);
            }
            List::Journal => {
                let back = self.selected.journal_back;
                self.selected.journal_back = back.saturating_add_signed(by.saturating_neg()).min(scene.records.len());
            }
            List::Help => self.selected.help_down = self.selected.help_down.saturating_add_signed(by).min(200),
            List::None => {}
        }
        Vec::new()
    }

    fn list(&self) -> List {
        match self.stack.last() {
            None => match self.focus {
                Panel::Metrics => List::Metrics,
                Panel::Checklist => List::Steps,
                Panel::Levers => List::Levers,
                Panel::Comms | Panel::Journal | Panel::Hold => List::None,
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
            Some(Dialog::Help | Dialog::List(Catalogue::Contacts | Catalogue::Faq | Catalogue::FollowUps)) => {
                List::Help
            }
            Some(
                Dialog::Hold
                | Dialog::Edit(_)
                | Dialog::Clocks
                | Dialog::Preview(_)
                | Dialog::Quit
                | Dialog::Arm(_)
                | Dialog::Menu(_)
                | Dialog::Field(_),
            ) => List::None,
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
            | List::Help
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
            List::Tree => self.open_branch(scene, human_ms),
            List::Symptoms => self.open_pages(scene),
            List::Debts | List::Links | List::Journal | List::Help | List::None => Vec::new(),
        }
    }
}

/// The identity `by` places on from `now` in `list`, stopping at its ends.
fn moved<'a>(list: impl Iterator<Item = &'a Id>, now: Option<&Id>, by: isize) -> Option<Id> {
    let ids: Vec<&Id> = list.collect();
    let place = ids.iter().position(|id| Some(*id) == now).unwrap_or(0);
    let place = place.saturating_add_signed(by).min(ids.len().saturating_sub(1));
    ids.get(place).map(|id| (*id).clone())
}
