//! What was measured, against its target. A target that no source gives is a dash.

use super::{clock, links};
use crate::incident::event::DoneBy;
use crate::incident::{Elapsed, Event, Record, State, StepStatus, replay};
use crate::metrics::{Verdict, VerdictState};
use crate::playbook::{Edge, Id};
use crate::report::Dossier;
use crate::report::facts::{Facts, Point};
use crate::report::times;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// An alarm that nobody acknowledged for longer than this was overlooked, in ms.
const UNACKNOWLEDGED_MAX_MS: u64 = 30_000;

/// Who confirms within this many milliseconds has not read the question.
const FAST_MS: u64 = 1000;

/// The actors that are no people: they read nothing, and so read nothing too fast.
const NOBODY: [&str; 3] = ["pilot", "cast", "sensor"];

/// Spans with the target that seed 003 gives them (D35, D36, D37) or the checklist its name, in ms.
const SPANS: [(&str, Edge, Edge, u64); 4] = [
    ("impact -> detect", Edge::Impact, Edge::Detected, 300_000),
    ("declare -> first lever", Edge::Declared, Edge::FirstLever, 60_000),
    ("60-second steps", Edge::FirstStep, Edge::SixtyDone, 60_000),
    ("detect -> recovered", Edge::Detected, Edge::DebtsPaid, 900_000),
];

/// The first message is to be out this long after the declaration, in ms.
const FIRST_COMMS_MS: u64 = 300_000;

/// One row: what was measured, its target, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// What.
    pub what: String,
    /// What it should be; a dash where nothing says so.
    pub target: String,
    /// What it was.
    pub you: String,
    /// Whether that misses the target.
    pub missed: bool,
    /// Where it can be read in the journal, as links.
    pub lines: String,
    /// The record at which one would look at it again.
    pub moment: Option<u64>,
}

/// How long it took from one edge to the other, in ms; nothing where one was not reached.
pub fn measured_ms(dossier: &Dossier, from: &Edge, to: &Edge) -> Option<u64> {
    let facts = Facts::of(dossier);
    Some(facts.took(&facts.point(from)?, &facts.point(to)?)?.ms)
}

/// Every row, in order.
pub(super) fn measured(facts: &Facts) -> Vec<Measure> {
    let mut rows: Vec<Measure> = SPANS
        .iter()
        .filter(|(_, _, to, _)| facts.may_happen(to))
        .map(|(what, from, to, target_ms)| span(facts, (what, Some(*target_ms)), (facts.point(from), facts.point(to))))
        .collect();
    rows.push(first_comms(facts));
    rows.extend(
        times::stages(facts)
            .into_iter()
            .map(|stage| span(facts, (&stage.name, stage.budget_ms), (stage.from, stage.to))),
    );
    rows.push(unacknowledged(facts));
    rows.push(fast_confirms(facts));
    let state = facts.dossier.playbook.as_ref().map(|playbook| replay(playbook, &facts.dossier.records));
    rows.extend(state.iter().flat_map(|state| [by_hand(state), owed(state)]));
    rows
}

fn span(facts: &Facts, (what, target_ms): (&str, Option<u64>), (from, to): (Option<Point>, Option<Point>)) -> Measure {
    let took = from.as_ref().zip(to.as_ref()).and_then(|(from, to)| facts.took(from, to));
    let shown = |Elapsed { ms, approximate }: Elapsed| format!("{}{}", if approximate { "~" } else { "" }, clock(ms));
    let missing = if from.is_some() && to.is_some() { "end came first" } else { "not reached" };
    // What was not reached is missed as soon as there was time for it.
    let waited = from.as_ref().filter(|_| to.is_none()).and_then(|from| facts.lasted(from));
    Measure {
        what: what.to_owned(),
        target: target_ms.map_or_else(|| "-".into(), clock),
        you: took.map_or_else(|| missing.into(), shown),
        missed: took.or(waited).zip(target_ms).is_some_and(|(took, target_ms)| took.ms > target_ms),
        lines: links(&from.iter().chain(&to).map(|point| point.record).collect::<Vec<_>>()),
        moment: from.zip(to).map(|(from, _)| from.record.seq),
    }
}

fn first_comms(facts: &Facts) -> Measure {
    let sent = facts.messages.iter().filter(|message| message.is_sent()).filter_map(|message| message.settled);
    let first = sent.map(|(record, ..)| record).min_by_key(|record| record.seq);
    span(facts, ("first comms", Some(FIRST_COMMS_MS)), (facts.declared.map(Point::of), first.map(Point::of)))
}

/// The longest time that a broken stop limit went unacknowledged.
fn unacknowledged(facts: &Facts) -> Measure {
    let longest = alarms(facts).into_iter().map(|(from, to)| (facts.between(from, to).ms, from, to));
    let longest = longest.max_by_key(|(ms, from, _)| (*ms, Reverse(from.seq)));
    Measure {
        what: "longest unacknowledged alarm".into(),
        target: clock(UNACKNOWLEDGED_MAX_MS),
        you: longest.map_or_else(|| "none".into(), |(ms, ..)| clock(ms)),
        missed: longest.is_some_and(|(ms, ..)| ms > UNACKNOWLEDGED_MAX_MS),
        lines: longest.map(|(_, from, to)| links(&[from, to])).unwrap_or_default(),
        moment: longest.map(|(_, from, _)| from.seq),
    }
}

/// Each alarm, from its beginning until it was acknowledged, over, or the drill was. What cannot be seen is not over, and
/// what is there again afterwards is no other alarm.
fn alarms<'a>(facts: &Facts<'a>) -> Vec<(&'a Record, &'a Record)> {
    let (mut ringing, mut known, mut ended) = (BTreeMap::<&Id, &Record>::new(), BTreeSet::<&Id>::new(), Vec::new());
    let is_breach = |verdict: &Verdict| verdict.state == VerdictState::Breach;
    for record in &facts.dossier.records {
        match &record.event {
            Event::VerdictChanged { metric, verdict } if is_breach(verdict) && !known.contains(metric) => {
                ringing.entry(metric).or_insert(record);
            }
            Event::VerdictChanged { metric, verdict } if verdict.state.is_fresh() && !is_breach(verdict) => {
                ended.extend(ringing.remove(metric).map(|alarm| (alarm, record)));
                known.remove(metric);
            }
            Event::Acknowledged { metric } => {
                ended.extend(ringing.remove(metric).map(|alarm| (alarm, record)));
                known.insert(metric);
            }
            _ => {}
        }
    }
    let last = facts.last();
    ended.extend(ringing.into_values().filter_map(|alarm| Some((alarm, last?))));
    ended
}

fn fast_confirms(facts: &Facts) -> Measure {
    let fast = |record: &&Record| {
        let confirmed = matches!(&record.event,
            Event::StepDone { by: DoneBy::Confirmed { took_ms, .. }, .. } if *took_ms < FAST_MS);
        confirmed && !NOBODY.contains(&record.actor.as_str())
    };
    let fast: Vec<&Record> = facts.dossier.records.iter().filter(fast).collect();
    Measure {
        what: "fast confirms (<1s)".into(),
        target: "0".into(),
        you: fast.len().to_string(),
        missed: !fast.is_empty(),
        lines: links(&fast),
        moment: fast.first().map(|record| record.seq),
    }
}

fn count(state: &State, status: StepStatus) -> usize {
    state.steps.values().filter(|step| step.status == status).count()
}

fn by_hand(state: &State) -> Measure {
    let (sensed, by_hand) = (count(state, StepStatus::Sensed), count(state, StepStatus::Confirmed));
    let you = format!("{sensed} / {by_hand}");
    Measure { what: "sensed / by hand".into(), target: "-".into(), you, ..Measure::default() }
}

/// Deferring a step opens a debt like any other.
fn owed(state: &State) -> Measure {
    let left = state.open_debts().count();
    let what = "debts left open".into();
    Measure { what, target: "0".into(), you: left.to_string(), missed: left > 0, ..Measure::default() }
}
