//! Those beside the commander: who watches, what they object to, who asks for command.

use super::Session;
use super::porter::Porter;
use crate::app::flight::Input;
use crate::cockpit::Company;
use crate::incident::{Actor, Command, is_a_name};
use crate::journal::{Found, GONE_MS, Says, Slip};
use crate::text::Text;
use std::collections::BTreeSet;

/// The most objections waiting for the commander's eye; further ones lie in the inbox until some are acknowledged.
const OBJECTIONS_MAX: usize = 20;
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
    /// Takes in all that lies in the inbox. An objection is taken away only once the journal has it: after a crash it
    /// still lies there, and its name keeps it from being written down twice.
    pub(super) fn attend(&mut self, found: Vec<Found>) {
        let now_ms = chrono::Utc::now().timestamp_millis();
        let (mut here, mut asking) = (Vec::new(), BTreeSet::new());
        let objections = self.flight.state().people.objections.values();
        let mut room = OBJECTIONS_MAX.saturating_sub(objections.filter(|objection| !objection.acknowledged).count());
        for (name, slip) in found {
            let slip = match slip.and_then(signed) {
                Ok(slip) => slip,
                Err(why) => {
                    self.refuse_slip(name, &why);
                    continue;
                }
            };
            let id = Text::from(name.as_str());
            match slip.says {
                Says::Here { .. } if now_ms.abs_diff(slip.at_ms) > GONE_MS => self.reception.porter.remove(name),
                Says::Here { wants_command } => {
                    if let Some(ask) = wants_command {
                        self.hear_ask(slip.role.clone(), &ask);
                        asking.insert(ask);
                    }
                    here.push(slip.role);
                }
                Says::Objects(_) if self.flight.state().people.has_objection(&id) => self.reception.porter.remove(name),
                Says::Objects(_) if room == 0 => {}
                Says::Objects(text) => {
                    room -= 1;
                    // Its words are shown once secrets are cut from them, as the journal has them.
                    self.toast = Some((self.human_ms(), format!("{} objects", slip.role).into()));
                    self.feed(Input::Command(slip.role, Command::Object { id, text }));
                }
            }
        }
        here.sort();
        self.reception.company.observers = here;
        self.drop_asks_but(&asking);
    }

    /// Who asks for command is shown, and asked for nothing: the commander answers when there is time.
    fn hear_ask(&mut self, role: Actor, id: &Text) {
        let state = self.flight.state();
        if state.closed.is_none() && !state.people.asks.contains_key(id) {
            self.toast = Some((self.human_ms(), format!("{role} asks for command: <main.command> answers").into()));
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

/// Only who has a person's name has a say.
fn signed(slip: Slip) -> Result<Slip, String> {
    if is_a_name(slip.role.as_str()) { Ok(slip) } else { Err(format!("`{}` is no person's name", slip.role)) }
}
