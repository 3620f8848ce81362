//! What was fired and nobody knows the end of: told before everything else, until a read-back or a person has said.

use super::facts;
use super::scene::Scene;
use super::words;
use crate::incident::{AttemptId, PullState, ReadBack};
use crate::kind::Outcome;
use crate::playbook::Lever;

/// A pull that may have worked, and was not seen to have.
pub(super) struct Unread<'a> {
    attempt: AttemptId,
    pull: &'a PullState,
    lever: &'a Lever,
}

/// All of them, the oldest first. One that was accepted and is being read back is no news.
pub(super) fn unread(scene: &Scene) -> Vec<Unread<'_>> {
    let unknown = |pull: &PullState| {
        let lost = matches!(pull.outcome, Some((Outcome::Unknown, _)));
        pull.locks() && (lost || pull.read_back == Some(ReadBack::Unknown))
    };
    let pulls = scene.state.pulls.iter().filter(|(_, pull)| unknown(pull) && scene.state.closed.is_none());
    let known = pulls.filter_map(|(attempt, pull)| {
        let lever = scene.playbook.levers.get(&pull.lever)?;
        Some(Unread { attempt: *attempt, pull, lever })
    });
    known.collect()
}

impl Unread<'_> {
    /// `pull 3 of alias fired and not read back 00:09`: which, and for how long nobody knows.
    pub(super) fn says(&self, scene: &Scene) -> String {
        let since = words::clock(scene.now.since(&self.pull.started).ms);
        format!("pull {} of {} fired and not read back {since}", self.attempt, self.lever.id)
    }

    /// The number of its lever, which arms what looks again.
    pub(super) fn number(&self, scene: &Scene) -> usize {
        facts::lever_number(scene, &self.lever.id)
    }

    /// Whether only a person can say what became of it.
    pub(super) fn is_attested(&self, scene: &Scene) -> bool {
        facts::is_attested(scene, &self.lever.id, self.pull.way)
    }
}
