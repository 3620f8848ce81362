//! A metric that met its exit target or ceased to, and whose word stayed as it was: it did not turn.

use super::Dossier;
use super::escape::{code, md};
use super::sentence::sentence;
use crate::incident::{Event, Record};
use crate::metrics::{ExitState, Verdict};
use crate::playbook::Id;

/// A record as one line of Markdown.
pub(super) fn told(dossier: &Dossier, record: &Record) -> String {
    crossed(dossier, record).unwrap_or_else(|| sentence(dossier, &record.event))
}

fn crossed(dossier: &Dossier, record: &Record) -> Option<String> {
    let Event::VerdictChanged { metric, verdict } = &record.event else { return None };
    let was = before(dossier, metric, record.seq)?;
    if was.state != verdict.state || was.exit == verdict.exit {
        return None;
    }
    let how = match (was.exit, verdict.exit) {
        (_, ExitState::Met) => "**meets**",
        (ExitState::Met, ExitState::Missed) => "**no longer meets**",
        (_, ExitState::Missed) => "**does not meet**",
        (_, ExitState::Unknown) => "cannot be held against",
        (_, ExitState::None) => return None,
    };
    let exit = dossier.playbook.as_ref().and_then(|playbook| playbook.metrics.get(metric)?.exit.as_ref());
    let target = exit.map_or_else(String::new, |exit| format!(" {}", code(&exit.written)));
    let (name, value) = (dossier.metric(metric), dossier.value(metric, verdict));
    let why = verdict.why.as_ref().map_or(String::new(), |why| format!(", {}", md(why.as_str())));
    Some(format!("Metric {name} {how} its exit target{target} at {value}{why}"))
}

/// The verdict that a metric had until this line.
pub(super) fn before<'a>(dossier: &'a Dossier, id: &Id, line: u64) -> Option<&'a Verdict> {
    let until = dossier.records.partition_point(|record| record.seq < line);
    dossier.records[..until].iter().rev().find_map(|record| match &record.event {
        Event::VerdictChanged { metric, verdict } if metric == id => Some(verdict),
        _ => None,
    })
}
