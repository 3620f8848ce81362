//! What probes must show: of one its value, of several the same of each.

use super::Id;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a probe's value must be, or the values of several.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Which probe; of several the first.
    pub probe: Id,
    /// The other probes that must show the same; most often none.
    pub also: Vec<Id>,
    /// What the value must be.
    pub test: Test,
}

/// A test of a probe's value. Texts may hold `${name}` where a lever binds names.
#[derive(Clone, Debug)]
pub enum Test {
    /// Exactly this text.
    Is(String),
    /// Anything but this text.
    IsNot(String),
    /// Matches this regular expression.
    Matches(Regex),
    /// A number below this.
    Below(f64),
    /// A number above this.
    Above(f64),
}

impl Condition {
    /// Every probe that must show it, in the order written.
    pub fn probes(&self) -> impl Iterator<Item = &Id> {
        std::iter::once(&self.probe).chain(&self.also)
    }

    /// Whether this probe is one of them.
    pub fn asks(&self, probe: &Id) -> bool {
        self.probes().any(|own| own == probe)
    }
}

/// What a probe's value must be: exactly one of `probe`, `probes`, and of `is`, `is_not`, `matches`, `below`, `above`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawCondition {
    /// Which probe.
    pub(super) probe: Option<String>,
    /// Several probes, which must all show the same: the resolvers that users ask. At most 8.
    pub(super) probes: Option<Vec<String>>,
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
