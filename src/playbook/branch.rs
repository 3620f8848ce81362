//! Branches: parts of the checklist that are flown only once they open.

use super::condition::RawCondition;
use super::{Condition, Id};
use schemars::JsonSchema;
use serde::Deserialize;

/// A part of the checklist that is flown only once it opens; until then its steps are N/A. Once open it stays open.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Why one would take it.
    pub why: String,
    /// What opens it by itself; without, only a person does.
    pub when: Option<Opening>,
}

/// What opens a branch by itself, once a rollback is declared.
#[derive(Clone, Debug)]
pub enum Opening {
    /// This symptom is raised.
    Symptom(Id),
    /// This step FAILED.
    Failed(Id),
    /// This clock has passed its budget.
    Overdue(String),
    /// A probe saw this.
    Seen(Condition),
}

/// A part of the checklist that is flown only once it opens: the steps that say `branch = "…"`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawBranch {
    /// In words.
    pub(super) title: Option<String>,
    /// Why one would take it.
    pub(super) why: Option<String>,
    /// What opens it by itself once a rollback is declared; without it only a person opens it, with a reason.
    pub(super) when: Option<RawOpening>,
}

/// What opens a branch by itself; exactly one of `symptom`, `failed`, `overdue`, `seen`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RawOpening {
    /// This symptom is raised.
    pub(super) symptom: Option<String>,
    /// This step FAILED.
    pub(super) failed: Option<String>,
    /// This clock has passed its budget.
    pub(super) overdue: Option<String>,
    /// A probe saw this: `{ probe = "…", is = "…" }`.
    pub(super) seen: Option<RawCondition>,
}
