//! What is said of a journal in which nothing was declared: the worst that was seen, and what became of it.

use super::facts::Facts;
use super::sentence::sentence;
use super::show::{duration, link};
use crate::incident::{Event, Record};
use crate::metrics::VerdictState;
use crate::playbook::Id;

/// That nothing was, and why somebody may have looked.
pub(super) fn undeclared(facts: &Facts) -> String {
    let none = format!("No {} was declared.", facts.dossier.noun());
    let records = &facts.dossier.records;
    let turned = |state| records.iter().find(|record| turned_to(record).is_some_and(|(_, to)| to == state));
    let worst = [VerdictState::Breach, VerdictState::Warn].into_iter().find_map(turned);
    let Some((worst, (metric, _))) = worst.and_then(|record| Some((record, turned_to(record)?))) else {
        return none;
    };
    let is_back = |record: &&Record| record.seq > worst.seq && turned_to(record) == Some((metric, VerdictState::Ok));
    let ended = match records.iter().find(is_back) {
        Some(back) => format!("it was OK again {} later {}", duration(facts.between(worst, back)), link(back)),
        None => "it was not seen OK again".to_owned(),
    };
    format!("{none} The worst that was seen: {} {}; {ended}.", sentence(facts.dossier, &worst.event), link(worst))
}

fn turned_to(record: &Record) -> Option<(&Id, VerdictState)> {
    match &record.event {
        Event::VerdictChanged { metric, verdict } => Some((metric, verdict.state)),
        _ => None,
    }
}
