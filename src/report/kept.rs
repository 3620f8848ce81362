//! Files that the journal names, and what was found of them.

use schemars::JsonSchema;
use serde::Serialize;

/// A file that the journal names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Kept {
    /// Its path within the directory.
    pub path: String,
    /// Its size in bytes, as the journal says.
    pub bytes: u64,
    /// Its SHA-256 in hex, as the journal says.
    pub sha256: String,
    /// What was found there.
    pub found: Found,
    /// The line that names it.
    pub line: u64,
}

/// What was found of a file that the journal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The same bytes.
    Unchanged,
    /// Other bytes.
    Changed,
    /// Nothing: a redacted bundle left its bytes out, and has the same size and hash for it.
    LeftOut,
    /// Nothing.
    Missing,
}
