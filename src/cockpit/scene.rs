//! One owned snapshot of everything a frame is drawn from.

use crate::incident::{Actor, Moment, Record, State, Way};
use crate::metrics::Board;
use crate::playbook::{Id, Playbook};
use crate::text::Text;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What a frame is drawn from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Live, drill, watched or replayed; the header says which, always.
    pub mode: Mode,
    /// What is flown.
    pub playbook: Arc<Playbook>,
    /// What is believed.
    pub state: Arc<State>,
    /// Readings and verdicts.
    pub board: Arc<Board>,
    /// The newest records, oldest first, bounded.
    pub records: Arc<VecDeque<Record>>,
    /// Incident time.
    pub now: Moment,
    /// When each probe was last looked through with an answer of any kind.
    pub looked: Arc<BTreeMap<Id, Moment>>,
    /// Every backend, up or down.
    pub backends: Vec<Health>,
    /// Whether the journal takes appends; if not, nothing fires.
    pub journal_saved: bool,
    /// The commander.
    pub commander: Actor,
    /// The lever under arms, prepared by the app when the cockpit asked for it.
    pub armed: Option<Armed>,
    /// The message under arms, prepared by the app when the cockpit asked for it.
    pub letter: Option<Letter>,
    /// Levers of a step or of the panel, best first for the present symptoms.
    pub ranked: Vec<Id>,
    /// What the person who flies a drill is told before it starts, a line each; empty in production.
    pub brief: Arc<[Text]>,
    /// Who else is there, and whether what is shown still holds.
    pub company: Company,
    /// What was refused or done last, for the toast line: (human time in ms, sentence).
    pub toast: Option<(u64, Text)>,
    /// What was refused last of the commander's own acts, for where it was asked for: (human time in ms, sentence).
    pub refused: Option<(u64, Text)>,
}

impl Scene {
    /// Why what was asked for at `since_ms` of human time is refused, if it is.
    pub(super) fn refused_since(&self, since_ms: u64) -> Option<&Text> {
        self.refused.as_ref().filter(|(at, _)| *at >= since_ms).map(|(_, why)| why)
    }
}

/// Those around an incident beside its commander.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    /// Who watches, as they call themselves.
    pub observers: Vec<Text>,
    /// Whether nobody commands what is watched: whoever did is gone.
    pub leaderless: bool,
    /// Why what is watched is not followed any more.
    pub lost: Option<Text>,
}

/// Which world is seen, and whether it is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Production.
    Live,
    /// The simulated world.
    Drill,
    /// An incident that somebody else commands.
    Watch,
    /// An incident as its journal tells it.
    Replay,
}

impl Mode {
    /// Whether everything can be looked at and nothing changed.
    pub fn only_reads(self) -> bool {
        self.why_not().is_some()
    }

    /// Why nothing can be changed here; `None` where it can.
    pub(super) fn why_not(self) -> Option<&'static str> {
        match self {
            Self::Live | Self::Drill => None,
            Self::Watch => Some("you observe; only the commander acts"),
            Self::Replay => Some("this is a replay; nothing is changed by looking at it"),
        }
    }
}

/// A backend's health, from the exchanges made anyway.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Which backend.
    pub backend: Id,
    /// Whether its last exchange was answered; `None` before the first.
    pub up: Option<bool>,
    /// Why not.
    pub why: Text,
    /// Since when.
    pub since: Option<Moment>,
}

/// A lever under arms: everything absolute, nothing sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Armed {
    /// The lever.
    pub lever: Id,
    /// Which way.
    pub way: Way,
    /// The step it is armed for.
    pub step: Option<Id>,
    /// What the world should show afterwards.
    pub want: Text,
    /// What it shows now, and when that was seen.
    pub was: Option<(Text, Moment)>,
    /// The exact request, secrets as references, a line each.
    pub request: Vec<Text>,
    /// The same as one command line of a shell, where a common tool can do it.
    pub pasted: Option<String>,
    /// The names bound.
    pub bindings: BTreeMap<String, String>,
    /// The SHA-256 of the exchange as JSON.
    pub request_sha256: String,
    /// How it will be read back, in words.
    pub verify: Text,
    /// How it is taken back, in words; `None` if it cannot be.
    pub undo: Option<Text>,
    /// That its position was not seen lately; `None` if it was, or nothing can look.
    pub position: Option<Interlock>,
    /// What must hold.
    pub interlocks: Vec<Interlock>,
    /// Why it cannot be fired at all (locked, closed, journal not saved, a binding that cannot be read).
    pub blocked: Option<Text>,
    /// When it was armed, human time in ms.
    pub armed_at_ms: u64,
}

/// A message under arms: its words fixed, nothing sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// Which message.
    pub comm: Id,
    /// Its exact words, without secrets: what is kept, and sent.
    pub words: String,
    /// The exact request, secrets as references, a line each; empty for one that only goes into a file.
    pub request: Vec<Text>,
    /// The same as one command line of a shell, where a common tool can do it.
    pub pasted: Option<String>,
    /// The file within the incident directory that its words will be kept in.
    pub file: String,
    /// Why it cannot be sent at all (closed, on its way already, a request that cannot be made).
    pub blocked: Option<Text>,
    /// When it was armed, human time in ms.
    pub armed_at_ms: u64,
}

impl Armed {
    /// Keys pressed this soon after arming are dropped, in ms of human time.
    pub const GUARD_MS: u64 = 700;
    /// Arming ends by itself after this, in ms of human time.
    pub const EXPIRES_MS: u64 = 30_000;
}

impl Armed {
    /// What does not hold, or cannot be seen to hold.
    pub(super) fn unmet(&self) -> impl Iterator<Item = &Interlock> {
        self.position.iter().chain(self.unmet_interlocks())
    }

    /// The same of what must hold, wherever it stands: what was done by hand is asked no more.
    pub(super) fn unmet_interlocks(&self) -> impl Iterator<Item = &Interlock> {
        self.interlocks.iter().filter(|interlock| interlock.holds != Some(true))
    }

    /// What it shows now, without when that was seen.
    pub(super) fn shows(&self) -> Option<&Text> {
        self.was.as_ref().map(|(was, _)| was)
    }

    /// What a person sees of it now.
    pub(super) fn sight(&self) -> Sight {
        let unmet = self.unmet().map(|interlock| interlock.title.clone()).collect();
        let (request_sha256, want) = (self.request_sha256.clone(), self.want.clone());
        Sight { request_sha256, want, was: self.shows().cloned(), unmet }
    }
}

/// What a person looked at when they allowed something: what they allowed is good for nothing else.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sight {
    request_sha256: String,
    want: Text,
    was: Option<Text>,
    unmet: Vec<Text>,
}

impl Sight {
    /// Whether `armed` still asks for the same, of the same target, which still shows the same.
    pub(super) fn is_of(&self, armed: &Armed) -> bool {
        let same = self.request_sha256 == armed.request_sha256 && self.want == armed.want;
        same && self.was.as_ref() == armed.shows()
    }

    /// Whether a reason given at this sight is good for `armed`: the same request, and no further open interlock.
    pub(super) fn covers(&self, armed: &Armed) -> bool {
        self.is_of(armed) && armed.unmet().all(|interlock| self.unmet.contains(&interlock.title))
    }
}

/// One thing that must hold before a lever is fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Interlock {
    /// In words.
    pub title: Text,
    /// Whether it holds; `None` if it cannot be seen.
    pub holds: Option<bool>,
    /// What is seen.
    pub saw: Text,
    /// When a value was seen last; `None` if that was never, or nothing is looked at.
    pub read: Option<Moment>,
}
