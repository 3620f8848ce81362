//! The real flight and the real world in virtual time, between a wire that cuts, a disk that fails and a power that
//! goes out.

use super::dice::Dice;
use super::oracle::Oracle;
use crate::app::flight::{Ask, Batch, Flight, Input, JobId, Request, Unwritten};
use crate::drill::{Scenario, World};
use crate::incident::{Actor, Command, Event, Moment, Record, event, replay};
use crate::kind::{Answer, Fault, Use};
use crate::playbook::{self, Playbook};
use crate::text::Redactor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More inputs than this within one instant are a loop that never ends.
const INSTANT_MAX: u32 = 2000;
const MS: u64 = 1_000_000;

/// What comes due.
enum Due {
    /// An exchange ends.
    Answer(JobId, Result<Answer, Fault>),
    /// An exchange given up long ago reaches the world after all.
    Reach(Ask),
    /// The disk has done with a batch, or not.
    Disk(Result<Batch, &'static str>),
}

/// One flight.
pub(super) struct Sky {
    pub(super) dice: Dice,
    pub(super) playbook: Arc<Playbook>,
    pub(super) flight: Flight,
    pub(super) oracle: Oracle,
    /// What is on disk.
    pub(super) paper: Vec<Record>,
    /// How many of a hundred acts the wire does something to.
    pub(super) rough: u64,
    /// Whether wire and disk behave.
    pub(super) calm: bool,
    world: World,
    due: BTreeMap<(u64, u64), Due>,
    next: u64,
    passed_ns: u64,
    boots: u64,
    booted_ns: u64,
    disk_fails: u64,
    same_instant: u32,
}

impl Sky {
    /// A flight about to begin, as the drill `index-mismatch` has it.
    pub(super) fn new(seed: u64) -> Self {
        let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
        let playbook = playbook();
        let world = World::new(&scenario, &playbook, seed).unwrap();
        let start = moment(0, 0, 0);
        let mut sky = Self {
            dice: Dice::new(seed),
            flight: Flight::new(playbook.clone(), &[], Redactor::default(), &start),
            playbook,
            oracle: Oracle::default(),
            paper: Vec::new(),
            rough: 0,
            calm: false,
            world,
            due: BTreeMap::new(),
            next: 0,
            passed_ns: 0,
            boots: 0,
            booted_ns: 0,
            disk_fails: 0,
            same_instant: 0,
        };
        sky.open(seed);
        sky
    }

    fn open(&mut self, seed: u64) {
        let open = Command::Open {
            incident: format!("drill-index-mismatch-{seed}").into(),
            playbook_sha256: String::new(),
            version: "0".into(),
            drill: Some(event::Drill::of(playbook::Id::new("index-mismatch").unwrap(), seed)),
        };
        self.command(open);
    }

    pub(super) fn now(&self) -> Moment {
        moment(self.passed_ns, self.boots, self.booted_ns)
    }

    pub(super) fn passed_ms(&self) -> u64 {
        self.passed_ns / MS
    }

    /// Someone asks for something.
    pub(super) fn command(&mut self, command: Command) {
        self.feed(Input::Command(Actor::from("commander"), command));
    }

    /// Feeds the flight and does what it asks for.
    pub(super) fn feed(&mut self, input: Input) {
        let now = self.now();
        for request in self.flight.handle(&now, input) {
            match request {
                Request::Ask(ask) => self.carry(ask),
                Request::Write(batch) => self.write(batch),
                Request::Sample(_) | Request::Refused(_) | Request::Notice(_) => {}
            }
        }
        self.oracle.look(&self.playbook, &self.flight.board, &now);
    }

    /// Lets time pass up to `until_ms`, or up to a moment at which something has happened.
    pub(super) fn pass(&mut self, until_ms: u64) {
        let wake = self.flight.next_wake().map_or(u64::MAX, |at| at.boot_ns + self.booted_ns);
        let due = self.due.first_key_value().map_or(u64::MAX, |((at, _), _)| *at);
        let next = wake.min(due).min(until_ms * MS).max(self.passed_ns);
        self.same_instant = if next == self.passed_ns { self.same_instant + 1 } else { 0 };
        assert!(self.same_instant < INSTANT_MAX, "time stands still: the flight asks to be woken for nothing");
        self.passed_ns = next;
        match self.due.first_entry().filter(|first| first.key().0 <= next) {
            Some(first) => {
                let due = first.remove();
                self.comes_due(due);
            }
            None if next < until_ms * MS => self.feed(Input::Tick),
            None => {}
        }
    }

    fn comes_due(&mut self, due: Due) {
        match due {
            Due::Answer(job, result) => self.feed(Input::Answered(job, result)),
            Due::Reach(ask) => drop(self.reach(&ask)),
            Due::Disk(Err(why)) => self.feed(Input::Written(Err(Unwritten::ForNow(why.into())))),
            Due::Disk(Ok(batch)) => {
                let records = self.keep(&batch, batch.entries.len());
                self.feed(Input::Written(Ok(records)));
                if self.flight.is_settled() {
                    self.oracle.audit(&self.playbook, self.flight.state());
                }
            }
        }
    }

    fn later(&mut self, in_ms: u64, due: Due) {
        self.due.insert((self.passed_ns + in_ms * MS, self.next), due);
        self.next += 1;
    }

    /// Puts the first `count` entries on paper, as a reader of the paper will find them.
    fn keep(&mut self, batch: &Batch, count: usize) -> Vec<Record> {
        let mut records = Vec::new();
        for (at, actor, event) in batch.entries.iter().take(count).cloned() {
            let json = serde_json::to_string(&event).unwrap();
            let event: Event = serde_json::from_str(&json).unwrap();
            let record = Record { seq: self.paper.len() as u64 + 1, at, actor, event };
            let last = self.paper.last().map(|last| last.at.wall_ms);
            assert!(last.is_none_or(|last| last <= record.at.wall_ms), "time runs backwards in the journal");
            self.oracle.note(&self.playbook, &record);
            self.paper.push(record.clone());
            records.push(record);
        }
        records
    }

    fn write(&mut self, batch: Batch) {
        if !self.calm && self.disk_fails == 0 && self.dice.percent(1) {
            self.disk_fails = 1 + self.dice.below(4);
        }
        let took_ms = match self.dice.below(100) {
            0 if !self.calm => self.dice.below(6000),
            0..20 => self.dice.below(60),
            _ => 0,
        };
        self.oracle.seen.hung_appends += u32::from(took_ms > 2000);
        if self.disk_fails > 0 && !self.calm {
            self.disk_fails -= 1;
            self.oracle.seen.failed_appends += 1;
            self.later(took_ms, Due::Disk(Err("no space left on device")));
        } else {
            self.later(took_ms, Due::Disk(Ok(batch)));
        }
    }

    /// What the world makes of an exchange that reaches it now.
    fn reach(&mut self, ask: &Ask) -> (Result<Answer, Fault>, u64) {
        self.world.handle(ask.backend.as_str(), &ask.exchange, self.passed_ns / MS)
    }

    /// The wire: whole, cut before, cut after, late, refused.
    fn carry(&mut self, ask: Ask) {
        let act = ask.purpose == Use::Act;
        if act {
            self.oracle.sends(&ask, &self.now());
        }
        let spared = self.calm || !self.dice.percent(if act { self.rough } else { self.rough / 10 });
        let (job, deadline_ms) = (ask.job, ask.deadline_ms);
        let lost = || Err(Fault::Lost(format!("no answer within {deadline_ms} ms").into()));
        let (result, took_ms) = match if spared { 9 } else { self.dice.below(6) } {
            0 => (Err(Fault::NotSent("connection refused".into())), 1),
            1 => (Err(Fault::Refused("bad certificate".into())), 3),
            2 => (lost(), deadline_ms),
            3 => {
                drop(self.reach(&ask));
                (lost(), deadline_ms)
            }
            4 => {
                let late_ms = deadline_ms / 2 + self.dice.below(30_000);
                self.later(late_ms, Due::Reach(ask));
                (lost(), deadline_ms)
            }
            5 => {
                let (result, _) = self.reach(&ask);
                (result, self.dice.below(deadline_ms))
            }
            _ => self.reach(&ask),
        };
        self.later(took_ms, Due::Answer(job, result));
    }

    /// The program dies now, is away for a while, and is started again; sometimes on a machine started again.
    pub(super) fn crash(&mut self) {
        let due = std::mem::take(&mut self.due);
        for (at, due) in due {
            match due {
                Due::Reach(_) => drop(self.due.insert(at, due)),
                Due::Answer(..) | Due::Disk(Err(_)) => {}
                // The batch that was being synced is lost, or is there in part, or is there and nobody was told.
                Due::Disk(Ok(batch)) => {
                    let kept = self.dice.place(batch.entries.len() + 1);
                    self.keep(&batch, kept);
                }
            }
        }
        self.oracle.crashed();
        let away_ms = self.dice.below(20_000);
        let back_ns = self.passed_ns + away_ms * MS;
        while let Some(first) = self.due.first_entry().filter(|first| first.key().0 <= back_ns) {
            self.passed_ns = first.key().0;
            let due = first.remove();
            self.comes_due(due);
        }
        self.passed_ns = back_ns;
        if self.dice.percent(30) {
            (self.boots, self.booted_ns) = (self.boots + 1, self.passed_ns - 5_000_000_000.min(self.passed_ns));
        }
        self.disk_fails = 0;
        let now = self.now();
        self.flight = Flight::new(self.playbook.clone(), &self.paper, Redactor::default(), &now);
        if self.paper.is_empty() {
            self.open(0);
        } else {
            self.command(Command::Resume { torn_bytes: 0 });
        }
    }

    /// Whether the paper alone leads to what is believed.
    pub(super) fn assert_replays(&self) {
        assert_eq!(replay(&self.playbook, &self.paper), *self.flight.state(), "replay(journal) == state");
    }
}

/// A branch for each thing that opens one by itself, and one for a person, each with something to look at.
const BRANCHES: &str = r#"
[branches.wrong-index]
when = { symptom = "index-mismatch" }
[branches.late]
when = { overdue = "60s" }
[branches.blind]
when = { failed = "capture" }
[branches.told]
[[steps]]
id = "compare"
branch = "wrong-index"
capture = { probes = ["alias"] }
[[steps]]
id = "call"
branch = "late"
capture = { probes = ["arm"] }
[[steps]]
id = "look-again"
branch = "blind"
capture = { probes = ["flag"] }
[[steps]]
id = "tell"
branch = "told"
capture = { probes = ["arm"] }
"#;

/// The shared playbook with branches as a drill flies it, its hold so short that many flights come to its end.
pub(super) fn playbook() -> Arc<Playbook> {
    let (long, short) = (r#"green_for = "60s""#, r#"green_for = "20s""#);
    let text = playbook::embedded("docs-rag").unwrap().replacen(long, short, 1) + BRANCHES;
    let playbook = Playbook::parse("docs-rag", &text, Some("drill")).unwrap();
    assert_eq!(playbook.hold.green_for_ms, 20_000);
    Arc::new(playbook)
}

fn moment(passed_ns: u64, boots: u64, booted_ns: u64) -> Moment {
    let wall_ms = 1_795_230_720_000_i64.saturating_add_unsigned(passed_ns / MS);
    Moment { wall_ms, boot_ns: passed_ns - booted_ns, boot_id: format!("boot-{boots}").into() }
}
