//! The people of an incident: who commands, who objects, who asks for command.

use super::event::{Event, Record};
use super::{Actor, Moment};
use crate::text::Text;
use std::collections::BTreeMap;

/// Everyone who has a say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    /// Who commands: who opened the journal last, or was handed command since.
    pub commander: Actor,
    /// Command was handed to somebody who has not resumed yet: nobody commands meanwhile.
    pub handed_over: Option<HandOver>,
    /// What observers objected to, by the number of its record.
    pub objections: BTreeMap<u64, Objection>,
    /// Who asked for command, by the name of the asking.
    pub asks: BTreeMap<Text, Ask>,
}

/// Command on its way from one to another.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOver {
    /// To whom.
    pub to: Actor,
    /// Which asking was granted.
    pub id: Text,
}

/// What an observer objected to.
#[derive(Clone, Debug, PartialEq)]
pub struct Objection {
    /// The name it came under.
    pub id: Text,
    /// Whose it is.
    pub by: Actor,
    /// What it says.
    pub text: Text,
    /// When it was written down.
    pub at: Moment,
    /// Whether the commander has seen it.
    pub acknowledged: bool,
}

/// An observer who asked for command.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Who.
    pub by: Actor,
    /// Since when.
    pub at: Moment,
    /// Whether it was granted, declined or dropped.
    pub answered: bool,
}

impl People {
    /// Whether an objection of this name is written down.
    pub fn has_objection(&self, id: &Text) -> bool {
        self.objections.values().any(|objection| objection.id == *id)
    }

    /// The oldest objection nobody has acknowledged.
    pub fn open_objection(&self) -> Option<(u64, &Objection)> {
        self.objections.iter().find(|(_, objection)| !objection.acknowledged).map(|(seq, objection)| (*seq, objection))
    }

    /// Those who ask for command and have no answer yet, the first to ask first.
    pub fn open_asks(&self) -> Vec<(&Text, &Ask)> {
        let mut open: Vec<_> = self.asks.iter().filter(|(_, ask)| !ask.answered).collect();
        open.sort_by_key(|(_, ask)| ask.at.wall_ms);
        open
    }

    /// Believes an event about people; every other one is none of its business.
    pub(super) fn apply(&mut self, record: &Record) {
        match &record.event {
            Event::Opened { .. } | Event::Resumed { .. } => {
                self.commander = record.actor.clone();
                self.handed_over = None;
            }
            Event::Objected { text, id } => {
                let (id, by, text, at) = (id.clone(), record.actor.clone(), text.clone(), record.at.clone());
                self.objections.insert(record.seq, Objection { id, by, text, at, acknowledged: false });
            }
            Event::ObjectionAcknowledged { objection } => {
                if let Some(objection) = self.objections.get_mut(objection) {
                    objection.acknowledged = true;
                }
            }
            Event::CommandAsked { id } => {
                let ask = Ask { by: record.actor.clone(), at: record.at.clone(), answered: false };
                self.asks.insert(id.clone(), ask);
            }
            Event::CommandDeclined { id, .. } | Event::CommandAskDropped { id, .. } => self.answer(id),
            Event::HandedOver { to, id } => {
                self.answer(id);
                self.commander = to.clone();
                self.handed_over = Some(HandOver { to: to.clone(), id: id.clone() });
            }
            _ => {}
        }
    }

    fn answer(&mut self, id: &Text) {
        if let Some(ask) = self.asks.get_mut(id) {
            ask.answered = true;
        }
    }
}
