//! The index of a folder: what was read of its journals, so that they need not be read again. Derived, and thrown
//! away whenever anything about it is doubtful.

use super::dir::Dir;
use super::error::Error;
use super::line::sha256;
use super::stamp::Stamp;
use crate::report::What;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// The file's name within the folder.
pub(super) const INDEX: &str = ".goaround-index.json";
/// The longest index, in bytes: some hundred thousand directories.
const INDEX_MAX: u64 = 256 << 20;
/// The format written and read; another one is thrown away. It counts up whenever a journal is folded otherwise, too: 2
/// reckons times over restarts, 3 from when people say that impact began.
const FORMAT: u32 = 3;

/// What is known of each directory, by its name.
pub(super) type Index = BTreeMap<String, Known>;

/// What was read of a directory, and how its files looked from outside then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) stamp: Stamp,
    pub(super) what: What,
}

/// The first line.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: u32,
    /// Another version may fold a journal otherwise.
    goaround: String,
    /// Over everything behind this line.
    sha256: String,
}

impl Head {
    fn over(body: &[u8]) -> Self {
        Self { format: FORMAT, goaround: env!("CARGO_PKG_VERSION").to_owned(), sha256: sha256(body) }
    }
}

/// The folder's index; an empty one where it is missing, damaged, another version's or no plain file.
pub(super) fn load(folder: &Path) -> Index {
    let real = folder.canonicalize();
    let read = real.ok().and_then(|real| Dir::open(&real).and_then(|dir| dir.read_at_most(INDEX, INDEX_MAX)).ok());
    read.and_then(|bytes| parse(&bytes)).unwrap_or_default()
}

fn parse(bytes: &[u8]) -> Option<Index> {
    let at = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (&bytes[..at], &bytes[at + 1..]);
    let head: Head = serde_json::from_slice(head).ok()?;
    (head == Head::over(body)).then(|| serde_json::from_slice(body).ok()).flatten()
}

/// Puts the index in place of the one before: whoever reads it sees all of the one or all of the other. It is not
/// synced: after a power cut its hash tells that it is not whole, and it is made again.
pub(super) fn save(folder: &Path, index: &Index) -> Result<(), Error> {
    let failed = |err: io::Error| Error::io(&folder.join(INDEX), "write", err);
    let body = serde_json::to_vec(index).map_err(|err| failed(err.into()))?;
    let head = serde_json::to_vec(&Head::over(&body)).map_err(|err| failed(err.into()))?;
    let mut file = tempfile::Builder::new().prefix(INDEX).tempfile_in(folder).map_err(failed)?;
    [&head, b"\n".as_slice(), &body].into_iter().try_for_each(|part| file.write_all(part)).map_err(failed)?;
    file.persist(folder.join(INDEX)).map_err(|err| failed(err.error))?;
    Ok(())
}
