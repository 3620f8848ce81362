//! What is flown: a playbook as written (TOML), checked once into a [`Playbook`] that cannot dangle.
//!
//! [`Playbook::parse`] reports every fault at once as [`Flaw`]s with line, column, text and hint.

mod ask;
mod baseline;
mod branch;
mod check;
mod clock;
mod comm;
mod condition;
mod each;
mod expand;
mod flaw;
mod id;
mod lever;
mod limit;
mod lists;
mod noun;
mod raw;
mod recipe;
mod schema;
mod shape;
mod spans;
mod time;
mod wait;

pub use ask::Ask;
pub use baseline::Baseline;
pub use branch::{Branch, Opening};
pub use check::Folder;
pub use clock::{Clock, Edge, Stage};
pub use comm::{Comm, MessageStage};
pub use condition::{Condition, Test};
pub use flaw::{Flaw, render};
pub use id::Id;
pub use limit::{Bound, Limit, Op, Unit};
pub use lists::{Band, Contact, Faq, FollowUp, Guide, Link, Lists, Runbook};
pub use noun::Noun;
pub use recipe::{Documented, Family, GUIDE as RECIPE_GUIDE, Param, Recipe, Rehearsal, recipe, recipes};
pub use schema::schema;
pub(crate) use time::duration;
pub use wait::{Until, Wait};

use crate::kind::{BackendConfig, Call};
use crate::text::SecretRef;
use indexmap::IndexMap;

/// A checked playbook under one profile: every id it mentions exists, every call fits its backend.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// Its file's name, for messages and the journal.
    pub name: String,
    /// The bytes it was parsed from, then the recipes of ours and the files that it uses; the incident directory keeps them.
    pub source: String,
    /// The service it rolls back.
    pub service: Id,
    /// The environment it acts on (`production`); typed by a person before `--auto` may act.
    pub environment: Id,
    /// What it is, in one line.
    pub title: String,
    /// What is declared with it.
    pub declares: Noun,
    /// The profile chosen.
    pub profile: Profile,
    /// Where calls go.
    pub backends: IndexMap<Id, BackendConfig>,
    /// The ways to look.
    pub probes: IndexMap<Id, Probe>,
    /// What is watched.
    pub metrics: IndexMap<Id, Metric>,
    /// What can be wrong.
    pub symptoms: IndexMap<Id, Symptom>,
    /// What changes production.
    pub levers: IndexMap<Id, Lever>,
    /// The checklist, in order.
    pub steps: Vec<Step>,
    /// The parts of it that are flown only once they open.
    pub branches: IndexMap<Id, Branch>,
    /// What must be undone before closing.
    pub debts: IndexMap<Id, Debt>,
    /// What is timed.
    pub clocks: Vec<Clock>,
    /// Parts of the checklist with a budget each, in the order of the file.
    pub stages: IndexMap<Id, Stage>,
    /// When production counts as recovered.
    pub hold: Hold,
    /// Messages to people.
    pub comms: IndexMap<Id, Comm>,
    /// What it tells people beside its checklist.
    pub lists: Lists,
}

/// A named set of limits, holds and targets.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name; empty when the playbook has none.
    pub name: String,
    /// Whether `live --auto` may fly it.
    pub allow_auto: bool,
    /// In words; empty when none are written.
    pub title: String,
    /// Which source its figures follow; empty when none is named.
    pub source: String,
}

/// A way to look at the world.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Its id.
    pub id: Id,
    /// What it shows, in words.
    pub title: String,
    /// How it looks.
    pub call: Call,
    /// How often it looks by itself, in milliseconds.
    pub every_ms: u64,
    /// Total deadline of one look, in milliseconds.
    pub timeout_ms: u64,
}

/// What is watched.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its id.
    pub id: Id,
    /// The name of the table with `each` that it was made of.
    pub group: Option<Id>,
    /// Its short name on screen.
    pub title: String,
    /// Where its value comes from.
    pub source: Call,
    /// The unit of its values.
    pub unit: Unit,
    /// How often it is read, in milliseconds; a sample older than three of these is STALE.
    pub every_ms: u64,
    /// Total deadline of one reading, in milliseconds.
    pub timeout_ms: u64,
    /// Getting bad.
    pub warn: Option<Limit>,
    /// Roll back now.
    pub stop: Option<Limit>,
    /// Recovered.
    pub exit: Option<Limit>,
    /// What relative limits are relative to.
    pub baseline: Option<Baseline>,
    /// What is said of it.
    pub guide: Guide,
}

/// What can be wrong.
#[derive(Clone, Debug)]
pub struct Symptom {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Raised when all of these metrics are in BREACH; this and `any` empty when only a person can say so.
    pub when: Vec<Id>,
    /// … and any of these is.
    pub any: Vec<Id>,
    /// … and all of these are OK: quiet, not warning, not unseen.
    pub unless: Vec<Id>,
    /// The levers that fit it, best first.
    pub levers: Vec<Id>,
    /// Pages to open when one sees it, best first.
    pub links: Vec<Id>,
}

/// Something that changes production.
#[derive(Clone, Debug)]
pub struct Lever {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// The recipe it was made of.
    pub recipe: Option<String>,
    /// What a commander should know before pulling it.
    pub risks: Vec<String>,
    /// The system's own documentation.
    pub docs: Vec<String>,
    /// What it does.
    pub call: Call,
    /// Names bound to a probe's value, a time or a text, read before arming, for `${name}` in its texts. In order:
    /// a later text may use an earlier name. `incident` is always bound to the incident's id.
    pub bind: IndexMap<String, Bind>,
    /// What must hold before it may be fired without an override.
    pub precheck: Vec<Condition>,
    /// How it is read back; `None` (`attest = true`) where nothing can look: a person must say what they saw.
    pub verify: Option<Verify>,
    /// How it is taken back.
    pub undo: Option<Undo>,
    /// How long it typically takes until effective, in milliseconds.
    pub takes_ms: u64,
    /// Total deadline of its call, in milliseconds.
    pub timeout_ms: u64,
    /// Whether it cannot be taken back: asks for its target to be typed; the pilot stops there.
    pub irreversible: bool,
    /// Whether it is fired only once a second person has approved exactly that; the pilot stops there.
    pub second_person: bool,
    /// The role asked for as the second person (`DBA`).
    pub approver: Option<String>,
    /// What a person types when goaround cannot reach the system.
    pub by_hand: Option<String>,
}

/// Where a bound name's value comes from.
#[derive(Clone, Debug)]
pub enum Bind {
    /// The current value of a probe.
    Probe(Id),
    /// The time this many milliseconds after arming, as RFC 3339 has it, in UTC and whole seconds.
    After(u64),
    /// A text that may use earlier names.
    Text(String),
}

/// How a pull is read back: `agree` looks in a row, younger than the pull, within `within_ms`.
#[derive(Clone, Debug)]
pub struct Verify {
    /// What must be seen.
    pub condition: Condition,
    /// How many agreeing looks in a row.
    pub agree: u32,
    /// For how long to look, in milliseconds, from the settlement on.
    pub within_ms: u64,
}

/// How a lever is taken back.
#[derive(Clone, Debug)]
pub struct Undo {
    /// What it does.
    pub call: Call,
    /// How it is read back; `None` where a person must say what they saw.
    pub verify: Option<Verify>,
}

/// One line of the checklist.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Why it is done.
    pub why: String,
    /// The branch it belongs to: N/A until that is open.
    pub branch: Option<Id>,
    /// The branch that is flown instead of it: N/A once that is open.
    pub unless: Option<Id>,
    /// Marked `clock = "60s"`: the 60-second clock runs until no such step is open.
    pub sixty: bool,
    /// The stage whose budget it shares.
    pub stage: Option<Id>,
    /// What it does.
    pub kind: StepKind,
    /// Its sensor. A step with levers and no `done` is sensed by the read-back of the lever pulled in it.
    pub done: Option<Condition>,
    /// What a person types when goaround cannot reach the system.
    pub by_hand: Option<String>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// Captures pins, metrics and probes into evidence.
    Capture(Capture),
    /// Chooses one of these levers for the steps after it that hold the same levers.
    Pick(Vec<Id>),
    /// Pulls one of these levers.
    Pull(Vec<Id>),
    /// Watches for green until the hold is met.
    Watch,
    /// Asks a person what they saw.
    Ask(Ask),
    /// Waits until something is seen.
    Wait(Wait),
    /// Pulls these levers one after the other: the next only when the one before reads back as wanted.
    Sequence(Vec<Id>),
}

impl StepKind {
    /// What it captures, if it captures.
    pub fn capture(&self) -> Option<&Capture> {
        match self {
            Self::Capture(capture) => Some(capture),
            Self::Pick(_) | Self::Pull(_) | Self::Watch | Self::Ask(_) | Self::Wait(_) | Self::Sequence(_) => None,
        }
    }
}

/// What step 1 writes down.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// The probe that answers a JSON object with the pins.
    pub pins_probe: Option<Id>,
    /// The pins to take from it.
    pub pins: Vec<String>,
    /// The metrics whose current readings are kept.
    pub metrics: Vec<Id>,
    /// The probes whose values are kept.
    pub probes: Vec<Id>,
}

/// What must be undone before closing.
#[derive(Clone, Debug)]
pub struct Debt {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Opened by this lever's pull, paid by its undo.
    pub lever: Id,
    /// When it may be paid without an override.
    pub after: DebtAfter,
    /// The role that sees to it that it is paid.
    pub owner: Option<String>,
}

/// When a debt may be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DebtAfter {
    /// At any time.
    Anytime,
    /// When the hold has been met.
    Hold,
    /// When another debt has been paid.
    Debt(Id),
}

/// When production counts as recovered: every exit target green for `green_for_ms`.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The shortest streak over the exit targets.
    pub green_for_ms: u64,
    /// After this the hold is overdue, and says so.
    pub max_ms: u64,
    /// A pause (no data, stale, error) longer than this resets the streak.
    pub max_gap_ms: u64,
}

/// The text of a playbook that comes with goaround.
pub fn embedded(name: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of the playbooks that come with goaround.
pub fn embedded_names() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().map(|(name, _)| *name)
}

/// The playbooks that come with goaround: name and text.
const EMBEDDED: &[(&str, &str)] = &[
    ("docs-rag", include_str!("../../fixtures/playbooks/docs-rag.toml")),
    ("ship", include_str!("../../fixtures/playbooks/ship.toml")),
    ("rollback", include_str!("../../fixtures/playbooks/rollback.toml")),
    ("blue-green", include_str!("../../fixtures/playbooks/blue-green.toml")),
    ("genesis", include_str!("../../fixtures/playbooks/genesis.toml")),
    ("vnext", include_str!("../../fixtures/playbooks/vnext.toml")),
];

impl Playbook {
    /// The checklist line with this id.
    pub fn step(&self, id: &Id) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// The debt that this lever's pull opens.
    pub fn debt_of(&self, lever: &Id) -> Option<&Debt> {
        self.debts.values().find(|debt| debt.lever == *lever)
    }

    /// Every secret its backends refer to.
    pub fn secrets(&self) -> Vec<SecretRef> {
        let mut secrets: Vec<_> = self.backends.values().flat_map(BackendConfig::secrets).collect();
        secrets.sort();
        secrets.dedup();
        secrets
    }
}

#[cfg(test)]
mod tests;
