//! What a reply over NATS means: statuses, and the errors of `JetStream`'s API.

use super::Call;
use crate::kind::look::{self, Wanted};
use crate::kind::{Body, NatsReply, Outcome, Seen, Settled};
use serde_json::Value;

/// An error in a reply of `JetStream`'s API (ADR-1): `{"error":{"code":404,"err_code":10014,"description":"…"}}`.
struct ApiError {
    code: u64,
    says: String,
}

/// How an act ended.
pub(super) fn settled(call: &Call, reply: &NatsReply) -> Settled {
    let body = match reply {
        NatsReply::NoResponders => return Settled::new(Outcome::Rejected, NOBODY),
        NatsReply::Status { code, words } => {
            let outcome = if (400..=499).contains(code) { Outcome::Rejected } else { Outcome::Unknown };
            return Settled::new(outcome, format!("status {code} {words}"));
        }
        NatsReply::Message(body) => body,
    };
    if let Some(ApiError { code, says }) = api_error(body) {
        // 503 is answered before anything is done: no leader, JetStream not up.
        let outcome = if code < 500 || code == 503 { Outcome::Rejected } else { Outcome::Unknown };
        return Settled::new(outcome, says);
    }
    let text = look::trimmed(body);
    match &call.ok {
        Some(ok) if !look::matches(ok, &text) => {
            let said = format!("it answered, but the reply does not match `{ok}`");
            Settled::new(Outcome::Unknown, look::saying(&said, &look::quote(body)))
        }
        Some(_) | None => Settled::new(Outcome::Applied, look::saying("answered", &look::quote(body))),
    }
}

/// What a look saw.
pub(super) fn seen(reply: &NatsReply, wanted: Wanted<'_>, otherwise: Option<&str>) -> Seen {
    let body = match reply {
        NatsReply::NoResponders => return look::failed(NOBODY),
        NatsReply::Status { code, words } => return look::failed(format!("status {code} {words}")),
        NatsReply::Message(body) => body,
    };
    match api_error(body) {
        Some(ApiError { code: 404, says }) => look::absent(says),
        Some(ApiError { says, .. }) => look::failed(says),
        None => match (wanted.in_body(body), otherwise) {
            (Seen::Absent(_), Some(otherwise)) => Seen::Value(otherwise.into()),
            (seen, _) => seen,
        },
    }
}

const NOBODY: &str = "no responders: nobody listens on this subject, or JetStream is not enabled there";

/// The error that a reply is; an `error` that is no object belongs to somebody else's protocol.
fn api_error(body: &Body) -> Option<ApiError> {
    let json: Value = serde_json::from_slice(&body.bytes).ok()?;
    let error = json.get("error")?.as_object()?;
    let code = error.get("code").and_then(Value::as_u64).unwrap_or(500);
    let number = error.get("err_code").and_then(Value::as_u64).map(|number| format!(" ({number})")).unwrap_or_default();
    let description = error.get("description").and_then(Value::as_str).unwrap_or("no description");
    Some(ApiError { code, says: look::shorten(&format!("{description}: error {code}{number}")) })
}
