//! What can be wrong with a database, a statement or a query as written.

use super::{Backend, Call};
use crate::kind::{Complaint, Use, written};

/// Statements that end or change the transaction they would stand in, or that never answer.
const NO_ACTS: &[&str] = &[
    "ABORT",
    "BEGIN",
    "CLOSE",
    "COMMIT",
    "COPY",
    "DECLARE",
    "END",
    "FETCH",
    "LISTEN",
    "PREPARE",
    "RELEASE",
    "ROLLBACK",
    "SAVEPOINT",
    "START",
];

/// What a query begins with.
const QUERIES: &[&str] = &["SELECT", "TABLE", "VALUES", "WITH"];

/// How long a statement waits for a lock unless it says otherwise, in milliseconds.
const LOCK_TIMEOUT_MS: u64 = 500;

/// The longest wait for a lock: an hour.
const LOCK_TIMEOUT_MAX_MS: u64 = 60 * 60 * 1000;

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let pair = [("password_env", backend.password_env.is_some()), ("password_file", backend.password_file.is_some())];
    let both = pair.iter().all(|(_, written)| *written);
    let empty = |key: &str, value: &str| value.is_empty().then(|| Complaint::new(key, "is empty", "write its name"));
    let idle = backend.ca_file.is_some() && !backend.tls;
    let found = [
        written::host_port("address", &backend.address),
        empty("database", &backend.database),
        empty("user", &backend.user),
        written::exactly_one(&pair).filter(|_| both),
        written::env_name("password_env", backend.password_env.as_ref()),
        written::absolute("password_file", backend.password_file.as_deref()),
        written::absolute("ca_file", backend.ca_file.as_deref()),
        idle.then(|| Complaint::new("ca_file", "does nothing without TLS", "write `tls = true`")),
    ];
    found.into_iter().flatten().collect()
}

/// Faults of a call.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let mut found: Vec<_> =
        written::exactly_one(&[("act", call.act.is_some()), ("query", call.query.is_some())]).into_iter().collect();
    if let (key, Some(text)) = call.text(r#use) {
        found.extend(bad_text(key, text, r#use));
        found.extend(unused_value(text, call.params.len()));
    }
    found.extend(call.params.iter().filter_map(|template| written::open_hole("params", template)));
    let rest = [
        written::idle_key("act", call.act.is_some(), Use::Act, r#use),
        written::idle_key("query", call.query.is_some(), Use::Look, r#use),
        written::idle_key("lock_timeout", call.lock_timeout.is_some(), Use::Act, r#use),
        written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
        written::idle_key("find", call.find.is_some(), Use::Look, r#use),
        lock_timeout_ms(call).err().map(|why| Complaint::new("lock_timeout", why, "for instance `500ms`")),
        written::regex("ok", call.ok.as_deref()),
        written::grouped("find", call.find.as_deref()),
    ];
    found.extend(rest.into_iter().flatten());
    found
}

/// Why a text cannot be sent: a hole in it would be obeyed, or it is no statement for this use.
pub(super) fn bad_text(key: &str, text: &str, r#use: Use) -> Option<Complaint> {
    if text.contains("${") {
        let hint = "write `$1` there and the value into `params`; a name of a table or role must be written out";
        return Some(Complaint::new(key, "has a hole, whose value would be obeyed", hint));
    }
    let first: String = text.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    let first = first.to_ascii_uppercase();
    if first.is_empty() {
        return Some(Complaint::new(key, "does not begin with a statement", "begin it with `select`, `update`, …"));
    }
    match r#use {
        Use::Act if NO_ACTS.contains(&first.as_str()) => {
            let what = format!("cannot be `{first}`: it is one statement in a transaction of its own");
            Some(Complaint::new(key, what, "write the statement that changes something, alone"))
        }
        Use::Look if !QUERIES.contains(&first.as_str()) => {
            let what = format!("cannot be `{first}`: a look only looks");
            Some(Complaint::new(
                key,
                what,
                "begin it with `select`; a setting is read by `select current_setting('…')`",
            ))
        }
        Use::Act | Use::Look => None,
    }
}

/// A value that the text does not use: the server would refuse the whole.
fn unused_value(text: &str, count: usize) -> Option<Complaint> {
    let used = |number: usize| {
        let name = format!("${number}");
        text.match_indices(&name).any(|(at, _)| !text[at + name.len()..].starts_with(|c: char| c.is_ascii_digit()))
    };
    let missing = (1..=count).find(|number| !used(*number))?;
    let what = format!("has {count} values, and the text has no `${missing}`");
    Some(Complaint::new("params", what, format!("write `${missing}` where the value belongs, or take it out")))
}

/// How long the statement may wait for a lock, in milliseconds.
pub(super) fn lock_timeout_ms(call: &Call) -> Result<u64, String> {
    let Some(text) = &call.lock_timeout else { return Ok(LOCK_TIMEOUT_MS) };
    let span = humantime::parse_duration(text).map_err(|_| format!("cannot be `{text}`, which is no duration"))?;
    // Zero would mean no limit at all to the server.
    match u64::try_from(span.as_millis()) {
        Ok(ms) if (1..=LOCK_TIMEOUT_MAX_MS).contains(&ms) => Ok(ms),
        _ => Err(format!("cannot be `{text}`: it must be between 1ms and 1h")),
    }
}
