//! The clocks and stages of a playbook, read off the marks of an incident; and which lever they leave no time for.

use super::{Elapsed, Impact, Moment, State, Way};
use crate::playbook::{Clock, Edge, Id, Lever, Playbook, Step, StepKind};

/// One clock, or the clock of a stage, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Its id.
    pub id: String,
    /// In words.
    pub title: String,
    /// Whether it runs.
    pub running: bool,
    /// Whether it has stopped.
    pub done: bool,
    /// What it shows, in milliseconds; counts on past the budget and blocks nothing.
    pub elapsed_ms: u64,
    /// What it may take, in milliseconds.
    pub budget_ms: u64,
    /// Whether a reboot lay between, or it began with a sample, so that a wall clock had to be believed.
    pub approximate: bool,
    /// What kind of clock it is.
    pub kind: ClockKind,
}

/// What a clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockKind {
    /// A span of the playbook's.
    Span,
    /// A span that is a promise to others.
    Sla,
    /// A stage of the checklist.
    Stage,
}

/// When a clock began and when it stopped, as far as it has.
type Span<'a> = (Option<Placed<'a>>, Option<Placed<'a>>);

/// A moment on the incident's own clock, or so long before one.
#[derive(Clone, Copy)]
struct Placed<'a> {
    at: &'a Moment,
    /// By how much a sample was older, in milliseconds, as wall clocks said when it was written down.
    older_ms: Option<u64>,
}

impl<'a> Placed<'a> {
    fn of(at: &'a Moment) -> Self {
        Self { at, older_ms: None }
    }

    /// The time from `earlier` to here.
    fn since(self, earlier: Self, state: &State) -> Elapsed {
        let Elapsed { ms, approximate } = state.course.since(self.at, earlier.at);
        let ms = ms.saturating_add(earlier.older_ms.unwrap_or(0)).saturating_sub(self.older_ms.unwrap_or(0));
        Elapsed { ms, approximate: approximate || earlier.older_ms.or(self.older_ms).is_some() }
    }
}

impl ClockReading {
    /// Whether it shows more than its budget.
    pub fn is_over(&self) -> bool {
        self.elapsed_ms > self.budget_ms
    }

    /// Whether it is a promise to others, and runs.
    pub fn is_running_sla(&self) -> bool {
        self.kind == ClockKind::Sla && self.running
    }

    /// What is left of its budget, in milliseconds.
    pub fn left_ms(&self) -> u64 {
        self.budget_ms.saturating_sub(self.elapsed_ms)
    }

    fn read((id, title, budget_ms): (&str, &str, u64), span: Span, state: &State, now: &Moment) -> Self {
        let (start, stop) = span;
        let end = stop.unwrap_or(Placed::of(end(state, now)));
        let Elapsed { ms, approximate } = start.map(|start| end.since(start, state)).unwrap_or_default();
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            running: start.is_some() && stop.is_none(),
            done: start.is_some() && stop.is_some(),
            elapsed_ms: ms,
            budget_ms,
            approximate,
            kind: ClockKind::Stage,
        }
    }
}

/// Every clock of the playbook, in its order.
pub fn clocks(playbook: &Playbook, state: &State, now: &Moment) -> Vec<ClockReading> {
    let read = |clock: &Clock| {
        let about = (clock.id.as_str(), clock.title.as_str(), budget_ms(playbook, state.hold.extended_ms, clock));
        let span = (instant(state, &clock.starts_on), instant(state, &clock.stops_on));
        let kind = if clock.sla { ClockKind::Sla } else { ClockKind::Span };
        ended(ClockReading { kind, ..ClockReading::read(about, span, state, now) }, state)
    };
    playbook.clocks.iter().map(read).collect()
}

/// The clock of every stage of the checklist, in the playbook's order.
pub fn stages(playbook: &Playbook, state: &State, now: &Moment) -> Vec<ClockReading> {
    let readings = playbook.stages.values().map(|stage| {
        let marks = state.marks.stages.get(&stage.id);
        let begun = marks.map(|marks| Placed::of(&marks.started));
        let span = (begun, marks.and_then(|marks| marks.done.as_ref()).map(Placed::of));
        let about = (stage.id.as_str(), stage.title.as_str(), stage.budget_ms);
        ended(ClockReading::read(about, span, state, now), state)
    });
    readings.collect()
}

/// What never stopped ends with the incident.
fn end<'a>(state: &'a State, now: &'a Moment) -> &'a Moment {
    state.marks.closed.as_ref().unwrap_or(now)
}

fn ended(reading: ClockReading, state: &State) -> ClockReading {
    ClockReading { running: reading.running && state.closed.is_none(), ..reading }
}

/// What a clock may take. The hold's is the profile's with what a person added, so that no clock calls a hold late that
/// neither of them does.
pub fn budget_ms(playbook: &Playbook, extended_ms: u64, clock: &Clock) -> u64 {
    let times_the_hold = clock.starts_on == Edge::HoldStarted && clock.stops_on == Edge::HoldMet;
    if times_the_hold { playbook.hold.max_ms.saturating_add(extended_ms) } else { clock.budget_ms }
}

/// When an edge happened, for a clock. A sample bears its source's wall time alone, and a wall clock may be set while
/// the clock runs: its verdict was written down on ours.
fn instant<'a>(state: &'a State, edge: &Edge) -> Option<Placed<'a>> {
    if let (Edge::Impact, Some(Impact { at, seen, .. })) = (edge, &state.marks.impact) {
        let older_ms = u64::try_from(seen.wall_ms.saturating_sub(at.wall_ms)).unwrap_or(0);
        return Some(Placed { at: seen, older_ms: Some(older_ms) });
    }
    mark(state, edge).map(Placed::of)
}

/// When an edge happened.
pub fn mark<'a>(state: &'a State, edge: &Edge) -> Option<&'a Moment> {
    let marks = &state.marks;
    match edge {
        Edge::Impact => marks.impact.as_ref().map(|impact| &impact.at),
        Edge::Detected => marks.detected.as_ref(),
        Edge::Acknowledged => marks.acknowledged.as_ref(),
        Edge::Declared => marks.declared.as_ref(),
        Edge::FirstStep => marks.first_step.as_ref(),
        Edge::SixtyDone => marks.sixty_done.as_ref(),
        Edge::FirstLever => marks.first_lever.as_ref(),
        Edge::HoldStarted => marks.hold_started.as_ref(),
        Edge::HoldMet => marks.hold_met.as_ref(),
        Edge::DebtsPaid => marks.debts_paid.as_ref(),
        Edge::Closed => marks.closed.as_ref(),
        Edge::Started(step) => state.steps.get(step)?.started.as_ref(),
        Edge::Done(step) => state.steps.get(step).filter(|step| step.status.is_settled()).map(|step| &step.since),
        Edge::Fired(lever) => {
            let mut pulls = state.pulls.values();
            pulls.find(|pull| pull.lever == *lever && pull.way == Way::Do).map(|pull| &pull.started)
        }
    }
}

/// Whether one way among several is still open: how long it takes, and what the tightest running SLA leaves.
#[derive(Clone, Debug)]
pub struct Fit<'a> {
    /// The lever.
    pub lever: &'a Lever,
    /// The title of the clock that leaves the least.
    pub clock: String,
    /// What is left of it, in milliseconds.
    pub left_ms: u64,
}

impl Fit<'_> {
    /// Whether the lever would be effective in time, as far as its author knows.
    pub fn fits(&self) -> bool {
        self.lever.takes_ms <= self.left_ms
    }
}

/// Every untried lever that is one way among several, against the running SLA that leaves the least; none when no SLA
/// runs. A lever that is the only one of its step is part of the procedure, not a fallback.
pub fn fits<'a>(playbook: &'a Playbook, state: &State, now: &Moment) -> Vec<Fit<'a>> {
    let running = clocks(playbook, state, now).into_iter().filter(ClockReading::is_running_sla);
    let Some(tightest) = running.min_by_key(ClockReading::left_ms) else { return Vec::new() };
    let untried = |lever: &&Lever| !state.pulls.values().any(|pull| pull.lever == lever.id && pull.way == Way::Do);
    let ways = playbook.levers.values().filter(|lever| is_one_of_several(playbook, &lever.id)).filter(untried);
    ways.map(|lever| Fit { lever, clock: tightest.title.clone(), left_ms: tightest.left_ms() }).collect()
}

fn is_one_of_several(playbook: &Playbook, lever: &Id) -> bool {
    let offers = |step: &Step| match &step.kind {
        StepKind::Pick(levers) | StepKind::Pull(levers) => levers.len() > 1 && levers.contains(lever),
        StepKind::Sequence(_) | StepKind::Capture(_) | StepKind::Wait(_) | StepKind::Watch | StepKind::Ask(_) => false,
    };
    playbook.steps.iter().any(offers) || playbook.symptoms.values().any(|symptom| symptom.levers.contains(lever))
}
