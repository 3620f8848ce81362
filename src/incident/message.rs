//! A message to people, written from what is known: the same words in the preview, the file and the request.

use super::{State, derive};
use crate::metrics::Board;
use crate::playbook::{Comm, Playbook};
use chrono::DateTime;

/// The most work a template may cause; a template is a few lines.
const FUEL: u64 = 50_000;

/// `comm` as it would go out now, or why it cannot be written.
pub fn message(playbook: &Playbook, state: &State, board: &Board, comm: &Comm) -> Result<String, String> {
    let mut engine = minijinja::Environment::new();
    engine.set_fuel(Some(FUEL));
    engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let time = |ms: i64| DateTime::from_timestamp_millis(ms).map(|t| t.format("%Y-%m-%d %H:%M:%S").to_string());
    let declared = state.marks.declared.as_ref().and_then(|at| time(at.wall_ms)).unwrap_or_default();
    let breaches: Vec<&str> = derive::breaches(state).map(|id| playbook.metrics[id].title.as_str()).collect();
    let lever = state.pick.as_ref().and_then(|id| playbook.levers.get(id)).map(|lever| lever.title.clone());
    let known = minijinja::context! {
        service => playbook.service.as_str(),
        environment => playbook.environment.as_str(),
        incident => state.incident.as_str(),
        started => declared,
        triggers => breaches.join(", "),
        lever => lever.unwrap_or_default(),
        metrics => metrics_line(playbook, board),
    };
    engine.render_str(&comm.body, known).map_err(|error| format!("message `{}`: {error}", comm.id))
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
