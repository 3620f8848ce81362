//! Why nothing came back.

use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing of the request left: connecting failed or timed out, a secret was missing.
    NotSent(Text),
    /// The peer was refused by us or refused us before the request (TLS, bad certificate, permission).
    Refused(Text),
    /// The request may have left and no whole answer came; nobody knows what it did.
    Lost(Text),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(why) => write!(f, "nothing was sent: {why}"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Lost(why) => write!(f, "no answer: {why}"),
        }
    }
}
