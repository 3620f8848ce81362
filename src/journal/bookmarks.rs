//! Bookmarks of whoever looks at an incident again: beside the journal, named by no record.

use super::dir::Dir;
use super::error::Error;
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
    let bytes = match Dir::open(path).and_then(|dir| dir.read(BOOKMARKS)) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let named = path.join(BOOKMARKS);
    let written: Written = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{} holds no bookmarks: {error}; move it away", named.display()))?;
    if written.format > FORMAT {
        let found = written.format;
        return Err(format!("{} has format {found}, and this goaround reads {FORMAT}", named.display()));
    }
    Ok(written.bookmarks)
}

/// Writes the bookmarks in place of those that were: whoever reads them sees all of the one or all of the other.
pub fn keep_bookmarks(path: &Path, bookmarks: &[u64]) -> Result<(), Error> {
    let written = Written { format: FORMAT, bookmarks: bookmarks.to_vec() };
    let bytes = serde_json::to_vec(&written).map_err(|error| Error::io(path, "write bookmarks in", error.into()))?;
    Dir::open(path)?.replace(BOOKMARKS, &bytes)
}
