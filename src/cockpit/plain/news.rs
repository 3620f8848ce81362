//! What happens, a line an event: since when, how bad, what.

use super::spoken::plain;
use crate::cockpit::scene::Scene;
use crate::cockpit::words;
use crate::incident::{Event, Moment, ReadBack, Record, tell};
use crate::metrics::{Verdict, VerdictState};
use crate::playbook::Id;

/// The longest line told by itself, in columns; the journal has all of it.
const TOLD_MAX: usize = 240;

/// One record as it is told when it happens: nobody wants to hear a page.
pub(super) fn told(scene: &Scene, record: &Record) -> String {
    words::clip(&line(scene, record), TOLD_MAX)
}

/// One record as one line: `T+09:00 ALERT BREACH p99 1840ms limit >1800ms`.
pub(super) fn line(scene: &Scene, record: &Record) -> String {
    let words = match &record.event {
        Event::VerdictChanged { metric, verdict } if verdict.state == VerdictState::Breach => {
            breach(scene, metric, verdict)
        }
        Event::Reverted { .. } => format!("ALERT {}", tell(&scene.playbook, &record.event)),
        Event::ReadBack { result: ReadBack::Disagrees | ReadBack::Unknown, .. }
        | Event::Attested { result: ReadBack::Disagrees | ReadBack::Unknown, .. }
        | Event::Objected { .. } => format!("WARNING {}", tell(&scene.playbook, &record.event)),
        event => tell(&scene.playbook, event),
    };
    plain(&format!("{} {words}", stamp(scene, &record.at)))
}

fn breach(scene: &Scene, metric: &Id, verdict: &Verdict) -> String {
    let known = scene.playbook.metrics.get(metric);
    let title = known.map_or(metric.as_str(), |metric| metric.title.as_str());
    let value = known.zip(verdict.value).map(|(metric, value)| format!(" {}", words::value(value, metric.unit)));
    let limit = verdict.limit.as_ref().map(|limit| format!(" limit {limit}"));
    format!("ALERT BREACH {title}{}{}", value.unwrap_or_default(), limit.unwrap_or_default())
}

/// Since the declaration, `T+09:00`; before it since goaround was opened, `+00:12`.
pub(super) fn stamp(scene: &Scene, at: &Moment) -> String {
    let marks = &scene.state.marks;
    match (&marks.declared, &marks.opened) {
        (Some(declared), _) if at.wall_ms >= declared.wall_ms => format!("T+{}", words::clock(at.since(declared).ms)),
        (Some(declared), _) => format!("T-{}", words::clock(declared.since(at).ms)),
        (None, Some(opened)) => format!("+{}", words::clock(at.since(opened).ms)),
        (None, None) => "+00:00".to_owned(),
    }
}
