//! Reading lists: a symptom leads to its pages, an address is copied. Nothing here changes anything.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::intent::Intent;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Ui};
use crate::playbook::{Link, Symptom};

impl Ui {
    /// The symptom selected, or the first.
    pub(in crate::cockpit) fn symptom<'a>(&self, scene: &'a Scene) -> Option<&'a Symptom> {
        let symptoms = &scene.playbook.symptoms;
        self.selected.symptom.as_ref().and_then(|id| symptoms.get(id)).or(symptoms.values().next())
    }

    /// The link selected, or the first.
    pub(in crate::cockpit) fn link<'a>(&self, scene: &'a Scene) -> Option<&'a Link> {
        let links = &scene.playbook.lists.links;
        self.selected.link.as_ref().and_then(|id| links.get(id)).or(links.values().next())
    }

    /// The link that `y` copies: the one selected, or the first page of the selected symptom.
    pub(super) fn link_to_copy<'a>(&self, scene: &'a Scene) -> Option<&'a Link> {
        match self.stack.last() {
            Some(Dialog::List(Catalogue::Symptoms)) => {
                scene.playbook.lists.links.get(self.symptom(scene)?.links.first()?)
            }
            Some(Dialog::List(Catalogue::Links)) => self.link(scene),
            _ => None,
        }
    }

    pub(super) fn copy_link(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(link) = self.link_to_copy(scene) else { return Vec::new() };
        self.say(human_ms, format!("copied: {}", link.url));
        vec![Intent::Copy(link.url.clone())]
    }

    /// From a symptom to its pages.
    pub(super) fn open_pages(&mut self, scene: &Scene) -> Vec<Intent> {
        if let Some(first) = self.symptom(scene).and_then(|symptom| symptom.links.first()) {
            self.selected.link = Some(first.clone());
            // On top: Esc leads back to the symptom.
            self.stack.push(Dialog::List(Catalogue::Links));
        }
        Vec::new()
    }
}
