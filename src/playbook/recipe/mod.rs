//! Recipes: ready levers and messages for known systems. Data, not code.
//!
//! A lever or a message says `use = "haproxy.map"` and `with = { … }`; before the playbook is checked, what the
//! recipe holds is put in its place, so that a lever out of a recipe is a lever like any other. A
//! recipe of one's own stands in the playbook, below `[recipes."name"]`. What was used of goaround's own recipes
//! is kept at the end of the flown playbook: another version of goaround flies it the same way.
//!
#![doc = include_str!("guide.md")]

mod example;
mod param;
mod shelf;

use example::Sight;
pub use example::{Documented, Rehearsal};
pub(super) use param::Filler;
pub use shelf::{GUIDE, recipe, recipes};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A ready lever or message for a known system.
///
/// `@{name}` in its texts is a parameter's value, and a text that is nothing but `@{name}` becomes the value
/// itself, whatever its type. `@{name|json}`, `@{name|url}`, `@{name|regex}`, `@{name|base64}` and `@{name|pointer}`
/// (one step of a JSON pointer) escape it for where it stands, one after the other if there are several. `@{owner}` is
/// the lever's or message's own id, so that a default can name a probe of the recipe: `@{owner}-now`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Recipe {
    /// The format of this recipe: 1.
    pub format: u64,
    /// What it does, in one line.
    pub title: String,
    /// What it is for.
    pub family: Family,
    /// What it was run against; without it, only the documented shapes were tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_against: Option<String>,
    /// The system's own documentation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docs: Vec<String>,
    /// What a commander should know before pulling it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<String>,
    /// What a playbook says in `with`.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// Ways to look that it brings along; in the playbook they are called `LEVER-NAME`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub probes: Map<String, Value>,
    /// The lever, written as in a playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lever: Option<Map<String, Value>>,
    /// The message, written as in a playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Map<String, Value>>,
    /// An example, which is its self-check as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

/// What a recipe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Moves traffic from one version to another.
    Pointer,
    /// Moves an index alias.
    Alias,
    /// Turns a feature off.
    Flag,
    /// Keeps writers from writing.
    Freeze,
    /// Puts old answers out of service.
    Cache,
    /// Lets less in.
    Throttle,
    /// Puts code or data back.
    Code,
    /// Tells people.
    Comms,
}

impl Family {
    /// Its name, as written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pointer => "pointer",
            Self::Alias => "alias",
            Self::Flag => "flag",
            Self::Freeze => "freeze",
            Self::Cache => "cache",
            Self::Throttle => "throttle",
            Self::Code => "code",
            Self::Comms => "comms",
        }
    }
}

/// One parameter.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Param {
    /// What it is, in one line.
    pub doc: String,
    /// `text` (by default), `number`, `texts`, `probe`, `value` (a text, or `{ probe = "…" }` read before arming),
    /// or a kind of backend (`http`, `redis`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// What it is when the playbook does not say; without it the playbook must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A regular expression that the whole text must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// What to write instead of a text that does not match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A playbook's lines that use a recipe, and what the system answers then.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Example {
    /// The backends it goes to, as in a playbook.
    pub backends: Map<String, Value>,
    /// The probes it is given, as in a playbook.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub probes: Map<String, Value>,
    /// Its parameters.
    pub with: Map<String, Value>,
    /// What its names are bound to when it is armed.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub bound: IndexMap<String, String>,
    /// Texts that stand in what is sent.
    pub sends: Vec<String>,
    /// Texts that stand in what takes it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo_sends: Vec<String>,
    /// Answers of the system, and how goaround takes each.
    pub answers: Vec<Documented>,
    /// What its probes see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Sight>,
}

#[cfg(test)]
mod tests;
