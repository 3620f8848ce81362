//! What the script did, and the first thing that was done after it.

use super::{Taught, clock};
use crate::incident::event::DoneBy;
use crate::incident::{Event, Record, Way};
use crate::report::Dossier;
use crate::report::facts::Facts;

/// A line for each thing the script did: when, what, and the first act before it did the next.
pub(super) fn injected(facts: &Facts, taught: &Taught) -> Vec<String> {
    let Some(opened) = facts.dossier.records.first() else { return Vec::new() };
    let since = |record: &Record| facts.between(opened, record).ms;
    let told = |record| act(facts.dossier, record).map(|words| (since(record), words));
    let acts: Vec<(u64, String)> = facts.dossier.records.iter().filter_map(told).collect();
    let line = |(place, (at, says)): (usize, &(u64, String))| {
        let next = taught.injected.iter().skip(place + 1).map(|(next, _)| *next).find(|next| next > at);
        let found = acts.iter().find(|(when, _)| (*at..next.unwrap_or(u64::MAX)).contains(when));
        let done = found.map_or_else(|| "nothing was done".into(), |(when, words)| format!("{words} {}", clock(*when)));
        format!("{} {says} -> {done}", clock(*at))
    };
    taught.injected.iter().enumerate().map(line).collect()
}

/// What a person or the pilot did, in words; nothing for what was only seen or noted.
fn act(dossier: &Dossier, record: &Record) -> Option<String> {
    match &record.event {
        Event::Declared { .. } => Some("declared".into()),
        Event::PullStarted { lever, by_hand: true, .. } => Some(format!("{} by hand", dossier.lever(lever))),
        Event::PullStarted { lever, way: Way::Undo, .. } => Some(format!("{} taken back", dossier.lever(lever))),
        Event::PullStarted { lever, .. } => Some(format!("{} fired", dossier.lever(lever))),
        Event::StepDone { step, by: DoneBy::Confirmed { .. }, .. } => Some(format!("{} confirmed", dossier.step(step))),
        Event::StepSkipped { step, .. } => Some(format!("{} skipped", dossier.step(step))),
        Event::StepOverridden { step, .. } => Some(format!("{} overridden", dossier.step(step))),
        Event::StepDeferred { step, .. } => Some(format!("{} deferred", dossier.step(step))),
        Event::Closed { .. } => Some("closed".into()),
        _ => None,
    }
}
