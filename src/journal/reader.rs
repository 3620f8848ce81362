//! The reader: complete lines whose chain holds, a torn end told from a damaged middle.

use super::dir::Dir;
use super::error::Error;
use super::line::{
    LINE_MAX, LineFault, NO_PREV, Place, Sealed, Wrong, decode, holds_a_whole_line, sha256, unended, unseal,
};
use super::{JOURNAL, PLAYBOOK};
use crate::incident::{Event, Record};
use crate::report::Fault;
use crate::text::Text;
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::path::Path;

/// How many faulty lines are kept and named; the others are counted. Whoever forges a journal may break every line.
const FAULTS_MAX: usize = 1_000;

/// What stands in a journal, read without its lock.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The incident's id; empty when nothing stands there yet.
    pub incident: Text,
    /// The records, in order; record `n` is line `n`.
    pub records: Vec<Record>,
    /// The hash of each line.
    pub hashes: Vec<String>,
    /// The bytes behind the last complete line: being written just now, or torn.
    pub torn_bytes: u64,
    /// `playbook.toml` as it was flown.
    pub playbook: String,
}

impl Reading {
    /// The hash of the last line; empty when there is none.
    pub fn head(&self) -> &str {
        self.hashes.last().map_or(NO_PREV, String::as_str)
    }
}

/// Reads an incident directory without its lock: for observers, reports and replay.
pub fn read(dir: &Path) -> Result<Reading, Error> {
    let dir = Dir::open(dir)?;
    let scan = scan_of(&dir)?;
    let playbook = dir.read(PLAYBOOK)?;
    scan.accept(&dir, &playbook)?;
    Ok(Reading {
        incident: scan.incident.unwrap_or_default(),
        records: scan.records,
        hashes: scan.hashes,
        torn_bytes: scan.torn_bytes,
        playbook: String::from_utf8_lossy(&playbook).into_owned(),
    })
}

/// Everything that can be said of a journal's bytes.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) incident: Option<Text>,
    /// The records up to the first fault.
    pub(super) records: Vec<Record>,
    pub(super) hashes: Vec<String>,
    /// The length of the lines of those records.
    pub(super) good_len: u64,
    pub(super) torn_bytes: u64,
    /// What is wrong with the first lines that do not hold.
    pub(super) faults: Vec<LineFault>,
    /// How many more do not.
    pub(super) more_faults: u64,
}

impl Scan {
    /// Refuses a damaged journal and one whose playbook was exchanged.
    pub(super) fn accept(&self, dir: &Dir, playbook: &[u8]) -> Result<(), Error> {
        if let Some(fault) = self.faults.first() {
            return Err(Error::Damaged { path: dir.path.join(JOURNAL), fault: fault.clone() });
        }
        let found = sha256(playbook);
        match self.flown() {
            Some(flown) if flown != found => {
                Err(Error::OtherPlaybook { path: dir.path.clone(), flown: flown.to_owned(), found })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Where it stops holding, if anything holds before that.
    pub(super) fn fault(&self) -> Option<Fault> {
        let fault = self.faults.first()?;
        let says = Text::new(&format!("{JOURNAL} {fault}; nothing from there on is shown")).to_string();
        Some(Fault { line: fault.line, says })
    }

    /// The playbook's SHA-256 as record 1 has it.
    pub(super) fn flown(&self) -> Option<&str> {
        match self.records.first().map(|record| &record.event) {
            Some(Event::Opened { playbook_sha256, .. }) => Some(playbook_sha256),
            Some(_) | None => None,
        }
    }
}

/// Reads a directory's journal.
pub(super) fn scan_of(dir: &Dir) -> Result<Scan, Error> {
    let file = dir.open_read(JOURNAL)?;
    scan_from(&file).map_err(|err| Error::io(&dir.path.join(JOURNAL), "read", err))
}

/// The same, with the size and the SHA-256 of exactly the bytes that were read.
pub(super) fn measured_scan(dir: &Dir) -> Result<(Scan, (u64, String)), Error> {
    let mut hashed = Hashing { inner: dir.open_read(JOURNAL)?, bytes: 0, hasher: Sha256::new() };
    let scan = scan_from(&mut hashed).map_err(|err| Error::io(&dir.path.join(JOURNAL), "read", err))?;
    Ok((scan, (hashed.bytes, hex::encode(hashed.hasher.finalize()))))
}

/// What is read, counted and hashed on the way.
struct Hashing<R> {
    inner: R,
    bytes: u64,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// Reads a journal from where it stands to its end.
pub(super) fn scan_from(mut file: impl Read) -> io::Result<Scan> {
    let mut scanner = Scanner::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(scanner.finish()),
            Ok(read) => scanner.push(&buffer[..read]),
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(err),
        }
    }
}

/// Reads every line, piece by piece: of the bytes it keeps no more than a line. Behind a fault the chain is taken up
/// again at the hash that the faulty line names, so that each further fault is found too; no record behind the first
/// one is believed.
pub(super) struct Scanner {
    scan: Scan,
    /// How many lines have ended.
    ended: u64,
    /// The hash that the next line must name; `None` behind a broken line, whose hash nobody knows.
    prev: Option<String>,
    /// The line that is being read, without its line break: at most [`LINE_MAX`] bytes, which no line has.
    line: Vec<u8>,
    /// How many bytes of it came behind those, and whether one of them is no zero.
    behind: (u64, bool),
    /// What is wrong with that line where it has ended: a tear if nothing follows it.
    doubt: Option<Wrong>,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            scan: Scan::default(),
            ended: 0,
            prev: Some(NO_PREV.to_owned()),
            line: Vec::new(),
            behind: (0, false),
            doubt: None,
        }
    }
}

impl Scanner {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if let Some(wrong) = self.doubt.take() {
                self.blame(wrong);
            }
            let end = bytes.iter().position(|b| *b == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            let (kept, behind) = part.split_at(part.len().min(LINE_MAX - self.line.len()));
            self.line.extend_from_slice(kept);
            self.behind.0 += behind.len() as u64;
            self.behind.1 |= behind.iter().any(|byte| *byte != 0);
            if end.is_some() {
                self.end_line();
            }
            bytes = end.map_or(&[], |end| &bytes[end + 1..]);
        }
    }

    fn end_line(&mut self) {
        self.ended += 1;
        let incident = self.scan.incident.as_ref();
        match decode(&self.line, &Place { seq: self.ended, prev: self.prev.as_deref(), incident }) {
            Ok(sealed) => {
                self.prev = Some(sealed.hash.clone());
                self.scan.take(sealed, self.line.len() + 1);
                self.line.clear();
            }
            Err(wrong) => self.doubt = Some(wrong),
        }
    }

    /// Notes what is wrong with the line that was read.
    fn blame(&mut self, wrong: Wrong) {
        self.prev = unseal(&self.line).map(|(_, hash)| hash.to_owned());
        self.scan.blame(LineFault { line: self.ended, wrong });
        self.line.clear();
        self.behind = (0, false);
    }

    /// What can be said now that nothing follows.
    pub(super) fn finish(mut self) -> Scan {
        let break_len = u64::from(self.doubt.is_some());
        let wrong = match self.doubt.take() {
            Some(wrong) => wrong,
            None if self.line.is_empty() => return self.scan,
            None => {
                self.ended += 1;
                unended(&self.line, !self.behind.1)
            }
        };
        if wrong.is_torn() && !holds_a_whole_line(&self.line) {
            self.scan.torn_bytes = self.line.len() as u64 + self.behind.0 + break_len;
        } else {
            self.blame(wrong);
        }
        self.scan
    }
}

impl Scan {
    fn take(&mut self, sealed: Sealed, len: usize) {
        if !self.faults.is_empty() {
            return;
        }
        self.incident.get_or_insert(sealed.incident);
        self.records.push(sealed.record);
        self.hashes.push(sealed.hash);
        self.good_len += len as u64;
    }

    fn blame(&mut self, fault: LineFault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }
}
