//! The whole flight without I/O: inputs in, requests out, the same for live, drill, resume and `--auto`.
//!
//! A driver feeds [`Input`]s with their time and performs the [`Request`]s. One command at a time: the next is
//! decided only when the previous one's events are on disk and believed.

mod arm;
mod capture;
mod comms;
mod job;
mod poll;
mod pull;
mod turns;
mod typed;

pub use capture::sha256_hex;
pub use job::{Ask, JobId};

use crate::cockpit::{Armed, Health, Mode, Scene};
use crate::incident::{self, Actor, Command, Effect, Event, Moment, Record, Stamped, State};
use crate::kind::{Answer, Fault};
use crate::metrics::{Board, ExitState, VerdictState};
use crate::playbook::{Baseline, Id, Playbook};
use crate::text::{Redactor, Text};
use job::{Capturing, Job};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Something that happened to the flight.
#[derive(Debug)]
pub enum Input {
    /// Someone asks for something.
    Command(Actor, Command),
    /// An exchange ended.
    Answered(JobId, Result<Answer, Fault>),
    /// The journal has synced the last batch, or could not.
    Written(Result<Vec<Record>, Text>),
    /// Time passed.
    Tick,
}

/// Something the driver must do.
#[derive(Debug)]
pub enum Request {
    /// Perform an exchange and answer with [`Input::Answered`].
    Ask(Ask),
    /// Keep the files, append the entries, sync, and answer with [`Input::Written`].
    Write(Batch),
    /// Append a line to the samples; telemetry, never waited for.
    Sample(String),
    /// Tell the person: a command was refused, and why.
    Refused(Text),
}

/// What goes to disk together: files first, then the records that name them.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The incident's id.
    pub incident: Text,
    /// Events with their time and actor.
    pub entries: Vec<(Moment, Actor, Event)>,
    /// Files by their path within the incident directory.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A command on its way to the journal, with the files its events name.
struct Queued {
    stamped: Stamped,
    files: Vec<(String, Vec<u8>)>,
}

/// The most commands waiting for the journal; readings beyond are dropped and asked for again.
const QUEUE_MAX: usize = 512;
/// The newest records kept for the journal panel.
const RECORDS_MAX: usize = 200;
/// How long to wait before a failed append is tried again, in ms.
const REWRITE_MS: u64 = 1000;

/// An incident in flight.
pub struct Flight {
    playbook: Arc<Playbook>,
    state: Arc<State>,
    board: Arc<Board>,
    records: Arc<VecDeque<Record>>,
    looked: Arc<BTreeMap<Id, Moment>>,
    health: BTreeMap<Id, Health>,
    jobs: BTreeMap<JobId, Job>,
    next_job: JobId,
    capturing: BTreeMap<Id, Capturing>,
    turns: turns::Turns,
    queue: VecDeque<Queued>,
    writing: Option<Batch>,
    rewrite_at: Option<Moment>,
    /// Whether a batch is at the journal and not answered: it is never handed over a second time meanwhile.
    at_journal: bool,
    hold_tick_at: Option<Moment>,
    redactor: Redactor,
    requests: Vec<Request>,
    armed: Option<Armed>,
}

impl Flight {
    /// A flight that continues `records` (none for a new one).
    pub fn new(playbook: Arc<Playbook>, records: &[Record], redactor: Redactor, now: &Moment) -> Self {
        let state = incident::replay(&playbook, records);
        let newest = records.iter().skip(records.len().saturating_sub(RECORDS_MAX)).cloned().collect();
        let mut board = Board::default();
        for metric in playbook.metrics.values() {
            if let Some(Baseline::Value(value)) = metric.baseline {
                board.set_baseline(&metric.id, value);
            }
        }
        let unknown = |id: &Id| Health { backend: id.clone(), up: None, why: Text::default(), since: None };
        Self {
            state: Arc::new(state),
            board: Arc::new(board),
            records: Arc::new(newest),
            looked: Arc::default(),
            health: playbook.backends.keys().map(|id| (id.clone(), unknown(id))).collect(),
            jobs: BTreeMap::new(),
            next_job: 1,
            capturing: BTreeMap::new(),
            turns: turns::Turns::new(&playbook, now),
            queue: VecDeque::new(),
            writing: None,
            rewrite_at: None,
            at_journal: false,
            hold_tick_at: None,
            redactor,
            requests: Vec::new(),
            armed: None,
            playbook,
        }
    }

    /// What is believed.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is flown.
    pub fn playbook(&self) -> &Playbook {
        &self.playbook
    }

    /// Whether nothing is waiting for the journal: what is decided now is decided on everything known.
    pub fn is_settled(&self) -> bool {
        self.writing.is_none() && self.queue.is_empty()
    }

    /// Whether the journal takes appends.
    pub fn is_saved(&self) -> bool {
        self.rewrite_at.is_none()
    }

    /// Whether a pull or a message is on its way; its answer is worth waiting for before leaving.
    pub fn has_acts_in_flight(&self) -> bool {
        self.jobs.values().any(Job::is_act)
    }

    /// Takes an input in; answers what to do.
    pub fn handle(&mut self, now: &Moment, input: Input) -> Vec<Request> {
        if let Input::Written(_) = &input {
            self.at_journal = false;
        }
        match input {
            Input::Command(actor, command) => self.submit(now, actor, command, Vec::new()),
            Input::Answered(job, result) => {
                // Secrets are cut before anything is read out of an answer, shown, stored or hashed.
                let clean = |bytes: &[u8]| self.redactor.redact_bytes(bytes);
                let result = result.map(|answer| answer.cleaned(&clean));
                self.answered(now, job, &result);
                self.poll(now);
            }
            Input::Written(Ok(records)) => self.written(now, records),
            Input::Written(Err(_)) => self.not_saved(now),
            Input::Tick => self.tick(now),
        }
        self.drain();
        std::mem::take(&mut self.requests)
    }

    /// When the next [`Input::Tick`] is due.
    pub fn next_wake(&self) -> Option<Moment> {
        let jobs = self.jobs.values().filter_map(Job::wakes_at);
        let polls = self.next_poll().filter(|_| self.state.closed.is_none());
        let rewrite = self.rewrite_at.iter().filter(|_| !self.at_journal);
        let all = jobs.chain(polls).chain(rewrite).chain(&self.hold_tick_at);
        all.min_by_key(|moment| moment.boot_ns).cloned()
    }

    fn tick(&mut self, now: &Moment) {
        if !self.at_journal && self.rewrite_at.as_ref().is_some_and(|at| at.boot_ns <= now.boot_ns) {
            self.rewrite_at = self.writing.as_ref().map(|_| now.plus_ms(REWRITE_MS));
            self.at_journal = self.writing.is_some();
            self.requests.extend(self.writing.clone().map(Request::Write));
        }
        // After closing nothing is read any more, and nothing pretends to have grown stale.
        let changes = match self.state.closed {
            None => Arc::make_mut(&mut self.board).tick(&self.playbook, now.wall_ms),
            Some(_) => Vec::new(),
        };
        for change in changes {
            self.submit(now, sensor(), Command::Judge { metric: change.metric, verdict: change.verdict }, Vec::new());
        }
        self.poll(now);
        self.wake_jobs(now);
        self.tick_hold(now);
    }

    fn tick_hold(&mut self, now: &Moment) {
        let runs = self.state.marks.hold_started.is_some() && self.state.marks.hold_met.is_none();
        if !runs || self.state.closed.is_some() {
            self.hold_tick_at = None;
            return;
        }
        if self.hold_tick_at.as_ref().is_none_or(|at| at.boot_ns <= now.boot_ns) {
            self.hold_tick_at = Some(now.plus_ms(250));
            self.submit(now, sensor(), Command::Tick, Vec::new());
        }
    }

    /// The last batch could not be written. It is tried again, unless it fires: a pull that leaves when the disk is
    /// back, long after it was asked for, is a pull that nobody expects.
    fn not_saved(&mut self, now: &Moment) {
        self.rewrite_at = Some(now.plus_ms(REWRITE_MS));
        let starts = |(_, _, event): &(_, _, Event)| matches!(event, Event::PullStarted { by_hand: false, .. });
        let given_up = self.writing.take_if(|batch| batch.entries.iter().any(starts)).is_some();
        let waiting = self.queue.len();
        self.queue.retain(|queued| !sends_a_pull(&queued.stamped.command));
        if given_up || self.queue.len() < waiting {
            self.requests.push(Request::Refused("JOURNAL NOT SAVED: the pull was given up, nothing was sent".into()));
        }
    }

    /// Queues a command. What a sensor said replaces what the same sensor said before and nobody has read yet.
    fn submit(&mut self, now: &Moment, actor: Actor, command: Command, files: Vec<(String, Vec<u8>)>) {
        if let Command::Judge { .. } | Command::Sense { .. } | Command::Tick = &command {
            let full = self.queue.len() >= QUEUE_MAX;
            self.queue.retain(|queued| !gives_way(&queued.stamped.command, &command, full));
            if self.queue.len() >= QUEUE_MAX {
                return;
            }
        }
        // Here every command enters, typed ones too: nothing further on sees a secret that a person pasted.
        let actor = typed::cut(&self.redactor, actor);
        let command = typed::cut_command(&self.redactor, command);
        self.queue.push_back(Queued { stamped: Stamped { at: now.clone(), actor, command }, files });
    }

    /// Decides queued commands until one has something to write.
    fn drain(&mut self) {
        while self.writing.is_none() {
            // Decided as of when it was asked, however long the disk took: a streak of green must not grow while a
            // reading that ends it waits here. The queue is in order of time, and so is the journal.
            let Some(queued) = self.queue.pop_front() else { return };
            if sends_a_pull(&queued.stamped.command) && !self.is_saved() {
                self.requests.push(Request::Refused("JOURNAL NOT SAVED: nothing is fired while appends fail".into()));
                continue;
            }
            match incident::decide(&self.playbook, &self.state, &queued.stamped) {
                Err(refusal) => self.requests.push(Request::Refused(refusal.0.into())),
                Ok(events) if events.is_empty() => {}
                Ok(events) => {
                    let Stamped { at, actor, .. } = queued.stamped;
                    let entries = events.into_iter().map(|event| (at.clone(), actor.clone(), event)).collect();
                    let batch = Batch { incident: self.state.incident.clone(), entries, files: queued.files };
                    self.at_journal = true;
                    self.requests.push(Request::Write(batch.clone()));
                    self.writing = Some(batch);
                }
            }
        }
    }

    /// Believes what is on disk, and only then acts on it.
    fn written(&mut self, now: &Moment, records: Vec<Record>) {
        self.writing = None;
        self.rewrite_at = None;
        for record in records {
            incident::apply(&self.playbook, Arc::make_mut(&mut self.state), &record);
            let effects = incident::react(&self.playbook, &self.state, &record);
            let kept = Arc::make_mut(&mut self.records);
            if kept.len() == RECORDS_MAX {
                kept.pop_front();
            }
            kept.push_back(record);
            effects.into_iter().for_each(|effect| self.begin(now, effect));
        }
        self.tick_hold(now);
    }

    fn begin(&mut self, now: &Moment, effect: Effect) {
        match effect {
            Effect::Pull { attempt } => self.begin_pull(now, attempt),
            Effect::ReadBack { attempt } => self.begin_read_back(now, attempt),
            Effect::Capture { step } => self.begin_capture(now, &step),
            Effect::Send { comm } => self.begin_send(now, &comm),
        }
    }

    /// Everything a frame is drawn from.
    pub fn scene(&self, mode: Mode, commander: &Actor, now: &Moment) -> Scene {
        Scene {
            mode,
            playbook: self.playbook.clone(),
            state: self.state.clone(),
            board: self.board.clone(),
            records: self.records.clone(),
            now: now.clone(),
            looked: self.looked.clone(),
            backends: self.health.values().cloned().collect(),
            journal_saved: self.is_saved(),
            commander: typed::cut(&self.redactor, commander.clone()),
            armed: self.armed.clone(),
            ranked: incident::ranked(&self.playbook, &self.state),
            toast: None,
        }
    }
}

/// goaround itself, when it writes down what it saw.
fn sensor() -> Actor {
    Actor::from("sensor")
}

/// Whether a command, once it is on disk, sends something that changes production.
fn sends_a_pull(command: &Command) -> bool {
    matches!(command, Command::Fire(fire) if !fire.by_hand)
}

/// Whether a waiting command need not be decided any more now that a newer one is asked.
///
/// A verdict that ends a streak of green stays, so that the hold learns of it however short it was.
fn gives_way(waiting: &Command, new: &Command, full: bool) -> bool {
    match (waiting, new) {
        (Command::Judge { metric: a, verdict }, Command::Judge { metric: b, .. }) => {
            let green =
                verdict.state != VerdictState::Breach && matches!(verdict.exit, ExitState::Met | ExitState::None);
            a == b && (green || full)
        }
        (Command::Sense { probe: a, .. }, Command::Sense { probe: b, .. }) => a == b,
        (Command::Tick, Command::Tick) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
