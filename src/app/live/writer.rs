//! The journal's thread: a slow disk stalls nobody but itself.

use super::drafts::Drafts;
use crate::app::flight::{Batch, Unwritten};
use crate::app::ledger::Ledger;
use crate::incident::Record;
use crate::playbook::Id;
use crate::text::Text;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use tokio::sync::mpsc;

/// The most samples and drafts waiting for the disk; those beyond are not taken.
const WAITING_MAX: usize = 1024;

enum Work {
    Write(Batch),
    Sample(String),
    Draft(Id, Option<String>, u64),
}

/// What became of a batch.
pub(super) type Ack = Result<Vec<Record>, Unwritten>;

/// What the journal's thread writes on; a test's hangs and fails when told to.
pub(super) trait Paper {
    /// Writes a batch down; only what comes back may be believed.
    fn write(&mut self, batch: &Batch) -> Ack;
    /// Keeps the words of a message that was not sent yet, or lets go of them; why it could not, in words.
    fn draft(&mut self, comm: &Id, words: Option<&str>) -> Result<(), Text>;
    /// Adds a line of telemetry, which may be lost.
    fn sample(&mut self, line: &str);
    /// Hands telemetry to the system.
    fn flush(&mut self);
}

impl Paper for Ledger {
    fn write(&mut self, batch: &Batch) -> Ack {
        Self::write(self, batch)
    }

    fn draft(&mut self, comm: &Id, words: Option<&str>) -> Result<(), Text> {
        Self::draft(self, comm, words)
    }

    fn sample(&mut self, line: &str) {
        Self::sample(self, line);
    }

    fn flush(&mut self) {
        Self::flush(self);
    }
}

/// The way to the journal's thread.
pub(super) struct Writer {
    work: Option<SyncSender<Work>>,
    /// How many samples and drafts wait: they leave room for a batch, or the loop would wait for the disk with it.
    waiting: Arc<AtomicUsize>,
    /// Those that are not kept yet, or could not be.
    pub(super) drafts: Drafts,
}

impl Writer {
    /// Starts the thread; answers where acknowledgements arrive, one per batch, until the thread has ended.
    pub(super) fn start(paper: impl Paper + Send + 'static) -> (Self, mpsc::Receiver<Ack>) {
        let (work, next) = sync_channel(WAITING_MAX + 1);
        let (acks, acknowledged) = mpsc::channel(4);
        let (waiting, drafts) = (Arc::default(), Drafts::default());
        let (left, settled) = (Arc::clone(&waiting), drafts.clone());
        std::thread::spawn(move || write(paper, (&next, &left), (&acks, &settled)));
        (Self { work: Some(work), waiting, drafts }, acknowledged)
    }

    pub(super) fn write(&self, batch: Batch) {
        self.send(Work::Write(batch));
    }

    pub(super) fn draft(&self, comm: Id, words: Option<String>) {
        let turn = self.drafts.hand_over(&comm, words.clone());
        self.send(Work::Draft(comm, words, turn));
    }

    pub(super) fn sample(&self, line: String) {
        self.send(Work::Sample(line));
    }

    /// A batch always finds room: there is one at a time. Samples are telemetry and may be lost; so may a draft, where
    /// the disk has hung for a thousand lines, and then it is said.
    fn send(&self, work: Work) {
        let Some(channel) = &self.work else { return };
        let is_batch = matches!(work, Work::Write(_));
        if !is_batch && self.waiting.load(Ordering::Relaxed) >= WAITING_MAX {
            if let Work::Draft(comm, _, turn) = work {
                self.drafts.settle(&comm, turn, Err("the disk does not answer".into()));
            }
            return;
        }
        self.waiting.fetch_add(usize::from(!is_batch), Ordering::Relaxed);
        // A thread that has broken closes the way of its acknowledgements, and a draft that waits for it is told of.
        drop(channel.send(work));
    }

    /// Lets the thread end after everything handed over is written; a disk that hangs keeps it, and nobody else.
    pub(super) fn finish(&mut self) {
        drop(self.work.take());
    }
}

/// What is to be done next. Before waiting for it, telemetry is handed to the system: whoever watches reads it there.
fn next(paper: &mut impl Paper, handed_over: &Receiver<Work>) -> Option<Work> {
    match handed_over.try_recv() {
        Ok(work) => Some(work),
        Err(TryRecvError::Disconnected) => None,
        Err(TryRecvError::Empty) => {
            paper.flush();
            handed_over.recv().ok()
        }
    }
}

fn write(
    mut paper: impl Paper,
    (handed_over, waiting): (&Receiver<Work>, &AtomicUsize),
    (acks, drafts): (&mpsc::Sender<Ack>, &Drafts),
) {
    while let Some(work) = next(&mut paper, handed_over) {
        waiting.fetch_sub(usize::from(!matches!(work, Work::Write(_))), Ordering::Relaxed);
        match work {
            Work::Sample(line) => paper.sample(&line),
            Work::Draft(comm, words, turn) => drafts.settle(&comm, turn, paper.draft(&comm, words.as_deref())),
            Work::Write(batch) => {
                if acks.blocking_send(paper.write(&batch)).is_err() {
                    return;
                }
            }
        }
    }
    paper.flush();
}
