//! A lever on its way: asked for, armed, fired; and what a person has allowed of it so far.

use super::scene::{Armed, Scene, Sight};
use crate::incident::{AttemptId, PullState, Way};
use crate::playbook::Id;
use crate::text::Text;

/// A lever on its way: asked for, armed, fired.
#[derive(Clone, Debug)]
pub(super) struct Arming {
    pub(super) lever: Id,
    pub(super) way: Way,
    pub(super) step: Option<Id>,
    pub(super) asked_ms: u64,
    /// When it was first seen armed; looking again does not win time.
    pub(super) armed_ms: Option<u64>,
    /// What was first seen armed, and when: only another request makes keys wait again.
    sight: Option<(Sight, u64)>,
    /// What the first value read under arms was: another one later is said to be another.
    first: Option<Text>,
    pub(super) fired: Option<Fired>,
    /// Why it may be fired although an interlock does not hold, and what that was said of.
    pub(super) override_reason: Option<(Sight, Text)>,
    /// The target that was typed, for an irreversible lever; it is good for that target only.
    pub(super) typed: Option<Text>,
    pub(super) reread_ms: u64,
}

/// That F was pressed: pulls numbered above `after` are the ones it made.
#[derive(Clone, Debug)]
pub(super) struct Fired {
    pub(super) after: AttemptId,
    pub(super) at_ms: u64,
}

impl Arming {
    pub(super) fn new(lever: Id, way: Way, step: Option<Id>, human_ms: u64) -> Self {
        Self {
            lever,
            way,
            step,
            asked_ms: human_ms,
            armed_ms: None,
            sight: None,
            first: None,
            fired: None,
            override_reason: None,
            typed: None,
            reread_ms: human_ms,
        }
    }

    /// The scene's armed lever, if it is this one; what was armed before this was asked for is no longer true.
    pub(super) fn armed<'a>(&self, scene: &'a Scene) -> Option<&'a Armed> {
        let same = |armed: &&Armed| armed.lever == self.lever && armed.way == self.way;
        scene.armed.as_ref().filter(same).filter(|armed| armed.armed_at_ms >= self.asked_ms)
    }

    /// What it showed when it was armed, where that is something else by now.
    pub(super) fn changed_from(&self, armed: &Armed) -> Option<&Text> {
        self.first.as_ref().filter(|first| armed.shows().is_some_and(|was| was != *first))
    }

    /// The newest pull that this made.
    pub(super) fn made<'a>(&self, scene: &'a Scene) -> Option<&'a PullState> {
        let after = self.fired.as_ref()?.after;
        let mut newer = scene.state.pulls.iter().rev().take_while(|(attempt, _)| **attempt > after);
        newer.find(|(_, pull)| pull.lever == self.lever && pull.way == self.way).map(|(_, pull)| pull)
    }

    /// Until when keys are dropped: a guard after arming, and again when the request, or what it finds, becomes another.
    pub(super) fn guarded_until(&self, armed: &Armed) -> u64 {
        let since = match &self.sight {
            Some((sight, since)) if sight.is_of(armed) => *since,
            // Nobody has been shown this yet.
            Some(_) => u64::MAX,
            None => armed.armed_at_ms,
        };
        since.saturating_add(Armed::GUARD_MS)
    }

    /// The reason given for firing, if it was given for what is armed now.
    pub(super) fn reason(&self, armed: &Armed) -> Option<&Text> {
        self.override_reason.as_ref().filter(|(sight, _)| sight.covers(armed)).map(|(_, reason)| reason)
    }

    /// Whether the target that is armed now was typed.
    pub(super) fn is_typed(&self, armed: &Armed) -> bool {
        self.typed.as_ref() == Some(&armed.want)
    }

    /// Takes note of what is armed; what was allowed for something else is forgotten, and never comes back.
    pub(super) fn see(&mut self, armed: &Armed, human_ms: u64) {
        let since = match &self.sight {
            Some((sight, since)) if sight.is_of(armed) => *since,
            Some(_) => human_ms,
            None => armed.armed_at_ms,
        };
        self.sight = Some((armed.sight(), since));
        self.first = self.first.take().or_else(|| armed.shows().cloned());
        self.override_reason.take_if(|(sight, _)| !sight.covers(armed));
        self.typed.take_if(|typed| *typed != armed.want);
    }
}
