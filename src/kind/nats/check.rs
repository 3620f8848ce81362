//! What can be wrong with a NATS server or request as written.

use super::{Backend, Call};
use crate::kind::{Complaint, Use, written};

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let ways = [
        ("password_env", backend.password_env.is_some()),
        ("password_file", backend.password_file.is_some()),
        ("token_env", backend.token_env.is_some()),
        ("token_file", backend.token_file.is_some()),
        ("creds_file", backend.creds_file.is_some()),
    ];
    let several = ways.iter().filter(|(_, written)| *written).count() > 1;
    let password = backend.password_env.is_some() || backend.password_file.is_some();
    let idle = backend.ca_file.is_some() && !backend.tls;
    let found = [
        written::host_port("address", &backend.address),
        written::exactly_one(&ways).filter(|_| several),
        written::env_name("password_env", backend.password_env.as_ref()),
        written::env_name("token_env", backend.token_env.as_ref()),
        written::absolute("password_file", backend.password_file.as_deref()),
        written::absolute("token_file", backend.token_file.as_deref()),
        written::absolute("creds_file", backend.creds_file.as_deref()),
        written::absolute("ca_file", backend.ca_file.as_deref()),
        (backend.user.is_some() && !password)
            .then(|| Complaint::new("user", "has no password", "write `password_env` or `password_file`")),
        (password && backend.user.is_none())
            .then(|| Complaint::new("", "has a password and no user", "write `user`, or use `token_env`")),
        idle.then(|| Complaint::new("ca_file", "does nothing without TLS", "write `tls = true`")),
    ];
    found.into_iter().flatten().collect()
}

/// Faults of a call.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let payload = call.payload.as_deref().unwrap_or_default();
    let filled = written::filled_with_x(&call.request).unwrap_or_else(|_| "x".to_owned());
    let found = [
        written::open_hole("request", &call.request),
        bad_subject(&filled)
            .map(|why| Complaint::new("request", why, "for instance `$JS.API.CONSUMER.INFO.jobs.worker`")),
        written::open_hole("payload", payload),
        written::json_template("payload", payload).filter(|_| is_json(payload)),
        written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
        written::idle_key("at", call.at.is_some(), Use::Look, r#use),
        written::idle_key("otherwise", call.otherwise.is_some(), Use::Look, r#use),
        (call.otherwise.is_some() && call.at.is_none())
            .then(|| Complaint::new("otherwise", "does nothing without `at`", "write `at`, or take it out")),
        written::regex("ok", call.ok.as_deref()),
        written::pointer("at", call.at.as_deref()),
    ];
    found.into_iter().flatten().collect()
}

/// Whether a payload is meant as JSON, so that values in it are escaped.
pub(super) fn is_json(payload: &str) -> bool {
    payload.trim_start().starts_with(['{', '['])
}

/// Why a subject cannot be published to.
pub(super) fn bad_subject(subject: &str) -> Option<&'static str> {
    if subject.split('.').any(str::is_empty) {
        return Some("has an empty token");
    }
    if subject.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("holds a blank or a control character");
    }
    subject.split('.').any(|token| matches!(token, "*" | ">")).then_some("has a wildcard, and one subject is asked")
}

/// Why a value is not one token of a subject.
pub(super) fn no_token(value: &str) -> Option<&'static str> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '.' | '*' | '>');
    (value.is_empty() || value.contains(bad)).then_some("is not one token of a subject")
}
