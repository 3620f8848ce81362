//! The journal's thread: a slow disk stalls nobody but itself.

use crate::app::flight::Batch;
use crate::app::ledger::Ledger;
use crate::incident::Record;
use crate::text::Text;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// The most things waiting for the disk; samples beyond are dropped, batches come one at a time.
const WAITING_MAX: usize = 1024;

enum Work {
    Write(Batch),
    Sample(String),
}

/// The way to the journal's thread.
pub(super) struct Writer {
    work: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; answers where acknowledgements arrive, one per batch.
    pub(super) fn start(ledger: Ledger) -> (Self, mpsc::Receiver<Result<Vec<Record>, Text>>) {
        let (work, waiting) = sync_channel(WAITING_MAX);
        let (acks, acknowledged) = mpsc::channel(4);
        let thread = std::thread::spawn(move || write(ledger, &waiting, &acks));
        (Self { work: Some(work), thread: Some(thread) }, acknowledged)
    }

    pub(super) fn write(&self, batch: Batch) {
        self.send(Work::Write(batch));
    }

    pub(super) fn sample(&self, line: String) {
        self.send(Work::Sample(line));
    }

    /// A batch always finds room: there is one at a time. Samples are telemetry and may be lost.
    fn send(&self, work: Work) {
        if let Some(channel) = &self.work {
            match channel.try_send(work) {
                Ok(()) | Err(TrySendError::Full(Work::Sample(_)) | TrySendError::Disconnected(_)) => {}
                Err(TrySendError::Full(batch @ Work::Write(_))) => drop(channel.send(batch)),
            }
        }
    }

    /// Ends the thread after everything handed over is written.
    pub(super) fn finish(&mut self) {
        drop(self.work.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn write(mut ledger: Ledger, waiting: &Receiver<Work>, acks: &mpsc::Sender<Result<Vec<Record>, Text>>) {
    while let Ok(work) = waiting.recv() {
        match work {
            Work::Sample(line) => ledger.sample(&line),
            Work::Write(batch) => {
                if acks.blocking_send(ledger.write(&batch)).is_err() {
                    return;
                }
            }
        }
    }
    ledger.flush();
}
