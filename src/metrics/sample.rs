//! A line of `samples.jsonl`: one reading as it was taken, or a baseline that had to be asked for, for charts, replay
//! and whoever watches.

use crate::kind::{Reading, Told};
use crate::playbook::Id;
use crate::text::Text;
use serde::Deserialize;

/// What a line says of its metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// What was read.
    Reading(Reading),
    /// What its relative limits are relative to, as the world answered when it was asked for the past or for a file.
    Baseline(f64),
}

/// A reading and when it was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    /// When it was read, in milliseconds since 1970.
    pub at: i64,
    /// Of which metric.
    pub metric: Id,
    value: Option<f64>,
    baseline: Option<f64>,
    sampled: Option<i64>,
    nodata: Option<Text>,
    error: Option<Text>,
}

impl Sample {
    /// Reads a line; a number that is none is no sample.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// What it says.
    pub fn heard(self) -> Heard {
        if let Some(value) = self.baseline {
            return Heard::Baseline(value);
        }
        Heard::Reading(match (self.value, self.sampled, self.error) {
            (Some(value), Some(sampled_ms), _) => Reading::Value { value, sampled_ms },
            (_, _, Some(why)) => Reading::Error(why),
            (_, _, None) => Reading::NoData(self.nodata.unwrap_or_else(|| Told::NOT_RECORDED.into())),
        })
    }
}
