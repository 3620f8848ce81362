//! Whether readings were kept that are there no more: the journal tells of what some of them turned.

use super::SAMPLES;
use super::dir::Dir;
use crate::incident::{Event, Record};

/// Whether there is any reading, without reading one.
pub(super) fn is_there(dir: &Dir) -> bool {
    dir.size(SAMPLES).is_ok_and(|bytes| bytes > 0)
}

/// The sentence for a directory without readings whose journal tells of some. Every reading is kept before what it turned
/// is written down; a crash may take the last second of them, and never all of a longer incident.
pub(super) fn gone(records: &[Record]) -> Option<String> {
    let tells = |event: &Event| matches!(event, Event::VerdictChanged { verdict, .. } if verdict.value.is_some());
    let first = records.iter().find(|record| tells(&record.event))?.seq;
    Some(format!("{SAMPLES} is missing or empty, and line {first} tells of a reading: put a copy of it back"))
}
