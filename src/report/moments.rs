//! When it was noticed, begun, ended and steady: what the fifth source wants in every report (seed 004, E66).

use super::facts::{Facts, Point};
use super::times::words;
use crate::playbook::Edge;

/// A moment that was reached, and what it is by.
pub(super) struct Reached<'a> {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// How it is derived, in words.
    pub(super) formula: String,
    pub(super) point: Point<'a>,
}

const MOMENTS: [(&str, &str, Edge); 4] = [
    ("detected", "Detected", Edge::Detected),
    ("initiated", "Initiated", Edge::Declared),
    ("completed", "Completed", Edge::SixtyDone),
    ("stabilized", "Stabilized", Edge::HoldMet),
];

/// Those that were reached, in this order.
pub(super) fn reached<'a>(facts: &Facts<'a>) -> Vec<Reached<'a>> {
    let moment = |(id, name, edge): &(&'static str, &'static str, Edge)| {
        let edge = taken_as(facts, edge);
        Some(Reached { id, name, formula: words(facts, edge), point: facts.point(edge)? })
    };
    MOMENTS.iter().filter_map(moment).collect()
}

/// Only a rollback is complete with its 60-second clock, and only where a step is of it: else when watching begins.
fn taken_as<'e>(facts: &Facts, edge: &'e Edge) -> &'e Edge {
    let is_sixty = *edge == Edge::SixtyDone;
    let begins = is_sixty && (!facts.may_happen(edge) || !facts.dossier.noun().is_rollback());
    if begins { &Edge::HoldStarted } else { edge }
}
