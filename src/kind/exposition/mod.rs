//! Pages in the Prometheus text format: one series of a `/metrics`, without a Prometheus in between.

mod page;

use super::{
    Answer, Complaint, Exchange, Fault, HttpAsk, Kind, Outcome, Reading, Seen, Settled, Use, Vars, http, look, reading,
    written,
};
use crate::text::SecretRef;
use page::{Sample, is_label, is_metric};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind `exposition`.
#[derive(Clone, Copy, Debug)]
pub struct Exposition;

/// A service that shows its metrics; its address and authentication are written like an `http` backend's.
pub type Backend = super::http::Backend;

/// One series of a page: `{ backend = "app", metric = "rag_coverage", labels = { arm = "green" } }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// Path of the page; `/metrics` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// The name as it stands on the page, `_total`, `_sum` and the like included.
    pub metric: String,
    /// Labels that the series must have; others may be there too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Whether several series are added up; without it they are a failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sum: bool,
}

impl Kind for Exposition {
    const NAME: &'static str = "exposition";
    const DOC: &'static str = "\
One series of a page in the Prometheus text format (`/metrics`), asked for at its service. It changes nothing: a lever \
cannot use this kind.
Look: the value of the one series that is called `metric` and has `labels`, as the page writes it; with `sum = true` \
the sum of all such series. No such series and NaN are absent; several series, infinity, a line that is no sample, a \
cut page and anything but 2xx are failures.
Metric: the number that a look saw, sampled when its line says (the oldest of several), else as old as its answer.
A counter is read as it stands: rates, quantiles and whatever else needs more than one scrape belong to a Prometheus.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        http::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        let act = (r#use == Use::Act).then(|| {
            Complaint::new("", "a page of metrics changes nothing", "a lever needs a kind that can change something")
        });
        let path = http::bad_path("get", call.path()).or_else(|| written::no_hole("get", call.path()));
        let names = call.labels.keys().filter(|name| !is_label(name));
        let names = names.map(|name| {
            Complaint::new(&format!("labels.{name}"), "is no label's name", "letters, digits and `_`, no digit first")
        });
        act.into_iter().chain(path).chain(bad_metric(&call.metric)).chain(names).collect()
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        http::secrets(backend)
    }

    fn templates(_call: &Call) -> Vec<&str> {
        Vec::new()
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, _vars: &Vars) -> Result<Exchange, String> {
        match r#use {
            Use::Act => Err("a page of metrics changes nothing, so it is no lever".to_owned()),
            Use::Look => Ok(Exchange::Http(HttpAsk {
                method: "GET".to_owned(),
                url: http::address(backend, call.path()),
                headers: vec![("Accept".to_owned(), "text/plain;version=0.0.4".to_owned())],
                auth: http::auth(backend),
                secrets: BTreeMap::new(),
                body: None,
                ca_file: backend.ca_file.clone(),
            })),
        }
    }

    fn settle(_call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(_) => Settled::new(Outcome::Rejected, "a page of metrics changes nothing"),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        sample(call, result).map_or_else(|blind| blind, |sample| Seen::Value(sample.text.into()))
    }

    fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        match sample(call, result) {
            Ok(sample) => reading::number(&Seen::Value(sample.text.into()), sample.sampled_ms.unwrap_or(now_ms)),
            Err(blind) => reading::number(&blind, now_ms),
        }
    }

    fn url(backend: &Backend) -> Option<&str> {
        http::Http::url(backend)
    }
}

impl Call {
    /// The page's path.
    fn path(&self) -> &str {
        self.get.as_deref().unwrap_or("/metrics")
    }
}

/// The sample that a call is about, in a page that came whole.
fn sample(call: &Call, result: &Result<Answer, Fault>) -> Result<Sample, Seen> {
    let (status, body) = match result {
        Err(fault) => return Err(look::blinded(fault)),
        Ok(Answer::Http { status, body, .. }) => (*status, body),
        Ok(foreign) => return Err(look::misfit_look(foreign)),
    };
    if !(200..=299).contains(&status) {
        return Err(look::failed(look::saying(&format!("HTTP {status}"), &look::quote(body))));
    }
    if body.truncated {
        return Err(look::failed(format!("the page is longer than the {} bytes kept", body.bytes.len())));
    }
    match std::str::from_utf8(&body.bytes) {
        Ok(page) => page::sample(call, page),
        Err(_) => Err(look::failed(format!("the page is not UTF-8: {}", look::quote(body)))),
    }
}

fn bad_metric(metric: &str) -> Option<Complaint> {
    let hint = if metric.contains('{') { "write the labels into `labels`" } else { "letters, digits, `_` and `:`" };
    (!is_metric(metric)).then(|| Complaint::new("metric", "is no metric's name", hint))
}

#[cfg(test)]
mod tests;
