//! The reader: complete lines whose chain holds, a torn end told from a damaged middle.

use super::dir::Dir;
use super::error::Error;
use super::line::{LineFault, NO_PREV, Place, Sealed, Wrong, decode, holds_a_whole_line, sha256, unseal};
use super::{JOURNAL, PLAYBOOK};
use crate::incident::{Event, Record};
use crate::report::Fault;
use crate::text::Text;
use std::path::Path;

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
    let scan = scan(&dir.read(JOURNAL)?);
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
    pub(super) faults: Vec<LineFault>,
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

/// Reads every line. Behind a fault the chain is taken up again at the hash that the faulty line names, so
/// that each further fault is found too; no record behind the first one is believed.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut scan = Scan::default();
    let mut prev = Some(NO_PREV.to_owned());
    let mut line = 1;
    let mut rest = bytes;
    while !rest.is_empty() {
        let (body, after) = match rest.iter().position(|b| *b == b'\n') {
            Some(at) => (&rest[..at], Some(&rest[at + 1..])),
            None => (rest, None),
        };
        let place = Place { seq: line, prev: prev.as_deref(), incident: scan.incident.as_ref() };
        let result = match after {
            Some(_) => decode(body, &place),
            None => Err(Wrong::Unsealed),
        };
        let is_last = after.is_none_or(<[u8]>::is_empty);
        match result {
            Ok(sealed) => {
                prev = Some(sealed.hash.clone());
                scan.take(sealed, body.len() + 1);
            }
            Err(wrong) if is_last && wrong.is_torn() && !holds_a_whole_line(body) => {
                scan.torn_bytes = rest.len() as u64;
            }
            Err(wrong) => {
                prev = unseal(body).map(|(_, hash)| hash.to_owned());
                scan.faults.push(LineFault { line, wrong });
            }
        }
        rest = after.unwrap_or_default();
        line += 1;
    }
    scan
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
}
