//! Many HTTP requests as one exchange, a few at a time, and what came of each.

use super::{Answer, Fault, HttpAsk};
use serde::{Deserialize, Serialize};

/// Many requests of one look. They share its total deadline, and each has one of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpMany {
    /// The requests, in the order in which they are begun and answered for.
    pub asks: Vec<HttpAsk>,
    /// How many may be in the air at once.
    pub at_once: usize,
    /// The deadline of each, in milliseconds.
    pub each_ms: u64,
}

impl HttpMany {
    /// The most bytes kept of all answers together: 16 MiB. What comes after that is cut.
    pub const BYTES_MAX: usize = 16 << 20;
}

/// What came of one of many requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// From its beginning to its whole answer or its fault, in milliseconds.
    pub took_ms: u64,
    /// What came of it.
    pub result: Result<Answer, Fault>,
}

impl Timed {
    /// The same with every text in its answer put through `clean`; a carrier has redacted faults already.
    pub(super) fn cleaned(self, clean: &impl Fn(&[u8]) -> Vec<u8>) -> Self {
        Self { result: self.result.map(|answer| answer.cleaned(clean)), ..self }
    }
}
