//! What is kept beside the journal.

use crate::text::Text;
use serde::{Deserialize, Deserializer, Serialize};

/// A file in the incident's `evidence/` or `comms/` folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// Its path within the incident directory (`evidence/pins.json`).
    #[serde(deserialize_with = "inert")]
    pub path: String,
    /// The SHA-256 of its bytes, in hex.
    #[serde(deserialize_with = "inert")]
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A forged journal may name a file after anything: it is told in many places, and acts in none.
fn inert<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer).map(|text| text.to_string())
}
