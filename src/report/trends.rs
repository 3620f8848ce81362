//! What many incidents and drills have in common: times by month and by playbook, levers, what left the book.

use super::roll::Row;
use super::spread::Spread;
use super::standing::Standing;
use super::summary::{Mode, Summary, Timed};
use crate::playbook::Id;
use crate::text::Text;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The newest format of the trends.
const FORMAT: u32 = 1;
/// How a group is called where what it goes by is not known.
const UNKNOWN: &str = "unknown";

/// Everything that can be said of many. What was real, what people flew in a simulated world and what the pilot flew
/// there are never mixed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "goaround trends", description = "What `goaround trends --json` prints")]
pub struct Trends {
    /// The format of this object, 1.
    pub format: u32,
    /// By month, in UTC, the oldest first.
    pub months: Vec<Group>,
    /// By the playbook that was flown, by title.
    pub playbooks: Vec<Group>,
    /// The levers that were pulled, the most used first. Rehearsals, which pull every one, are not counted.
    pub levers: Vec<Use>,
    /// What did not go by the book, the most common first. Rehearsals are not counted.
    pub deviations: Vec<Use>,
    /// Every scenario that comes with goaround, and how often it was flown.
    pub scenarios: Vec<Practice>,
    /// How many directories are damaged, and no part of this.
    pub damaged: u64,
}

/// Some of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Group {
    /// The month as `2026-11`, or the playbook's title.
    #[schemars(with = "String")]
    pub name: Text,
    /// What was flown in production.
    pub live: Side,
    /// What people flew in a simulated world.
    pub drills: Side,
    /// What the pilot flew there; its times say nothing about people, and are never mixed with theirs.
    pub pilot: Side,
    /// How many rehearsals there were; they have no times worth comparing.
    pub rehearsals: u64,
}

/// The incidents, or the drills, of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Side {
    /// How many.
    pub count: u64,
    /// How many of them were closed as recovered.
    pub recovered: u64,
    /// The times, each over those in which it was reached.
    pub times: BTreeMap<Timed, Spread>,
}

/// How often something was done.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Use {
    /// The playbook's title.
    #[schemars(with = "String")]
    pub playbook: Text,
    /// What was done: `pulled`, or how the book was left.
    #[schemars(with = "String")]
    pub what: Text,
    /// The lever or step; none where it is about the incident.
    #[schemars(with = "Option<String>")]
    pub of: Option<Id>,
    /// How often in production.
    pub live: u64,
    /// How often in drills.
    pub drills: u64,
}

/// How often a scenario was flown.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Practice {
    /// Its id.
    #[schemars(with = "String")]
    pub scenario: Text,
    /// How often.
    pub flown: u64,
    /// When, the last time, in UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<DateTime<Utc>>,
}

impl Trends {
    /// A pure fold of the rows; `scenarios` are those that could have been flown.
    pub fn of<'a>(rows: &[Row], scenarios: impl Iterator<Item = &'a str>) -> Self {
        let known: Vec<(&Row, &Summary)> = rows.iter().filter_map(|row| Some((row, row.incident()?))).collect();
        let month = |(row, _): &(&Row, &Summary)| match row.when {
            Some(when) => Text::from(when.format("%Y-%m").to_string()),
            None => Text::from(UNKNOWN),
        };
        let pulls = |summary: &Summary| {
            summary.pulls.iter().map(|pull| ("pulled".into(), Some(pull.lever.clone()), pull.times)).collect()
        };
        let left = |summary: &Summary| {
            let left = summary.deviations.iter();
            left.map(|left| (left.what.clone(), left.of.clone(), left.times)).collect()
        };
        Self {
            format: FORMAT,
            months: groups(&known, month),
            playbooks: groups(&known, |(_, summary)| title(summary)),
            levers: uses(&known, pulls),
            deviations: uses(&known, left),
            scenarios: scenarios.map(|scenario| practice(&known, scenario)).collect(),
            damaged: (rows.len() - known.len()) as u64,
        }
    }

    /// On one line.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("trends hold only text, numbers and lists")
    }

    /// Its shape, as a JSON Schema.
    pub fn schema() -> serde_json::Value {
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>().to_value()
    }
}

fn title(summary: &Summary) -> Text {
    summary.playbook.clone().unwrap_or_else(|| Text::from(UNKNOWN))
}

/// The groups by name.
fn groups<'a>(known: &[(&'a Row, &'a Summary)], name: impl Fn(&(&'a Row, &'a Summary)) -> Text) -> Vec<Group> {
    let mut by_name: BTreeMap<Text, Vec<&Summary>> = BTreeMap::new();
    for one in known {
        by_name.entry(name(one)).or_default().push(one.1);
    }
    let group = |(name, all): (Text, Vec<&Summary>)| {
        let of = |is_it: &dyn Fn(&Summary) -> bool| {
            side(&all.iter().copied().filter(|summary| is_it(summary)).collect::<Vec<_>>())
        };
        let drill = |summary: &Summary, pilot| summary.mode == Mode::Drill && summary.pilot == pilot;
        Group {
            name,
            live: of(&|summary| summary.mode == Mode::Live),
            drills: of(&|summary| drill(summary, false)),
            pilot: of(&|summary| drill(summary, true)),
            rehearsals: all.iter().filter(|summary| summary.mode == Mode::Rehearsal).count() as u64,
        }
    };
    by_name.into_iter().map(group).collect()
}

fn side(all: &[&Summary]) -> Side {
    let reached =
        |timed: Timed| all.iter().filter_map(|summary| summary.times.get(&timed).copied()).collect::<Vec<_>>();
    Side {
        count: all.len() as u64,
        recovered: all.iter().filter(|summary| summary.state == Standing::Recovered).count() as u64,
        times: Timed::ALL.into_iter().filter_map(|timed| Some((timed, Spread::of(&reached(timed))?))).collect(),
    }
}

/// What was done how often, the most common first.
fn uses(known: &[(&Row, &Summary)], of: impl Fn(&Summary) -> Vec<(Text, Option<Id>, u64)>) -> Vec<Use> {
    let mut counted: BTreeMap<(Text, Text, Option<Id>), (u64, u64)> = BTreeMap::new();
    for (_, summary) in known.iter().filter(|(_, summary)| summary.mode != Mode::Rehearsal) {
        for (what, of, times) in of(summary) {
            let (live, drills) = counted.entry((title(summary), what, of)).or_default();
            *(if summary.mode == Mode::Live { live } else { drills }) += times;
        }
    }
    let told = |((playbook, what, of), (live, drills))| Use { playbook, what, of, live, drills };
    let mut all: Vec<Use> = counted.into_iter().map(told).collect();
    all.sort_by_key(|one| Reverse(one.live + one.drills));
    all
}

fn practice(known: &[(&Row, &Summary)], scenario: &str) -> Practice {
    let is_it = |summary: &Summary| {
        let flown = summary.scenario.as_ref().is_some_and(|flown| flown.as_str() == scenario);
        flown && summary.mode == Mode::Drill
    };
    let flown: Vec<&Row> = known.iter().filter(|(_, summary)| is_it(summary)).map(|(row, _)| *row).collect();
    let last = flown.iter().filter_map(|row| row.when).max();
    Practice { scenario: Text::from(scenario), flown: flown.len() as u64, last }
}
