//! What waits for the disk: one batch at a time, tried again while that can help, believed once it is there.

use super::job::is_of_an_act;
use super::{Flight, RECORDS_MAX, Refused, Request, typed};
use crate::incident::{self, Actor, Command, Event, Look, Moment, Record, Sort, Stamped, State, derive, wait};
use crate::kind::Seen;
use crate::metrics::{ExitState, VerdictState};
use crate::text::Text;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The most commands waiting for the journal; readings beyond are dropped and asked for again.
const QUEUE_MAX: usize = 512;
/// How long to wait before a failed append is tried again, in ms.
const REWRITE_MS: u64 = 1000;
/// How long the disk may take before it counts as not saving, and a pull that waited for it as one that nobody
/// expects any more, in ms.
const PATIENCE_MS: u64 = 2000;
/// Why the journal is not saved while a batch is out for longer.
const HANGS: &str = "the disk does not answer";

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

/// Why a batch, or anything else, is not on disk. None of it may be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// It may be tried again.
    ForNow(Text),
    /// No disk could take it as it is.
    Never(Text),
}

/// A command on its way to the journal, with the files its events name.
struct Queued {
    stamped: Stamped,
    files: Vec<(String, Vec<u8>)>,
}

/// A command that was decided, and what of it is at the disk.
struct Writing {
    stamped: Stamped,
    batch: Batch,
}

/// Everything on its way to the disk.
pub(super) struct Desk {
    queue: VecDeque<Queued>,
    writing: Option<Writing>,
    rewrite_at: Option<Moment>,
    /// Since when a batch is at the journal and not answered: it is never handed over a second time meanwhile.
    handed_over: Option<Moment>,
    patience_ms: u64,
    /// Why the journal is not saved, as it was told last.
    trouble: Option<Text>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            writing: None,
            rewrite_at: None,
            handed_over: None,
            patience_ms: PATIENCE_MS,
            trouble: None,
        }
    }
}

impl Desk {
    fn is_stuck(&self, now: &Moment) -> bool {
        self.handed_over.as_ref().is_some_and(|since| now.since(since).ms > self.patience_ms)
    }

    /// When something is to be done about the disk: a batch tried again, or a slow one spoken of.
    pub(super) fn next_wake(&self) -> Option<Moment> {
        match &self.handed_over {
            None => self.rewrite_at.clone(),
            Some(_) if self.trouble.as_ref().is_some_and(|why| why.as_str() == HANGS) => None,
            Some(since) => Some(since.plus_ms(self.patience_ms + 1)),
        }
    }
}

impl Flight {
    /// Whether nothing is waiting for the journal: what is decided now is decided on everything known.
    pub fn is_settled(&self) -> bool {
        self.desk.writing.is_none() && self.desk.queue.is_empty()
    }

    /// Whether a pull or a message, or what became of one, is on its way to the disk.
    pub(super) fn is_writing_an_act(&self) -> bool {
        let queued = self.desk.queue.iter().map(|queued| &queued.stamped.command);
        self.desk.writing.iter().map(|writing| &writing.stamped.command).chain(queued).any(is_of_an_act)
    }

    /// Whether the journal takes appends: the last one did not fail, and none has been out for more than 2 s.
    pub fn is_saved(&self, now: &Moment) -> bool {
        self.desk.rewrite_at.is_none() && !self.desk.is_stuck(now)
    }

    /// Why the journal does not take appends, if it does not.
    pub fn trouble(&self) -> Option<&Text> {
        self.desk.trouble.as_ref()
    }

    /// How long the disk may take, in ms of incident time: a drill's time may run faster than any disk.
    pub fn set_patience(&mut self, patience_ms: u64) {
        self.desk.patience_ms = patience_ms;
    }

    /// Whether something asked for then is still expected by whoever asked for it.
    pub(super) fn is_expected(&self, now: &Moment, asked: &Moment) -> bool {
        now.since(asked).ms <= self.desk.patience_ms
    }

    /// How many records would be lost if nothing more were written.
    pub fn unsaved(&self) -> usize {
        let mut state = State::clone(&self.state);
        let mut count = 0;
        let mut believe = |state: &mut State, at: &Moment, actor: &Actor, event: Event| {
            let record = Record { seq: state.seq + 1, at: at.clone(), actor: actor.clone(), event };
            incident::apply(&self.playbook, state, &record);
            count += 1;
        };
        for (at, actor, event) in self.desk.writing.iter().flat_map(|writing| &writing.batch.entries) {
            believe(&mut state, at, actor, event.clone());
        }
        for Queued { stamped, .. } in &self.desk.queue {
            // What would be refused is nothing that could be lost.
            let events = incident::decide(&self.playbook, &state, stamped).unwrap_or_default();
            events.into_iter().for_each(|event| believe(&mut state, &stamped.at, &stamped.actor, event));
        }
        count
    }

    /// Queues a command. What a sensor said replaces what the same sensor said before and nobody has read yet.
    pub(super) fn submit(&mut self, now: &Moment, actor: Actor, command: Command, files: Vec<(String, Vec<u8>)>) {
        if let Command::Judge { .. } | Command::Sense { .. } | Command::SendAgain { .. } | Command::Tick = &command {
            let queue = &mut self.desk.queue;
            let full = queue.len() >= QUEUE_MAX;
            queue.retain(|queued| !gives_way(&queued.stamped.command, &command, full));
            if queue.len() >= QUEUE_MAX {
                return;
            }
        }
        // Here every command enters, typed ones too: nothing further on sees a secret that a person pasted.
        let actor = typed::cut(&self.redactor, actor);
        let command = typed::cut_command(&self.redactor, command);
        self.desk.queue.push_back(Queued { stamped: Stamped { at: now.clone(), actor, command }, files });
    }

    /// Drops what waits for the disk and is no longer meant.
    pub(super) fn withdraw(&mut self, is_meant: impl Fn(&Command) -> bool) {
        self.desk.queue.retain(|queued| is_meant(&queued.stamped.command));
    }

    /// Decides queued commands until one has something to write.
    pub(super) fn drain(&mut self, now: &Moment) {
        while self.desk.writing.is_none() {
            // Decided as of when it was asked, however long the disk took: a streak of green must not grow while a
            // reading that ends it waits here. The queue is in order of time, and so is the journal.
            let Some(Queued { stamped, files }) = self.desk.queue.pop_front() else { return };
            if sends_a_pull(&stamped.command) && !self.is_saved(now) {
                self.refuse(stamped.actor, "JOURNAL NOT SAVED: nothing is fired while appends fail");
                continue;
            }
            match incident::decide(&self.playbook, &self.state, &stamped) {
                Err(refusal) => self.refuse(stamped.actor, refusal.0),
                Ok(events) if events.is_empty() => {}
                Ok(events) => {
                    let entry = |event| (stamped.at.clone(), stamped.actor.clone(), event);
                    let entries = events.into_iter().map(entry).collect();
                    let batch = Batch { incident: self.state.incident.clone(), entries, files };
                    self.desk.handed_over = Some(now.clone());
                    self.requests.push(Request::Write(batch.clone()));
                    self.desk.writing = Some(Writing { stamped, batch });
                }
            }
        }
    }

    /// Tells whose command is refused, and why.
    fn refuse(&mut self, actor: Actor, why: impl Into<Text>) {
        self.requests.push(Request::Refused(Refused { actor, why: why.into() }));
    }

    /// The journal has answered.
    pub(super) fn wrote(&mut self, now: &Moment, result: Result<Vec<Record>, Unwritten>) {
        self.desk.handed_over = None;
        match result {
            Ok(records) => self.written(now, records),
            Err(Unwritten::ForNow(why)) => self.not_saved(now, why),
            Err(Unwritten::Never(why)) => self.never_written(&why),
        }
    }

    /// Hands a failed batch over again when its pause is over, and speaks of one that hangs.
    pub(super) fn tick_desk(&mut self, now: &Moment) {
        if self.desk.is_stuck(now) {
            self.tell_trouble(HANGS.into());
        }
        let due = self.desk.rewrite_at.as_ref().is_some_and(|at| at.boot_ns <= now.boot_ns);
        if due && self.desk.handed_over.is_none() {
            let again = self.desk.writing.as_ref().map(|writing| writing.batch.clone());
            self.desk.rewrite_at = again.as_ref().map(|_| now.plus_ms(REWRITE_MS));
            self.desk.handed_over = again.as_ref().map(|_| now.clone());
            self.requests.extend(again.map(Request::Write));
        }
    }

    /// Believes what is on disk, and only then acts on it.
    fn written(&mut self, now: &Moment, records: Vec<Record>) {
        let files = self.desk.writing.take().map(|writing| writing.batch.files).unwrap_or_default();
        (self.desk.rewrite_at, self.desk.trouble) = (None, None);
        for record in records {
            incident::apply(&self.playbook, Arc::make_mut(&mut self.state), &record);
            self.note_outgoing(&record.event, &files);
            self.believe_baseline(now, &record.event);
            self.believe_look(&record.event);
            let effects = incident::react(&self.playbook, &self.state, &record);
            let kept = Arc::make_mut(&mut self.records);
            if kept.len() == RECORDS_MAX {
                kept.pop_front();
            }
            kept.push_back(record);
            effects.into_iter().for_each(|effect| self.begin(now, effect));
        }
        // What was believed may let a lever under arms go, or hold it: a step begun, an approval, a sensor that turned.
        self.look_at_armed_again(now);
        if let Some(acted_ms) = acted_ms(&self.state) {
            Arc::make_mut(&mut self.board).acted(acted_ms);
        }
        self.tick_hold(now);
        self.tick_messages(now);
    }

    /// The last batch could not be written. It is tried again, unless it fires: a pull that leaves when the disk is
    /// back, long after it was asked for, is a pull that nobody expects.
    fn not_saved(&mut self, now: &Moment, why: Text) {
        self.desk.rewrite_at = Some(now.plus_ms(REWRITE_MS));
        let starts = |(_, _, event): &(_, _, Event)| matches!(event, Event::PullStarted { by_hand: false, .. });
        let given_up = self.desk.writing.take_if(|writing| writing.batch.entries.iter().any(starts));
        let waiting = self.desk.queue.iter().find(|queued| sends_a_pull(&queued.stamped.command));
        let waiting = waiting.map(|queued| queued.stamped.actor.clone());
        self.withdraw(|command| !sends_a_pull(command));
        if let Some(actor) = given_up.map(|writing| writing.stamped.actor).or(waiting) {
            self.refuse(actor, format!("JOURNAL NOT SAVED: {why}; the pull was given up, nothing was sent"));
            self.desk.trouble = Some(why);
        } else {
            self.tell_trouble(why);
        }
    }

    /// The last batch can never be written: what it would have done is not done, and what waits behind it goes on.
    fn never_written(&mut self, why: &Text) {
        self.desk.rewrite_at = None;
        let Some(Writing { stamped, batch }) = self.desk.writing.take() else { return };
        let Some(command) = shortened(&stamped.command) else {
            return self.refuse(stamped.actor, format!("this cannot be written down, so it was not done: {why}"));
        };
        self.requests.push(Request::Notice(format!("written down in short: {why}").into()));
        self.desk.queue.push_front(Queued { stamped: Stamped { command, ..stamped }, files: batch.files });
    }

    /// Says why the journal is not saved, once.
    fn tell_trouble(&mut self, why: Text) {
        if self.desk.trouble.as_ref() != Some(&why) {
            self.requests.push(Request::Notice(format!("journal not saved: {why}").into()));
            self.desk.trouble = Some(why);
        }
    }
}

/// While the hold looks for green: when production was changed last, on the wall clock. What was sampled before shows
/// the world before.
pub(super) fn acted_ms(state: &State) -> Option<i64> {
    wait::changed_at(state).map(|changed| changed.wall_ms).filter(|_| derive::hold_runs(state))
}

/// Whether a command, once it is on disk, sends something that changes production.
fn sends_a_pull(command: &Command) -> bool {
    matches!(command, Command::Fire(fire) if !fire.by_hand)
}

/// The same in fewer words, for what others wait for: how something ended must be known even where what was
/// answered does not fit a record. `None` for what is not done at all instead.
fn shortened(command: &Command) -> Option<Command> {
    if command.sort() != Sort::Ended {
        return None;
    }
    let short = Text::from("too long to be written down");
    let mut shorter = command.clone();
    match &mut shorter {
        Command::Settle { settled, .. } => settled.detail = short,
        Command::SettleMessage { detail, .. } => *detail = short,
        Command::ReadBack { saw, also, .. } => {
            also.fill(Seen::Failed(short.clone()));
            *saw = Seen::Failed(short);
        }
        Command::Capture { values, missing, .. } => (*values, *missing) = (BTreeMap::new(), vec![short]),
        // No other one tells how something ended; one that cannot be shortened is not done.
        _ => return None,
    }
    // What is short already and still does not fit never will.
    (shorter != *command).then_some(shorter)
}

/// Whether a waiting command need not be decided any more now that a newer one is asked.
///
/// A verdict that ends a streak of green stays, so that the hold learns of it however short it was.
fn gives_way(waiting: &Command, new: &Command, full: bool) -> bool {
    let (Sort::Look(old), Sort::Look(newer)) = (waiting.sort(), new.sort()) else { return false };
    match (old, newer) {
        (Look::Metric(metric, verdict), Look::Metric(also, _)) => {
            let green =
                verdict.state != VerdictState::Breach && matches!(verdict.exit, ExitState::Met | ExitState::None);
            metric == also && (green || full)
        }
        (Look::Probe(probe), Look::Probe(also)) => probe == also,
        (Look::Due(comm), Look::Due(also)) => comm == also,
        (Look::Time, Look::Time) => true,
        (Look::Metric(..) | Look::Probe(_) | Look::Due(_) | Look::Time, _) => false,
    }
}
