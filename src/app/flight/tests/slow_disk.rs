//! What waits for the disk is neither lost nor made more of.

use super::sky::playbook;
use crate::app::flight::{Batch, Flight, Input, Request, Unwritten};
use crate::incident::{Actor, Command, Event, Moment, Record, StreakState, Way};
use crate::kind::Seen;
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::{Id, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

/// A flight whose disk answers when the test says so.
pub(super) struct Desk {
    pub(super) flight: Flight,
    pub(super) start: Moment,
    /// What is on disk.
    pub(super) paper: Vec<Record>,
}

impl Desk {
    /// Declared, watching, every exit target met from the first second on.
    pub(super) fn watching() -> Self {
        Self::flying(playbook())
    }

    /// The same with this playbook.
    pub(super) fn flying(playbook: Arc<Playbook>) -> Self {
        let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
        let flight = Flight::new(playbook, &[], Redactor::default(), &start);
        let mut desk = Self { flight, start, paper: Vec::new() };
        let open =
            Command::Open { incident: "desk".into(), playbook_sha256: String::new(), version: "0".into(), drill: None };
        let watch = Command::StartStep { step: id("watch"), out_of_order: Some("now".into()) };
        let declare = Command::Declare { severity: 2, size_up: "worse".into() };
        let metrics: Vec<Id> = desk.flight.playbook.metrics.keys().cloned().collect();
        let judges = metrics.into_iter().map(|metric| judge(metric.as_str(), VerdictState::Ok, ExitState::Met));
        for command in [open, declare].into_iter().chain(judges).chain([watch]) {
            let batch = desk.ask(0, command).expect("each of these is news");
            assert!(desk.saved(0, &batch).is_none());
        }
        desk
    }

    pub(super) fn feed(&mut self, second: u64, input: Input) -> Vec<Request> {
        self.flight.handle(&self.start.plus_ms(second * 1000), input)
    }

    /// Asks for something; answers what is to be written, if the disk is free.
    pub(super) fn ask(&mut self, second: u64, command: Command) -> Option<Batch> {
        batch_in(self.feed(second, Input::Command(Actor::from("commander"), command)))
    }

    /// The batch's records, as the disk has them.
    pub(super) fn records(&mut self, batch: &Batch) -> Vec<Record> {
        let numbered = (self.paper.len() as u64 + 1..).zip(batch.entries.iter().cloned());
        let records: Vec<_> = numbered.map(|(seq, (at, actor, event))| Record { seq, at, actor, event }).collect();
        self.paper.extend_from_slice(&records);
        records
    }

    /// The disk has the batch; answers what is to be written next.
    pub(super) fn saved(&mut self, second: u64, batch: &Batch) -> Option<Batch> {
        let records = self.records(batch);
        batch_in(self.feed(second, Input::Written(Ok(records))))
    }

    /// The disk takes everything that waits.
    pub(super) fn saved_all(&mut self, second: u64, batch: Batch) {
        let mut next = Some(batch);
        while let Some(batch) = next {
            next = self.saved(second, &batch);
        }
    }

    /// A probe looks at `second`, and the disk has what it sees.
    pub(super) fn sees(&mut self, second: u64, probe: &str, value: &str) {
        let now = self.start.plus_ms(second * 1000);
        self.flight.note_seen(&now, &now, &id(probe), Seen::Value(value.into()));
        if let Some(batch) = batch_in(self.feed(second, Input::Tick)) {
            self.saved_all(second, batch);
        }
    }

    /// Arms the freeze lever now and fires it at `second`; answers what is to be written, if the disk is free.
    pub(super) fn fire(&mut self, second: u64) -> Option<Batch> {
        let now = self.start.plus_ms(second * 1000);
        self.flight.arm(&now, &id("freeze"), Way::Do, None, 0);
        let fire = self.flight.fire_armed(&now, Some("now".into()), false).expect("nothing blocks it");
        self.ask(second, Command::Fire(fire))
    }

    fn green_ms(&self, second: u64) -> u64 {
        let streak = self.flight.state().hold.overall.as_ref().expect("the hold was started");
        streak.green_ms(&self.start.plus_ms(second * 1000))
    }
}

pub(super) fn batch_in(requests: Vec<Request>) -> Option<Batch> {
    requests.into_iter().find_map(|request| match request {
        Request::Write(batch) => Some(batch),
        Request::Ask(_) | Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => None,
    })
}

pub(super) fn id(raw: &str) -> Id {
    Id::new(raw).unwrap()
}

pub(super) fn judge(metric: &str, state: VerdictState, exit: ExitState) -> Command {
    let verdict = Verdict { state, exit, value: None, sampled_ms: None, limit: None, why: None };
    Command::Judge { metric: id(metric), verdict }
}

pub(super) fn note() -> Command {
    Command::Note { text: "the disk hangs on this".into() }
}

#[test]
fn green_ends_when_it_ended_however_long_the_disk_took() {
    let mut desk = Desk::watching();
    let stuck = desk.ask(5, note()).expect("a note is written down");
    assert!(desk.ask(10, judge("coverage", VerdictState::NoData, ExitState::Unknown)).is_none());
    desk.saved_all(18, stuck);
    assert_eq!(desk.flight.state().hold.overall.as_ref().unwrap().state, StreakState::Paused);
    assert_eq!(desk.green_ms(18), 10_000);
}

#[test]
fn a_red_moment_behind_a_stuck_disk_starts_the_hold_again() {
    let mut desk = Desk::watching();
    let stuck = desk.ask(5, note()).expect("a note is written down");
    desk.ask(10, judge("coverage", VerdictState::Breach, ExitState::Missed));
    desk.ask(12, judge("coverage", VerdictState::Ok, ExitState::Met));
    desk.saved_all(15, stuck);
    assert_eq!(desk.green_ms(15), 3000);
}

#[test]
fn a_pull_that_could_not_be_written_down_is_given_up() {
    let mut desk = Desk::watching();
    let now = desk.start.clone();
    desk.flight.arm(&now, &id("freeze"), Way::Do, None, 0);
    let fire = desk.flight.fire_armed(&now, Some("now".into()), false).unwrap();
    let pull = desk.ask(1, Command::Fire(fire.clone())).expect("a pull is written down first");
    assert!(desk.ask(1, Command::Fire(fire)).is_none(), "one at a time");
    assert!(pull.entries.iter().any(|(_, _, event)| starts(event)));
    let said = desk.feed(2, Input::Written(Err(Unwritten::ForNow("no space left on device".into()))));
    assert!(matches!(said.as_slice(), [Request::Refused(_)]), "{said:?}");
    for second in 3..10 {
        let asked = desk.feed(second, Input::Tick);
        assert!(batch_in(asked).is_none_or(|batch| batch.entries.iter().all(|(_, _, event)| !starts(event))));
    }
    assert!(desk.flight.state().pulls.is_empty() && desk.flight.is_saved(&desk.start.plus_ms(10_000)));
}

pub(super) fn starts(event: &Event) -> bool {
    matches!(event, Event::PullStarted { .. })
}
