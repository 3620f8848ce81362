//! What time does to what is armed: a guard at first, a read-out that ages, an end after 30 s.

use super::facts::is_attested;
use super::intent::Intent;
use super::scene::{Armed, Scene};
use super::ui::{Dialog, Notice, Stays, Ui};
use crate::incident::{Moment, next_step};

/// A read-out older than this under arms is read again, in ms of incident time.
pub(super) const READ_MAX_MS: u64 = 10_000;
/// … but not more often than this, in ms of human time.
const REREAD_MIN_MS: u64 = 2_000;

impl Ui {
    /// Takes note of a new scene or of time passing: arming ends after 30 s, an old read-out is read again.
    pub fn on_scene(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let next = next_step(&scene.playbook, &scene.state).map(|step| step.id.clone());
        if self.stood_at.as_ref().map(|(step, _)| step) != next.as_ref() {
            self.stood_at = next.map(|next| (next, human_ms));
        }
        let mut intents = self.let_go_of_drafts(scene);
        intents.extend(self.watch_arming(scene, human_ms));
        intents.extend(self.watch_posting(scene, human_ms));
        intents
    }

    fn watch_posting(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let expired =
            |dialog: &Dialog| matches!(dialog, Dialog::Preview(posting) if posting.is_expired(scene, human_ms));
        self.stack.iter().position(expired).map(|place| self.expire(place, human_ms)).unwrap_or_default()
    }

    /// Closes what was armed too long ago to be meant, and says so.
    fn expire(&mut self, place: usize, human_ms: u64) -> Vec<Intent> {
        self.stack.truncate(place);
        // Whoever was searching the help over it would type on into nothing that is shown.
        self.search = None;
        let words = "disarmed: 30 s passed; nothing was sent".to_owned();
        self.notice = Some(Notice { at_ms: human_ms, words, stays: Stays::UntilKey });
        vec![Intent::Disarm]
    }

    fn watch_arming(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(place) = self.stack.iter().position(|dialog| matches!(dialog, Dialog::Arm(_))) else {
            return Vec::new();
        };
        let approving = matches!(self.stack.last(), Some(Dialog::Field(field)) if field.is_approval());
        let Dialog::Arm(arming) = &mut self.stack[place] else { return Vec::new() };
        let Some(armed) = arming.armed(scene).filter(|_| arming.fired.is_none()) else { return Vec::new() };
        arming.see(armed, human_ms);
        if approving {
            // Two people are at it: while they type, nothing can be fired and the time does not run.
            arming.armed_ms = Some(human_ms);
        }
        let since = *arming.armed_ms.get_or_insert(armed.armed_at_ms);
        if human_ms.saturating_sub(since) >= Armed::EXPIRES_MS {
            return self.expire(place, human_ms);
        }
        let unseen = !is_attested(scene, &armed.lever, armed.way);
        let is_old = |read: &Moment| scene.now.since(read).ms > READ_MAX_MS;
        let lost = armed.interlocks.iter().filter_map(|interlock| interlock.read.as_ref()).any(is_old);
        let old = lost || armed.was.as_ref().map_or(unseen, |(_, read)| is_old(read));
        if old && human_ms.saturating_sub(arming.reread_ms) >= REREAD_MIN_MS {
            arming.reread_ms = human_ms;
            return vec![Intent::ReRead];
        }
        Vec::new()
    }

    /// Whether a lever or a message was armed too short a time ago for a key to be meant for it.
    pub(super) fn is_guarded(&self, scene: &Scene, human_ms: u64) -> bool {
        match self.stack.last() {
            Some(Dialog::Arm(arming)) => {
                let armed = arming.armed(scene).filter(|_| arming.fired.is_none());
                armed.is_some_and(|armed| human_ms < arming.guarded_until(armed) || self.is_unseen(human_ms))
            }
            Some(Dialog::Preview(posting)) => {
                let unseen = posting.letter(scene).is_some() && self.is_unseen(human_ms);
                unseen || posting.is_guarded(scene, human_ms)
            }
            _ => false,
        }
    }
}
