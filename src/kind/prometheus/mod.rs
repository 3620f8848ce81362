//! Prometheus: instant queries, batched, with the newest sample's own time.

mod answer;
mod batch;
mod promql;

pub use answer::readings;
pub use batch::{Named, batch, parts, query_of};

use super::fill::refuse;
use super::{
    Answer, Complaint, Exchange, Fault, Kind, Outcome, Reading, Seen, Settled, Use, Vars, fill, http, look, written,
};
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

/// The expression for the time of the newest sample behind a call's query, where it follows from the query:
/// `timestamp(query)` for a bare selector, nothing for anything else.
pub fn default_fresh(call: &Call) -> Option<String> {
    let query = call.query.trim();
    promql::is_bare_selector(query).then(|| format!("timestamp({query})"))
}

impl Kind for Prometheus {
    const NAME: &'static str = "prometheus";
    const DOC: &'static str = "\
Instant queries of a Prometheus server. They change nothing: a lever cannot use this kind.
A metric is a value only with one finite sample and the time of its newest sample (`fresh`, in seconds since 1970). \
Empty, NaN and a value without that time are no data; several series, infinity, a value beyond 1e15, a warning, an \
error and a cut or foreign answer are errors.
Metrics of one server are asked for in one query; when that fails, each is asked for by itself.
Look: the value of `query` as the server wrote it; empty and NaN are absent, anything but one series is a failure.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        http::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        let act = (r#use == Use::Act).then(|| {
            Complaint::new("", "a Prometheus query changes nothing", "a lever needs http, exec, file, socket or redis")
        });
        let fresh = call.fresh.as_deref().and_then(|fresh| bad_query("fresh", fresh));
        act.into_iter().chain(bad_query("query", &call.query)).chain(fresh).collect()
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        http::secrets(backend)
    }

    fn templates(call: &Call) -> Vec<&str> {
        std::iter::once(call.query.as_str()).chain(call.fresh.as_deref()).collect()
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
        match r#use {
            Use::Act => Err("a Prometheus query changes nothing, so it is no lever".to_owned()),
            Use::Look => {
                refuse(&call.query, vars, acts_in_query)?;
                Ok(batch::ask(backend, &fill(&call.query, vars, str::to_owned)?, None))
            }
        }
    }

    fn settle(_call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(_) => Settled::new(Outcome::Rejected, "a Prometheus query changes nothing"),
        }
    }

    fn see(_call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(answer) => answer::see(answer),
        }
    }

    /// Asked alone, a query comes without the time of its newest sample: that is no data, never a fresh value.
    fn read(_call: &Call, result: &Result<Answer, Fault>, _now_ms: i64) -> Reading {
        answer::read_alone(result)
    }

    fn url(backend: &Backend) -> Option<&str> {
        Some(backend.url.trim_end_matches('/'))
    }
}

/// Why a value would be more than a word of a query.
fn acts_in_query(value: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/');
    (!value.chars().all(plain)).then_some("holds more than letters, digits and `._-:/`, which a query would obey")
}

fn bad_query(key: &str, query: &str) -> Option<Complaint> {
    let why = promql::unsound(query).map(str::to_owned);
    let why = why.map(|what| Complaint::new(key, what, "try it in Prometheus's own page first"));
    why.or_else(|| written::open_hole(key, query))
}

#[cfg(test)]
mod tests;
