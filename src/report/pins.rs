//! Versions before and after: every captured value as it was first, and as it was seen last.

use super::block::Block;
use super::escape::code;
use super::facts::Facts;
use super::show::link_to;
use crate::incident::{Event, Record};
use crate::kind::Seen;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A captured value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pin {
    /// Its name, as it was.
    pub name: String,
    /// As it was captured first, as it was.
    pub before: String,
    /// The line of the journal that says so.
    pub before_line: u64,
    /// As it was seen last; none if nobody looked again.
    pub after: Option<String>,
    /// The line of the journal that says so.
    pub after_line: Option<u64>,
    /// Whether it is another value; none if nobody looked again.
    pub changed: Option<bool>,
    /// Why there is no value of it afterwards, where there is none.
    pub unseen: Option<&'static str>,
}

/// Every captured value, by name.
pub(super) fn pins_of(facts: &Facts) -> Vec<Pin> {
    let mut before: BTreeMap<&str, (&str, &Record)> = BTreeMap::new();
    for record in &facts.dossier.records {
        if let Event::EvidenceCaptured { values, .. } = &record.event {
            for (name, value) in values {
                before.entry(name).or_insert((value.as_str(), record));
            }
        }
    }
    let pin = |(name, (was, record)): (&str, (&str, &Record))| {
        let after = after(facts, name, record);
        Pin {
            name: name.to_owned(),
            before: was.to_owned(),
            before_line: record.seq,
            unseen: after.is_none().then(|| unseen(facts, name)),
            changed: after.as_ref().map(|(now, _)| now != was),
            after_line: after.as_ref().map(|(_, at)| at.seq),
            after: after.map(|(now, _)| now),
        }
    };
    before.into_iter().map(pin).collect()
}

/// The journal has a metric's value only where its verdict turned; its chart has them all.
fn unseen(facts: &Facts, name: &str) -> &'static str {
    let playbook = facts.dossier.playbook.as_ref();
    let is_metric = playbook.is_some_and(|playbook| playbook.metrics.keys().any(|metric| metric.as_str() == name));
    if is_metric { "its verdict did not turn" } else { "not looked at again" }
}

/// The same as a table.
pub(super) fn pins(facts: &Facts) -> Vec<Block> {
    let pins = pins_of(facts);
    if pins.is_empty() {
        return vec![Block::Said("Nothing was captured.".into())];
    }
    let row = |pin: Pin| {
        let now = pin.after.as_deref().map_or_else(|| pin.unseen.unwrap_or_default().to_owned(), code);
        let changed = match pin.changed {
            Some(true) => "**changed**",
            Some(false) => "same",
            None => "",
        };
        let line = pin.after_line.map_or_else(String::new, link_to);
        vec![code(&pin.name), code(&pin.before), link_to(pin.before_line), now, line, changed.into()]
    };
    vec![Block::table(&["Name", "Before", "Line", "After", "Line", ""], pins.into_iter().map(row))]
}

/// The newest sight of a captured name behind its first capture: a later capture, the probe or the metric
/// of that name, or the same key in what the pins' probe answered.
fn after<'a>(facts: &Facts<'a>, name: &str, first: &Record) -> Option<(String, &'a Record)> {
    let pins_probe = facts
        .dossier
        .playbook
        .as_ref()
        .and_then(|playbook| playbook.steps.iter().find_map(|step| step.kind.capture()?.pins_probe.clone()));
    let later = facts.dossier.records.iter().filter(|record| record.seq > first.seq).rev().find_map(|record| {
        let value = match &record.event {
            Event::EvidenceCaptured { values, .. } => values.get(name)?.as_str().to_owned(),
            Event::SensorTurned { probe, seen: Seen::Value(value) } if probe.as_str() == name => {
                value.as_str().to_owned()
            }
            Event::SensorTurned { probe, seen: Seen::Value(value) } if Some(probe) == pins_probe.as_ref() => {
                key_of(value.as_str(), name)?
            }
            Event::VerdictChanged { metric, verdict } if metric.as_str() == name && verdict.value.is_some() => {
                facts.dossier.value(metric, verdict)
            }
            _ => return None,
        };
        Some((value, record))
    });
    later.or_else(|| still(facts, name, first))
}

/// What its probe turned to before the capture and has not turned from since: it was looked at all the while.
fn still<'a>(facts: &Facts<'a>, name: &str, first: &Record) -> Option<(String, &'a Record)> {
    let turned = facts.dossier.records.iter().rev().find_map(|record| match &record.event {
        Event::SensorTurned { probe, seen } if probe.as_str() == name => Some((seen, record)),
        _ => None,
    });
    match turned? {
        (Seen::Value(value), record) if record.seq < first.seq => Some((value.as_str().to_owned(), record)),
        _ => None,
    }
}

fn key_of(json: &str, name: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    match value.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
