//! The append: one write, one sync, and what is done when either fails.

use super::line::{Draft, LINE_MAX, Place, decode, encode};
use super::{AppendError, LineFault};
use crate::incident::{Actor, Event, Moment, Record};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The three things the log asks of a disk.
pub(super) trait Disk {
    /// Writes at an offset; may write less, and says how much.
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize>;
    /// Makes everything written so far survive a power cut.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to this length.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
}

impl Disk for File {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        FileExt::write_at(self, bytes, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.set_len(len)
    }
}

/// The end of the chain: where the next line goes and what it must name.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) offset: u64,
    pub(super) next_seq: u64,
    pub(super) head: String,
}

/// A file that is only ever appended to. Nothing is acknowledged before it is synced.
pub(super) struct Log<D> {
    disk: D,
    end: End,
    poison: Option<String>,
}

impl<D: Disk> Log<D> {
    pub(super) fn new(disk: D, end: End) -> Self {
        Self { disk, end, poison: None }
    }

    pub(super) fn head(&self) -> &str {
        &self.end.head
    }

    /// Appends the batch and answers with its records as they now stand on disk. They are read back from
    /// their own lines, so that what is believed now is what any later reader will believe, to the last bit.
    pub(super) fn append(
        &mut self,
        incident: &str,
        batch: &[(Moment, Actor, Event)],
    ) -> Result<Vec<Record>, AppendError> {
        if let Some(why) = &self.poison {
            return Err(AppendError::Poisoned(why.clone()));
        }
        let mut end = self.end.clone();
        let mut bytes = Vec::new();
        let mut records = Vec::with_capacity(batch.len());
        for (place, (at, actor, event)) in batch.iter().enumerate() {
            let (line, hash) = encode(&Draft { incident, seq: end.next_seq, at, actor, event, prev: &end.head });
            if line.len() > LINE_MAX {
                return Err(AppendError::TooLong { place: place + 1, bytes: line.len() });
            }
            let after = Place { seq: end.next_seq, prev: Some(&end.head), incident: None };
            let sealed = decode(&line[..line.len() - 1], &after).map_err(|wrong| AppendError::Unreadable {
                place: place + 1,
                fault: LineFault { line: end.next_seq, wrong },
            })?;
            records.push(sealed.record);
            bytes.extend_from_slice(&line);
            end = End { offset: end.offset + line.len() as u64, next_seq: end.next_seq + 1, head: hash };
        }
        if !bytes.is_empty() {
            self.commit(&bytes)?;
        }
        self.end = end;
        Ok(records)
    }

    fn commit(&mut self, bytes: &[u8]) -> Result<(), AppendError> {
        match self.disk.write_at(bytes, self.end.offset) {
            Ok(written) if written == bytes.len() => {
                // A failed sync is never repeated: the kernel may have dropped the pages and would then
                // answer yes to the second one.
                self.disk.sync().map_err(|err| self.poisoned(format!("sync failed ({err})")))
            }
            Ok(_) => Err(self.undo(io::Error::from(io::ErrorKind::WriteZero))),
            Err(err) => Err(self.undo(err)),
        }
    }

    /// Cuts off what a failed write may have left.
    fn undo(&mut self, err: io::Error) -> AppendError {
        let cut = self.disk.truncate(self.end.offset).and_then(|()| self.disk.sync());
        match cut {
            Ok(()) => AppendError::NotSaved(err),
            Err(second) => self.poisoned(format!("writing failed ({err}), and so did cutting it off ({second})")),
        }
    }

    fn poisoned(&mut self, why: String) -> AppendError {
        self.poison = Some(why.clone());
        AppendError::Poisoned(why)
    }
}
