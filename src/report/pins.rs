//! Versions before and after: every captured value as it was first, and as it was seen last.

use super::basis::basis;
use super::block::Block;
use super::crossed;
use super::escape::code;
use super::facts::Facts;
use super::show::link_to;
use crate::incident::{AttemptId, Event, Record, Way};
use crate::kind::{self, Seen};
use crate::metrics::{Heard, Sample, VerdictState};
use crate::playbook::{Edge, Metric, Probe};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A captured value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pin {
    /// Its name, as it was.
    pub name: String,
    /// As it was captured before the first pull, else as it was seen last before that; as it was.
    pub before: String,
    /// The line of the journal that says so.
    pub before_line: u64,
    /// Whether it was captured behind the first pull, and not seen ahead of it: what it was before, nobody knows.
    pub late: bool,
    /// As it was seen last; none if nobody looked again.
    pub after: Option<String>,
    /// The line of the journal that says so; none where a reading does.
    pub after_line: Option<u64>,
    /// When it was read, in UTC, where a reading of `samples.jsonl` says so.
    pub after_read: Option<String>,
    /// Whether it is another value; a metric that only moved as metrics do has not changed. None if nobody looked again.
    pub changed: Option<bool>,
    /// Why there is no value of it afterwards, where there is none.
    pub unseen: Option<&'static str>,
}

/// Every captured value, by name.
pub(super) fn pins_of(facts: &Facts) -> Vec<Pin> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for record in &facts.dossier.records {
        if let Event::EvidenceCaptured { values, .. } = &record.event {
            names.extend(values.keys().map(String::as_str));
        }
    }
    let read = newest_readings(facts, &names);
    names.into_iter().filter_map(|name| pin(facts, name, read.get(name))).collect()
}

fn pin<'a>(facts: &Facts<'a>, name: &'a str, read: Option<&Reading>) -> Option<Pin> {
    let before = before(facts, name)?;
    let seen = last(facts, name, |record| record.seq > before.record.seq);
    let since = seen.as_ref().map_or(before.record, |sight| sight.record);
    let read = read.filter(|read| read.at_ms > since.at.wall_ms);
    let after = read.map(|read| read.value.clone()).or_else(|| seen.as_ref().map(|sight| sight.value.clone()));
    let line = seen.map(|sight| sight.record.seq);
    let until = if read.is_some() { None } else { line };
    Some(Pin {
        name: name.to_owned(),
        before_line: before.record.seq,
        late: first_pull(facts).is_some_and(|pull| before.record.seq > pull),
        unseen: after.is_none().then(|| unseen(facts, name)),
        changed: after
            .as_ref()
            .map(|now| *now != before.value && !is_noise(facts, name, (&before, now.as_str()), until)),
        after_line: until,
        after_read: read.map(|read| facts.clock(read.at_ms)),
        before: before.value,
        after,
    })
}

/// A value, and the line that says so.
struct Sight<'a> {
    value: String,
    record: &'a Record,
}

/// A metric's newest reading.
struct Reading {
    value: String,
    at_ms: i64,
}

fn first_pull(facts: &Facts) -> Option<u64> {
    Some(facts.edge(&Edge::FirstLever)?.seq)
}

/// What it was ahead of the first pull: as it was captured, else as it was seen. What was captured behind it only is
/// the first that is known.
fn before<'a>(facts: &Facts<'a>, name: &'a str) -> Option<Sight<'a>> {
    let is_ahead = |record: &Record| first_pull(facts).is_none_or(|pull| record.seq < pull);
    let captured = |record: &'a Record| match &record.event {
        Event::EvidenceCaptured { values, .. } => Some(Sight { value: values.get(name)?.to_string(), record }),
        _ => None,
    };
    let mut captures = facts.dossier.records.iter().filter_map(captured);
    let first = captures.next()?;
    if is_ahead(first.record) { Some(first) } else { last(facts, name, is_ahead).or(Some(first)) }
}

/// The newest sight of a captured name among these lines: a capture, a read-back, the probe or the metric of that name,
/// or the same key in what the pins' probe answered.
fn last<'a>(facts: &Facts<'a>, name: &'a str, is_of: impl Fn(&Record) -> bool) -> Option<Sight<'a>> {
    let steps = facts.dossier.playbook.iter().flat_map(|playbook| &playbook.steps);
    let pins_probe = steps.into_iter().find_map(|step| step.kind.capture()?.pins_probe.as_ref());
    let looks = same_looks(facts, name);
    let sight = |record: &'a Record| {
        let value = match &record.event {
            Event::EvidenceCaptured { values, .. } => values.get(name)?.to_string(),
            Event::ReadBack { attempt, saw: Seen::Value(value), .. } if is_read_by(facts, *attempt, &looks) => {
                value.to_string()
            }
            Event::SensorTurned { probe, seen: Seen::Value(value) } if looks.contains(&probe.as_str()) => {
                value.to_string()
            }
            Event::SensorTurned { probe, seen: Seen::Value(value) } if Some(probe) == pins_probe => {
                key_of(value.as_str(), name)?
            }
            Event::VerdictChanged { metric, verdict } if metric.as_str() == name && verdict.value.is_some() => {
                facts.dossier.value(metric, verdict)
            }
            _ => return None,
        };
        Some(Sight { value, record })
    };
    facts.dossier.records.iter().rev().filter(|record| is_of(record)).find_map(sight)
}

/// The probe of this name, and those that ask the very same: a recipe brings its own probe of what a playbook looks at.
fn same_looks<'a>(facts: &Facts<'a>, name: &'a str) -> Vec<&'a str> {
    let probes = facts.dossier.playbook.as_ref().map(|playbook| &playbook.probes);
    // Calls of many kinds have nothing in common but how they are written out.
    let asks = |probe: &Probe| format!("{:?}", probe.call);
    let own = probes.and_then(|probes| probes.values().find(|probe| probe.id.as_str() == name)).map(asks);
    let same =
        probes.into_iter().flat_map(|probes| probes.values()).filter(|probe| own.is_some() && Some(asks(probe)) == own);
    std::iter::once(name).chain(same.map(|probe| probe.id.as_str())).collect()
}

/// Whether a pull is read back by one of these probes.
fn is_read_by(facts: &Facts, attempt: AttemptId, looks: &[&str]) -> bool {
    let asked = || {
        let (pull, playbook) = (facts.pulls.get(&attempt)?, facts.dossier.playbook.as_ref()?);
        let lever = playbook.levers.get(pull.lever)?;
        match pull.way {
            Way::Do => lever.verify.as_ref(),
            Way::Undo => lever.undo.as_ref()?.verify.as_ref(),
        }
    };
    asked().is_some_and(|verify| verify.condition.probes().any(|probe| looks.contains(&probe.as_str())))
}

/// The newest value that was read of each of these metrics; read from behind, where they most often are.
fn newest_readings(facts: &Facts, names: &BTreeSet<&str>) -> BTreeMap<String, Reading> {
    let metrics = facts.dossier.playbook.as_ref().map(|playbook| &playbook.metrics);
    let wanted = metrics.map_or(0, |metrics| metrics.keys().filter(|id| names.contains(id.as_str())).count());
    let mut newest = BTreeMap::new();
    for sample in facts.dossier.samples.iter().rev().filter_map(|line| Sample::parse(line)) {
        if newest.len() == wanted {
            break;
        }
        let Some(metric) = metrics.and_then(|metrics| metrics.get(&sample.metric)) else { continue };
        if !names.contains(metric.id.as_str()) || newest.contains_key(metric.id.as_str()) {
            continue;
        }
        let at_ms = sample.at;
        if let Heard::Reading(kind::Reading::Value { value, .. }) = sample.heard() {
            newest.insert(metric.id.to_string(), Reading { value: metric.unit.show(value), at_ms });
        }
    }
    newest
}

/// A metric of the same word that moved by no more than this share of what it was, or of its greatest limit, is as it was:
/// no metric is ever still.
const NOISE: f64 = 0.1;

/// Whether a metric only moved as metrics do, until this line or the end.
fn is_noise(facts: &Facts, name: &str, (was, now): (&Sight, &str), until: Option<u64>) -> bool {
    let known = facts
        .dossier
        .playbook
        .as_ref()
        .and_then(|playbook| playbook.metrics.values().find(|metric| metric.id.as_str() == name));
    let Some(metric) = known else { return false };
    let word = |line: u64| before_line(facts, metric, line.saturating_add(1));
    let (Some((from, unit)), Some((to, same_unit))) = (number(&was.value), number(now)) else { return false };
    let baseline = basis(facts, metric, None).and_then(|known| known.at);
    let limits = [&metric.stop, &metric.warn, &metric.exit].into_iter().flatten();
    let shown = limits.filter_map(|limit| limit.bound_at(baseline)).map(|at| metric.unit.show(at));
    let size = shown.filter_map(|at| Some(number(&at)?.0.abs())).fold(from.abs(), f64::max);
    (from - to).abs() <= NOISE * size && unit == same_unit && word(was.record.seq) == word(until.unwrap_or(u64::MAX))
}

fn before_line(facts: &Facts, metric: &Metric, line: u64) -> Option<VerdictState> {
    crossed::before(facts.dossier, &metric.id, line).map(|verdict| verdict.state)
}

/// A number as it is shown, and its unit.
fn number(shown: &str) -> Option<(f64, &str)> {
    let end = shown.find(|c: char| !c.is_ascii_digit() && !".-".contains(c)).unwrap_or(shown.len());
    Some((shown[..end].parse().ok()?, &shown[end..]))
}

/// A probe that is looked at all the while is written down where it turns.
fn unseen(facts: &Facts, name: &str) -> &'static str {
    let turned = facts.dossier.records.iter().rev().find_map(|record| match &record.event {
        Event::SensorTurned { probe, seen } if probe.as_str() == name => Some(seen),
        _ => None,
    });
    match turned {
        Some(Seen::Value(_)) => "no turn of it was seen since",
        Some(Seen::Absent(_) | Seen::Failed(_)) => "could not be read since",
        None => "not read since",
    }
}

/// The same as a table.
pub(super) fn pins(facts: &Facts) -> Vec<Block> {
    let pins = pins_of(facts);
    if pins.is_empty() {
        return vec![Block::Said("Nothing was captured.".into())];
    }
    let row = |pin: Pin| {
        let changed = match pin.changed {
            Some(true) => "**changed**",
            Some(false) if pin.after.as_ref() == Some(&pin.before) => "same",
            Some(false) => "about the same",
            None => "",
        };
        let now = pin.after.as_deref().map_or_else(|| pin.unseen.unwrap_or_default().to_owned(), code);
        let read = pin.after_read.map(|at| format!("{at} [samples.jsonl](samples.jsonl)"));
        let line = read.or_else(|| pin.after_line.map(link_to)).unwrap_or_default();
        let late = if pin.late { ", behind the first pull" } else { "" };
        let before = format!("{}{late}", code(&pin.before));
        vec![code(&pin.name), before, link_to(pin.before_line), now, line, changed.into()]
    };
    vec![Block::table(&["Name", "Before", "Line", "After", "Line", ""], pins.into_iter().map(row))]
}

fn key_of(json: &str, name: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    match value.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
