//! The decision tree: walked with j and k; a branch opens with a reason, a symptom is raised by who sees it.

use super::submit;
use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::scene::Scene;
use crate::cockpit::tree::{Twig, branch_meant, twigs};
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::Command;

impl Ui {
    /// What is selected in the tree: its top until someone walks it.
    pub(in crate::cockpit) fn twig(&self, scene: &Scene) -> Option<Twig> {
        let all = twigs(&scene.playbook);
        let chosen = self.selected.twig.clone().filter(|twig| all.contains(twig));
        chosen.or_else(|| all.into_iter().next())
    }

    /// Asks why the branch is opened by hand.
    pub(super) fn open_branch(&mut self, scene: &Scene) -> Vec<Intent> {
        let Some(branch) = self.twig(scene).and_then(|twig| branch_meant(scene, &twig)) else { return Vec::new() };
        let title = format!("OPEN BRANCH  {}: why?", branch.title);
        let hint = "one line; its steps join the checklist, and it stays open";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::OpenBranch(branch.id.clone()), title, hint))))
    }

    /// Why the branch meant cannot be opened by hand.
    pub(super) fn branch_why_not(&self, scene: &Scene) -> Option<String> {
        let Some(branch) = self.twig(scene).and_then(|twig| branch_meant(scene, &twig)) else {
            return Some("no branch hangs on this symptom".to_owned());
        };
        let is_open = scene.state.branches.contains_key(&branch.id);
        let open = || is_open.then(|| format!("{} is open: its steps are in the checklist", branch.title));
        super::offers::not_flying(scene).or_else(open)
    }

    pub(super) fn raise_symptom(&self, scene: &Scene) -> Vec<Intent> {
        match self.twig(scene) {
            Some(Twig::Symptom(symptom)) => submit(Command::DeclareSymptom { symptom }),
            Some(Twig::Branch(_)) | None => Vec::new(),
        }
    }
}
