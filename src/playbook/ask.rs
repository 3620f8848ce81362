//! Questions to a person.

use schemars::JsonSchema;
use serde::Deserialize;

/// A question to a person.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The question.
    pub question: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
    /// How many of the answers, from the first, mean done; the others fail the step.
    pub good: usize,
    /// The role of the second person who answers, by name and not the commander; the commander answers without.
    pub approver: Option<String>,
}

/// Asks a person what they saw.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawAsk {
    /// The question.
    pub(super) question: String,
    /// The answers to choose from.
    #[serde(default)]
    pub(super) answers: Vec<String>,
    /// How many of the answers, from the first, mean done; 1 by default.
    pub(super) good: Option<usize>,
    /// The role of the second person who answers (`Tech Lead`): their name is typed, and is not the commander's.
    pub(super) approver: Option<String>,
}
