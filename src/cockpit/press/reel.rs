//! The keys of a replay: they move along the tape, and keep bookmarks.

use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::ReelAct;
use crate::cockpit::replay::{Cursor, Reel};
use crate::cockpit::ui::{Dialog, Ui};

impl Ui {
    /// The same over a tape, which its keys then move.
    #[must_use]
    pub fn with_reel(mut self, reel: Reel) -> Self {
        self.reel = Some(reel);
        self
    }

    /// Lets the tape go on by what human time has passed; where it stands, and whether it goes on.
    pub fn tick_reel(&mut self, human_ms: u64) -> Option<(Cursor, bool)> {
        let reel = self.reel.as_mut()?;
        reel.tick(human_ms);
        Some((reel.cursor(), reel.is_playing()))
    }

    pub(super) fn perform_on_reel(&mut self, act: ReelAct, number: u8, human_ms: u64) -> Vec<Intent> {
        if act == ReelAct::Find {
            let hint = "some of its words, as the journal says them; n and N go on from there";
            return self.open(Dialog::Field(Box::new(Field::new(Purpose::FindEvent, "FIND  which event?", hint))));
        }
        let Some(reel) = &mut self.reel else { return Vec::new() };
        let before = reel.bookmarks().to_vec();
        let told = reel.act(act, number, human_ms);
        let after = reel.bookmarks();
        let kept = after.iter().filter(|at| !before.contains(at)).map(|at| Intent::KeepBookmark(*at));
        let dropped = before.iter().filter(|at| !after.contains(at)).map(|at| Intent::DropBookmark(*at));
        // What changed and no more: others may keep bookmarks of the same incident, seen from here or not.
        let changed = kept.chain(dropped).collect();
        if let Some(told) = told {
            self.say(human_ms, told);
        }
        changed
    }

    /// Goes to the next event that says this.
    pub(super) fn find_event(&mut self, words: &str, human_ms: u64) -> Vec<Intent> {
        if let Some(told) = self.reel.as_mut().and_then(|reel| reel.seek(words)) {
            self.say(human_ms, told);
        }
        Vec::new()
    }
}
