//! The decision tree, in the order it is walked: each symptom with its branches, then the branches of no symptom.

use super::scene::Scene;
use crate::playbook::{Branch, Id, Opening, Playbook};

/// What can be selected in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Twig {
    Symptom(Id),
    Branch(Id),
}

/// All of it, from the top.
pub(super) fn twigs(playbook: &Playbook) -> Vec<Twig> {
    let mut twigs = Vec::new();
    for symptom in playbook.symptoms.keys() {
        twigs.push(Twig::Symptom(symptom.clone()));
        twigs.extend(branches_of(playbook, symptom).map(|branch| Twig::Branch(branch.id.clone())));
    }
    let of_none = |branch: &&Branch| !matches!(branch.when, Some(Opening::Symptom(_)));
    twigs.extend(playbook.branches.values().filter(of_none).map(|branch| Twig::Branch(branch.id.clone())));
    twigs
}

/// The branches that a symptom opens.
fn branches_of<'a>(playbook: &'a Playbook, symptom: &Id) -> impl Iterator<Item = &'a Branch> {
    let hangs = move |branch: &&Branch| matches!(&branch.when, Some(Opening::Symptom(of)) if of == symptom);
    playbook.branches.values().filter(hangs)
}

/// The branch meant: the one selected, or the first closed one of the symptom selected.
pub(super) fn branch_meant<'a>(scene: &'a Scene, twig: &Twig) -> Option<&'a Branch> {
    let playbook = &scene.playbook;
    let is_open = |branch: &Branch| scene.state.branches.contains_key(&branch.id);
    match twig {
        Twig::Branch(branch) => playbook.branches.get(branch),
        Twig::Symptom(symptom) => {
            let closed = branches_of(playbook, symptom).find(|branch| !is_open(branch));
            closed.or_else(|| branches_of(playbook, symptom).next())
        }
    }
}
