//! After closing: the list of what is still to be done, ticked off one by one in the same journal.

use super::{Decided, Draft, refuse, says_something};
use crate::incident::event::Event;
use crate::playbook::Id;
use crate::text::{Text, nearest};

impl Draft<'_> {
    /// A person has seen to a follow-up.
    pub(super) fn follow_up(&mut self, id: &Id, note: &Text) -> Decided {
        let all = &self.playbook.lists.follow_ups;
        if all.iter().all(|follow_up| follow_up.id != *id) {
            let meant = nearest(id.as_str(), all.iter().map(|follow_up| follow_up.id.as_str()));
            let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            return refuse(format!("there is no follow-up `{id}`{hint}"));
        }
        if self.state.closed.is_none() {
            return refuse("the incident is still open: its follow-ups begin when it is closed");
        }
        if let Some(done) = self.state.followed_up.get(id) {
            return refuse(format!("follow-up `{id}` is done already, by {}", done.by));
        }
        if !says_something(note.as_str()) {
            return refuse("say what was done and where it can be read, in words: `ok` is no note");
        }
        let by = self.stamped.actor.clone();
        self.push(Event::FollowedUp { id: id.clone(), by, note: note.clone() });
        Ok(())
    }
}
