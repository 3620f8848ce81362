//! Derived times, each with its formula and the two lines it was taken from.

use super::block::Block;
use super::escape::{code, md};
use super::facts::{Facts, Point};
use super::shares;
use super::show::{duration, link, millis, utc};
use super::start::ANSWERED;
use crate::incident::{AttemptId, Elapsed, Event, Moment, ReadBack, Record, StageMarks, budget_ms};
use crate::playbook::{Clock, Edge, Stage};

/// One derived time.
pub(super) struct Span<'a> {
    /// Its name for programs: the same whatever it is called.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) formula: String,
    pub(super) from: Option<Point<'a>>,
    pub(super) to: Option<Point<'a>>,
    pub(super) budget_ms: Option<u64>,
    /// From its beginning to its end.
    pub(super) took: Option<Elapsed>,
    /// Until where it lasted at least, and how long that was: its end, else the journal's.
    lasted: Option<(u64, &'a Record)>,
}

/// A span's name for programs, that for people, its formula and its budget.
type About = (String, String, String, Option<u64>);

impl<'a> Span<'a> {
    /// Between these two; no time at all, where its end came before its beginning: a release is declared before any limit
    /// breaks, too.
    fn of(facts: &Facts<'a>, about: About, from: Option<Point<'a>>, to: Option<Point<'a>>) -> Self {
        let (id, name, formula, budget_ms) = about;
        let took = from.as_ref().zip(to.as_ref()).and_then(|(from, to)| facts.took(from, to));
        let end = facts.last().map(Point::of);
        let until = from.as_ref().zip(to.as_ref().or(end.as_ref()));
        let lasted = until.and_then(|(from, until)| Some((facts.took(from, until)?.ms, until.record)));
        Self { id, name, formula, from, to, budget_ms, took, lasted }
    }

    /// What is told in place of a time there is none of.
    fn missing(&self) -> &'static str {
        if self.from.is_some() && self.to.is_some() { "none: its end came first" } else { "not reached" }
    }

    /// How far it went over its budget, in milliseconds, and where that was seen.
    pub(super) fn overrun(&self) -> Option<(u64, &'a Record)> {
        let (lasted_ms, record) = self.lasted?;
        let over = lasted_ms.checked_sub(self.budget_ms?).filter(|over| *over > 0)?;
        Some((over, record))
    }
}

/// What the id of a pull's time begins with, and that of a debt's.
pub(super) const PULL: &str = "pull-";
const DEBT: &str = "debt-";

/// Id, name and formula of what is told of messages.
const FIRST_MESSAGE: (&str, &str, &str) =
    ("first-message", "Declare to first message", "first message taken by its receiver − declared");
const SILENCE: (&str, &str, &str) =
    ("silence", "Longest silence", "told next − told before, of the declaration, each message taken and the end");

/// Id, name and edges of the times that every rollback has.
const ALWAYS: [(&str, &str, Edge, Edge); 9] = [
    ("detect", "Impact to detect (TTD)", Edge::Impact, Edge::Detected),
    ("acknowledge", "Detect to acknowledged (TTA)", Edge::Detected, Edge::Acknowledged),
    ("declare", "Detect to declare", Edge::Detected, Edge::Declared),
    ("first-lever", "Declare to first lever", Edge::Declared, Edge::FirstLever),
    ("sixty", "Steps of the 60-second clock", Edge::FirstStep, Edge::SixtyDone),
    ("hold", "Hold", Edge::HoldStarted, Edge::HoldMet),
    (MITIGATE, "Mitigate (TTM)", Edge::Detected, Edge::HoldMet),
    ("recover", "Recover (TTR)", Edge::Detected, Edge::DebtsPaid),
    ("declare-to-recovered", "Declare to recovered", Edge::Declared, Edge::DebtsPaid),
];

/// The ids of those that count from the impact where people say when it began.
const FROM_THE_START: [&str; 2] = [MITIGATE, "recover"];
/// The id of the time to mitigate.
pub(super) const MITIGATE: &str = "mitigate";

/// The derived times as a table.
pub(super) fn times(facts: &Facts) -> Vec<Block> {
    let spans = spans(facts);
    let how = "Measured on the machine's boot clock; `~` marks a time taken from the wall clock across a restart or from a sample.";
    let told = spans.iter().filter(|span| !is_told_elsewhere(span));
    let mut blocks = vec![
        Block::table(&["Time", "Took", "Budget", "Formula", "From", "To"], told.map(row)),
        Block::Said(format!("{how} {}", impact(facts))),
    ];
    if spans.iter().any(is_told_elsewhere) {
        blocks.push(Block::Said("How long each pull took to be effective stands with it under Mitigation, how long each debt was open under Recovery.".into()));
    }
    blocks.extend(shares::table(facts));
    blocks
}

/// What was within its budget, or has none, and stands with its pull or debt: told twice it would hide the others.
fn is_told_elsewhere(span: &Span) -> bool {
    (span.id.starts_with(PULL) || span.id.starts_with(DEBT)) && span.overrun().is_none()
}

/// Every derived time: those of every rollback, the playbook's other clocks, each confirmed pull.
pub(super) fn spans<'a>(facts: &Facts<'a>) -> Vec<Span<'a>> {
    let playbook = facts.dossier.playbook.as_ref();
    let clocks: Vec<&Clock> = playbook.iter().flat_map(|playbook| &playbook.clocks).collect();
    let extended_ms = facts.hold_extended_ms();
    let budget = |clock: &Clock| playbook.map(|playbook| budget_ms(playbook, extended_ms, clock));
    let times = |clock: &Clock, from: &Edge, to: &Edge| clock.starts_on == *from && clock.stops_on == *to;
    let always = always(facts);
    let mut spans: Vec<Span> = always
        .iter()
        .filter(|(_, _, _, to)| facts.may_happen(to))
        .map(|(id, name, from, to)| {
            let clock = clocks.iter().find(|clock| times(clock, from, to));
            between(facts, (id, (*name).to_owned()), (from, to), clock.and_then(|clock| budget(clock)))
        })
        .collect();
    let others = clocks.iter().filter(|clock| !always.iter().any(|(_, _, from, to)| times(clock, from, to)));
    spans.extend(others.map(|clock| {
        let name = format!("Clock {}", code(&clock.title));
        between(facts, (&format!("clock-{}", clock.id), name), (&clock.starts_on, &clock.stops_on), budget(clock))
    }));
    spans.extend(stages(facts));
    spans.extend(messages(facts));
    spans.extend(levers(facts));
    spans.extend(debts(facts));
    spans
}

/// The times that every rollback has, each from where it counts here.
fn always(facts: &Facts) -> [(&'static str, &'static str, Edge, Edge); 9] {
    let start = facts.start();
    ALWAYS.map(|(id, name, from, to)| {
        let from = if FROM_THE_START.contains(&id) { start.clone() } else { from };
        (id, name, from, to)
    })
}

/// When people were told first, and the longest time in which they were told nothing.
fn messages<'a>(facts: &Facts<'a>) -> Vec<Span<'a>> {
    let (Some(declared), Some(last)) = (facts.declared.filter(|_| !facts.messages.is_empty()), facts.last()) else {
        return Vec::new();
    };
    let sent = facts.messages.iter().filter(|message| message.is_sent());
    let taken = sent.filter_map(|message| message.settled.map(|(record, ..)| record));
    let mut told: Vec<&Record> = [declared].into_iter().chain(taken).collect();
    told.retain(|record| (declared.seq..=last.seq).contains(&record.seq));
    let span = |(id, name, formula): (&str, &str, &str), from: &'a Record, to: Option<&'a Record>| {
        let about = (id.into(), name.into(), formula.into(), None);
        Span::of(facts, about, Some(Point::of(from)), to.map(Point::of))
    };
    let first = span(FIRST_MESSAGE, declared, told.get(1).copied());
    told.push(last);
    let longest = told.windows(2).max_by_key(|pair| facts.between(pair[0], pair[1]).ms);
    let silence = longest.map(|pair| span(SILENCE, pair[0], Some(pair[1])));
    [first].into_iter().chain(silence).collect()
}

/// How long each debt was open, as a freeze of writers.
fn debts<'a>(facts: &Facts<'a>) -> Vec<Span<'a>> {
    let span = |debt: &super::facts::Debt<'a>| {
        // No letter of an id is a `#`, so that no other debt has this one's.
        let again = if debt.nth > 1 { format!("#{}", debt.nth) } else { String::new() };
        let (id, name) = (format!("{DEBT}{}{again}", debt.id), format!("Debt: {}", facts.owed(debt)));
        let about = (id, name, "paid − opened".into(), None);
        Span::of(facts, about, Some(Point::of(debt.opened)), debt.paid.map(|(record, _)| Point::of(record)))
    };
    facts.debts.iter().map(span).collect()
}

/// What is known of when impact began. In a drill nobody felt it, and nobody is asked.
fn impact(facts: &Facts) -> String {
    if let Some(said) = facts.impact_said() {
        let at = utc(said.at.wall_ms);
        return format!(
            "Impact began at {at} UTC as answered in {ANSWERED}, by people's clocks (`~`): TTD, TTM and TTR count from there."
        );
    }
    let episode = "TTM and TTR count from the first BREACH of the episode that led to the declaration";
    let known = if facts.impact_seen().is_some() {
        format!(
            "Impact is counted from the first sample beyond a stop limit, by its source's clock (`~`); {episode}: what went back before is no part of it."
        )
    } else {
        format!("When impact began is not in the journal, so {episode}, and time to detect is not known.")
    };
    let asked =
        if facts.drill().is_some() { "" } else { " When people first felt it is for them to say, under Impact." };
    format!("{known}{asked}")
}

/// Each stage against its budget.
pub(super) fn stages<'a>(facts: &Facts<'a>) -> Vec<Span<'a>> {
    let stages = facts.dossier.playbook.iter().flat_map(|playbook| playbook.stages.values());
    let span = |stage: &'a Stage| {
        let mark =
            |of: fn(&StageMarks) -> Option<Moment>| facts.turned(|state| of(state.marks.stages.get(&stage.id)?));
        let (id, name) = (format!("stage-{}", stage.id), format!("Stage {}", code(&stage.title)));
        let about = (id, name, "its last step settled − its first step started".into(), Some(stage.budget_ms));
        Span::of(facts, about, mark(|stage| Some(stage.started.clone())), mark(|stage| stage.done.clone()))
    };
    stages.map(span).collect()
}

fn between<'a>(
    facts: &Facts<'a>,
    (id, name): (&str, String),
    (from, to): (&Edge, &Edge),
    budget_ms: Option<u64>,
) -> Span<'a> {
    let formula = format!("{} − {}", words(facts, to), words(facts, from));
    Span::of(facts, (id.to_owned(), name, formula, budget_ms), facts.point(from), facts.point(to))
}

fn levers<'a>(facts: &Facts<'a>) -> Vec<Span<'a>> {
    let agreed = |pull: &&super::facts::Pull| matches!(pull.read, Some((_, ReadBack::Agrees)));
    let levers = facts.dossier.playbook.as_ref().map(|playbook| &playbook.levers);
    let span = |(attempt, pull): (&AttemptId, &super::facts::Pull<'a>)| {
        let lever = levers.and_then(|levers| levers.get(pull.lever));
        let budget_ms = lever.and_then(|lever| Some(lever.timeout_ms + lever.verify.as_ref()?.within_ms));
        let name = format!("Pull {attempt}: {}", facts.pulled(pull));
        let about = (format!("{PULL}{attempt}"), name, "read-back agrees − fired".into(), budget_ms);
        Span::of(facts, about, Some(Point::of(pull.started)), pull.read.map(|(record, _)| Point::of(record)))
    };
    facts.pulls.iter().filter(|(_, pull)| agreed(pull)).map(span).collect()
}

fn row(span: &Span) -> Vec<String> {
    let place = |point: Option<&Point>| match point {
        Some(point) if point.said => ANSWERED.to_owned(),
        Some(point) => link(point.record),
        None => "not reached".to_owned(),
    };
    let budget = match (span.budget_ms, span.overrun()) {
        (Some(budget), Some((over, _))) if span.to.is_none() => {
            format!("{}, **over by {} and still open**", millis(budget), millis(over))
        }
        (Some(budget), Some((over, _))) => format!("{}, **over by {}**", millis(budget), millis(over)),
        (Some(budget), None) => millis(budget),
        (None, _) => String::new(),
    };
    vec![
        span.name.clone(),
        span.took.map_or_else(|| span.missing().to_owned(), |took| format!("**{}**", duration(took))),
        budget,
        md(&span.formula),
        place(span.from.as_ref()),
        place(span.to.as_ref()),
    ]
}

/// An edge in words.
fn words(facts: &Facts, edge: &Edge) -> String {
    let word = match edge {
        Edge::Impact if facts.impact_said().is_some() => "impact began, as answered in answers.toml",
        Edge::Impact => "first sample beyond a stop limit",
        Edge::Acknowledged => "acknowledged",
        Edge::Detected => "first BREACH of the episode",
        Edge::Declared => "declared",
        Edge::FirstStep => "first step started",
        Edge::SixtyDone => "last step of the 60-second clock settled",
        Edge::FirstLever => "first lever fired",
        Edge::HoldStarted => "hold started",
        Edge::HoldMet => "hold met",
        Edge::DebtsPaid => "hold met and nothing owed",
        Edge::Closed => "closed",
        Edge::Started(step) => return format!("{} started", facts.dossier.step(step)),
        Edge::Done(step) => return format!("{} settled", facts.dossier.step(step)),
        Edge::Fired(lever) => return format!("{} fired", facts.dossier.lever(lever)),
    };
    word.to_owned()
}

/// How the streak of the hold was earned.
pub(super) fn hold(facts: &Facts) -> Vec<Block> {
    let mut lines = Vec::new();
    for record in &facts.dossier.records {
        let said = match &record.event {
            Event::HoldPaused { why } => format!("stood still: {}", md(why.as_str())),
            Event::HoldReset { why } => format!("started again from zero: {}", md(why.as_str())),
            Event::HoldExtended { by_ms } => format!("was given {} more", millis(*by_ms)),
            Event::HoldMet { green_ms } => format!("was met after a streak of {}", millis(*green_ms)),
            _ => continue,
        };
        lines.push(format!("The hold {said} {}", link(record)));
    }
    vec![Block::list_or(lines, "No hold was started.")]
}
