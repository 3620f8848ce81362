//! The queries a playbook asks a Prometheus, known by their text.

use crate::kind::Call;
use crate::kind::prometheus::default_fresh;
use crate::playbook::Playbook;
use std::collections::BTreeMap;

/// The queries a playbook asks, and what each asks for.
#[derive(Clone, Debug)]
pub(super) struct Questions(BTreeMap<String, Question>);

/// What a query asks for.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// A metric's value.
    Value(String),
    /// The time of a metric's newest sample.
    Fresh(String),
}

impl Questions {
    /// The queries of every metric with a Prometheus source.
    pub(super) fn new(playbook: &Playbook) -> Self {
        let mut known = BTreeMap::new();
        for (id, metric) in &playbook.metrics {
            let Call::Prometheus(call) = &metric.source else { continue };
            let fresh = call.fresh.clone().or_else(|| default_fresh(call));
            // Metrics may share the query of their sample time; the first answers for all, from one scrape.
            if let Some(fresh) = fresh {
                known.entry(fresh.trim().to_owned()).or_insert_with(|| Question::Fresh(id.to_string()));
            }
            known.insert(call.query.trim().to_owned(), Question::Value(id.to_string()));
        }
        Self(known)
    }

    /// The metric a query is about.
    pub(super) fn metric(&self, query: &str) -> Option<&str> {
        self.get(query).map(|question| match question {
            Question::Value(metric) | Question::Fresh(metric) => metric.as_str(),
        })
    }

    /// What a query asks for, if it is one of the playbook's.
    pub(super) fn get(&self, query: &str) -> Option<&Question> {
        self.0.get(query.trim())
    }
}
