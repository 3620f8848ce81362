//! From what the API server answered to what it means. Shapes and reasons: the API conventions' `Status`, and
//! `metav1.ManagedFieldsEntry`.

use super::Call;
use crate::kind::look::{self, Wanted};
use crate::kind::{Answer, Body, Fault, Outcome, Seen, Settled};
use serde_json::Value;

/// What a status asks of a person.
const HINTS: &[(u16, &str)] = &[
    (400, "the patch is malformed or names a field that does not exist"),
    (401, "the credential was not accepted; log in again, or check the context's user"),
    (403, "the credential may not do this; check its role in this namespace"),
    (404, "there is no such thing; check the name, the namespace, and whether the cluster knows the resource"),
    (405, "this cannot be done to such an object"),
    (408, "the server gave up waiting, nobody knows how far it came"),
    (409, "someone changed it first; look again before firing"),
    (415, "the server takes no merge patch for it"),
    (422, "the change was understood and refused"),
    (429, "too many requests"),
    (500, "the server failed, nobody knows how far it came"),
    (502, "a gateway got no sound answer, nobody knows how far it came"),
    (503, "the service is unavailable, nobody knows whether it began"),
    (504, "the server or a gateway gave up waiting, nobody knows how far it came"),
];

/// What a status means for a patch.
fn meaning(status: u16) -> (Outcome, &'static str) {
    let hint = HINTS.iter().find(|(listed, _)| *listed == status).map(|(_, hint)| *hint);
    let (outcome, common) = match status {
        200..=299 => (Outcome::Applied, ""),
        300..=399 => (Outcome::Rejected, "it points elsewhere, and levers follow no redirect"),
        // The server gave up waiting, perhaps for the end of a request that it had begun to obey.
        408 => (Outcome::Unknown, ""),
        400..=499 => (Outcome::Rejected, "the change was refused"),
        _ => (Outcome::Unknown, "nobody knows what was done"),
    };
    (outcome, hint.unwrap_or(common))
}

/// How an act ended.
pub(super) fn settle(result: &Result<Answer, Fault>) -> Settled {
    let (status, wait, body, rival) = match result {
        Err(fault) => return Settled::of_fault(fault),
        Ok(Answer::Kube { status, retry_after_s, body, rival }) => (*status, *retry_after_s, body, rival),
        Ok(foreign) => return look::misfit_act(foreign),
    };
    let (outcome, hint) = meaning(status);
    if outcome == Outcome::Applied {
        return believed(status, body);
    }
    let mut said = format!("HTTP {status}, {hint}");
    said.extend(rival.as_ref().and_then(changed_by).map(|who| format!("; {who}")));
    said.extend(wait.map(|wait| format!("; fire again in {wait} s")));
    Settled::new(outcome, look::saying(&said, &reason(body)))
}

/// A 2xx: Applied if it came with the object, or with too much of it to tell.
fn believed(status: u16, body: &Body) -> Settled {
    let object = serde_json::from_slice::<Value>(&body.bytes).ok().filter(Value::is_object);
    let failed = |object: &Value| object["kind"] == "Status" && object["status"] == "Failure";
    match object {
        Some(object) if failed(&object) => {
            Settled::new(Outcome::Unknown, look::saying(&format!("HTTP {status}, but a failure"), &reason(body)))
        }
        Some(object) => {
            let version = object.pointer("/metadata/resourceVersion").and_then(Value::as_str);
            let now = version.map(|version| format!(", now resourceVersion {version}")).unwrap_or_default();
            Settled::new(Outcome::Applied, format!("HTTP {status}{now}"))
        }
        None if body.truncated => Settled::new(Outcome::Applied, format!("HTTP {status}")),
        None => {
            let said = format!("HTTP {status}, but the answer is no object, perhaps a login page");
            Settled::new(Outcome::Unknown, look::saying(&said, &look::quote(body)))
        }
    }
}

/// Why not, in the server's words: the message of a `Status`, else the beginning of the body.
fn reason(body: &Body) -> String {
    let status = serde_json::from_slice::<Value>(&body.bytes).ok();
    match status.as_ref().and_then(|status| status["message"].as_str()) {
        Some(message) if !message.is_empty() => look::shorten(message),
        Some(_) | None => look::quote(body),
    }
}

/// Who changed an object last, and when: the newest of its `managedFields`, whose times are all in UTC.
fn changed_by(object: &Body) -> Option<String> {
    let object: Value = serde_json::from_slice(&object.bytes).ok()?;
    let entries = object.pointer("/metadata/managedFields")?.as_array()?;
    let timed = entries.iter().filter_map(|entry| Some((entry["time"].as_str()?, entry)));
    let (time, newest) = timed.max_by_key(|(time, _)| *time)?;
    let manager = newest["manager"].as_str().filter(|manager| !manager.is_empty()).unwrap_or("an unnamed client");
    let part = newest["subresource"].as_str().filter(|part| !part.is_empty());
    let part = part.map(|part| format!(" (its {part})")).unwrap_or_default();
    Some(format!("last changed by {manager}{part} at {time}"))
}

/// What a look saw.
pub(super) fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
    let (status, body) = match result {
        Err(fault) => return look::blinded(fault),
        Ok(Answer::Kube { status, body, .. }) => (*status, body),
        Ok(foreign) => return look::misfit_look(foreign),
    };
    if (200..=299).contains(&status) {
        return match (Wanted { at: call.at.as_deref(), find: None }.in_body(body), &call.otherwise) {
            (Seen::Absent(_), Some(otherwise)) => Seen::Value(otherwise.as_str().into()),
            (seen, _) => seen,
        };
    }
    let hint = match meaning(status) {
        (Outcome::Rejected, hint) if (400..=499).contains(&status) => format!(", {hint}"),
        (Outcome::Applied | Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, _) => String::new(),
    };
    look::failed(look::saying(&format!("HTTP {status}{hint}"), &reason(body)))
}
