//! `answers.toml`: what people add to a report. It is merged each time the report is made, and never written over.

use crate::text::{Text, line_of};
use chrono::{DateTime, NaiveDate};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// The newest format of `answers.toml` that is understood here.
const FORMAT: i64 = 1;

/// What people said of an incident, as `answers.toml` holds it.
///
/// ```toml
/// format = 1
/// owner = "search team"             # who owns the review
///
/// [impact]
/// began = 2026-11-21T03:10:00Z      # TTD, TTM and TTR count from there
///
/// [answers]                         # a question's id, and Markdown of one line or several
/// surprised = "Nobody watched dS."
///
/// [actions.gap-coverage]            # an action's id
/// owner = "observability"
/// type = "detect"                   # any word
/// due = 2026-12-01
/// done = true                       # or: dropped = "why"
///
/// [[more]]                          # actions that the journal does not suggest
/// what = "Drill it again"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Who owns the review.
    pub owner: Option<Text>,
    /// When impact began.
    pub impact: Option<Felt>,
    /// Answers by the id of their question: Markdown as it was typed.
    pub answers: BTreeMap<String, String>,
    /// What became of suggested actions, by their id.
    pub actions: BTreeMap<String, Taken>,
    /// Actions that people add, in their order.
    pub more: Vec<(Text, Taken)>,
    /// The line of each answer and of each suggested action, by its id.
    pub lines: BTreeMap<String, usize>,
}

/// When impact began, as people felt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Felt {
    /// Milliseconds since 1970, UTC.
    pub began_ms: i64,
    /// The line of `answers.toml` that says so.
    pub line: usize,
}

/// Who does an action, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Who sees to it.
    pub owner: Option<Text>,
    /// Of which type it is, in a word of the team's own.
    pub kind: Option<Text>,
    /// When it is due.
    pub due: Option<NaiveDate>,
    /// What became of it.
    pub state: Stands,
    /// Why it was dropped.
    pub why: Option<Text>,
}

/// What became of an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// Nobody has seen to it yet.
    #[default]
    Open,
    /// It is done.
    Done,
    /// It will not be done, and somebody said why.
    Dropped,
}

impl Review {
    /// Reads `answers.toml`; an error is one sentence with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let told = |error: toml::de::Error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            let why = Text::new(error.message().trim());
            format!("answers.toml:{line}: {why}; mend it there, nothing was written")
        };
        // Before all else, so that what a newer one knows is not called a mistake.
        let version: Version = toml::from_str(text).map_err(told)?;
        if let Some(format) = version.format.filter(|format| *format.get_ref() > FORMAT) {
            let (line, newer) = (line_of(text, format.span().start), format.into_inner());
            return Err(format!(
                "answers.toml:{line}: format {newer} is newer than this goaround, which reads {FORMAT}: use a newer one"
            ));
        }
        let file: File = toml::from_str(text).map_err(told)?;
        if file.format != FORMAT {
            return Err(format!("answers.toml:1: there is no format {}: write format = {FORMAT}", file.format));
        }
        let ids = file.answers.keys().chain(file.actions.keys());
        let lines = ids.map(|id| (id.get_ref().clone(), line_of(text, id.span().start))).collect();
        let felt =
            |began: Spanned<Began>| Felt { line: line_of(text, began.span().start), began_ms: began.into_inner().0 };
        Ok(Self {
            lines,
            impact: file.impact.began.map(felt),
            owner: file.owner.filter(|owner| !owner.is_empty()),
            answers: file
                .answers
                .into_iter()
                .map(|(id, said)| (id.into_inner(), said.0))
                .filter(|(_, said)| !said.is_empty())
                .collect(),
            actions: file.actions.into_iter().map(|(id, taken)| (id.into_inner(), taken)).collect(),
            more: file.more.into_iter().map(|more| (more.0, more.1)).collect(),
        })
    }
}

#[derive(Deserialize)]
struct Version {
    format: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: i64,
    owner: Option<Text>,
    #[serde(default)]
    impact: Impact,
    #[serde(default)]
    answers: BTreeMap<Spanned<String>, Said>,
    #[serde(default)]
    actions: BTreeMap<Spanned<String>, Taken>,
    #[serde(default)]
    more: Vec<More>,
}

/// An answer: `id = "…"`, or behind everything else `[answers.id]` with `says = "…"`.
struct Said(String);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let says = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(says) => Some(says),
            toml::Value::Table(mut table) if table.len() == 1 => match table.remove("says") {
                Some(toml::Value::String(says)) => Some(says),
                Some(_) | None => None,
            },
            _ => None,
        };
        let said = |says: String| Self(says.trim_end().trim_start_matches('\n').to_owned());
        says.map(said).ok_or_else(|| {
            D::Error::custom("an answer is text: write id = '''…''', or says = '''…''' under [answers.id]")
        })
    }
}

/// `[impact]`: what only people can say of it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Impact {
    began: Option<Spanned<Began>>,
}

/// A time with its offset from UTC, as TOML has it or in quotes; in milliseconds since 1970.
struct Began(i64);

impl<'de> Deserialize<'de> for Began {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = unquoted(toml::Value::deserialize(deserializer)?);
        let wrong = |_| {
            D::Error::custom(format!(
                "`{}` is no time in UTC: write when impact began as 2026-11-21T03:10:00Z",
                Text::new(&raw)
            ))
        };
        DateTime::parse_from_rfc3339(raw.trim()).map(|began| Self(began.timestamp_millis())).map_err(wrong)
    }
}

/// What a value of TOML says, be it in quotes or not.
fn unquoted(value: toml::Value) -> String {
    match value {
        toml::Value::String(raw) => raw,
        other => other.to_string(),
    }
}

/// A date, as TOML has it or in quotes.
struct Due(NaiveDate);

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = unquoted(toml::Value::deserialize(deserializer)?);
        let wrong = |_| D::Error::custom(format!("`{}` is no date: write it as 2026-12-01", Text::new(&raw)));
        raw.trim().parse().map(Self).map_err(wrong)
    }
}

/// Every key that an action may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    what: Option<Text>,
    owner: Option<Text>,
    #[serde(rename = "type")]
    kind: Option<Text>,
    due: Option<Due>,
    #[serde(default)]
    done: bool,
    dropped: Option<Text>,
}

impl Written {
    fn taken<E: serde::de::Error>(self) -> Result<Taken, E> {
        let said = |text: Option<Text>| text.filter(|text| !text.is_empty());
        let state = match (self.done, &self.dropped) {
            (true, Some(_)) => return Err(E::custom("an action is done or dropped, not both: leave one out")),
            (_, Some(why)) if why.is_empty() => return Err(E::custom("say why it was dropped: dropped = \"why\"")),
            (true, None) => Stands::Done,
            (false, Some(_)) => Stands::Dropped,
            (false, None) => Stands::Open,
        };
        let due = self.due.map(|due| due.0);
        Ok(Taken { owner: said(self.owner), kind: said(self.kind), due, state, why: self.dropped })
    }
}

impl<'de> Deserialize<'de> for Taken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        if written.what.is_some() {
            return Err(D::Error::custom("what a suggested action is stands in the journal: `what` is for [[more]]"));
        }
        written.taken()
    }
}

struct More(Text, Taken);

impl<'de> Deserialize<'de> for More {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut written = Written::deserialize(deserializer)?;
        match written.what.take().filter(|what| !what.is_empty()) {
            Some(what) => Ok(Self(what, written.taken()?)),
            None => Err(D::Error::custom("an action of your own says what it is: what = \"…\"")),
        }
    }
}
