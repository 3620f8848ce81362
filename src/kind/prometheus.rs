//! Prometheus: instant queries, batched, with the newest sample's own time.

use super::{Answer, Complaint, Exchange, Fault, Kind, Reading, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind `prometheus`.
#[derive(Clone, Copy, Debug)]
pub struct Prometheus;

/// A Prometheus server; its address and authentication are written like an `http` backend's.
pub type Backend = super::http::Backend;

/// One instant query that answers one series (or a scalar).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The query.
    pub query: String,
    /// The query for the time of the newest sample behind it, in seconds since 1970. Derived as
    /// `timestamp(query)` when the query is a bare selector; must be written otherwise: an instant
    /// query's own timestamp is the time of evaluation and says nothing about age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<String>,
}

impl Kind for Prometheus {
    const NAME: &'static str = "prometheus";
    const DOC: &'static str = "";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        todo!("{backend:?}")
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        todo!("{call:?} {use:?}")
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        todo!("{backend:?}")
    }

    fn templates(call: &Call) -> Vec<&str> {
        todo!("{call:?}")
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
        todo!("{backend:?} {call:?} {use:?} {vars:?}")
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        todo!("{call:?} {result:?}")
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        todo!("{call:?} {result:?}")
    }
}

/// One query of a batch: the metric's id and its call.
pub type Named<'a> = (&'a str, &'a Call);

/// All `calls` as one instant query: each expression and each `fresh` carries its id in the label
/// `goaround`, joined by `or`. `at_ms` evaluates in the past (baselines by offset).
pub fn batch(backend: &Backend, calls: &[Named<'_>], at_ms: Option<i64>) -> Result<Exchange, String> {
    todo!("{backend:?} {calls:?} {at_ms:?}")
}

/// The readings of a batch, one per call in the same order; an error says why the whole batch failed,
/// and each query must then be asked for by itself.
pub fn readings(calls: &[Named<'_>], result: &Result<Answer, Fault>) -> Result<Vec<Reading>, String> {
    todo!("{calls:?} {result:?}")
}

/// The parts of a batched query as `(label value, expression)`: what a simulated Prometheus has to answer.
pub fn parts(query: &str) -> Vec<(String, String)> {
    todo!("{query}")
}
