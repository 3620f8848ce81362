//! A bundle: an incident directory in one file for a ticket, with a manifest of hashes and a seal.
//!
//! `NAME.tar.zst` holds `NAME/manifest.json` and then the files in the order of their names; the same directory gives
//! the same bytes. Zstandard comes from the C library's binding: the pure Rust one reads its input by itself and panics
//! when a disk is full, and a C compiler is needed for the TLS provider anyway.

mod manifest;
pub(super) mod pack;
mod shape;
mod unpack;
mod unpacked;

pub use manifest::{Listed, Manifest};
pub use pack::{Bodies, Packed, Wish, bundle, bundle_name};
pub use unpack::verify_bundle;
pub(super) use unpacked::left_out;
pub use unpacked::verify;

use std::path::PathBuf;
use std::{fmt, io};

/// How hard it is compressed: a journal repeats itself, and nobody waits for it.
const LEVEL: i32 = 9;
/// The most files of a bundle.
const FILES_MAX: usize = 10_000;
/// The longest journal of a bundle, in bytes: its records are the one thing that verifying keeps in memory.
const JOURNAL_MAX: u64 = 128 << 20;
/// The most bytes of all its files.
const TOTAL_MAX: u64 = 2 << 30;
/// The longest manifest, in bytes.
const MANIFEST_MAX: u64 = 8 << 20;

/// Why a bundle could not be made or read.
#[derive(Debug)]
pub enum Error {
    /// The name is taken.
    Occupied(PathBuf),
    /// The incident directory cannot be read.
    Directory(super::Error),
    /// A file of it cannot be read.
    Read {
        /// Its path within the directory.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file became another while it was packed.
    Changed(String),
    /// More than a bundle may hold.
    TooMuch {
        /// The incident directory.
        path: PathBuf,
        /// What there is too much of.
        why: String,
    },
    /// The bundle cannot be written.
    Write {
        /// What the system said.
        source: io::Error,
    },
    /// The bundle is written, and a power cut might still take its name away.
    Unsynced {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// This is no bundle.
    NoBundle {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// This was a bundle and is not as it was packed.
    Broken(String),
}

impl Error {
    fn read(path: &str, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}

impl From<super::Error> for Error {
    fn from(error: super::Error) -> Self {
        Self::Directory(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(path) => {
                write!(
                    f,
                    "{} exists already and was not changed; name another --output, or add --force",
                    path.display()
                )
            }
            Self::Directory(error) => error.fmt(f),
            Self::Read { path, source } => write!(f, "cannot read {path}: {source}; nothing was written"),
            Self::Changed(path) => {
                write!(f, "{path} was changed while it was packed; nothing was written, try again")
            }
            Self::TooMuch { path, why } => {
                write!(f, "{} does not fit into a bundle: the manifest {why}; nothing was written", path.display())
            }
            Self::Write { source } => write!(f, "the bundle cannot be written: {source}; nothing is left of it"),
            Self::Unsynced { path, source } => {
                let path = path.display();
                write!(
                    f,
                    "{path} is written; its folder could not be synced ({source}): look again before you rely on it"
                )
            }
            Self::NoBundle { path, why } => {
                write!(
                    f,
                    "{} is no bundle: {why}; name an incident's directory or what `goaround bundle` wrote",
                    path.display()
                )
            }
            Self::Broken(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Directory(error) => Some(error),
            Self::Read { source, .. } | Self::Write { source } | Self::Unsynced { source, .. } => Some(source),
            Self::Occupied(_) | Self::Changed(_) | Self::TooMuch { .. } | Self::NoBundle { .. } | Self::Broken(_) => {
                None
            }
        }
    }
}
