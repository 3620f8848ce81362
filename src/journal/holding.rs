//! What is verified: a directory's files by size and hash, wherever they were read from.

use super::dir::{Dir, Measured};
use super::error::Error;
use super::reader::{Scan, scan_of};
use super::{FILE_MAX, FOLDERS, PLAYBOOK};
use crate::report::file_of;
use std::collections::{BTreeMap, BTreeSet};

/// An incident directory as verifying sees it.
pub(super) struct Holding {
    /// The journal, read.
    pub(super) journal: Scan,
    /// The playbook's SHA-256, or why there is none.
    pub(super) playbook: Result<String, String>,
    /// The files of the folders, by path.
    pub(super) files: BTreeMap<String, Body>,
    /// Worth knowing, and no fault.
    pub(super) notes: Vec<String>,
}

impl Default for Holding {
    fn default() -> Self {
        let playbook = Err(format!("{PLAYBOOK} is missing"));
        Self { journal: Scan::default(), playbook, files: BTreeMap::new(), notes: Vec::new() }
    }
}

/// What was found of a file.
#[derive(Debug)]
pub(super) enum Body {
    /// All of it was read.
    Whole {
        /// Its size.
        bytes: u64,
        /// Its SHA-256.
        sha256: String,
    },
    /// Its size says that it is not what the journal names, or no record names it: it was not read.
    Unread {
        /// Its size.
        bytes: u64,
    },
    /// It was left out on purpose; somebody says that it was this.
    Dropped {
        /// Its size.
        bytes: u64,
        /// Its SHA-256.
        sha256: String,
    },
    /// It cannot be read.
    Unreadable(String),
}

impl From<Measured> for Body {
    fn from(file: Measured) -> Self {
        Self::Whole { bytes: file.bytes, sha256: file.sha256 }
    }
}

impl Holding {
    /// Reads a directory; only one without a journal is refused.
    pub(super) fn of(dir: &Dir) -> Result<Self, Error> {
        let playbook = dir.measure(PLAYBOOK, FILE_MAX, 0);
        let mut holding = Self {
            journal: scan_of(dir)?,
            playbook: playbook.map(|file| file.sha256).map_err(|err| err.to_string()),
            ..Self::default()
        };
        let files = holding.journal.records.iter().filter_map(|record| file_of(&record.event));
        let named = files.map(|file| (file.path.clone(), file.bytes)).collect();
        for folder in FOLDERS {
            holding.take(folder, dir, &named)?;
        }
        Ok(holding)
    }

    /// Takes a folder in; only files of a size that the journal names are read.
    fn take(&mut self, folder: &str, dir: &Dir, named: &BTreeSet<(String, u64)>) -> Result<(), Error> {
        let sub = match dir.sub(folder) {
            Ok(sub) => sub,
            Err(Error::Missing(_)) => {
                self.notes.push(format!("the folder {folder} is missing"));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let (files, others) = sub.names()?;
        for name in &files {
            let path = format!("{folder}/{name}");
            let read = |bytes| {
                let is_named = named.contains(&(path.clone(), bytes));
                if is_named { sub.measure(name, FILE_MAX, 0).map(Body::from) } else { Ok(Body::Unread { bytes }) }
            };
            let body = sub.size(name).and_then(read).unwrap_or_else(|err| Body::Unreadable(err.to_string()));
            self.files.insert(path, body);
        }
        for name in &others {
            let path = format!("{folder}/{name}");
            self.notes.push(format!("{path} is no plain file and was not read"));
            self.files.insert(path, Body::Unreadable(Error::NotPlain(sub.path.join(name)).to_string()));
        }
        Ok(())
    }
}
