//! What can be wrong with an incident directory, in sentences that say what to do.

use super::LineFault;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why a journal could not be made, opened or read. Nothing was changed.
#[derive(Debug)]
pub enum Error {
    /// The name is taken.
    Occupied(PathBuf),
    /// There is nothing.
    Missing(PathBuf),
    /// A symbolic link, a FIFO, a second name of another file: not what goaround made.
    NotPlain(PathBuf),
    /// A file that `goaround bundle` wrote, where its directory is wanted.
    Bundle(PathBuf),
    /// A journal without a record.
    Empty(PathBuf),
    /// Another process writes it.
    Locked(PathBuf),
    /// A name that might lead elsewhere.
    BadName(String),
    /// A line before the last does not hold.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first such line.
        fault: LineFault,
    },
    /// What lies beside it says that it was longer.
    Shortened {
        /// The directory.
        dir: PathBuf,
        /// By how much, by what, and what to do.
        why: String,
    },
    /// While it was followed, it became shorter than what had been read of it.
    Cut {
        /// The file.
        path: PathBuf,
        /// How many bytes of complete lines had been read.
        had: u64,
        /// How many bytes it has now.
        has: u64,
    },
    /// While it was followed, another file took its name.
    Replaced(PathBuf),
    /// `playbook.toml` is not the one that was flown.
    OtherPlaybook {
        /// The directory.
        path: PathBuf,
        /// The SHA-256 in record 1.
        flown: String,
        /// The SHA-256 of the file.
        found: String,
    },
    /// A file has more bytes than are read of one.
    TooLong {
        /// The file.
        path: PathBuf,
        /// How many it may have.
        most: u64,
    },
    /// What people say of the incident cannot be read.
    Answers {
        /// The directory.
        dir: PathBuf,
        /// Where and why, and what to do.
        why: String,
    },
    /// The system said no.
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, as a verb.
        tried: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    pub(super) fn io(path: &Path, tried: &'static str, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), tried, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(path) => write!(
                f,
                "{} exists already, nothing was changed; resume it with `goaround resume`, or choose another --incidents folder",
                path.display()
            ),
            Self::Missing(path) => write!(f, "{} does not exist; is this an incident directory?", path.display()),
            Self::NotPlain(path) => write!(
                f,
                "{} is a link or no plain file or folder, nothing was changed; find out who put it there",
                path.display()
            ),
            Self::Bundle(path) => write!(
                f,
                "{0} is a bundle and no directory: `goaround verify {0}` checks it, `tar --zstd -xf {0}` unpacks it",
                path.display()
            ),
            Self::Empty(path) => write!(
                f,
                "{} holds no record: nothing was begun here, or it was emptied; put a copy of the whole journal back",
                path.display()
            ),
            Self::Locked(path) => write!(
                f,
                "{} is being written by another goaround; end that one first, `goaround verify` and `report` may read it meanwhile",
                path.display()
            ),
            Self::BadName(name) => write!(
                f,
                "{name:?} is no name for a file here; use letters, digits, `.`, `_` and `-`, starting with a letter or digit"
            ),
            Self::Damaged { path, fault } => write!(
                f,
                "{} is damaged: {fault}; nothing was changed, restore the file from a copy or read on with `goaround verify`",
                path.display()
            ),
            Self::Shortened { dir, why } => write!(f, "{}/{why}", dir.display()),
            Self::Cut { path, had, has } => write!(
                f,
                "{} was cut from {had} to {has} bytes while it was followed: what was shown of its end does not hold; watch it anew",
                path.display()
            ),
            Self::Replaced(path) => write!(
                f,
                "{} was replaced by another file while it was followed; find out who did it, then watch it anew",
                path.display()
            ),
            Self::OtherPlaybook { path, flown, found } => write!(
                f,
                "{}/playbook.toml is not the one that was flown (flown {}, found {}); put the flown one back",
                path.display(),
                short(flown),
                short(found)
            ),
            Self::TooLong { path, most } => write!(
                f,
                "{} has more than {most} bytes and was not read; find out who made it so long",
                path.display()
            ),
            Self::Answers { dir, why } => write!(f, "{}/{why}", dir.display()),
            Self::Io { path, tried, source } => write!(f, "cannot {tried} {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Occupied(_)
            | Self::Missing(_)
            | Self::NotPlain(_)
            | Self::Bundle(_)
            | Self::Empty(_)
            | Self::Locked(_)
            | Self::BadName(_)
            | Self::Damaged { .. }
            | Self::Shortened { .. }
            | Self::Cut { .. }
            | Self::Replaced(_)
            | Self::OtherPlaybook { .. }
            | Self::TooLong { .. }
            | Self::Answers { .. } => None,
        }
    }
}

/// Why events were not written down. None of the batch may be believed.
#[derive(Debug)]
pub enum AppendError {
    /// An event does not fit into a line.
    TooLong {
        /// Its place in the batch, from 1.
        place: usize,
        /// The bytes its line would have.
        bytes: usize,
    },
    /// An event would not be understood when read again, so it was not written.
    Unreadable {
        /// Its place in the batch, from 1.
        place: usize,
        /// What a reader would say.
        fault: LineFault,
    },
    /// Writing failed and was undone: the journal is as before, the batch may be tried again.
    NotSaved(io::Error),
    /// What is on disk is not known: this journal takes nothing more until it is opened again.
    Poisoned(String),
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { place, bytes } => write!(
                f,
                "event {place} needs a line of {bytes} bytes and a line has at most {}; shorten it",
                super::line::LINE_MAX
            ),
            Self::Unreadable { place, fault } => {
                write!(f, "event {place} was not written, no reader would accept it: {fault}")
            }
            Self::NotSaved(err) => write!(f, "journal not saved: {err}; the journal is as before, try again"),
            Self::Poisoned(why) => {
                write!(f, "journal not saved: {why}; what is on disk is not known, `goaround resume` will tell")
            }
        }
    }
}

impl std::error::Error for AppendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotSaved(err) => Some(err),
            Self::TooLong { .. } | Self::Unreadable { .. } | Self::Poisoned(_) => None,
        }
    }
}

/// The first letters of a hash, for people.
pub(super) fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
