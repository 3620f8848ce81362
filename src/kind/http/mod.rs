//! HTTP APIs: one request, a status and a body.

mod answer;
mod check;
mod send;

pub(super) use answer::api_body;
pub(super) use check::{bad_path, check_backend, check_call};
pub(super) use send::{address, auth, json_text, secrets};

use super::{Answer, Complaint, Exchange, Fault, Kind, Reading, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// The kind `http`.
#[derive(Clone, Copy, Debug)]
pub struct Http;

/// An HTTP backend: `edge.http = { url = "http://127.0.0.1:17082" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// The address that calls' paths are appended to, `http://` or `https://`, without credentials.
    pub url: String,
    /// Basic authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic: Option<Basic>,
    /// The environment variable that holds a bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_env: Option<String>,
    /// The file that holds a bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_file: Option<PathBuf>,
    /// A header whose whole value is a secret: `{ name = "Authorization", value_env = "UNLEASH_TOKEN" }`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<SecretHeader>,
    /// Secrets that stand in a path or a body, as `${secret.NAME}`: `{ hook = { env = "SLACK_HOOK" } }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, KeptSecret>,
    /// A PEM file of the only certificate authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// Where a secret is kept; exactly one of the two keys.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KeptSecret {
    /// The environment variable that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// The file that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// Basic authentication; exactly one of the two password keys.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Basic {
    /// The user's name.
    pub user: String,
    /// The environment variable that holds the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// The file that holds the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
}

/// A secret header; exactly one of the two value keys.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SecretHeader {
    /// The header's name.
    pub name: String,
    /// The environment variable that holds its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_env: Option<String>,
    /// The file that holds its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_file: Option<PathBuf>,
}

/// One request: exactly one of `get`, `post`, `put`, `patch`, `delete`, each a path that may hold `${name}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// Path of a GET.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// Path of a POST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Path of a PUT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put: Option<String>,
    /// Path of a PATCH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Path of a DELETE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete: Option<String>,
    /// The body; JSON unless `content_type` says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body's type; `application/json` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Headers that hold no secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Look: a JSON pointer into the answer (`/arm`); without it the whole body is the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Look: the value is this regular expression's first group in what `at` points at, or in the whole body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
    /// Look: statuses that are values: `{ 404 = "none" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, String>,
    /// Act: a 2xx whose body matches this regular expression was a no, and nothing was done: Rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// Metric: a JSON pointer to the time of the sample, in seconds or milliseconds since 1970 or as RFC 3339, so
    /// that an old value is STALE; without it a value is as old as its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<String>,
    /// Act: the body must match this regular expression, else the outcome is Unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Act: statuses known to be answered before anything was done, Rejected instead of Unknown (e.g. `[503]`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected_statuses: Vec<u16>,
}

impl Call {
    /// The method keys that are written: key, method, path; a sound call has exactly one.
    fn asked(&self) -> Vec<(&'static str, &'static str, &str)> {
        let methods = [
            ("get", "GET", &self.get),
            ("post", "POST", &self.post),
            ("put", "PUT", &self.put),
            ("patch", "PATCH", &self.patch),
            ("delete", "DELETE", &self.delete),
        ];
        methods.into_iter().filter_map(|(key, method, path)| Some((key, method, path.as_deref()?))).collect()
    }

    /// The type of the body.
    fn body_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or("application/json")
    }
}

impl Kind for Http {
    const NAME: &'static str = "http";
    const DOC: &'static str = "\
One HTTP request. Levers follow no redirect and nothing is sent twice.
Applied: any 2xx, but Unknown when `ok` is given and the body does not match it, or when `ok` is not given and the \
body is a web page (a login page answers 200 too).
Rejected: 3xx (the Location is shown), 4xx but 408, the statuses in `rejected_statuses`, and a 2xx whose body matches \
`no`; 429 shows how long to \
wait, and a person fires again.
NotSent: connecting failed, or a secret was missing. A refused certificate is Rejected.
Unknown: 1xx, 408, 5xx (503 too, unless it is in `rejected_statuses`), and every answer that was lost on its way.
Look: only 2xx is believed, and the statuses named in `statuses`. The value is what `at` points at (strings without \
quotes, objects and arrays as compact JSON), or the first group of `find` in it, else the whole body, JSON on one line; null, missing and empty are absent; a cut body, no JSON and a web page \
are failures.
Metric: the number that a look saw, sampled when `fresh` says, else as old as its answer.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        check::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        check::check_call(call, r#use)
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        send::secrets(backend)
    }

    fn templates(call: &Call) -> Vec<&str> {
        let paths = call.asked().into_iter().map(|(_, _, path)| path);
        paths.chain(call.body.as_deref()).chain(call.headers.values().map(String::as_str)).collect()
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        send::encode(backend, call, vars)
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        answer::settle(call, result)
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        answer::see(call, result)
    }

    fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        answer::read(call, result, now_ms)
    }

    fn url(backend: &Backend) -> Option<&str> {
        Some(backend.url.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod places;
#[cfg(test)]
mod tests;
