//! What is due after closing, and who has seen to it.

use super::block::Block;
use super::escape::{code, md};
use super::facts::Facts;
use super::show::{link, millis, utc};
use crate::incident::{Event, Record};
use crate::playbook::{FollowUp, Id};
use crate::text::Text;

/// The list, the earliest due first; what the playbook no longer tells is shown by its id.
pub(super) fn follow_ups(facts: &Facts) -> Vec<Block> {
    let listed = facts.dossier.playbook.iter().flat_map(|playbook| &playbook.lists.follow_ups);
    let mut listed: Vec<&FollowUp> = listed.collect();
    listed.sort_by_key(|follow_up| follow_up.within_ms);
    let mut rows: Vec<Vec<String>> = listed.iter().map(|follow_up| row(facts, follow_up)).collect();
    let known = |id: &Id| listed.iter().any(|follow_up| follow_up.id == *id);
    let others = facts.dossier.records.iter().filter_map(seen_to).filter(|(_, id, ..)| !known(id));
    rows.extend(others.map(|(record, id, by, note)| {
        vec![code(id.as_str()), String::new(), String::new(), told(facts, record, by, note)]
    }));
    if rows.is_empty() {
        return vec![Block::Said("The playbook lists none.".into())];
    }
    vec![Block::table(&["Follow-up", "Owner", "Due", "Done"], rows)]
}

fn row(facts: &Facts, follow_up: &FollowUp) -> Vec<String> {
    let within = i64::try_from(follow_up.within_ms).unwrap_or(i64::MAX);
    let due = match facts.closed.filter(|_| facts.drill().is_none()) {
        Some(closed) => format!("{} UTC", utc(closed.at.wall_ms.saturating_add(within))),
        None => format!("{} after closing", days(follow_up.within_ms)),
    };
    let mut done = facts.dossier.records.iter().filter_map(seen_to).filter(|(_, id, ..)| **id == follow_up.id);
    let done = done.next().map_or("**open**".to_owned(), |(record, _, by, note)| told(facts, record, by, note));
    vec![md(&follow_up.title), md(&follow_up.owner), due, done]
}

/// A long time in days, where it is whole ones.
fn days(ms: u64) -> String {
    const DAY: u64 = 24 * 60 * 60 * 1000;
    if ms >= 2 * DAY && ms.is_multiple_of(DAY) { format!("{} days", ms / DAY) } else { millis(ms) }
}

fn seen_to(record: &Record) -> Option<(&Record, &Id, &Text, &Text)> {
    let Event::FollowedUp { id, by, note } = &record.event else { return None };
    Some((record, id, by, note))
}

/// Who saw to it, and when: the clock of a drill tells nothing of that, and is not believed.
fn told(facts: &Facts, record: &Record, by: &Text, note: &Text) -> String {
    let when = if facts.drill().is_some() { String::new() } else { format!("{} UTC ", utc(record.at.wall_ms)) };
    format!("{when}by {}: {} {}", code(by.as_str()), md(note.as_str()), link(record))
}
