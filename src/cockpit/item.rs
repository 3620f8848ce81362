//! What can be selected, by identity and never by its row; and the words by which it is found.

use super::facts;
use super::groups;
use super::scene::Scene;
use super::tree::Twig;
use crate::incident::tell;
use crate::playbook::{Id, Playbook};

/// The list that j and k walk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Metrics,
    Steps,
    Levers,
    Comms,
    Debts,
    Tree,
    Symptoms,
    Links,
    Journal,
    Palette,
    /// Lines that are only read, and scrolled.
    Page,
    None,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Metric(Id),
    Step(Id),
    Lever(Id),
    Comm(Id),
    Debt(Id),
    Twig(Twig),
    Symptom(Id),
    Link(Id),
    /// A record of the journal, by its number.
    Record(u64),
}

impl List {
    /// Everything in it, from the top; nothing in what has no rows of its own.
    pub(super) fn items(self, scene: &Scene) -> Vec<Item> {
        let playbook = &scene.playbook;
        match self {
            Self::Metrics => groups::rows(scene).into_iter().map(|metric| Item::Metric(metric.id.clone())).collect(),
            Self::Steps => playbook.steps.iter().map(|step| Item::Step(step.id.clone())).collect(),
            Self::Levers => playbook.levers.keys().cloned().map(Item::Lever).collect(),
            Self::Comms => playbook.comms.keys().cloned().map(Item::Comm).collect(),
            Self::Debts => facts::open_debts(scene).into_iter().map(|(id, _)| Item::Debt(id.clone())).collect(),
            Self::Tree => super::tree::twigs(playbook).into_iter().map(Item::Twig).collect(),
            Self::Symptoms => playbook.symptoms.keys().cloned().map(Item::Symptom).collect(),
            Self::Links => playbook.lists.links.keys().cloned().map(Item::Link).collect(),
            Self::Journal => scene.records.iter().rev().map(|record| Item::Record(record.seq)).collect(),
            Self::Palette | Self::Page | Self::None => Vec::new(),
        }
    }
}

impl Item {
    /// Its name in the playbook.
    pub(super) fn title(&self, scene: &Scene) -> String {
        let playbook = &scene.playbook;
        match self {
            Self::Step(id) => playbook.step(id).map_or(id.to_string(), |step| step.title.clone()),
            Self::Metric(_)
            | Self::Lever(_)
            | Self::Comm(_)
            | Self::Debt(_)
            | Self::Twig(_)
            | Self::Symptom(_)
            | Self::Link(_)
            | Self::Record(_) => self.words(scene),
        }
    }

    /// The words that its row shows.
    pub(super) fn words(&self, scene: &Scene) -> String {
        let playbook = &scene.playbook;
        let words = match self {
            Self::Metric(id) => playbook
                .metrics
                .get(id)
                .map(|metric| format!("{} {}", groups::full(scene, metric), facts::state_of(scene, id).word())),
            Self::Step(id) => playbook.step(id).map(|step| format!("{} {}", step.title, facts::face(scene, id).word)),
            Self::Lever(id) => playbook.levers.get(id).map(|lever| format!("{} {id}", lever.title)),
            Self::Comm(id) => playbook.comms.get(id).map(|comm| comm.title.clone()),
            Self::Debt(id) => scene.state.debts.get(id).map(|debt| debt.title.to_string()),
            Self::Twig(Twig::Symptom(id)) | Self::Symptom(id) => symptom(playbook, id),
            Self::Twig(Twig::Branch(id)) => playbook.branches.get(id).map(|branch| branch.title.clone()),
            Self::Link(id) => playbook.lists.links.get(id).map(|link| format!("{} {}", link.title, link.url)),
            Self::Record(seq) => {
                let place = scene.records.binary_search_by_key(seq, |record| record.seq).ok();
                place.and_then(|place| scene.records.get(place)).map(|record| tell(playbook, &record.event))
            }
        };
        words.unwrap_or_default()
    }
}

fn symptom(playbook: &Playbook, id: &Id) -> Option<String> {
    playbook.symptoms.get(id).map(|symptom| symptom.title.clone())
}
