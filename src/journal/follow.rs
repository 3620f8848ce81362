//! Following a journal that somebody else writes: complete lines only, each checked as it comes, without its lock.

use super::dir::Dir;
use super::error::Error;
use super::line::{LINE_MAX, LineFault, NO_PREV, Place, Sealed, Wrong, decode, holds_a_whole_line, unended};
use super::reader::scan_of;
use super::{JOURNAL, Journal, PLAYBOOK, SAMPLES};
use crate::incident::Record;
use crate::text::Text;
use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

/// The most bytes taken in at one look; what is left comes with the next.
const CHUNK_MAX: usize = 1024 * 1024;
/// The most bytes of old samples taken in at the beginning; a chart shows no more.
const OLD_SAMPLES_MAX: u64 = 4 * 1024 * 1024;

/// An incident directory that is read while another process writes it.
///
/// It is looked at again and again rather than watched by the system: a look costs microseconds, and works the same on
/// every file system, over the network and after a directory was moved, where notifications are lost in silence.
pub struct Follower {
    dir: Dir,
    file: File,
    /// Up to where complete lines were read.
    read_to: u64,
    next_seq: u64,
    head: String,
    incident: Option<Text>,
    samples: Samples,
}

/// What stands in the directory when following begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Beginning {
    /// The records, in order.
    pub records: Vec<Record>,
    /// `playbook.toml` as it was flown.
    pub playbook: String,
}

impl Follower {
    /// Opens the directory and reads what stands there; a line that is being written just now is waited for.
    pub fn open(path: &Path) -> Result<(Self, Beginning), Error> {
        let dir = Dir::open(path)?;
        let file = dir.open_read(JOURNAL)?;
        let scan = scan_of(&dir)?;
        let playbook = dir.read(PLAYBOOK)?;
        scan.accept(&dir, &playbook)?;
        let samples = Samples::open(&dir);
        let follower = Self {
            dir,
            file,
            read_to: scan.good_len,
            next_seq: scan.records.len() as u64 + 1,
            head: scan.hashes.last().map_or(NO_PREV, String::as_str).to_owned(),
            incident: scan.incident,
            samples,
        };
        let playbook = String::from_utf8_lossy(&playbook).into_owned();
        Ok((follower, Beginning { records: scan.records, playbook }))
    }

    /// The records that have come since the last look. A file that is shorter than what was read of it, or another one,
    /// is an error: what was shown before does not hold any more.
    pub fn look(&mut self) -> Result<Vec<Record>, Error> {
        let path = || self.dir.path.join(JOURNAL);
        let failed = |err| Error::io(&path(), "look at", err);
        let ours = self.file.metadata().map_err(failed)?;
        let named = self.dir.open_read(JOURNAL)?.metadata().map_err(failed)?;
        if (ours.dev(), ours.ino()) != (named.dev(), named.ino()) {
            return Err(Error::Replaced(path()));
        }
        if ours.len() < self.read_to {
            return Err(Error::Cut { path: path(), had: self.read_to, has: ours.len() });
        }
        let bytes = self.chunk(ours.len()).map_err(failed)?;
        self.take(&bytes)
    }

    fn chunk(&self, len: u64) -> std::io::Result<Vec<u8>> {
        read_from(&self.file, self.read_to, len)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let (body, after) = (&rest[..end], &rest[end + 1..]);
            let place = Place { seq: self.next_seq, prev: Some(&self.head), incident: self.incident.as_ref() };
            match decode(body, &place) {
                Ok(sealed) => records.push(self.believe(sealed, end + 1)),
                // What a power cut has left of a last line; who goes on with the incident cuts it off.
                Err(wrong) if after.is_empty() && wrong.is_torn() && !holds_a_whole_line(body) => return Ok(records),
                Err(wrong) => return Err(self.damaged(wrong)),
            }
            rest = after;
        }
        let (line, behind) = rest.split_at(rest.len().min(LINE_MAX));
        match unended(line, behind.iter().all(|byte| *byte == 0)) {
            wrong @ Wrong::TooLong => Err(self.damaged(wrong)),
            _ => Ok(records),
        }
    }

    fn believe(&mut self, sealed: Sealed, len: usize) -> Record {
        self.read_to += len as u64;
        self.next_seq += 1;
        self.head = sealed.hash;
        self.incident.get_or_insert(sealed.incident);
        sealed.record
    }

    fn damaged(&self, wrong: Wrong) -> Error {
        Error::Damaged { path: self.dir.path.join(JOURNAL), fault: LineFault { line: self.next_seq, wrong } }
    }

    /// The complete lines that the samples have grown by. Telemetry: what cannot be read is not missed.
    pub fn samples(&mut self) -> Vec<String> {
        self.samples.look(&self.dir)
    }
}

impl Journal {
    /// The newest complete lines of the samples that stand there already, as many as a chart shows. What cannot be read
    /// is not missed.
    pub fn old_samples(&self) -> Vec<String> {
        let mut samples = Samples::open(&self.dir);
        std::iter::from_fn(|| Some(samples.look(&self.dir)).filter(|lines| !lines.is_empty())).flatten().collect()
    }
}

/// How far the samples were read.
struct Samples {
    read_to: u64,
    /// Whether reading began within a line, which is then left out.
    cut: bool,
}

impl Samples {
    fn open(dir: &Dir) -> Self {
        let len = dir.open_read(SAMPLES).and_then(|file| len_of(&file, dir)).unwrap_or(0);
        let read_to = len.saturating_sub(OLD_SAMPLES_MAX);
        Self { read_to, cut: read_to > 0 }
    }

    fn look(&mut self, dir: &Dir) -> Vec<String> {
        let grown = || -> Result<Vec<u8>, Error> {
            let file = dir.open_read(SAMPLES)?;
            let len = len_of(&file, dir)?;
            read_from(&file, self.read_to, len).map_err(|err| Error::io(&dir.path.join(SAMPLES), "read", err))
        };
        let bytes = grown().unwrap_or_default();
        let Some(end) = bytes.iter().rposition(|b| *b == b'\n') else { return Vec::new() };
        self.read_to += end as u64 + 1;
        let lines = String::from_utf8_lossy(&bytes[..end]).into_owned();
        lines.split('\n').skip(usize::from(std::mem::take(&mut self.cut))).map(str::to_owned).collect()
    }
}

fn len_of(file: &File, dir: &Dir) -> Result<u64, Error> {
    file.metadata().map(|meta| meta.len()).map_err(|err| Error::io(&dir.path.join(SAMPLES), "look at", err))
}

/// What stands from `from` on, bounded.
fn read_from(file: &File, from: u64, len: u64) -> std::io::Result<Vec<u8>> {
    let room = usize::try_from(len.saturating_sub(from)).unwrap_or(CHUNK_MAX).min(CHUNK_MAX);
    let mut bytes = vec![0; room];
    let mut filled = 0;
    while filled < room {
        match file.read_at(&mut bytes[filled..], from + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
