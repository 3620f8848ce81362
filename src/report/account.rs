//! The account of an incident: everything the report says, as data. Markdown, HTML, JSON and templates read it.

use super::actions::Action;
use super::asked::Question;
use super::axis::{Axis, axis};
use super::block::{Field, Section};
use super::chart::Chart;
use super::escape::json;
use super::facts::{Facts, Point};
use super::kept::Kept;
use super::lane::{Lane, lane_of};
use super::lost::{Fault, lost};
use super::mark::Mark;
use super::pins::Pin;
use super::pulled::Pulled;
use super::response::away;
use super::sentence::sentence;
use super::shares::{self, Share};
use super::show::stamp;
use super::standing::Standing;
use super::stretch::Stretch;
use super::times::{Span, spans};
use super::{Dossier, actions, asked, chart, closing, mark, opening, pins, pulled, sections, stretch};
use crate::incident::{Event, Record};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

/// The newest format of the account, which is also that of `report.json`.
pub const FORMAT: u32 = 1;

/// Everything the report says. Where words are Markdown, what was foreign in them is escaped.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "goaround report", description = "What `goaround report --format json` writes")]
pub struct Account {
    /// The format of this account, 1.
    pub format: u32,
    /// The goaround that wrote the journal.
    pub written_by: String,
    /// The incident directory's name.
    pub directory: String,
    /// The heading: a line of Markdown.
    pub title: String,
    /// The incident's id.
    pub incident: String,
    /// The service that was rolled back.
    pub service: String,
    /// In which environment.
    pub environment: String,
    /// The profile that was flown; empty if the playbook has none.
    pub profile: String,
    /// The scenario, if it was a drill: nothing in production was touched.
    pub scenario: Option<String>,
    /// 1 (worst) to 4; none where nothing was declared.
    pub severity: Option<u8>,
    /// Where it stands.
    pub state: Standing,
    /// What everybody asks first: names and values.
    pub head: Vec<Field>,
    /// What `t_ms` counts from: the declaration, else the first record. Milliseconds since 1970, UTC.
    pub zero_ms: i64,
    /// Every derived time, with its formula and the two lines it was taken from.
    pub times: Vec<Time>,
    /// Every derived share, with its formula and its two counts.
    pub shares: Vec<Share>,
    /// The journal, line by line.
    pub timeline: Vec<Entry>,
    /// From when to when charts and lanes show.
    pub axis: Axis,
    /// What happened, as short marks for charts.
    pub marks: Vec<Mark>,
    /// What lasted, for the lanes.
    pub stretches: Vec<Stretch>,
    /// Every metric's readings against its limits.
    pub metrics: Vec<Chart>,
    /// Every pull of a lever.
    pub pulls: Vec<Pulled>,
    /// Every captured value, before and after.
    pub pins: Vec<Pin>,
    /// Every file that the journal names, and what was found of it.
    pub files: Vec<Kept>,
    /// The journal's own standing.
    pub journal: Chain,
    /// What is missing from this report, or is not as it was written, each as a sentence.
    pub lost: Vec<String>,
    /// What only people know, and what they said.
    pub questions: Vec<Question>,
    /// What is to be done about it.
    pub actions: Vec<Action>,
    /// The report's sections, in order.
    pub sections: Vec<Section>,
}

/// A point in time: a line of the journal, and when it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct At {
    /// The line of `journal.jsonl` that says so.
    pub line: u64,
    /// When, as RFC 3339 in UTC.
    pub utc: String,
    /// Milliseconds since `zero_ms`, by the boot clock where that holds.
    pub t_ms: i64,
}

/// Where a derived time begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Endpoint {
    /// The line of `journal.jsonl` that says so; none where people do, in `answers.toml`.
    pub line: Option<u64>,
    /// When, as RFC 3339 in UTC.
    pub utc: String,
    /// Milliseconds since `zero_ms`, by the boot clock where that holds.
    pub t_ms: i64,
}

/// A derived time: `to` less `from`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Time {
    /// Its name for programs: the same whatever it is called.
    pub id: String,
    /// Its name: a line of Markdown.
    pub name: String,
    /// How it is derived: a line of Markdown.
    pub formula: String,
    /// How long it took, in milliseconds; none where an end was not reached.
    pub took_ms: Option<u64>,
    /// Whether it rests on the wall clock, or on a sample's own time.
    pub approximate: bool,
    /// What it was allowed, in milliseconds.
    pub budget_ms: Option<u64>,
    /// By how much that was exceeded, in milliseconds; of one still open, so far.
    pub over_ms: Option<u64>,
    /// Where it begins.
    pub from: Option<Endpoint>,
    /// Where it ends.
    pub to: Option<Endpoint>,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// Which, and when.
    #[serde(flatten)]
    pub at: At,
    /// In whose name it was written.
    pub actor: String,
    /// Which swim lane it belongs to.
    pub lane: Lane,
    /// What it says: a line of Markdown.
    pub says: String,
}

/// The journal as the report read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Chain {
    /// How many records hold.
    pub records: u64,
    /// The hash of the last of them.
    pub head: String,
    /// Bytes behind them that are no record: being written, or torn by a crash.
    pub torn_bytes: u64,
    /// Where it stops holding; nothing from there on is in this report.
    pub fault: Option<Fault>,
}

impl Account {
    /// A pure fold of the dossier: the same each time.
    pub fn of(dossier: &Dossier) -> Self {
        let facts = Facts::of(dossier);
        let (questions, actions) = (asked::questions(&facts), actions::actions(&facts));
        Self {
            format: FORMAT,
            written_by: String::new(),
            directory: dossier.dir.clone(),
            title: opening::title(&facts),
            incident: String::new(),
            service: String::new(),
            environment: String::new(),
            profile: String::new(),
            scenario: None,
            severity: opening::severity_of(&facts),
            state: opening::standing_of(&facts),
            head: opening::head(&facts),
            zero_ms: facts.zero().map_or(0, |record| record.at.wall_ms),
            times: spans(&facts).iter().map(|span| time(&facts, span)).collect(),
            shares: shares::shares(&facts),
            timeline: dossier.records.iter().map(|record| entry(&facts, record)).collect(),
            axis: axis(&facts),
            marks: mark::marks(&facts),
            stretches: stretch::stretches(&facts),
            metrics: chart::charts(&facts),
            pulls: pulled::pulled(&facts),
            pins: pins::pins_of(&facts),
            files: closing::files(&facts),
            journal: Chain {
                records: dossier.records.len() as u64,
                head: dossier.hashes.last().cloned().unwrap_or_default(),
                torn_bytes: dossier.torn_bytes,
                fault: dossier.fault.clone(),
            },
            lost: lost(dossier),
            sections: sections::all(&facts, &questions, &actions),
            questions,
            actions,
        }
        .opened(dossier)
    }

    /// As `report.json`: the same bytes each time.
    pub fn json(&self) -> String {
        let written = serde_json::to_string_pretty(self).expect("an account holds only text, numbers and lists");
        json(&written) + "\n"
    }

    /// The shape of `report.json`, as a JSON Schema.
    pub fn schema() -> serde_json::Value {
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>().to_value()
    }

    /// With what the first record says.
    fn opened(self, dossier: &Dossier) -> Self {
        let Some(Event::Opened { incident, service, environment, profile, version, drill, .. }) =
            dossier.records.first().map(|record| &record.event)
        else {
            return self;
        };
        Self {
            written_by: format!("goaround {version}"),
            incident: incident.to_string(),
            service: service.to_string(),
            environment: environment.to_string(),
            profile: profile.to_string(),
            scenario: drill.as_ref().map(|drill| drill.scenario.to_string()),
            ..self
        }
    }
}

/// A point in time.
fn at(facts: &Facts, point: &Point) -> At {
    At { line: point.record.seq, utc: stamp(point.at.wall_ms), t_ms: facts.t_ms_of(point) }
}

/// The same of a time's beginning or end.
fn endpoint(facts: &Facts, point: &Point) -> Endpoint {
    let At { line, utc, t_ms } = at(facts, point);
    Endpoint { line: (!point.said).then_some(line), utc, t_ms }
}

fn time(facts: &Facts, span: &Span) -> Time {
    Time {
        id: span.id.clone(),
        name: span.name.clone(),
        formula: span.formula.clone(),
        took_ms: span.took.map(|took| took.ms),
        approximate: span.took.is_some_and(|took| took.approximate),
        budget_ms: span.budget_ms,
        over_ms: span.overrun().map(|(over_ms, _)| over_ms),
        from: span.from.as_ref().map(|from| endpoint(facts, from)),
        to: span.to.as_ref().map(|to| endpoint(facts, to)),
    }
}

fn entry(facts: &Facts, record: &Record) -> Entry {
    Entry {
        at: at(facts, &Point::of(record)),
        actor: record.actor.to_string(),
        lane: lane_of(&record.event),
        says: format!("{}{}", sentence(facts.dossier, &record.event), away(facts, record)),
    }
}
