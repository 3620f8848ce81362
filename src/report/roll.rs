//! Many incidents and drills, a line each.

use super::summary::{Mode, Summary};
use crate::text::Text;
use chrono::{DateTime, NaiveDateTime, Utc};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

/// The newest format of a roll.
const FORMAT: u32 = 1;

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "goaround list", description = "What `goaround list --json` prints")]
pub struct Roll {
    /// The format of this object, 1.
    pub format: u32,
    /// The directories with a journal, as they were asked for and sorted.
    pub rows: Vec<Row>,
    /// How many directories hold no journal.
    pub foreign: usize,
}

impl Roll {
    /// Of rows that are sorted already.
    pub fn of(rows: Vec<Row>, foreign: usize) -> Self {
        Self { format: FORMAT, rows, foreign }
    }

    /// On one line.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("a roll holds only text, numbers and lists")
    }

    /// Its shape, as a JSON Schema.
    pub fn schema() -> serde_json::Value {
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>().to_value()
    }
}

/// One directory of a folder of incidents.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The directory's name.
    #[schemars(with = "String")]
    pub directory: Text,
    /// When it began, in UTC. A drill's own clock is its scenario's, so there it is when its directory was made.
    #[schemars(with = "Option<String>")]
    pub when: Option<DateTime<Utc>>,
    /// What it holds.
    #[serde(flatten)]
    pub what: What,
}

/// What a directory with a journal holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An incident, a drill or a rehearsal.
    Incident(Box<Summary>),
    /// A journal that does not hold: why.
    Damaged(#[schemars(with = "String")] Text),
    /// A directory that this user may not read: why. Whether its journal holds is not known.
    Unreadable(#[schemars(with = "String")] Text),
}

impl Row {
    /// The row of the directory of that name.
    pub fn of(directory: &str, what: What) -> Self {
        let made = made(directory);
        let when = match &what {
            What::Incident(summary) if summary.mode == Mode::Live => DateTime::from_timestamp_millis(summary.opened_ms),
            What::Incident(summary) => made.or_else(|| DateTime::from_timestamp_millis(summary.opened_ms)),
            What::Damaged(_) | What::Unreadable(_) => made,
        };
        Self { directory: Text::new(directory), when, what }
    }

    /// Its incident, where its journal holds.
    pub fn incident(&self) -> Option<&Summary> {
        match &self.what {
            What::Incident(summary) => Some(summary),
            What::Damaged(_) | What::Unreadable(_) => None,
        }
    }
}

/// When a directory was made, as its name says: `20261121-031200-…`.
pub fn made(name: &str) -> Option<DateTime<Utc>> {
    Some(NaiveDateTime::parse_from_str(name.get(..15)?, "%Y%m%d-%H%M%S").ok()?.and_utc())
}
