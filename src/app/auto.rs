//! A drill flown by the pilot: one queue ordered by (virtual time, sequence) on one thread.

use super::arming::{Arming, Wanted};
use super::flight::{Ask, Batch, Flight, Input, Request, Unwritten};
use super::ledger::Ledger;
use super::printer;
use super::slips::Tray;
use crate::drill::{Asked, Policy, Stage};
use crate::incident::{Actor, Command, Moment, Move};
use crate::kind::Fault;
use crate::text::Text;
use color_eyre::eyre::{Result, eyre};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::{Duration, Instant};

/// After this much virtual time without landing a person has to look.
const LIMIT_MS: u64 = 30 * 60 * 1000;

/// How a flight ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Closed; recovered or not.
    Closed {
        /// Whether it recovered with no debt left.
        recovered: bool,
    },
    /// Left before anything was declared.
    NotDeclared,
    /// A false alarm that nobody rolled back on, until it was over.
    LeftAlone,
    /// Something was done that a recording does not have, and what: nothing is known from there on.
    Differed(Text),
    /// Left open for `resume`, and why.
    Open(String),
    /// Command was handed over, and to whom.
    HandedOver(Text),
    /// Left although the journal did not take everything.
    Unsaved {
        /// How many records are lost.
        records: usize,
        /// Why the journal did not take them.
        why: Text,
    },
}

/// A drill under `--auto`.
pub struct Auto {
    /// The flight.
    pub flight: Flight,
    /// The simulated production, or a recording.
    pub stage: Stage,
    /// How the pilot flies it, and who answers for it.
    pub policy: Policy,
    /// Where it is written down.
    pub ledger: Ledger,
    /// Whether each event is told, one a line.
    pub tells: bool,
    /// Drill seconds per second; `None` does not wait at all.
    pub speed: Option<f64>,
    /// When the world's time began.
    pub epoch: Moment,
    /// When this flight begins: the epoch, or where the journal of a resumed drill ends.
    pub start: Moment,
}

/// What comes due at a virtual time.
struct Queue {
    inputs: BTreeMap<u64, Input>,
    order: BinaryHeap<Reverse<(u64, u64)>>,
    next: u64,
}

impl Queue {
    fn push(&mut self, at_ns: u64, input: Input) {
        self.order.push(Reverse((at_ns, self.next)));
        self.inputs.insert(self.next, input);
        self.next += 1;
    }

    fn pop_until(&mut self, at_ns: u64) -> Option<(u64, Input)> {
        let Reverse((due, seq)) = *self.order.peek().filter(|Reverse((due, _))| *due <= at_ns)?;
        self.order.pop();
        Some((due, self.inputs.remove(&seq)?))
    }
}

impl Auto {
    /// Opens the journal, or goes on with it, and flies until the pilot lands or stops.
    pub fn fly(&mut self, first: Command) -> Result<Ending> {
        let started = Instant::now();
        let mut queue = Queue { inputs: BTreeMap::new(), order: BinaryHeap::new(), next: 0 };
        let mut arming = Arming::default();
        let mut now = self.start.clone();
        if let Some(why) = self.handle(&mut queue, &now, Input::Command(Actor::from("pilot"), first))? {
            return Ok(Ending::Open(format!("refused: {why}")));
        }
        let mut tray = Tray::of(self.ledger.dir());
        loop {
            self.attend(&mut tray, &mut queue, &now)?;
            if let Some(ending) = self.steer(&mut queue, &mut arming, &now)? {
                tray.clear(self.flight.state());
                self.ledger.flush();
                return Ok(ending);
            }
            let wake = self.flight.next_wake().map_or(u64::MAX, |at| at.boot_ns);
            let due = queue.order.peek().map_or(u64::MAX, |Reverse((due, _))| *due);
            now = self.at(wake.min(due).max(now.boot_ns));
            if now.since(&self.start).ms > LIMIT_MS {
                return Ok(Ending::Open(format!("not landed after {} minutes", LIMIT_MS / 60_000)));
            }
            self.pace(started, &now);
            match queue.pop_until(now.boot_ns) {
                Some((_, input)) => self.handle(&mut queue, &now, input)?,
                None => self.handle(&mut queue, &now, Input::Tick)?,
            };
        }
    }

    /// Writes down what observers object to. One that is refused stays where it lies.
    fn attend(&mut self, tray: &mut Tray, queue: &mut Queue, now: &Moment) -> Result<()> {
        for (actor, objection) in tray.objections(self.flight.state()) {
            self.handle(queue, now, Input::Command(actor, objection))?;
        }
        Ok(())
    }

    fn at(&self, boot_ns: u64) -> Moment {
        let passed_ns = boot_ns - self.start.boot_ns;
        let wall_ms = self.start.wall_ms.saturating_add_unsigned(passed_ns / 1_000_000);
        Moment { wall_ms, boot_ns, boot_id: self.start.boot_id.clone() }
    }

    /// `--speed` paces a drill and decides nothing.
    fn pace(&self, started: Instant, now: &Moment) {
        if let Some(speed) = self.speed {
            let due = Duration::from_millis(now.since(&self.start).ms).div_f64(speed);
            std::thread::sleep(due.saturating_sub(started.elapsed()));
        }
    }

    /// Performs what the flight asks for, until it asks for nothing more at this time.
    /// Answers the last refusal: a pilot that is refused must not ask for ever.
    fn handle(&mut self, queue: &mut Queue, now: &Moment, input: Input) -> Result<Option<Text>> {
        let mut inputs = vec![input];
        let mut refused = None;
        while let Some(input) = inputs.pop() {
            for request in self.flight.handle(now, input) {
                match request {
                    Request::Ask(ask) => self.carry(queue, now, &ask),
                    Request::Write(batch) => inputs.push(self.write(&batch)?),
                    Request::Sample(line) => self.ledger.sample(&line),
                    Request::Refused(told) => refused = Some(told.why),
                    Request::Notice(why) => printer::complain(why),
                }
            }
        }
        Ok(refused)
    }

    fn carry(&mut self, queue: &mut Queue, now: &Moment, ask: &Ask) {
        let (what, when) = ((&ask.backend, &ask.about), (now, &self.epoch));
        let (mut result, mut took_ms) = self.stage.handle(what, &ask.exchange, when);
        if took_ms > ask.deadline_ms {
            let why = format!("no answer within {} ms", ask.deadline_ms).into();
            took_ms = ask.deadline_ms;
            result = Err(Fault::Lost(why));
        }
        queue.push(now.boot_ns + took_ms * 1_000_000, Input::Answered(ask.job, result));
    }

    /// Writes a batch down at once; a drill whose disk fails ends.
    fn write(&mut self, batch: &Batch) -> Result<Input> {
        let written = self.ledger.write(batch);
        match &written {
            Ok(records) => {
                self.stage.follow(records);
                for record in records.iter().filter(|_| self.tells) {
                    printer::say(printer::line(self.flight.playbook(), self.flight.state(), record));
                }
            }
            Err(Unwritten::Never(_)) => {}
            Err(Unwritten::ForNow(why)) => return Err(eyre!("the drill cannot be written down: {why}")),
        }
        Ok(Input::Written(written))
    }

    /// Asks the pilot, as long as there is something to decide now.
    fn steer(&mut self, queue: &mut Queue, arming: &mut Arming, now: &Moment) -> Result<Option<Ending>> {
        while self.flight.is_settled() && self.flight.has_looked_around(now) {
            if let Some(why) = self.stage.differs() {
                return Ok(Some(Ending::Differed(why.clone())));
            }
            if self.is_left_alone(now) {
                return Ok(Some(Ending::LeftAlone));
            }
            if let Some((actor, comm)) = self.policy.crew().message(self.flight.playbook(), self.flight.state()) {
                if let Err(why) = self.flight.send_comm(now, actor, &comm, None) {
                    return Ok(Some(Ending::Open(why.to_string())));
                }
                self.handle(queue, now, Input::Tick)?;
                continue;
            }
            let (actor, next) = self.policy.next(self.flight.state(), now);
            let (actor, command) = match next {
                Move::Wait => return Ok(None),
                Move::Landed => {
                    let recovered = self.flight.state().closed == Some(true);
                    return Ok(Some(Ending::Closed { recovered }));
                }
                Move::Stop(why) => return Ok(Some(Ending::Open(why))),
                Move::Submit(command) => (actor, command),
                Move::Pull { lever, way, step } => {
                    let wanted = Wanted { lever, way, step, against: self.policy.reason().cloned() };
                    match self.approval(now, &wanted).map(Ok).or_else(|| self.fire(arming, now, wanted).transpose()) {
                        Some(Ok(asked)) => asked,
                        None => return Ok(None),
                        Some(Err(why)) => return Ok(Some(Ending::Open(why))),
                    }
                }
            };
            if let Some(why) = self.handle(queue, now, Input::Command(actor, command))? {
                return Ok(Some(Ending::Open(format!("refused: {why}"))));
            }
        }
        Ok(None)
    }

    /// Arms and fires; nothing while a value it needs is being read again.
    fn fire(&mut self, arming: &mut Arming, now: &Moment, wanted: Wanted) -> Result<Option<(Actor, Command)>, String> {
        let fire = arming.arm(&mut self.flight, now, wanted)?;
        Ok(fire.map(|fire| (Actor::from("pilot"), Command::Fire(fire))))
    }

    /// The cast's approval of a pull that needs one, as it would be sent now.
    fn approval(&self, now: &Moment, wanted: &Wanted) -> Option<(Actor, Command)> {
        let Wanted { lever, way, step, .. } = wanted;
        let armed = self.flight.prepare(now, lever, *way, step.clone(), 0)?;
        let asked = Asked { lever, way: *way, want: &armed.want, request_sha256: &armed.request_sha256 };
        let line = self.policy.crew().approval(self.flight.playbook(), self.flight.state(), &asked)?;
        Some((line.actor, line.command))
    }

    /// When this drill was over, in ms after its start: closed, or its false alarm left alone.
    pub fn elapsed_ms(&self) -> u64 {
        let closed = self.flight.state().marks.closed.as_ref().map(|closed| closed.since(&self.epoch).ms);
        closed.or(self.policy.false_alarm_ms()).unwrap_or_default()
    }

    /// Whether the alarm was false, is over, and nothing was rolled back on it.
    fn is_left_alone(&self, now: &Moment) -> bool {
        let over = self.policy.false_alarm_ms().is_some_and(|until_ms| now.since(&self.epoch).ms >= until_ms);
        over && self.flight.state().marks.declared.is_none()
    }
}
