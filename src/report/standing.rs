//! Where an incident stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The journal holds no record.
    Empty,
    /// Nothing was declared.
    Undeclared,
    /// Declared and not closed.
    Open,
    /// Closed, recovered.
    Recovered,
    /// Closed, not recovered.
    NotRecovered,
}
