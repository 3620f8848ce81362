//! What a Redis reply means: error codes, and a reply as text.

use super::Call;
use crate::kind::look::{self, Wanted};
use crate::kind::{Outcome, RedisValue, Seen, Settled};
use crate::text::Text;

/// What an error's code asks of a person.
const HINTS: &[(&str, &str)] = &[
    ("ASK", "the key is moving to another node; ask that one"),
    ("BUSY", "a script is running; wait, or kill it"),
    ("CLUSTERDOWN", "the cluster is down; wait until it is up, then fire again"),
    ("LOADING", "the server is still loading its data; fire again when it has"),
    ("MASTERDOWN", "this is a replica without its primary; re-resolve the primary"),
    ("MISCONF", "the server cannot save and takes no writes; look at its disk"),
    ("MOVED", "the key lives on another node; ask that one"),
    ("NOAUTH", "the server wants a credential; check the backend's user and password"),
    ("NOPERM", "the credential may not do this; check the user's ACL"),
    ("NOREPLICAS", "too few replicas, so the server takes no writes"),
    ("NOSCRIPT", "the script is not loaded; use EVAL"),
    ("OOM", "the server is out of memory and takes no writes"),
    ("READONLY", "this is a replica; re-resolve the primary"),
    ("TRYAGAIN", "the keys are moving; fire again in a moment"),
    ("WRONGPASS", "the credential was not accepted; check the backend's user and password"),
    ("WRONGTYPE", "the key holds another type of value"),
];

/// How an act ended that was answered with an error.
pub(super) fn refused(call: &Call, error: &Text) -> Settled {
    if call.is_script() && failed_running(error.as_str()) {
        return Settled::new(
            Outcome::Unknown,
            format!("the script failed while it ran, what it wrote before stays: {error}"),
        );
    }
    Settled::new(Outcome::Rejected, hinted(error))
}

/// Whether an error was raised by a running script: Redis 7 appends `script: <sha>, on @user_script:1.`,
/// older ones begin with `ERR Error running script`, functions name themselves.
fn failed_running(error: &str) -> bool {
    ["script: ", "Error running script", "@user_script", "@user_function"].iter().any(|mark| error.contains(mark))
}

/// An error with what it asks of a person.
fn hinted(error: &Text) -> String {
    let code = error.as_str().split_whitespace().next().unwrap_or_default();
    match HINTS.iter().find(|(listed, _)| *listed == code) {
        Some((_, hint)) => format!("{hint}: {error}"),
        None => format!("refused: {error}"),
    }
}

/// How an act ended that was answered with anything but an error.
pub(super) fn accepted(call: &Call, value: &RedisValue) -> Settled {
    let text = text(value);
    let quoted = if *value == RedisValue::Nil { "nil".to_owned() } else { look::shorten(&text) };
    match &call.ok {
        Some(ok) if !look::matches(ok, &text) => {
            let outcome = if is_cut(value) { Outcome::Unknown } else { Outcome::Rejected };
            Settled::new(outcome, format!("it answered {quoted}, which does not match `{ok}`"))
        }
        Some(_) | None => Settled::new(Outcome::Applied, look::saying("answered", &quoted)),
    }
}

/// What a look saw in a reply.
pub(super) fn seen(value: &RedisValue, wanted: Wanted<'_>) -> Seen {
    match value {
        RedisValue::Error(error) => look::failed(hinted(error)),
        RedisValue::Nil => look::absent("nil"),
        RedisValue::Text(body) => wanted.in_body(body),
        RedisValue::Int(_) | RedisValue::List(_) if is_cut(value) => {
            look::failed("the reply is longer than what is kept")
        }
        RedisValue::Int(_) | RedisValue::List(_) => wanted.in_text(&text(value)),
    }
}

/// A reply as text.
fn text(value: &RedisValue) -> String {
    match value {
        RedisValue::Nil => String::new(),
        RedisValue::Int(number) => number.to_string(),
        RedisValue::Text(body) => look::trimmed(body),
        RedisValue::List(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        RedisValue::Error(error) => error.to_string(),
    }
}

/// Whether part of a reply was cut off.
fn is_cut(value: &RedisValue) -> bool {
    match value {
        RedisValue::Text(body) => body.truncated,
        RedisValue::List(items) => items.iter().any(is_cut),
        RedisValue::Nil | RedisValue::Int(_) | RedisValue::Error(_) => false,
    }
}
