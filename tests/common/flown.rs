//! A drill that was flown, and what it leaves.

#[path = "directory.rs"]
pub mod directory;

use std::path::PathBuf;
use tempfile::TempDir;

/// A drill flown to its recovery by the pilot, and its directory.
pub fn flown() -> (TempDir, PathBuf) {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let directory = directory::drill(incidents.path(), 1, &[]);
    (incidents, directory)
}
