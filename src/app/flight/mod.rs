//! The whole flight without I/O: inputs in, requests out, the same for live, drill, resume and `--auto`.
//!
//! A driver feeds [`Input`]s with their time and performs the [`Request`]s. One command at a time: the next is
//! decided only when the previous one's events are on disk and believed.

mod arm;
mod baseline;
mod capture;
mod comms;
mod job;
mod letter;
mod poll;
mod pull;
mod turns;
mod typed;
mod wait;
mod writing;

pub(super) use baseline::set_known as set_known_baselines;
pub use capture::sha256_hex;
pub use job::{Ask, JobId};
pub(super) use letter::encode_message;
pub(super) use poll::{baseline_of, encode, encode_baseline, encode_metrics, readings};
pub use writing::{Batch, Unwritten};

use crate::cockpit::{Armed, Company, Health, Letter, Mode, Scene};
use crate::incident::{self, Actor, Command, Effect, Event, Moment, Record, State, derive};
use crate::kind::{Answer, Fault, Reading};
use crate::metrics::{Board, Heard, Sample};
use crate::playbook::{Id, Playbook};
use crate::text::{Redactor, Text};
use job::{Capturing, Job};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Something that happened to the flight.
#[derive(Debug)]
pub enum Input {
    /// Someone asks for something.
    Command(Actor, Command),
    /// An exchange ended.
    Answered(JobId, Result<Answer, Fault>),
    /// The journal has synced the last batch, or could not.
    Written(Result<Vec<Record>, Unwritten>),
    /// Time passed.
    Tick,
}

/// Something the driver must do.
#[expect(clippy::large_enum_variant, reason = "most requests are asks; a box for each would cost more than it saves")]
#[derive(Debug)]
pub enum Request {
    /// Perform an exchange and answer with [`Input::Answered`].
    Ask(Ask),
    /// Keep the files, append the entries, sync, and answer with [`Input::Written`].
    Write(Batch),
    /// Append a line to the samples; telemetry, never waited for.
    Sample(String),
    /// Tell the person: a command was refused, whose, and why.
    Refused(Refused),
    /// Tell the person: something is the matter that nobody asked about.
    Notice(Text),
}

/// A command that was refused.
#[derive(Debug)]
pub struct Refused {
    /// Whose it was.
    pub actor: Actor,
    /// Why.
    pub why: Text,
}

/// The newest records kept for the journal panel.
const RECORDS_MAX: usize = 200;

/// After this long without an answer from everything that is looked at, what is known must do, in ms.
const LOOK_AROUND_MS: u64 = 10_000;

/// From how far behind the journal this machine's clock is spoken of, in ms; less is what clocks differ by.
const CLOCK_BEHIND_MS: i64 = 2_000;

/// An incident in flight.
pub struct Flight {
    playbook: Arc<Playbook>,
    state: Arc<State>,
    board: Arc<Board>,
    records: Arc<VecDeque<Record>>,
    looked: Arc<BTreeMap<Id, Moment>>,
    /// The same of what was seen and is on its way to the disk.
    unbelieved: BTreeMap<Id, Moment>,
    began: Moment,
    /// The probes that no answer has come from since then.
    unlooked: BTreeSet<Id>,
    health: BTreeMap<Id, Health>,
    jobs: BTreeMap<JobId, Job>,
    next_job: JobId,
    capturing: BTreeMap<Id, Capturing>,
    waits: BTreeMap<Id, wait::Waiting>,
    turns: turns::Turns,
    desk: writing::Desk,
    /// The text of each message as it is on disk: what is sent, and sent again.
    outgoing: BTreeMap<Id, String>,
    /// The metrics whose first moments are over: their baselines are being written down.
    medians_asked: BTreeSet<Id>,
    hold_tick_at: Option<Moment>,
    /// When a clock opens a branch, or that is asked again.
    branch_tick_at: Option<Moment>,
    /// When the next message is due to be sent again.
    message_tick_at: Option<Moment>,
    redactor: Redactor,
    requests: Vec<Request>,
    armed: Option<Armed>,
    letter: Option<Letter>,
}

impl Flight {
    /// A flight that continues `records` (none for a new one).
    pub fn new(playbook: Arc<Playbook>, records: &[Record], redactor: Redactor, now: &Moment) -> Self {
        let state = incident::replay(&playbook, records);
        let newest = records.iter().skip(records.len().saturating_sub(RECORDS_MAX)).cloned().collect();
        let unknown = |id: &Id| Health { backend: id.clone(), up: None, why: Text::default(), since: None };
        Self {
            board: Arc::new(board_of(&playbook, &state, records, now)),
            state: Arc::new(state),
            records: Arc::new(newest),
            looked: Arc::default(),
            unbelieved: BTreeMap::new(),
            began: now.clone(),
            unlooked: playbook.probes.keys().cloned().collect(),
            health: playbook.backends.keys().map(|id| (id.clone(), unknown(id))).collect(),
            jobs: BTreeMap::new(),
            next_job: 1,
            capturing: BTreeMap::new(),
            waits: BTreeMap::new(),
            turns: turns::Turns::new(&playbook, now),
            desk: writing::Desk::default(),
            outgoing: BTreeMap::new(),
            medians_asked: BTreeSet::new(),
            hold_tick_at: None,
            branch_tick_at: None,
            message_tick_at: None,
            redactor,
            requests: Vec::new(),
            armed: None,
            letter: None,
            playbook,
        }
    }

    /// Takes up what was read before this flight continued the journal, for charts and trends: nothing is judged by it.
    pub fn recall_samples(&mut self, now: &Moment, lines: &[String]) {
        let mut read: BTreeMap<Id, Vec<(i64, Reading)>> = BTreeMap::new();
        for sample in lines.iter().filter_map(|line| Sample::parse(line)).filter(|sample| sample.at <= now.wall_ms) {
            let (metric, at_ms) = (sample.metric.clone(), sample.at);
            if let Heard::Reading(reading) = sample.heard() {
                read.entry(metric).or_default().push((at_ms, reading));
            }
        }
        let (board, playbook) = (Arc::make_mut(&mut self.board), self.playbook.clone());
        for (id, readings) in read {
            if let Some(metric) = playbook.metrics.get(&id) {
                board.recall_points(metric, readings, now.wall_ms);
            }
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

    /// Whether a pull or a message is on its way; its answer is worth waiting for before leaving.
    pub fn has_acts_in_flight(&self) -> bool {
        self.jobs.values().any(Job::is_act)
    }

    /// Whether nothing is lost by standing still for as long as anybody likes: no pull or message is on its way or being
    /// written down, and none is being read back.
    pub fn can_stand_still(&self) -> bool {
        let moves = |job: &Job| job.is_act() || matches!(job, Job::ReadBack(_));
        !self.jobs.values().any(moves) && !self.is_writing_an_act()
    }

    /// Whether everything has been looked at once since this flight began, or has had its time. Before that a resumed
    /// flight knows nothing of the world, and nobody should choose a lever by it.
    pub fn has_looked_around(&self, now: &Moment) -> bool {
        let seen = self.unlooked.is_empty() && self.playbook.metrics.keys().all(|id| self.board.verdict(id).is_some());
        seen || now.since(&self.began).ms >= LOOK_AROUND_MS
    }

    /// Takes an input in; answers what to do.
    pub fn handle(&mut self, now: &Moment, input: Input) -> Vec<Request> {
        match input {
            Input::Command(actor, command) => {
                if let Command::Resume { .. } = &command {
                    self.compare_clocks(now);
                }
                self.submit(now, actor, command, Vec::new());
            }
            Input::Answered(job, result) => {
                // Secrets are cut before anything is read out of an answer, shown, stored or hashed.
                let clean = |bytes: &[u8]| self.redactor.redact_bytes(bytes);
                let result = result.map(|answer| answer.cleaned(&clean));
                self.answered(now, job, &result);
                self.poll(now);
            }
            Input::Written(result) => self.wrote(now, result),
            Input::Tick => self.tick(now),
        }
        self.drain(now);
        std::mem::take(&mut self.requests)
    }

    /// Says so where this machine's clock is behind what stands in the journal: samples then look older than the last
    /// pull, and no exit target counts as met by them.
    fn compare_clocks(&mut self, now: &Moment) {
        let Some(last) = self.records.back() else { return };
        let behind_ms = last.at.wall_ms.saturating_sub(now.wall_ms);
        if behind_ms >= CLOCK_BEHIND_MS {
            let behind_s = behind_ms / 1000;
            let why = format!("this clock is {behind_s} s behind the journal: set it; until then nothing gets green");
            self.requests.push(Request::Notice(why.into()));
        }
    }

    /// When the next [`Input::Tick`] is due.
    pub fn next_wake(&self) -> Option<Moment> {
        let jobs = self.jobs.values().filter_map(Job::wakes_at);
        let waits = self.waits.values().filter_map(wait::Waiting::wakes_at).filter(|_| self.state.closed.is_none());
        let polls = self.next_poll().filter(|_| self.state.closed.is_none());
        let desk = self.desk.next_wake();
        let baseline = self.next_baseline();
        let all = jobs.chain(waits).chain(polls).chain(&desk).chain(&baseline);
        let all = all.chain(&self.hold_tick_at).chain(&self.branch_tick_at).chain(&self.message_tick_at);
        all.min_by_key(|moment| moment.boot_ns).cloned()
    }

    fn tick(&mut self, now: &Moment) {
        self.tick_desk(now);
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
        self.tick_waits(now);
        self.tick_baselines(now);
        self.tick_hold(now);
        self.tick_branches(now);
        self.tick_messages(now);
    }

    fn tick_hold(&mut self, now: &Moment) {
        if !derive::hold_runs(&self.state) {
            self.hold_tick_at = None;
            return;
        }
        if self.hold_tick_at.as_ref().is_none_or(|at| at.boot_ns <= now.boot_ns) {
            self.hold_tick_at = Some(now.plus_ms(250));
            self.submit(now, sensor(), Command::Tick, Vec::new());
        }
    }

    /// A clock that passes its budget opens its branch then, and not only when something else happens.
    fn tick_branches(&mut self, now: &Moment) {
        let left_ms = incident::branches::overdue_in_ms(&self.playbook, &self.state, now);
        let waited = self.branch_tick_at.as_ref().is_none_or(|at| at.boot_ns <= now.boot_ns);
        match left_ms {
            None => self.branch_tick_at = None,
            Some(0) if waited => {
                self.branch_tick_at = Some(now.plus_ms(250));
                self.submit(now, sensor(), Command::Tick, Vec::new());
            }
            // Asked for already: the disk has it.
            Some(0) => {}
            Some(left_ms) => self.branch_tick_at = Some(now.plus_ms(left_ms)),
        }
    }

    fn begin(&mut self, now: &Moment, effect: Effect) {
        match effect {
            Effect::Pull { attempt } => self.begin_pull(now, attempt),
            Effect::ReadBack { attempt } => self.begin_read_back(now, attempt),
            Effect::Capture { step } => self.begin_capture(now, &step),
            Effect::Wait { step } => self.begin_wait(now, &step),
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
            // What is closed stands still: its clocks and ages are those of its end.
            now: self.state.marks.closed.clone().unwrap_or_else(|| now.clone()),
            looked: self.looked.clone(),
            backends: self.health.values().cloned().collect(),
            journal_saved: self.is_saved(now),
            commander: typed::cut(&self.redactor, commander.clone()),
            armed: self.armed.clone(),
            letter: self.letter.clone(),
            ranked: incident::ranked(&self.playbook, &self.state),
            brief: Arc::new([]),
            company: Company::default(),
            toast: None,
            refused: None,
        }
    }
}

/// A board that has read nothing yet: it knows the baselines written in the playbook, and what was judged last.
fn board_of(playbook: &Playbook, state: &State, records: &[Record], now: &Moment) -> Board {
    let mut board = Board::default();
    writing::acted_ms(state).into_iter().for_each(|at_ms| board.acted(at_ms));
    baseline::set_known(&mut board, playbook, state, now);
    for record in records {
        if let Event::VerdictChanged { metric, verdict } = &record.event {
            board.recall(metric, verdict);
        }
    }
    board
}

/// goaround itself, when it writes down what it saw.
fn sensor() -> Actor {
    Actor::from("sensor")
}

#[cfg(test)]
mod tests;
