//! What is kept beside the journal.

use serde::{Deserialize, Serialize};

/// A file in the incident's `evidence/` or `comms/` folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// Its path within the incident directory (`evidence/pins.json`).
    pub path: String,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}
