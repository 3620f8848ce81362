//! The lists of a playbook as written.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a playbook tells people beside its checklist.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawLists {
    /// Pages to read, by name.
    #[serde(default)]
    pub(in crate::playbook) links: IndexMap<String, RawLink>,
    /// Questions people ask, with answers.
    #[serde(default)]
    pub(in crate::playbook) faq: Vec<RawFaq>,
    /// Whom to reach.
    #[serde(default)]
    pub(in crate::playbook) contacts: IndexMap<String, RawContact>,
    /// What is to be done after closing: `goaround follow-up` lists it and ticks it off.
    #[serde(default)]
    pub(in crate::playbook) follow_ups: Vec<RawFollowUp>,
    /// Which edition of the procedure this is.
    pub(in crate::playbook) runbook: Option<RawRunbook>,
}

/// A page to read. Its address is copied; no browser is started.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawLink {
    /// In words.
    pub(in crate::playbook) title: Option<String>,
    /// Its address: `https://…`.
    pub(in crate::playbook) url: String,
}

/// What is said of a metric.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawGuide {
    /// What it shows and how to read it.
    pub(in crate::playbook) help: Option<String>,
    /// Pages about it, from `links`.
    #[serde(default)]
    pub(in crate::playbook) links: Vec<String>,
    /// What its value means, in words; the first that holds is shown beside the state. It decides nothing.
    #[serde(default)]
    pub(in crate::playbook) bands: Vec<RawBand>,
}

/// What values on one side of a limit mean.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawBand {
    /// Which values: `> 1m`.
    pub(in crate::playbook) when: String,
    /// What they mean: `prepare for rollback`.
    pub(in crate::playbook) say: String,
}

/// A question people ask.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawFaq {
    /// The question.
    pub(in crate::playbook) question: String,
    /// The answer.
    pub(in crate::playbook) answer: String,
}

/// Somebody to reach.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawContact {
    /// Who, by role.
    pub(in crate::playbook) title: Option<String>,
    /// How to reach them.
    pub(in crate::playbook) reach: String,
}

/// One thing to do after closing.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawFollowUp {
    /// Its id.
    pub(in crate::playbook) id: String,
    /// In words.
    pub(in crate::playbook) title: Option<String>,
    /// By when, from closing: `24h`.
    pub(in crate::playbook) within: String,
    /// Who sees to it, by role.
    pub(in crate::playbook) owner: Option<String>,
}

/// Which edition of the procedure a playbook is.
#[derive(Debug, Deserialize, JsonSchema)]
pub(in crate::playbook) struct RawRunbook {
    /// Its version: `1.0.0`.
    pub(in crate::playbook) version: String,
    /// Its day: `2026-11-21`.
    pub(in crate::playbook) date: String,
    /// Who wrote it, by role.
    pub(in crate::playbook) author: String,
    /// What changed, the newest first.
    #[serde(default)]
    pub(in crate::playbook) changes: Vec<String>,
}
