//! What is verified: a directory's files by size and hash, wherever they were read from.

use super::dir::Dir;
use super::error::Error;
use super::line::sha256;
use super::reader::{Scan, scan_of};
use super::{FOLDERS, PLAYBOOK};
use std::collections::BTreeMap;

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

impl Holding {
    /// Reads a directory; only one without a journal is refused.
    pub(super) fn of(dir: &Dir) -> Result<Self, Error> {
        let mut holding = Self {
            journal: scan_of(dir)?,
            playbook: dir.read(PLAYBOOK).map(|bytes| sha256(&bytes)).map_err(|err| err.to_string()),
            ..Self::default()
        };
        for folder in FOLDERS {
            holding.take(folder, dir)?;
        }
        Ok(holding)
    }

    fn take(&mut self, folder: &str, dir: &Dir) -> Result<(), Error> {
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
            let body = match sub.read(name) {
                Ok(bytes) => Body::Whole { bytes: bytes.len() as u64, sha256: sha256(&bytes) },
                Err(err) => Body::Unreadable(err.to_string()),
            };
            self.files.insert(format!("{folder}/{name}"), body);
        }
        for name in &others {
            let path = format!("{folder}/{name}");
            self.notes.push(format!("{path} is no plain file and was not read"));
            self.files.insert(path, Body::Unreadable(Error::NotPlain(sub.path.join(name)).to_string()));
        }
        Ok(())
    }
}
