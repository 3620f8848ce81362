//! What is timed: spans between things that happen once, and the stages of the checklist.

use super::Id;

/// One timed span.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its id (`60s`, `sla`, `hold`).
    pub id: String,
    /// In words.
    pub title: String,
    /// What starts it.
    pub starts_on: Edge,
    /// What stops it.
    pub stops_on: Edge,
    /// What it may take under this profile, in milliseconds.
    pub budget_ms: u64,
    /// Whether it is a promise to others: a lever that no longer fits into what is left of it is told of at once.
    pub sla: bool,
}

/// Steps of the checklist that have a budget together. Its clock runs from the start of the first of them until all of
/// them are settled.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// What it may take under this profile, in milliseconds.
    pub budget_ms: u64,
}

/// Something that happens once in an incident, for clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The first sample beyond a stop limit, before the limit's window had passed.
    Impact,
    /// A stop limit was broken: the first of the episode that led to the declaration.
    Detected,
    /// A person acknowledged an alert, or declared the rollback.
    Acknowledged,
    /// The incident was declared.
    Declared,
    /// The first step was started.
    FirstStep,
    /// No step marked `clock = "60s"` is open.
    SixtyDone,
    /// The first lever was fired.
    FirstLever,
    /// The hold was started.
    HoldStarted,
    /// The hold was met.
    HoldMet,
    /// The last debt was paid after the hold was met.
    DebtsPaid,
    /// The incident was closed.
    Closed,
    /// This step was started.
    Started(Id),
    /// This step is settled.
    Done(Id),
    /// This lever was fired.
    Fired(Id),
}

/// Every edge that is there once, by the name playbooks write.
const EDGES: &[(&str, Edge)] = &[
    ("impact", Edge::Impact),
    ("detected", Edge::Detected),
    ("acknowledged", Edge::Acknowledged),
    ("declared", Edge::Declared),
    ("first-step", Edge::FirstStep),
    ("sixty-done", Edge::SixtyDone),
    ("first-lever", Edge::FirstLever),
    ("hold-started", Edge::HoldStarted),
    ("hold-met", Edge::HoldMet),
    ("debts-paid", Edge::DebtsPaid),
    ("closed", Edge::Closed),
];

/// An edge of one step or one lever: the word before the colon, the table its name is in, and what it makes.
pub(super) type EdgeOf = (&'static str, &'static str, fn(Id) -> Edge);

/// Every edge that names something.
pub(super) const EDGES_OF: &[EdgeOf] =
    &[("started", "steps", Edge::Started), ("done", "steps", Edge::Done), ("fired", "levers", Edge::Fired)];

impl Edge {
    /// The schema of an edge: one of the names, or `started:STEP`, `done:STEP`, `fired:LEVER`.
    pub(super) fn shapes() -> serde_json::Value {
        let names: Vec<&str> = EDGES.iter().map(|(name, _)| *name).collect();
        let words: Vec<&str> = EDGES_OF.iter().map(|(word, _, _)| *word).collect();
        serde_json::json!([{ "enum": names }, { "pattern": format!("^({}):", words.join("|")) }])
    }

    /// As playbooks write it: `impact`, `started:flip`.
    pub fn written(&self) -> String {
        let of = |word: &str, id: &Id| format!("{word}:{id}");
        match self {
            Self::Started(step) => of("started", step),
            Self::Done(step) => of("done", step),
            Self::Fired(lever) => of("fired", lever),
            once => {
                EDGES.iter().find(|(_, edge)| edge == once).map_or_else(String::new, |(name, _)| (*name).to_owned())
            }
        }
    }

    /// The edge of this name; what is none was reported with the shape.
    pub(super) fn named(name: &str) -> Option<Self> {
        EDGES.iter().find(|(known, _)| *known == name).map(|(_, edge)| edge.clone())
    }
}
