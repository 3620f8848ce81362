//! What is verified: a directory's files by size and hash, wherever they were read from.

use super::dir::Dir;
use super::error::Error;
use super::line::sha256;
use super::{FOLDERS, JOURNAL, PLAYBOOK, TORN};
use std::collections::{BTreeMap, BTreeSet};

/// An incident directory as verifying sees it.
#[derive(Debug)]
pub(super) struct Holding {
    /// The journal's bytes.
    pub(super) journal: Vec<u8>,
    /// The playbook's SHA-256, or why there is none.
    pub(super) playbook: Result<String, String>,
    /// The files of the folders, by path.
    pub(super) files: BTreeMap<String, Body>,
    /// Those of them that were there before the journal was read.
    pub(super) beforehand: BTreeSet<String>,
    /// The torn ends that were set aside, and how many bytes each has.
    pub(super) aside: Vec<(String, u64)>,
    /// Worth knowing, and no fault.
    pub(super) notes: Vec<String>,
}

impl Default for Holding {
    fn default() -> Self {
        let playbook = Err(format!("{PLAYBOOK} is missing"));
        Self {
            journal: Vec::new(),
            playbook,
            files: BTreeMap::new(),
            beforehand: BTreeSet::new(),
            aside: Vec::new(),
            notes: Vec::new(),
        }
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
        // Whoever commands goes on writing: a file that is made after this may belong to a record that is not read.
        let beforehand = beforehand(dir)?;
        let mut holding = Self {
            aside: aside(dir)?,
            beforehand,
            journal: dir.read(JOURNAL)?,
            playbook: dir.read(PLAYBOOK).map(|bytes| sha256(&bytes)).map_err(|err| err.to_string()),
            ..Self::default()
        };
        for folder in FOLDERS {
            holding.take(folder, dir)?;
        }
        Ok(holding)
    }

    /// Takes a file that was read from a bundle, whose files are older than the journal in it.
    pub(super) fn take_packed(&mut self, path: &str, body: Body, bytes: u64) {
        if path.contains('/') {
            self.beforehand.insert(path.to_owned());
            self.files.insert(path.to_owned(), body);
        } else if path.starts_with(TORN) {
            self.aside.push((path.to_owned(), bytes));
        }
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

/// The files that are there now, by path.
fn beforehand(dir: &Dir) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for folder in FOLDERS {
        match dir.sub(folder).and_then(|sub| sub.names()) {
            Ok((files, _)) => found.extend(files.into_iter().map(|name| format!("{folder}/{name}"))),
            Err(Error::Missing(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// The torn ends that are kept beside the journal.
fn aside(dir: &Dir) -> Result<Vec<(String, u64)>, Error> {
    let (files, _) = dir.names()?;
    let torn = files.into_iter().filter(|name| name.starts_with(TORN));
    torn.map(|name| {
        let bytes = dir.read(&name)?.len() as u64;
        Ok((name, bytes))
    })
    .collect()
}
