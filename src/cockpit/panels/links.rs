//! How many backends answer, for the header: as they did here, or as the journal tells it.

use super::View;
use crate::cockpit::facts;
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::kind::Seen;
use crate::metrics::VerdictState;
use crate::playbook::Id;

/// How many of the backends that were asked answer, and how many nothing has been asked of yet: those are no loss, and a
/// warning that never ends would hide one.
pub(super) fn words(view: &View) -> (String, Token) {
    let all = links(view.scene);
    let count = |up: Option<bool>| all.iter().filter(|link| **link == up).count();
    let (up, unasked) = (count(Some(true)), count(None));
    let asked = all.len() - unasked;
    let token = if up == asked { Token::Muted } else { Token::Warn };
    let unasked = if unasked > 0 { format!(" ?{unasked}") } else { String::new() };
    (format!("link {up}/{asked}{unasked}"), token)
}

/// Whether each backend answers; nothing where it was not asked.
fn links(scene: &Scene) -> Vec<Option<bool>> {
    if scene.backends.is_empty() {
        return scene.playbook.backends.keys().map(|backend| told(scene, backend)).collect();
    }
    scene.backends.iter().map(|health| health.up).collect()
}

/// The same as the commander's readings tell it: who only reads asks no backend. One that answers some of what is asked of
/// it answers.
fn told(scene: &Scene, backend: &Id) -> Option<bool> {
    let probes = scene.playbook.probes.values().filter(|probe| probe.call.backend() == backend.as_str());
    let seen = probes.filter_map(|probe| match scene.state.seen(&probe.id)? {
        Seen::Value(_) => Some(true),
        Seen::Failed(_) => Some(false),
        // Nothing found is an answer, but not having looked is none.
        Seen::Absent(_) => None,
    });
    let metrics = scene.playbook.metrics.values().filter(|metric| metric.source.backend() == backend.as_str());
    let read = metrics.filter_map(|metric| match facts::verdict(scene, &metric.id)?.state {
        VerdictState::Ok | VerdictState::Warn | VerdictState::Breach => Some(true),
        VerdictState::Error => Some(false),
        VerdictState::NoData | VerdictState::Stale => None,
    });
    seen.chain(read).reduce(|one, other| one || other)
}
