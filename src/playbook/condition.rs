//! What a probe's value must be, as written: in a sensor, a read-back, a precheck or a wait.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a probe's value must be; exactly one of `is`, `is_not`, `matches`, `below`, `above`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawCondition {
    /// Which probe.
    pub(super) probe: String,
    /// Exactly this text.
    pub(super) is: Option<String>,
    /// Anything but this text.
    pub(super) is_not: Option<String>,
    /// A regular expression.
    pub(super) matches: Option<String>,
    /// A number below this.
    pub(super) below: Option<f64>,
    /// A number above this.
    pub(super) above: Option<f64>,
}
