//! A message to people, written from what is known: the same words in the preview, the file and the request. What is
//! not known yet stands there as a blank, never as nothing.

use super::{State, derive};
use crate::metrics::Board;
use crate::playbook::{Comm, Playbook};
use chrono::DateTime;
use core::fmt;
use core::ops::Range;
use minijinja::Value;
use minijinja::value::Object;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most work a template may cause; a template is a few lines.
const FUEL: u64 = 50_000;

/// What a message may say that is not known from the beginning.
struct Known {
    /// Its name in a template.
    name: &'static str,
    /// What stands for it until it is known: a person may fill it, and nobody takes it for a finished sentence.
    blank: &'static str,
    /// What it is; empty while it is not known.
    value: String,
}

/// A blank for what is not known yet: seen where it is written out, false where a template asks for it.
#[derive(Debug)]
struct Blank(&'static str);

impl Object for Blank {
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Known {
    fn value(&self) -> Value {
        if self.value.is_empty() { Value::from_object(Blank(self.blank)) } else { Value::from(self.value.clone()) }
    }
}

/// `comm` as it would go out now, or why it cannot be written.
pub fn message(playbook: &Playbook, state: &State, board: &Board, comm: &Comm) -> Result<String, String> {
    let mut engine = minijinja::Environment::new();
    engine.set_fuel(Some(FUEL));
    engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let ids = [
        ("service", playbook.service.as_str()),
        ("environment", playbook.environment.as_str()),
        ("incident", state.incident.as_str()),
    ];
    let ids = ids.map(|(name, value)| (name, Value::from(value)));
    let learnt = learnt(playbook, state, board).map(|known| (known.name, known.value()));
    let known: BTreeMap<&str, Value> = ids.into_iter().chain(learnt).collect();
    engine.render_str(&comm.body, known).map_err(|error| format!("message `{}`: {error}", comm.id))
}

/// The words of a person with every blank filled whose value was not known when they were written and is known now.
pub fn fill_known(playbook: &Playbook, state: &State, board: &Board, words: &str) -> String {
    let learnt = learnt(playbook, state, board).into_iter().filter(|known| !known.value.is_empty());
    learnt.fold(words.to_owned(), |words, known| words.replace(known.blank, &known.value))
}

fn learnt(playbook: &Playbook, state: &State, board: &Board) -> [Known; 4] {
    let time = |ms: i64| DateTime::from_timestamp_millis(ms).map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string());
    let declared = state.marks.declared.as_ref().and_then(|at| time(at.wall_ms)).unwrap_or_default();
    let breaches: Vec<&str> = derive::breaches(state).map(|id| playbook.metrics[id].title.as_str()).collect();
    let lever = state.pick.as_ref().and_then(|id| playbook.levers.get(id)).map(|lever| lever.title.clone());
    [
        Known { name: "started", blank: "[[time declared]]", value: declared },
        Known { name: "triggers", blank: "[[what is wrong]]", value: breaches.join(", ") },
        Known { name: "lever", blank: "[[which lever]]", value: lever.unwrap_or_default() },
        Known { name: "metrics", blank: "[[metrics]]", value: metrics_line(playbook, board) },
    ]
}

/// Every metric's newest value with its state, in one line.
fn metrics_line(playbook: &Playbook, board: &Board) -> String {
    let known = playbook.metrics.values().filter_map(|metric| {
        let verdict = board.verdict(&metric.id)?;
        let value = verdict.value.map_or_else(|| "--".to_owned(), |value| metric.unit.show(value));
        Some(format!("{} {value} {}", metric.title, verdict.state.word()))
    });
    known.collect::<Vec<_>>().join(", ")
}

/// Where the blanks stand that a person must fill, each as far as it reaches on its line.
pub fn blanks_in(words: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    core::iter::from_fn(move || {
        let start = from + words[from..].find("[[")?;
        let line = words[start..].find('\n').map_or(words.len(), |end| start + end);
        let end = words[start..line].find("]]").map_or(line, |end| start + end + 2);
        from = end;
        Some(start..end)
    })
}
