//! What a metric is measured against, as written.

use schemars::JsonSchema;
use serde::Deserialize;

/// Limits: `> 1%`, `< 0.60 for 30s`, `> baseline * 2`, `<= baseline + 15%`, `< baseline - 5pp`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawLimits {
    /// Getting bad; `80%` is that far on the way from the baseline, or from 0, to `stop`.
    pub(in crate::playbook) warn: Option<String>,
    /// Roll back now.
    pub(in crate::playbook) stop: Option<String>,
    /// Recovered.
    pub(in crate::playbook) exit: Option<String>,
    /// What relative limits are relative to: a number, `{ file = "…", at = "/…" }`, `{ offset = "1h" }` or
    /// `{ at_start = "60s" }`.
    pub(in crate::playbook) baseline: Option<RawBaseline>,
}

/// What relative limits are relative to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(in crate::playbook) enum RawBaseline {
    /// This value, in the metric's unit.
    Value(f64),
    /// A number kept elsewhere.
    Kept(RawBaselineTable),
}

/// A number kept elsewhere: `file` and `at`, or `offset`, or `at_start`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawBaselineTable {
    /// A JSON file: one of the playbook's own `files`, else relative to its folder.
    pub(in crate::playbook) file: Option<String>,
    /// The JSON pointer of the number in it.
    pub(in crate::playbook) at: Option<String>,
    /// The metric's own value this long before the cockpit opened: `1h`.
    pub(in crate::playbook) offset: Option<String>,
    /// The median of what is read in this time after the cockpit opened: `60s`. Only while nothing is in BREACH and nothing
    /// is declared; otherwise there is NO BASELINE.
    pub(in crate::playbook) at_start: Option<String>,
}
