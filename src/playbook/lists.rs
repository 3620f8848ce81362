//! What a playbook tells people beside its checklist: links, words of help, bands, questions, contacts, follow-ups.

use super::{Id, Limit};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Everything a playbook lists for people; none of it decides anything.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// The items of its sources that it covers (`A17`), from every table that says so.
    pub covers: BTreeSet<String>,
    /// Pages to read.
    pub links: IndexMap<Id, Link>,
    /// Questions people ask, with answers.
    pub faq: Vec<Faq>,
    /// Whom to reach.
    pub contacts: IndexMap<Id, Contact>,
    /// What is to be done after closing.
    pub follow_ups: Vec<FollowUp>,
    /// Which edition of the procedure this is.
    pub runbook: Option<Runbook>,
}

/// A page to read. It is copied; no browser is started.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// What is said of a metric.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// What it shows and how to read it.
    pub help: String,
    /// Pages about it.
    pub links: Vec<Id>,
    /// What its value means, in words; the first that holds is shown.
    pub bands: Vec<Band>,
}

/// What values on one side of a limit mean.
#[derive(Clone, Debug)]
pub struct Band {
    /// Which values.
    pub when: Limit,
    /// What they mean.
    pub say: String,
}

/// A question people ask, and its answer.
#[derive(Clone, Debug)]
pub struct Faq {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Somebody to reach.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: Id,
    /// Who, by role.
    pub title: String,
    /// How to reach them.
    pub reach: String,
}

/// One thing to do after closing.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// By when, in milliseconds from closing.
    pub within_ms: u64,
    /// Who sees to it, by role; empty when nobody is named.
    pub owner: String,
}

/// Which edition of the procedure a playbook is.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// Its version.
    pub version: String,
    /// Its day (`2026-11-21`).
    pub date: String,
    /// Who wrote it, by role.
    pub author: String,
    /// What changed, the newest first.
    pub changes: Vec<String>,
}

impl Guide {
    /// What `value` means in words: the first band that holds.
    pub fn says(&self, value: f64, baseline: Option<f64>) -> Option<&str> {
        let holds = |band: &&Band| band.when.holds(value, baseline) == Some(true);
        self.bands.iter().find(holds).map(|band| band.say.as_str())
    }
}

impl Lists {
    /// The follow-up with this id.
    pub fn follow_up(&self, id: &Id) -> Option<&FollowUp> {
        self.follow_ups.iter().find(|follow_up| follow_up.id == *id)
    }
}
