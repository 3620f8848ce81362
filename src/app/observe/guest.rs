//! What an observer leaves in the inbox: a sign of life, objections, an asking for command. Nothing else is written.

use crate::incident::{Actor, State};
use crate::journal::{Error, GONE_MS, Inbox, OBJECTION_MAX, Says, Slip, new_id};
use crate::text::Text;
use std::path::{Path, PathBuf};

/// How often a sign of life is given, in ms.
const SIGN_MS: u64 = 5_000;

/// An observer as others see them.
pub(super) struct Guest {
    directory: PathBuf,
    role: Actor,
    id: String,
    /// Why they could not fly the incident, if so.
    barred: Option<Text>,
    /// The name of the asking for command, while it stands.
    ask: Option<Text>,
    /// When a sign of life was given last, in ms of human time.
    signed_ms: Option<u64>,
    /// Who watches, by their signs of life.
    pub(super) present: Vec<Text>,
}

impl Guest {
    pub(super) fn new(directory: &Path, role: Actor, barred: Option<Text>) -> std::io::Result<Self> {
        let (directory, id) = (directory.to_owned(), new_id()?);
        Ok(Self { directory, role, id, barred, ask: None, signed_ms: None, present: Vec::new() })
    }

    /// Gives a sign of life when one is due; why nobody will see it, if so.
    pub(super) fn sign(&mut self, human_ms: u64) -> Result<(), Text> {
        if self.signed_ms.is_some_and(|last| human_ms.saturating_sub(last) < SIGN_MS) {
            return Ok(());
        }
        self.signed_ms = Some(human_ms);
        let here = Says::Here { wants_command: self.ask.clone() };
        let signed = self.put(&self.id, here).and_then(|inbox| look_around(&inbox));
        self.present = signed.map_err(|error| format!("nobody is told that you watch: {error}"))?;
        Ok(())
    }

    /// Leaves an objection for the commander.
    pub(super) fn object(&self, text: Text) -> Result<(), Text> {
        if text.as_str().len() > OBJECTION_MAX {
            return Err(format!("not told: say it in {OBJECTION_MAX} bytes").into());
        }
        let id = new_id().map_err(|error| Text::from(error.to_string()))?;
        self.put(&id, Says::Objects(text)).map(drop).map_err(|error| format!("not told: {error}").into())
    }

    /// Asks for command, or takes that back; says which.
    pub(super) fn turn_ask(&mut self) -> Result<&'static str, Text> {
        let (ask, said) = if self.ask.is_some() {
            (None, "you do not ask for command any more")
        } else if let Some(why) = &self.barred {
            // Whoever hands command over is gone by the time it could not be flown.
            return Err(format!("command is not asked for: {why}").into());
        } else {
            let id = new_id().map_err(|error| Text::from(error.to_string()))?;
            (Some(Text::from(id)), "you ask for command; the commander answers")
        };
        (self.ask, self.signed_ms) = (ask, None);
        Ok(said)
    }

    /// Whether this one asks for command.
    pub(super) fn asks(&self) -> bool {
        self.ask.is_some()
    }

    /// Whether command was handed to this one, and nobody has gone on since.
    pub(super) fn is_handed(&self, state: &State) -> bool {
        let handed = state.people.handed_over.as_ref();
        self.ask.is_some() && handed.map(|handed| &handed.id) == self.ask.as_ref()
    }

    /// Takes note of the answer; why the asking is over, once, unless it was granted.
    pub(super) fn hear_answer(&mut self, state: &State) -> Option<Text> {
        let answered = state.people.asks.get(self.ask.as_ref()?).is_some_and(|ask| ask.answered);
        if !answered || self.is_handed(state) {
            return None;
        }
        (self.ask, self.signed_ms) = (None, None);
        Some(format!("{} keeps command", state.people.commander).into())
    }

    /// Takes the sign of life away, if one was given.
    pub(super) fn leave(&self) {
        if self.signed_ms.is_none() {
            return;
        }
        // Left behind it counts as gone after a while.
        drop(Inbox::open(&self.directory).and_then(|inbox| inbox.remove(&self.id)));
    }

    fn put(&self, id: &str, says: Says) -> Result<Inbox, Error> {
        let inbox = Inbox::open(&self.directory)?;
        let at_ms = chrono::Utc::now().timestamp_millis();
        inbox.put(id, &Slip { role: self.role.clone(), at_ms, says })?;
        Ok(inbox)
    }
}

/// Who has given a sign of life lately.
fn look_around(inbox: &Inbox) -> Result<Vec<Text>, Error> {
    let now_ms = chrono::Utc::now().timestamp_millis();
    let found = inbox.look()?.into_iter().filter_map(|(_, slip)| slip.ok());
    let here = |slip: &Slip| matches!(slip.says, Says::Here { .. }) && now_ms.abs_diff(slip.at_ms) <= GONE_MS;
    let mut present: Vec<Text> = found.filter(here).map(|slip| slip.role).collect();
    present.sort();
    Ok(present)
}
