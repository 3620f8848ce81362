//! What a metric's relative limits are relative to, as far as the directory says.

use super::facts::Facts;
use super::show::millis;
use crate::incident::Event;
use crate::playbook::{Baseline, Metric};
use schemars::JsonSchema;
use serde::Serialize;

/// A baseline: where it is from, and its number where that was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Basis {
    /// Where it is from, in words.
    pub source: String,
    /// The number, in the metric's unit; none where it was never read, or was read by a goaround that did not record it.
    pub at: Option<f64>,
}

/// The baseline of a metric; `read` is what `samples.jsonl` says of one that had to be asked for.
pub(super) fn basis(facts: &Facts, metric: &Metric, read: Option<f64>) -> Option<Basis> {
    Some(match metric.baseline.as_ref()? {
        Baseline::Value(value) => Basis { source: "as the playbook writes it".into(), at: Some(*value) },
        Baseline::File { path, at } => Basis { source: format!("the number at {at} in {}", path.display()), at: read },
        Baseline::Offset(ms) => {
            Basis { source: format!("its own value {} before goaround was opened", millis(*ms)), at: read }
        }
        Baseline::AtStart(ms) => {
            Basis { source: format!("the median of its first {}", millis(*ms)), at: taken(facts, metric) }
        }
    })
}

/// What the journal says was taken at the start.
fn taken(facts: &Facts, metric: &Metric) -> Option<f64> {
    let value = |event: &Event| match event {
        Event::BaselineCaptured { metric: of, value, .. } if *of == metric.id => Some(*value),
        _ => None,
    };
    facts.dossier.records.iter().rev().find_map(|record| value(&record.event))
}
