//! What is verified: a directory's files by size and hash, wherever they were read from.

use super::dir::{Dir, Measured};
use super::error::Error;
use super::reader::{Scan, scan_of};
use super::{FILE_MAX, FOLDERS, PLAYBOOK, SAMPLES, TORN, telemetry};
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
    /// Those of them that were there before the journal was read.
    pub(super) beforehand: BTreeSet<String>,
    /// The torn ends that were set aside, and how many bytes each has.
    pub(super) aside: Vec<(String, u64)>,
    /// Whether any reading is there.
    pub(super) has_samples: bool,
    /// Worth knowing, and no fault.
    pub(super) notes: Vec<String>,
}

impl Default for Holding {
    fn default() -> Self {
        let playbook = Err(format!("{PLAYBOOK} is missing"));
        Self {
            journal: Scan::default(),
            playbook,
            files: BTreeMap::new(),
            beforehand: BTreeSet::new(),
            aside: Vec::new(),
            has_samples: false,
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
        // Whoever commands goes on writing: a file that is made after this may belong to a record that is not read.
        let beforehand = beforehand(dir)?;
        let playbook = dir.measure(PLAYBOOK, FILE_MAX, 0);
        let mut holding = Self {
            aside: aside(dir)?,
            has_samples: telemetry::is_there(dir),
            beforehand,
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

    /// Takes a file that was read from a bundle, whose files are older than the journal in it.
    pub(super) fn take_packed(&mut self, path: &str, body: Body, bytes: u64) {
        if path.contains('/') {
            self.beforehand.insert(path.to_owned());
            self.files.insert(path.to_owned(), body);
        } else if path == SAMPLES {
            self.has_samples = bytes > 0;
        } else if path.starts_with(TORN) {
            self.aside.push((path.to_owned(), bytes));
        }
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
        let bytes = dir.size(&name)?;
        Ok((name, bytes))
    })
    .collect()
}
