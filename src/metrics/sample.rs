//! A line of `samples.jsonl`: one reading as it was taken, for charts, replay and whoever watches.

use crate::kind::{Reading, Told};
use crate::playbook::Id;
use crate::text::Text;
use serde::Deserialize;

/// A reading and when it was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    /// When it was read, in milliseconds since 1970.
    pub at: i64,
    /// Of which metric.
    pub metric: Id,
    value: Option<f64>,
    sampled: Option<i64>,
    nodata: Option<Text>,
    error: Option<Text>,
}

impl Sample {
    /// Reads a line; a number that is none is no sample.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// What was read.
    pub fn reading(self) -> Reading {
        match (self.value, self.sampled, self.error) {
            (Some(value), Some(sampled_ms), _) => Reading::Value { value, sampled_ms },
            (_, _, Some(why)) => Reading::Error(why),
            (_, _, None) => Reading::NoData(self.nodata.unwrap_or_else(|| Told::NOT_RECORDED.into())),
        }
    }
}
