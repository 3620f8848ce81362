//! Observers: their objections are written down once each, and command goes to who asked for it, never by itself.

use super::{Decided, Draft, is_a_name, refuse};
use crate::incident::event::Event;
use crate::incident::people::Ask;
use crate::text::Text;

impl Draft<'_> {
    /// What an observer objects to. The same objection is written down once, however often it is brought.
    pub(super) fn object(&mut self, id: &Text, text: &Text) -> Decided {
        if text.is_empty() {
            return refuse("an objection says what is wrong");
        }
        self.is_someone()?;
        if !self.state.people.has_objection(id) {
            self.push(Event::Objected { text: text.clone(), id: id.clone() });
        }
        Ok(())
    }

    pub(super) fn acknowledge_objection(&mut self, objection: u64) -> Decided {
        match self.state.people.objections.get(&objection) {
            None => refuse(format!("record {objection} is no objection")),
            Some(objection) if objection.acknowledged => Ok(()),
            Some(_) => {
                self.push(Event::ObjectionAcknowledged { objection });
                Ok(())
            }
        }
    }

    /// An observer asks for command; brought again it is the same asking.
    pub(super) fn ask_command(&mut self, id: &Text) -> Decided {
        self.is_someone()?;
        let is_over = self.state.closed.is_some() || self.state.people.handed_over.is_some();
        if !is_over && !self.state.people.asks.contains_key(id) {
            self.push(Event::CommandAsked { id: id.clone() });
        }
        Ok(())
    }

    pub(super) fn drop_ask(&mut self, id: &Text) -> Decided {
        if let Some(ask) = self.open_ask(id) {
            let by = ask.by.clone();
            self.push(Event::CommandAskDropped { id: id.clone(), by });
        }
        Ok(())
    }

    pub(super) fn decline_command(&mut self, id: &Text) -> Decided {
        let Some(ask) = self.open_ask(id) else { return refuse("nobody asks for command like this any more") };
        let to = ask.by.clone();
        self.push(Event::CommandDeclined { id: id.clone(), to });
        Ok(())
    }

    /// Gives command away. What is in flight has an owner until it is settled.
    pub(super) fn hand_over(&mut self, id: &Text) -> Decided {
        let Some(ask) = self.open_ask(id) else { return refuse("nobody asks for command like this any more") };
        if let Some((attempt, _)) = self.state.pulls.iter().find(|(_, pull)| pull.outcome.is_none()) {
            return refuse(format!("pull {attempt} is in flight; command is handed over when it is settled"));
        }
        let to = ask.by.clone();
        self.push(Event::HandedOver { to, id: id.clone() });
        Ok(())
    }

    fn open_ask(&self, id: &Text) -> Option<&Ask> {
        self.state.people.asks.get(id).filter(|ask| !ask.answered)
    }

    /// The asker has a person's name: goaround itself neither objects nor commands.
    fn is_someone(&self) -> Decided {
        let name = self.stamped.actor.as_str();
        if is_a_name(name) { Ok(()) } else { refuse(format!("`{name}` is no person's name")) }
    }
}
