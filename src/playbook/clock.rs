//! What is timed: spans between things that happen once.

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
    /// What it may take, in milliseconds.
    pub budget_ms: u64,
}

/// Something that happens once in an incident, for clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The first stop limit was broken.
    Detected,
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
}

/// Every edge, by the name playbooks write.
const EDGES: &[(&str, Edge)] = &[
    ("detected", Edge::Detected),
    ("declared", Edge::Declared),
    ("first-step", Edge::FirstStep),
    ("sixty-done", Edge::SixtyDone),
    ("first-lever", Edge::FirstLever),
    ("hold-started", Edge::HoldStarted),
    ("hold-met", Edge::HoldMet),
    ("debts-paid", Edge::DebtsPaid),
    ("closed", Edge::Closed),
];

impl Edge {
    /// The names of all edges, for the schema.
    pub(super) fn names() -> Vec<&'static str> {
        EDGES.iter().map(|(name, _)| *name).collect()
    }

    /// The edge of this name; what is none was reported with the shape.
    pub(super) fn named(name: &str) -> Option<Self> {
        EDGES.iter().find(|(known, _)| *known == name).map(|(_, edge)| *edge)
    }
}
