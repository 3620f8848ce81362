//! Those beside the commander: who watches, what they object to, who asks for command.

use super::Session;
use super::porter::Porter;
use crate::app::flight::Input;
use crate::app::slips::Sorted;
use crate::cockpit::Company;
use crate::incident::{Actor, Command, Event, Record};
use crate::journal::Found;
use crate::text::Text;
use std::collections::BTreeSet;

/// The most refused names remembered, so that each is spoken of once.
const TOLD_MAX: usize = 1000;

/// What is known of the inbox.
pub(super) struct Reception {
    porter: Porter,
    pub(super) company: Company,
    told: BTreeSet<String>,
}

impl Reception {
    pub(super) fn new(porter: Porter) -> Self {
        Self { porter, company: Company::default(), told: BTreeSet::new() }
    }
}

impl Session {
    /// Takes in all that lies in the inbox.
    pub(super) fn attend(&mut self, found: Vec<Found>) {
        let sorted = Sorted::of(found, self.flight.state(), chrono::Utc::now().timestamp_millis());
        sorted.done.into_iter().for_each(|name| self.reception.porter.remove(name));
        sorted.refused.into_iter().for_each(|(name, why)| self.refuse_slip(name, &why));
        for (role, ask) in &sorted.asks {
            self.hear_ask(role.clone(), ask);
        }
        for (role, objection) in sorted.objections {
            self.feed(Input::Command(role, objection));
        }
        self.reception.company.observers = sorted.here;
        self.drop_asks_but(&sorted.asks.into_iter().map(|(_, ask)| ask).collect());
    }

    /// Says what of observers has just been written down: only then can it be answered, and its words are without secrets.
    pub(super) fn hear_company(&mut self, news: &[Record]) {
        for Record { actor, event, .. } in news {
            let said = if matches!(event, Event::Objected { .. }) {
                format!("{actor} objects")
            } else if matches!(event, Event::CommandAsked { .. }) {
                format!("{actor} asks for command: <main.command> answers")
            } else {
                continue;
            };
            self.toast = Some((self.human_ms(), said.into()));
        }
    }

    /// Who asks for command is shown, and asked for nothing: the commander answers when there is time.
    fn hear_ask(&mut self, role: Actor, id: &Text) {
        let state = self.flight.state();
        if state.closed.is_none() && !state.people.asks.contains_key(id) {
            self.feed(Input::Command(role, Command::AskCommand { id: id.clone() }));
        }
    }

    /// Whoever does not ask any more, or is gone, must not be handed command.
    fn drop_asks_but(&mut self, asking: &BTreeSet<Text>) {
        let open: Vec<Text> = self.flight.state().people.open_asks().into_iter().map(|(id, _)| id.clone()).collect();
        for id in open.into_iter().filter(|id| !asking.contains(id)) {
            self.feed(Input::Command(Actor::from("sensor"), Command::DropAsk { id }));
        }
    }

    /// What is no slip is taken away and spoken of once.
    fn refuse_slip(&mut self, name: String, why: &str) {
        if self.reception.told.len() >= TOLD_MAX {
            self.reception.told.clear();
        }
        if self.reception.told.insert(name.clone()) {
            let sentence = format!("inbox/{name} was not read and is taken away: {why}");
            self.toast = Some((self.human_ms(), sentence.into()));
        }
        self.reception.porter.remove(name);
    }
}
