//! Metrics that were written once for several values: one row, and it is the worst of them.

use super::facts;
use super::scene::Scene;
use crate::playbook::{Id, Metric, Op};

/// The metrics that have a row: those that stand for themselves, and of each group the worst.
pub(super) fn rows(scene: &Scene) -> Vec<&Metric> {
    let mut rows: Vec<&Metric> = Vec::new();
    for metric in scene.playbook.metrics.values() {
        let seen = metric.group.is_some() && rows.iter().any(|row| row.group == metric.group);
        if !seen {
            rows.push(shown(scene, metric));
        }
    }
    rows
}

/// The metric in whose row this one is.
pub(super) fn shown<'a>(scene: &'a Scene, metric: &'a Metric) -> &'a Metric {
    members(scene, metric).into_iter().next().unwrap_or(metric)
}

/// Everything in the group of this metric, worst first; of equals the first written. Nothing where there is no group.
pub(super) fn members<'a>(scene: &'a Scene, metric: &Metric) -> Vec<&'a Metric> {
    let of_group = |other: &&Metric| metric.group.is_some() && other.group == metric.group;
    let mut members: Vec<&Metric> = scene.playbook.metrics.values().filter(of_group).collect();
    members.sort_by(|a, b| {
        let state = facts::worst_rank(scene, a).cmp(&facts::worst_rank(scene, b));
        state.then_with(|| badness(scene, b).total_cmp(&badness(scene, a)))
    });
    members
}

/// How far a value lies to the bad side, so that within a state the worse comes first.
fn badness(scene: &Scene, metric: &Metric) -> f64 {
    let value = facts::verdict(scene, &metric.id).and_then(|verdict| verdict.value).unwrap_or(f64::NEG_INFINITY);
    match metric.stop.as_ref().or(metric.warn.as_ref()).map(|limit| limit.op) {
        Some(Op::Lt | Op::Le) if value.is_finite() => -value,
        Some(_) | None => value,
    }
}

/// What a row says of whom it shows, in few words: `pass (12) aries`. In a column too narrow for that it is the title
/// alone, or what of it tells it from the others: which one is the worst matters more than of how many.
pub(super) fn short(scene: &Scene, metric: &Metric, column: usize) -> String {
    let counted = named(scene, metric).map(|(group, count, member)| format!("{group} ({count}) {member}"));
    let fits = |words: &String| words.chars().count() < column;
    let own = || member(metric).to_owned();
    counted.filter(fits).or_else(|| Some(metric.title.clone()).filter(fits)).unwrap_or_else(own)
}

/// The same in full: `pass (worst of 12: aries)`.
pub(super) fn full(scene: &Scene, metric: &Metric) -> String {
    named(scene, metric)
        .map_or_else(|| metric.title.clone(), |(group, count, member)| format!("{group} (worst of {count}: {member})"))
}

fn named<'a>(scene: &Scene, metric: &'a Metric) -> Option<(&'a Id, usize, &'a str)> {
    let group = metric.group.as_ref()?;
    metric.id.as_str().strip_prefix(group.as_str())?;
    Some((group, members(scene, metric).len(), member(metric)))
}

/// What tells a metric from the others of its group.
pub(super) fn member(metric: &Metric) -> &str {
    let own = metric.group.as_ref().and_then(|group| metric.id.as_str().strip_prefix(group.as_str()));
    own.map_or(metric.title.as_str(), |own| own.trim_start_matches('-'))
}
