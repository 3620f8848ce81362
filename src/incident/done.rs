//! Who does things, and how a step came to be done.

use crate::text::Text;
use serde::{Deserialize, Serialize};

/// Who did it: a role or a login, or goaround itself (`sensor`, `pilot`).
pub type Actor = Text;

/// How a step came to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoneBy {
    /// Its sensor saw the state.
    Sensed {
        /// The value seen.
        saw: Text,
    },
    /// A person said what they saw.
    Confirmed {
        /// What they saw, or chose.
        saw: Text,
        /// How long they took to answer, in milliseconds.
        took_ms: u64,
        /// The second person who answered, where the step asks for one; else the record's actor did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approver: Option<Text>,
        /// Why a lever was chosen that no raised symptom lists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
}

impl DoneBy {
    /// The commander's own word.
    pub fn confirmed(saw: Text, took_ms: u64) -> Self {
        Self::Confirmed { saw, took_ms, approver: None, reason: None }
    }
}
