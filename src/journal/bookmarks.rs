//! Bookmarks of whoever looks at an incident again: beside the journal, named by no record.

use super::dir::Dir;
use super::error::Error;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use std::path::Path;

const BOOKMARKS: &str = "bookmarks.json";
const FORMAT: u32 = 1;

/// The file as written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    /// Milliseconds since the first record.
    bookmarks: Vec<u64>,
}

/// The bookmarks of an incident, in milliseconds since its first record; none where none were ever set. What cannot be
/// read as bookmarks is said, and none of it is believed.
pub fn bookmarks(path: &Path) -> Result<Vec<u64>, String> {
    Dir::open(path).map_err(|error| said(&error)).and_then(|dir| read(&dir))
}

/// Adds a bookmark to those that lie there now: others may have changed them since they were read.
pub fn keep_bookmark(path: &Path, at_ms: u64) -> Result<(), String> {
    change(path, |bookmarks| bookmarks.push(at_ms))
}

/// Takes a bookmark away from those that lie there now; one that is not there any more is no error.
pub fn drop_bookmark(path: &Path, at_ms: u64) -> Result<(), String> {
    change(path, |bookmarks| bookmarks.retain(|kept| *kept != at_ms))
}

/// Reads, changes and replaces the bookmarks while nobody else does: whoever reads them sees all of the one or all of the
/// other. The lock is the directory's own, and ends with `dir`; it is held for two small writes.
fn change(path: &Path, change: impl FnOnce(&mut Vec<u64>)) -> Result<(), String> {
    let dir = Dir::open(path).map_err(|error| said(&error))?;
    flock(dir.fd(), FlockOperation::LockExclusive).map_err(|errno| said(&Error::io(path, "lock", errno.into())))?;
    let mut bookmarks = read(&dir)?;
    change(&mut bookmarks);
    bookmarks.sort_unstable();
    bookmarks.dedup();
    let written = Written { format: FORMAT, bookmarks };
    let bytes =
        serde_json::to_vec(&written).map_err(|error| said(&Error::io(path, "write bookmarks in", error.into())))?;
    dir.replace(BOOKMARKS, &bytes).map_err(|error| said(&error))
}

fn read(dir: &Dir) -> Result<Vec<u64>, String> {
    let bytes = match dir.read(BOOKMARKS) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(Vec::new()),
        Err(error) => return Err(said(&error)),
    };
    let named = dir.path.join(BOOKMARKS);
    let written: Written = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{} holds no bookmarks: {error}; move it away", named.display()))?;
    if written.format > FORMAT {
        let found = written.format;
        return Err(format!("{} has format {found}, and this goaround reads {FORMAT}", named.display()));
    }
    Ok(written.bookmarks)
}

fn said(error: &Error) -> String {
    error.to_string()
}
