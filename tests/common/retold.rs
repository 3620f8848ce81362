//! A flown drill told again: under another name, at another time, in production or cut short.

use goaround::incident::Event;
use goaround::journal::{Journal, read};
use std::path::Path;

/// Writes the drill's records as an incident `folder/name`, `days` later, each as `change` leaves it; those that it
/// leaves out are not written.
pub fn retold(drill: &Path, (folder, name): (&Path, &str), days: u32, change: impl Fn(Event) -> Option<Event>) {
    let reading = read(drill).expect("the drill can be read");
    let mut journal = Journal::create(folder, name, &reading.playbook).expect("the name is free");
    let by_ms = u64::from(days) * 86_400_000;
    let told = reading.records.into_iter().filter_map(|record| {
        Some((record.at.plus_ms(by_ms), record.actor, change(sampled_later(record.event, by_ms))?))
    });
    journal.append(name, &told.collect::<Vec<_>>()).expect("it can be written");
}

/// A sample has a time of its own.
fn sampled_later(mut event: Event, by_ms: u64) -> Event {
    if let Event::VerdictChanged { verdict, .. } = &mut event {
        verdict.sampled_ms = verdict.sampled_ms.map(|at| at.saturating_add_unsigned(by_ms));
    }
    event
}

/// As if it had been flown in production.
pub fn live(event: Event) -> Event {
    match event {
        Event::Opened { incident: _, service, environment, profile, playbook_sha256, version, drill: _ } => {
            let incident = "20261121-031200-docs-rag".into();
            Event::Opened { incident, service, environment, profile, playbook_sha256, version, drill: None }
        }
        other => other,
    }
}
