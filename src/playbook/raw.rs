//! The playbook file as written: the shape that serde reads and that the JSON Schema describes.
//!
//! Whatever the schema refuses is reported with its place before these are built. What a shape cannot say
//! ("exactly one of") is checked afterwards.

mod clocks;
mod limits;
mod lists;

pub(super) use clocks::{RawClock, RawStage};
pub(super) use limits::{RawBaseline, RawBaselineTable, RawLimits};
pub(super) use lists::{RawGuide, RawLists, RawRunbook};

use super::Unit;
use super::ask::RawAsk;
use super::branch::RawBranch;
pub(super) use super::condition::RawCondition;
use super::each::{Each, RawBackend};
use super::recipe::Recipe;
use super::wait::RawWait;
use crate::kind::CallTable;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A goaround playbook.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Raw {
    /// The format of this file: 1.
    pub(super) format: u64,
    /// The service it rolls back.
    pub(super) service: String,
    /// The environment it acts on; typed by a person before `--auto` may act on it.
    pub(super) environment: String,
    /// What it is, in one line.
    pub(super) title: Option<String>,
    /// What is declared with it, in lowercase words: `rollback`, unless something else is written, as `release`.
    pub(super) declares: Option<String>,
    /// The profile flown when none is asked for.
    pub(super) default_profile: Option<String>,
    /// Named sets of limits, holds and targets.
    #[serde(default)]
    pub(super) profiles: IndexMap<String, RawProfile>,
    /// Where calls go: `edge.http = { url = "…" }`.
    #[serde(default)]
    pub(super) backends: IndexMap<String, RawBackend>,
    /// The only ways to look at the world.
    #[serde(default)]
    pub(super) probes: IndexMap<String, RawProbe>,
    /// What is watched.
    #[serde(default)]
    pub(super) metrics: IndexMap<String, RawMetric>,
    /// What can be wrong, and which lever fits.
    #[serde(default)]
    pub(super) symptoms: IndexMap<String, RawSymptom>,
    /// What changes production.
    #[serde(default)]
    pub(super) levers: IndexMap<String, RawLever>,
    /// The checklist, in order.
    #[serde(default)]
    pub(super) steps: Vec<RawStep>,
    /// Parts of the checklist that are flown only once they open.
    #[serde(default)]
    pub(super) branches: IndexMap<String, RawBranch>,
    /// What must be undone before closing.
    #[serde(default)]
    pub(super) debts: IndexMap<String, RawDebt>,
    /// What is timed.
    #[serde(default)]
    pub(super) clocks: Vec<RawClock>,
    /// Parts of the checklist with a budget each.
    #[serde(default)]
    pub(super) stages: IndexMap<String, RawStage>,
    /// When production counts as recovered.
    pub(super) hold: Option<RawHold>,
    /// Messages to people.
    #[serde(default)]
    pub(super) comms: IndexMap<String, RawComm>,
    /// Files that it names, by their paths; they come before those in its folder.
    #[serde(default)]
    pub(super) files: IndexMap<String, RawFile>,
    /// Recipes of its own, by name; they come before goaround's.
    #[serde(default)]
    pub(super) recipes: IndexMap<String, Recipe>,
    /// What it tells people beside its checklist.
    #[serde(flatten)]
    pub(super) lists: RawLists,
}

/// A file that lies in the playbook itself.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawFile {
    /// What is in it.
    pub(super) text: String,
}

/// A named set of limits, holds and targets.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawProfile {
    /// In words.
    pub(super) title: Option<String>,
    /// Which source its figures follow, where sources differ.
    pub(super) source: Option<String>,
    /// Whether `live --auto` may fly this profile.
    #[serde(default)]
    pub(super) allow_auto: bool,
    /// What differs from the playbook's hold.
    pub(super) hold: Option<RawHold>,
    /// Limits that differ, by metric.
    #[serde(default)]
    pub(super) metrics: IndexMap<String, RawLimits>,
    /// Budgets that differ, by clock or stage: `sla = "10m"`.
    #[serde(default)]
    pub(super) clocks: IndexMap<String, String>,
}

/// When production counts as recovered: every exit target green for so long.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawHold {
    /// The shortest streak over the exit targets: `10m`.
    pub(super) green_for: Option<String>,
    /// After this the hold is overdue, and says so: `15m`.
    pub(super) max: Option<String>,
    /// A pause (no data, stale, error) longer than this resets the streak; `60s` by default.
    pub(super) max_gap: Option<String>,
}

/// A way to look at the world; exactly one kind of call.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawProbe {
    /// One of these for each value, `${name}` filled in: `{ region = ["eu", "us"] }` makes `NAME-eu` and `NAME-us`.
    #[serde(default, rename = "each")]
    pub(super) _each: Each,
    /// What it shows, in words.
    pub(super) title: Option<String>,
    /// How often it looks by itself; `1s` by default, `15s` for gold questions.
    pub(super) every: Option<String>,
    /// Total deadline of one look; `2s` by default, `10s` for gold questions.
    pub(super) timeout: Option<String>,
    /// How it looks.
    #[serde(flatten)]
    pub(super) call: CallTable,
}

/// What is watched; exactly one kind of call.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawMetric {
    /// One of these for each value, `${name}` filled in: `{ region = ["eu", "us"] }` makes `NAME-eu` and `NAME-us`.
    #[serde(default, rename = "each")]
    pub(super) _each: Each,
    /// Its short name on screen.
    pub(super) title: Option<String>,
    /// The unit of its values; `number` by default.
    #[schemars(extend("enum" = Unit::names().collect::<Vec<_>>()))]
    pub(super) unit: Option<String>,
    /// How often it is read; `5s` by default, `15s` for gold questions. A sample older than three of these is STALE.
    pub(super) every: Option<String>,
    /// Total deadline of one reading; `2s` by default, `10s` for gold questions.
    pub(super) timeout: Option<String>,
    /// What is said of it.
    #[serde(flatten)]
    pub(super) guide: RawGuide,
    /// What is good and what is not.
    #[serde(flatten)]
    pub(super) limits: RawLimits,
    /// Where its value comes from.
    #[serde(flatten)]
    pub(super) call: CallTable,
}

/// What can be wrong.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawSymptom {
    /// In words.
    pub(super) title: Option<String>,
    /// Raised when all of these metrics are in BREACH; without any only a person can say so.
    #[serde(default)]
    pub(super) when: Vec<String>,
    /// Raised when any of these metrics is in BREACH; beside `when`, all of those and any of these.
    #[serde(default)]
    pub(super) any: Vec<String>,
    /// … and none of these is.
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// The levers that fit it, best first.
    #[serde(default)]
    pub(super) levers: Vec<String>,
    /// Pages to open when one sees it, from `links`, best first.
    #[serde(default)]
    pub(super) links: Vec<String>,
}

/// How a pull is read back.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawVerify {
    /// What must be seen.
    #[serde(flatten)]
    pub(super) condition: RawCondition,
    /// How many agreeing looks in a row; 2 by default.
    pub(super) agree: Option<u32>,
    /// For how long to look; `10s` by default.
    pub(super) within: Option<String>,
}

/// What changes production; exactly one kind of call.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawLever {
    /// One of these for each value, `${name}` filled in: `{ region = ["eu", "us"] }` makes `NAME-eu` and `NAME-us`.
    #[serde(default, rename = "each")]
    pub(super) _each: Each,
    /// The recipe it is made of: `goaround recipes` lists them.
    #[serde(rename = "use")]
    pub(super) recipe: Option<String>,
    /// The recipe's parameters.
    #[serde(default, rename = "with")]
    pub(super) _with: Map<String, Value>,
    /// In words.
    pub(super) title: Option<String>,
    /// What a commander should know before pulling it.
    #[serde(default)]
    pub(super) risks: Vec<String>,
    /// The system's own documentation.
    #[serde(default)]
    pub(super) docs: Vec<String>,
    /// Names read before arming, for `${name}` in its texts: a probe's value, a time, or a text that may use earlier names.
    #[serde(default)]
    pub(super) bind: IndexMap<String, RawBind>,
    /// What must hold before it may be fired.
    #[serde(default)]
    pub(super) precheck: Vec<RawCondition>,
    /// How it is read back; it is done only when this agrees.
    pub(super) verify: Option<RawVerify>,
    /// Nothing can read it back: it is done only when a person has said what they saw.
    #[serde(default)]
    pub(super) attest: bool,
    /// How it is taken back.
    pub(super) undo: Option<RawUndo>,
    /// How long it typically takes until effective; `5s` by default.
    pub(super) takes: Option<String>,
    /// Total deadline of its call; `10s` by default.
    pub(super) timeout: Option<String>,
    /// Whether it cannot be taken back.
    #[serde(default)]
    pub(super) irreversible: bool,
    /// `second-person`: fired only once somebody else has approved exactly this request.
    #[schemars(extend("enum" = ["second-person"]))]
    pub(super) approval: Option<String>,
    /// The role asked for as the second person: `DBA`.
    pub(super) approver: Option<String>,
    /// What a person types when goaround cannot reach the system.
    pub(super) by_hand: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub(super) call: CallTable,
}

/// Where a bound name's value comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum RawBind {
    /// A text that may use earlier names.
    Text(String),
    /// Something that is found out when the lever is armed.
    Found(RawBindTable),
}

/// Something that is found out when the lever is armed: exactly one of `probe`, `after`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawBindTable {
    /// The current value of this probe.
    pub(super) probe: Option<String>,
    /// The time this long after arming, in UTC as RFC 3339 has it: `30m` makes `2026-11-21T03:42:00Z`.
    pub(super) after: Option<String>,
}

/// How a lever is taken back; exactly one kind of call.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawUndo {
    /// How it is read back; without it the lever's own read-back must no longer agree.
    pub(super) verify: Option<RawVerify>,
    /// What it does.
    #[serde(flatten)]
    pub(super) call: CallTable,
}

/// One line of the checklist; exactly one of `capture`, `pick`, `levers`, `sequence`, `wait`, `watch`, `ask`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawStep {
    /// Its id.
    pub(super) id: String,
    /// In words.
    pub(super) title: Option<String>,
    /// Why it is done.
    pub(super) why: Option<String>,
    /// The branch it belongs to: it is N/A until that is open.
    pub(super) branch: Option<String>,
    /// The branch that is flown instead of it: it is N/A once that is open, as the rest of a rollout is once it is rolled
    /// back.
    pub(super) unless: Option<String>,
    /// `60s`: the 60-second clock runs until no such step is open.
    #[schemars(extend("enum" = ["60s"]))]
    pub(super) clock: Option<String>,
    /// The stage it belongs to, whose budget it shares.
    pub(super) stage: Option<String>,
    /// What a person types when goaround cannot reach the system.
    pub(super) by_hand: Option<String>,
    /// Its sensor: polled for ever, and may reopen the step.
    pub(super) done: Option<RawCondition>,
    /// Captures pins, metrics and probes into evidence.
    pub(super) capture: Option<RawCapture>,
    /// Chooses one of these levers for the steps after it that hold the same levers.
    pub(super) pick: Option<Vec<String>>,
    /// Pulls one of these levers.
    pub(super) levers: Option<Vec<String>>,
    /// Pulls these levers one after the other; the first that does not read back as wanted fails the step.
    pub(super) sequence: Option<Vec<String>>,
    /// Waits until a probe shows something, or until exit limits are met.
    pub(super) wait: Option<RawWait>,
    /// Watches for green until the hold is met.
    pub(super) watch: Option<bool>,
    /// Asks a person what they saw.
    pub(super) ask: Option<RawAsk>,
}

/// What is written down before anything is changed.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawCapture {
    /// Which versions are in service.
    pub(super) pins: Option<RawPins>,
    /// The metrics whose current readings are kept.
    #[serde(default)]
    pub(super) metrics: Vec<String>,
    /// The probes whose values are kept.
    #[serde(default)]
    pub(super) probes: Vec<String>,
}

/// Pins out of a probe that answers a JSON object.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawPins {
    /// Which probe.
    pub(super) probe: String,
    /// The pins to take from it.
    pub(super) keys: Vec<String>,
}

/// What must be undone before closing.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawDebt {
    /// One of these for each value, `${name}` filled in: `{ region = ["eu", "us"] }` makes `NAME-eu` and `NAME-us`.
    #[serde(default, rename = "each")]
    pub(super) _each: Each,
    /// In words.
    pub(super) title: Option<String>,
    /// Opened by this lever's pull, paid by its undo.
    pub(super) lever: String,
    /// When it may be paid: `hold`, or another debt's id; at any time by default.
    pub(super) after: Option<String>,
    /// The role that sees to it that it is paid.
    pub(super) owner: Option<String>,
}

/// A message to people.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawComm {
    /// The recipe that says where it goes: `goaround recipes` lists them.
    #[serde(rename = "use")]
    pub(super) _recipe: Option<String>,
    /// The recipe's parameters.
    #[serde(default, rename = "with")]
    pub(super) _with: Map<String, Value>,
    /// The system's own documentation.
    #[serde(default, rename = "docs")]
    pub(super) _docs: Vec<String>,
    /// What a commander should know before sending it.
    #[serde(default, rename = "risks")]
    pub(super) _risks: Vec<String>,
    /// In words.
    pub(super) title: Option<String>,
    /// A template over `service`, `environment`, `incident`, `started`, `triggers`, `lever`, `metrics`. What is not known when
    /// it is written stands there as a blank, `[[time declared]]`, until it is; any other `[[blank]]` a person fills.
    pub(super) body: Option<String>,
    /// Overdue this long after the declaration: `5m`.
    pub(super) due: Option<String>,
    /// The stage of the incident that it speaks of: `investigating`, `identified`, `monitoring` or `resolved`. Messages of
    /// one stage are one after the other in the editor.
    pub(super) stage: Option<String>,
    /// Whether people outside read it: hostnames and addresses in its words are warned of.
    pub(super) public: Option<bool>,
    /// Where it goes; `${text}` in its texts is the message. A file in the incident directory without it.
    pub(super) send: Option<CallTable>,
}
