//! One incident or drill in a line: what a list of many shows, taken from the same facts as its report.

use super::Dossier;
use super::deviation::{is_deviation, of_step};
use super::facts::Facts;
use super::opening;
use super::standing::Standing;
use crate::incident::event::{Drill, Trigger};
use crate::incident::{Event, Way};
use crate::playbook::{Edge, Id};
use crate::text::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who begins a flight that no person flies.
const PILOT: &str = "pilot";

/// One incident in a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Its id.
    #[schemars(with = "String")]
    pub incident: Text,
    /// Whether it was real.
    pub mode: Mode,
    /// The scenario that was flown; of a rehearsal, the one whose world it was.
    #[schemars(with = "Option<String>")]
    pub scenario: Option<Id>,
    /// The seed of a drill's noise.
    pub seed: Option<u64>,
    /// Whether the pilot began it: its times are a machine's and nobody's.
    pub pilot: bool,
    /// The service that was rolled back.
    #[schemars(with = "String")]
    pub service: Id,
    /// In which environment.
    #[schemars(with = "String")]
    pub environment: Id,
    /// The title of the playbook that was flown; none where this goaround cannot read it, and then no time that needs it.
    #[schemars(with = "Option<String>")]
    pub playbook: Option<Text>,
    /// 1 (worst) to 4; none where nothing was declared.
    pub severity: Option<u8>,
    /// What it was declared on: titles of metrics, or what the person said.
    #[schemars(with = "Vec<String>")]
    pub triggers: Vec<Text>,
    /// The times that were reached.
    pub times: BTreeMap<Timed, Took>,
    /// How many debts were opened and not paid.
    pub debts_open: u64,
    /// Where it stands.
    pub state: Standing,
    /// The levers that were pulled.
    pub pulls: Vec<LeverUse>,
    /// What did not go by the book.
    pub deviations: Vec<Deviation>,
    /// How many records the journal holds.
    pub records: u64,
    /// Bytes behind them that are no record: being written, or torn by a crash.
    pub torn_bytes: u64,
    /// The wall clock of the first record, in milliseconds since 1970.
    pub opened_ms: i64,
}

/// Whether it was real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In production.
    Live,
    /// In a simulated world.
    Drill,
    /// Levers pulled and taken back in a simulated world.
    Rehearsal,
}

/// A time that every rollback has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timed {
    /// From the impact, when people say it began, else the first sample beyond a stop limit, to the first BREACH of the
    /// same episode, which led to the declaration.
    Ttd,
    /// From the declaration to the first lever.
    Lever,
    /// From the first step started to the last step of the 60-second clock settled.
    Sixty,
    /// From the impact, when people say it began, else that BREACH, to the hold met.
    Ttm,
    /// The same to the hold met and nothing owed.
    Ttr,
}

impl Timed {
    /// Every one, in the order in which they happen.
    pub const ALL: [Self; 5] = [Self::Ttd, Self::Lever, Self::Sixty, Self::Ttm, Self::Ttr];

    /// Its name at the head of a column.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ttd => "TTD",
            Self::Lever => "LEVER",
            Self::Sixty => "60s",
            Self::Ttm => "TTM",
            Self::Ttr => "TTR",
        }
    }

    /// Where it begins and ends, as in the report's times.
    fn edges(self, facts: &Facts) -> (Edge, Edge) {
        match self {
            Self::Ttd => (Edge::Impact, Edge::Detected),
            Self::Lever => (Edge::Declared, Edge::FirstLever),
            Self::Sixty => (Edge::FirstStep, Edge::SixtyDone),
            Self::Ttm => (facts.start(), Edge::HoldMet),
            Self::Ttr => (facts.start(), Edge::DebtsPaid),
        }
    }
}

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Took {
    /// In milliseconds.
    pub ms: u64,
    /// Whether it rests on the wall clock, or on a sample's own time.
    pub approximate: bool,
}

/// A lever that was pulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeverUse {
    /// Its id.
    #[schemars(with = "String")]
    pub lever: Id,
    /// How often, not counting when it was taken back.
    pub times: u64,
    /// How often of these a person said to have done it by hand.
    pub by_hand: u64,
}

/// Something that did not go by the book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Deviation {
    /// What happened, in a word or some.
    #[schemars(with = "String")]
    pub what: Text,
    /// The step or lever it happened to; none where it is about the incident.
    #[schemars(with = "Option<String>")]
    pub of: Option<Id>,
    /// How often.
    pub times: u64,
}

impl Summary {
    /// A pure fold of playbook and records; readings, evidence and messages need not be there. Nothing of an empty
    /// journal.
    pub fn of(dossier: &Dossier) -> Option<Self> {
        let first = dossier.records.first()?;
        let Event::Opened { incident, service, environment, drill, .. } = &first.event else { return None };
        let facts = Facts::of(dossier);
        Some(Self {
            incident: incident.clone(),
            mode: mode(drill.as_ref()),
            scenario: drill.as_ref().map(|drill| drill.scenario.clone()),
            seed: drill.as_ref().map(|drill| drill.seed),
            pilot: first.actor.as_str() == PILOT,
            service: service.clone(),
            environment: environment.clone(),
            playbook: dossier.playbook.as_ref().map(|playbook| Text::new(&playbook.title)),
            severity: opening::severity_of(&facts),
            triggers: triggers(&facts),
            times: Timed::ALL.into_iter().filter_map(|timed| Some((timed, took(&facts, timed)?))).collect(),
            debts_open: facts.debts.iter().filter(|debt| debt.paid.is_none()).count() as u64,
            state: opening::standing_of(&facts),
            pulls: pulls(&facts),
            deviations: deviations(dossier),
            records: dossier.records.len() as u64,
            torn_bytes: dossier.torn_bytes,
            opened_ms: first.at.wall_ms,
        })
    }
}

fn mode(drill: Option<&Drill>) -> Mode {
    match drill {
        None => Mode::Live,
        Some(drill) if drill.rehearsal => Mode::Rehearsal,
        Some(_) => Mode::Drill,
    }
}

fn triggers(facts: &Facts) -> Vec<Text> {
    let Some(Event::Declared { triggers, .. }) = facts.declared.map(|record| &record.event) else { return Vec::new() };
    let metrics = facts.dossier.playbook.as_ref().map(|playbook| &playbook.metrics);
    let told = |trigger: &Trigger| match trigger {
        Trigger::Metric { metric, .. } => {
            let known = metrics.and_then(|metrics| metrics.get(metric));
            Text::new(known.map_or(metric.as_str(), |metric| &metric.title))
        }
        Trigger::Person(words) => words.clone(),
    };
    triggers.iter().map(told).collect()
}

fn took(facts: &Facts, timed: Timed) -> Option<Took> {
    let (from, to) = timed.edges(facts);
    let elapsed = facts.took(&facts.point(&from)?, &facts.point(&to)?)?;
    Some(Took { ms: elapsed.ms, approximate: elapsed.approximate })
}

fn pulls(facts: &Facts) -> Vec<LeverUse> {
    let mut all: Vec<LeverUse> = Vec::new();
    for pull in facts.pulls.values().filter(|pull| pull.way == Way::Do) {
        let by_hand = u64::from(pull.by_hand);
        match all.iter_mut().find(|known| known.lever == *pull.lever) {
            Some(known) => (known.times, known.by_hand) = (known.times + 1, known.by_hand + by_hand),
            None => all.push(LeverUse { lever: pull.lever.clone(), times: 1, by_hand }),
        }
    }
    all
}

fn deviations(dossier: &Dossier) -> Vec<Deviation> {
    let mut counted: BTreeMap<(&str, Option<&Id>), u64> = BTreeMap::new();
    let events = dossier.records.iter().map(|record| &record.event);
    for event in events.filter(|event| is_deviation(event)) {
        *counted.entry(in_a_word(event)).or_default() += 1;
    }
    let counted = counted.into_iter();
    counted.map(|((what, of), times)| Deviation { what: Text::new(what), of: of.cloned(), times }).collect()
}

/// A deviation's word, and the step or lever it is about.
fn in_a_word(event: &Event) -> (&'static str, Option<&Id>) {
    match (of_step(event), event) {
        (Some(step), _) => (step.word, Some(step.step)),
        (None, Event::PullStarted { lever, by_hand: true, .. }) => ("BY HAND", Some(lever)),
        (None, Event::PullStarted { lever, .. }) => ("AGAINST A PRECHECK", Some(lever)),
        (None, Event::Closed { .. }) => ("CLOSED ALL THE SAME", None),
        // What else leaves the book is an observer's objection: every other such event is about a step.
        (None, _) => ("OBJECTION", None),
    }
}
