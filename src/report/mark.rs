//! What happened, as short marks on an axis: the declaration, steps, pulls, the hold, the end.

use super::facts::Facts;
use super::sentence::sentence;
use crate::incident::{AttemptId, Event, Record, Way};
use crate::playbook::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A mark on every chart's axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mark {
    /// When, in milliseconds since `zero_ms`.
    pub t_ms: i64,
    /// `D` declared, a number: that step began, `P` and a number: that pull was fired, `U` and a number: it was a
    /// taking back, `H` hold began, `G` hold met (green), `C` closed.
    pub label: String,
    /// What it was: a line of Markdown.
    pub says: String,
    /// The line of the journal.
    pub line: u64,
}

/// Every mark, in order. A step that began again is marked where it first began.
pub(super) fn marks(facts: &Facts) -> Vec<Mark> {
    let mut begun: Vec<&Id> = Vec::new();
    let mut marks = Vec::new();
    for record in &facts.dossier.records {
        if let Event::StepStarted { step, .. } = &record.event {
            if begun.contains(&step) {
                continue;
            }
            begun.push(step);
        }
        marks.extend(label(facts, record).map(|label| Mark {
            t_ms: facts.t_ms(record),
            label,
            says: sentence(facts.dossier, &record.event),
            line: record.seq,
        }));
    }
    marks
}

fn label(facts: &Facts, record: &Record) -> Option<String> {
    match &record.event {
        Event::Declared { .. } => Some("D".into()),
        Event::StepStarted { step, .. } => {
            let steps = &facts.dossier.playbook.as_ref()?.steps;
            Some((steps.iter().position(|known| known.id == *step)? + 1).to_string())
        }
        Event::PullStarted { attempt, way, .. } => Some(of_pull(*attempt, *way)),
        Event::HoldStarted => Some("H".into()),
        Event::HoldMet { .. } => Some("G".into()),
        Event::Closed { .. } => Some("C".into()),
        _ => None,
    }
}

fn of_pull(attempt: AttemptId, way: Way) -> String {
    match way {
        Way::Do => format!("P{attempt}"),
        Way::Undo => format!("U{attempt}"),
    }
}
