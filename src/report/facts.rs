//! The fold over the journal that the report's sections read.

use super::Dossier;
use super::escape::md;
use super::show::millis;
use crate::incident::event::Drill;
use crate::incident::{AttemptId, Course, Event, Moment, ReadBack, Record, State, Way, apply, mark};
use crate::kind::Outcome;
use crate::metrics::VerdictState;
use crate::playbook::{Edge, Id};
use crate::text::Text;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What the sections read: records of note, pulls, debts and gaps, in the order they happened.
pub(super) struct Facts<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) declared: Option<&'a Record>,
    pub(super) closed: Option<&'a Record>,
    pub(super) pulls: BTreeMap<AttemptId, Pull<'a>>,
    pub(super) debts: Vec<Debt<'a>>,
    pub(super) gaps: Vec<Gap<'a>>,
    pub(super) messages: Vec<Message<'a>>,
    /// The incident's own clock.
    pub(super) course: Course,
    /// Kept, because finding it is a fold of the whole journal.
    detected: OnceCell<Option<&'a Record>>,
}

/// One pull: its start, its end, its read-backs.
pub(super) struct Pull<'a> {
    pub(super) started: &'a Record,
    pub(super) lever: &'a Id,
    pub(super) way: Way,
    /// Whether it is a person's word that it was done: nothing was sent.
    pub(super) by_hand: bool,
    pub(super) settled: Option<(&'a Record, Outcome)>,
    pub(super) read: Option<(&'a Record, ReadBack)>,
    /// The second person's approval that it used.
    pub(super) approved: Option<&'a Record>,
    /// Whether its end was Unknown at any time.
    pub(super) was_unknown: bool,
}

/// A line of the journal, and the time it stands for.
pub(super) struct Point<'a> {
    pub(super) record: &'a Record,
    pub(super) at: Moment,
    /// Whether it is people's word since: the line only places it.
    pub(super) said: bool,
}

impl<'a> Point<'a> {
    /// The time the line was written.
    pub(super) fn of(record: &'a Record) -> Self {
        Self { record, at: record.at.clone(), said: false }
    }
}

/// One debt, open or paid.
pub(super) struct Debt<'a> {
    pub(super) id: &'a Id,
    pub(super) title: &'a Text,
    pub(super) opened: &'a Record,
    pub(super) paid: Option<(&'a Record, &'a Text)>,
    /// How often it had been opened by then, this time among them.
    pub(super) nth: usize,
}

/// A span in which a metric could not be believed.
pub(super) struct Gap<'a> {
    pub(super) metric: &'a Id,
    pub(super) state: VerdictState,
    pub(super) why: Option<&'a Text>,
    pub(super) from: &'a Record,
    pub(super) to: Option<&'a Record>,
}

/// One message.
pub(super) struct Message<'a> {
    pub(super) comm: &'a Id,
    pub(super) queued: &'a Record,
    pub(super) settled: Option<(&'a Record, Outcome, &'a Text)>,
    /// How often it was sent.
    pub(super) tries: u32,
}

impl Message<'_> {
    /// Whether its receiver took it.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self.settled, Some((_, Outcome::Applied, _)))
    }
}

impl<'a> Facts<'a> {
    /// By how much the hold was extended in all, in milliseconds.
    pub(super) fn hold_extended_ms(&self) -> u64 {
        let by = |event: &Event| if let Event::HoldExtended { by_ms } = event { *by_ms } else { 0 };
        self.dossier.records.iter().map(|record| by(&record.event)).sum()
    }

    pub(super) fn of(dossier: &'a Dossier) -> Self {
        let find = |test: fn(&Event) -> bool| dossier.records.iter().find(|record| test(&record.event));
        let mut facts = Self {
            dossier,
            declared: find(|event| matches!(event, Event::Declared { .. })),
            closed: dossier.records.iter().rfind(|record| matches!(record.event, Event::Closed { .. })),
            pulls: BTreeMap::new(),
            debts: Vec::new(),
            gaps: Vec::new(),
            messages: Vec::new(),
            course: Course::default(),
            detected: OnceCell::new(),
        };
        for record in &dossier.records {
            facts.course.take(&record.at);
            facts.take_pull(record);
            facts.take_debt(record);
            facts.take_verdict(record);
            facts.take_message(record);
        }
        facts
    }

    fn take_pull(&mut self, record: &'a Record) {
        if let Event::PullStarted { attempt, lever, way, by_hand, .. } = &record.event {
            let (way, by_hand) = (*way, *by_hand);
            let approved = if by_hand { None } else { self.approval_of(record) };
            let pull =
                Pull { started: record, lever, way, by_hand, settled: None, read: None, approved, was_unknown: false };
            self.pulls.insert(*attempt, pull);
        }
        if let Event::PullSettled { attempt, outcome, .. } = &record.event
            && let Some(pull) = self.pulls.get_mut(attempt)
        {
            pull.settled = Some((record, *outcome));
            pull.was_unknown |= *outcome == Outcome::Unknown;
        }
        if let Event::ReadBack { attempt, result, .. } | Event::Attested { attempt, result, .. } = &record.event
            && let Some(pull) = self.pulls.get_mut(attempt)
        {
            pull.read = Some((record, *result));
        }
        if let Event::Resumed { unsettled, .. } = &record.event {
            self.pulls.iter_mut().filter(|(attempt, _)| unsettled.contains(attempt)).for_each(|(_, pull)| {
                pull.was_unknown = true;
            });
        }
    }

    /// The newest approval of the very request that is fired here.
    fn approval_of(&self, fired: &Record) -> Option<&'a Record> {
        let Event::PullStarted { lever, way, request_sha256, .. } = &fired.event else { return None };
        let same = |event: &Event| {
            matches!(event, Event::Approved { lever: of, way: this, request_sha256: sha256, .. }
                if of == lever && this == way && sha256 == request_sha256)
        };
        let before = self.dossier.records.iter().rev().filter(|record| record.seq < fired.seq);
        before.into_iter().find(|record| same(&record.event))
    }

    /// Whether this could happen at all: where no step is of the 60-second clock, it never ends.
    pub(super) fn may_happen(&self, edge: &Edge) -> bool {
        let sixty =
            || self.dossier.playbook.as_ref().is_none_or(|playbook| playbook.steps.iter().any(|step| step.sixty));
        *edge != Edge::SixtyDone || sixty()
    }

    /// The role that sees to a debt, where the playbook names one.
    pub(super) fn owner_of(&self, debt: &Id) -> Option<&'a str> {
        self.dossier.playbook.as_ref()?.debts.get(debt)?.owner.as_deref()
    }

    /// How often a debt was opened.
    fn openings(&self, debt: &Id) -> usize {
        self.debts.iter().filter(|other| other.id == debt).count()
    }

    /// A debt's title, and which time it is where it was opened more than once.
    pub(super) fn owed(&self, debt: &Debt) -> String {
        let (title, of) = (md(debt.title.as_str()), self.openings(debt.id));
        if of > 1 { format!("{title} (time {} of {of})", debt.nth) } else { title }
    }

    fn take_debt(&mut self, record: &'a Record) {
        if let Event::DebtOpened { debt, title } = &record.event {
            let nth = self.openings(debt) + 1;
            self.debts.push(Debt { id: debt, title, opened: record, paid: None, nth });
        }
        if let Event::DebtPaid { debt, by } = &record.event
            && let Some(open) = self.debts.iter_mut().rfind(|open| open.id == debt && open.paid.is_none())
        {
            open.paid = Some((record, by));
        }
    }

    fn take_verdict(&mut self, record: &'a Record) {
        if let Event::VerdictChanged { metric, verdict } = &record.event {
            if let Some(gap) = self.gaps.iter_mut().rfind(|gap| gap.metric == metric && gap.to.is_none()) {
                gap.to = Some(record);
            }
            if !verdict.state.is_fresh() {
                let why = verdict.why.as_ref();
                self.gaps.push(Gap { metric, state: verdict.state, why, from: record, to: None });
            }
        }
    }

    fn take_message(&mut self, record: &'a Record) {
        if let Event::MessageQueued { comm, .. } = &record.event {
            self.messages.push(Message { comm, queued: record, settled: None, tries: 1 });
        }
        if let Event::MessageRetried { comm, attempt } = &record.event
            && let Some(message) = self.messages.iter_mut().rfind(|message| message.comm == comm)
        {
            (message.settled, message.tries) = (None, *attempt);
        }
        if let Event::MessageSettled { comm, outcome, detail, .. } = &record.event
            && let Some(message) = self.messages.iter_mut().rfind(|message| message.comm == comm)
        {
            message.settled = Some((record, *outcome, detail));
        }
    }

    /// The lever of a pull, and whether it was taken back: two pulls of one name would be read as the same done twice.
    pub(super) fn pulled(&self, pull: &Pull) -> String {
        let back = if pull.way == Way::Undo { " (taken back)" } else { "" };
        format!("{}{back}", self.dossier.lever(pull.lever))
    }

    /// The first record of which this is true.
    pub(super) fn first(&self, test: impl Fn(&Event) -> bool) -> Option<&'a Record> {
        self.dossier.records.iter().find(|record| test(&record.event))
    }

    /// The record that the incident's length ends at: its closing, else the last one. What is noted and followed up
    /// days later is no part of it.
    pub(super) fn last(&self) -> Option<&'a Record> {
        self.closed.or(self.dossier.records.last())
    }

    /// What an account counts its times from: the declaration, else the first record.
    pub(super) fn zero(&self) -> Option<&'a Record> {
        self.declared.or(self.dossier.records.first())
    }

    /// The record that is this edge of a clock.
    pub(super) fn edge(&self, edge: &Edge) -> Option<&'a Record> {
        match edge {
            Edge::Detected if self.dossier.playbook.is_none() => self.first(is_breach),
            Edge::Detected => *self.detected.get_or_init(|| self.marked(edge).map(|point| point.record)),
            Edge::Declared => self.declared,
            Edge::FirstStep => self.first(|event| matches!(event, Event::StepStarted { .. })),
            Edge::SixtyDone if !self.may_happen(edge) => None,
            Edge::FirstLever => self.first(|event| matches!(event, Event::PullStarted { .. })),
            Edge::HoldStarted => self.first(|event| matches!(event, Event::HoldStarted)),
            Edge::HoldMet => self.first(|event| matches!(event, Event::HoldMet { .. })),
            Edge::DebtsPaid => self.debts_paid(),
            Edge::Closed => self.closed,
            Edge::SixtyDone | Edge::Impact | Edge::Acknowledged | Edge::Started(_) | Edge::Done(_) | Edge::Fired(_) => {
                self.marked(edge).map(|point| point.record)
            }
        }
    }

    /// The same, and when it was: an impact began when people say so, else when its sample was taken, not when that was
    /// written down.
    pub(super) fn point(&self, edge: &Edge) -> Option<Point<'a>> {
        match edge {
            Edge::Impact => self.impact_said().or_else(|| self.impact_seen()),
            edge => self.edge(edge).map(Point::of),
        }
    }

    /// The first sample beyond a stop limit.
    pub(super) fn impact_seen(&self) -> Option<Point<'a>> {
        self.marked(&Edge::Impact)
    }

    fn marked(&self, edge: &Edge) -> Option<Point<'a>> {
        self.turned(|state| mark(state, edge).cloned())
    }

    /// Where a mark of the incident came to stand as it stands at the end.
    pub(super) fn turned(&self, of: impl Fn(&State) -> Option<Moment>) -> Option<Point<'a>> {
        let playbook = self.dossier.playbook.as_ref()?;
        let (mut state, mut found) = (State::default(), None::<Point>);
        for record in &self.dossier.records {
            apply(playbook, &mut state, record);
            let now = of(&state);
            if found.as_ref().map(|point| &point.at) != now.as_ref() {
                found = now.map(|at| Point { record, at, said: false });
            }
        }
        found
    }

    /// For how long goaround was not running before it was resumed here, in words: since its newest record or reading.
    pub(super) fn away(&self, resumed: &Record) -> Option<String> {
        let at = |line: &String| serde_json::from_str::<serde_json::Value>(line).ok()?.get("at")?.as_i64();
        let until = resumed.at.wall_ms;
        let read = self.dossier.samples.iter().filter_map(at).filter(|at| *at < until);
        let written = self.dossier.records.iter().take_while(|record| record.seq < resumed.seq);
        let since = written.map(|record| record.at.wall_ms).chain(read).max()?;
        let lasted = match u64::try_from(until.saturating_sub(since)) {
            Ok(lasted_ms) => format!("{} by the wall clock", millis(lasted_ms)),
            Err(_) => "nobody knows how long: the wall clock went back meanwhile".to_owned(),
        };
        let (since, until) = (self.clock(since), self.clock(until));
        Some(format!("goaround was not running from {since} to {until} ({lasted})"))
    }

    /// The record after which the hold was met and nothing was owed any more.
    fn debts_paid(&self) -> Option<&'a Record> {
        let met = self.edge(&Edge::HoldMet)?;
        let mut last = met;
        for debt in &self.debts {
            let (paid, _) = debt.paid?;
            if paid.seq > last.seq {
                last = paid;
            }
        }
        Some(last)
    }

    /// The drill's script, if it is one.
    pub(super) fn drill(&self) -> Option<&'a Drill> {
        match self.dossier.records.first().map(|record| &record.event) {
            Some(Event::Opened { drill, .. }) => drill.as_ref(),
            Some(_) | None => None,
        }
    }
}

/// Whether this is a stop limit broken for its window.
pub(super) fn is_breach(event: &Event) -> bool {
    matches!(event, Event::VerdictChanged { verdict, .. } if verdict.state == VerdictState::Breach)
}
