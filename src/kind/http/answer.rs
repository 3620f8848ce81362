//! From a response to what it means: a table of statuses, and the value in a body.

use super::Call;
use crate::kind::look::{self, Wanted};
use crate::kind::{Answer, Body, Fault, Outcome, Reading, Seen, Settled, reading};
use crate::text::Text;

/// Statuses that mean something more exact than their hundred: what they mean for an act, and what to do.
const STATUSES: &[(u16, Outcome, &str)] = &[
    (400, Outcome::Rejected, "the request is malformed"),
    (401, Outcome::Rejected, "the credential was not accepted; check the backend's secret"),
    (403, Outcome::Rejected, "the credential may not do this; check its rights"),
    (404, Outcome::Rejected, "there is no such thing; check the path and its names"),
    (405, Outcome::Rejected, "the method is not allowed here"),
    // The server gave up waiting, perhaps for the end of a request that it had begun to obey.
    (408, Outcome::Unknown, "the server gave up waiting"),
    (409, Outcome::Rejected, "someone changed it first; look again before firing"),
    (410, Outcome::Rejected, "it is gone"),
    (412, Outcome::Rejected, "someone changed it first; look again before firing"),
    (415, Outcome::Rejected, "the body's type is not accepted; check `content_type`"),
    (422, Outcome::Rejected, "the request was understood and refused"),
    (429, Outcome::Rejected, "too many requests"),
    (500, Outcome::Unknown, "the server failed, nobody knows how far it came"),
    (502, Outcome::Unknown, "a gateway got no sound answer, nobody knows how far it came"),
    (503, Outcome::Unknown, "the service is unavailable, nobody knows whether it began"),
    (504, Outcome::Unknown, "a gateway gave up waiting, nobody knows how far it came"),
];

/// What a status means for an act, and what to say about it.
fn meaning(status: u16, rejected: &[u16]) -> (Outcome, &'static str) {
    let row = STATUSES.iter().find(|(listed, _, _)| *listed == status).map(|(_, outcome, hint)| (*outcome, *hint));
    let (outcome, hint) = row.unwrap_or(match status {
        200..=299 => (Outcome::Applied, ""),
        300..=399 => (Outcome::Rejected, "it points elsewhere, and levers follow no redirect"),
        400..=499 => (Outcome::Rejected, "the request was refused"),
        _ => (Outcome::Unknown, "nobody knows what was done"),
    });
    if rejected.contains(&status) && status >= 400 {
        return (Outcome::Rejected, "answered before anything was done");
    }
    (outcome, hint)
}

/// How an act ended.
pub(super) fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
    let (status, location, retry_after_s, body) = match result {
        Err(fault) => return Settled::of_fault(fault),
        Ok(Answer::Http { status, location, retry_after_s, body }) => (*status, location, *retry_after_s, body),
        Ok(foreign) => return look::misfit_act(foreign),
    };
    let (outcome, hint) = meaning(status, &call.rejected_statuses);
    if outcome == Outcome::Applied {
        return believed(call, status, body);
    }
    let mut said = format!("HTTP {status}, {hint}");
    said.extend(location.iter().map(|to| format!("; Location: {to}")));
    said.extend(retry_after_s.iter().map(|wait| format!("; fire again in {wait} s")));
    Settled::new(outcome, look::saying(&said, &look::quote(body)))
}

/// A 2xx: Applied if the body does not say otherwise.
fn believed(call: &Call, status: u16, body: &Body) -> Settled {
    let text = look::trimmed(body);
    if let Some(no) = call.no.as_ref().filter(|no| look::matches(no, &text)) {
        let said = format!("HTTP {status}, but the body says no (`{no}`)");
        return Settled::new(Outcome::Rejected, look::saying(&said, &look::quote(body)));
    }
    let doubt = match &call.ok {
        Some(ok) if look::matches(ok, &text) => None,
        Some(ok) => Some(format!("HTTP {status}, but the body does not match `{ok}`")),
        None if is_web_page(&text) => Some(format!("HTTP {status}, but the body is a web page, perhaps a login")),
        None => None,
    };
    let (outcome, said) = match doubt {
        Some(doubt) => (Outcome::Unknown, doubt),
        None => (Outcome::Applied, format!("HTTP {status}")),
    };
    Settled::new(outcome, look::saying(&said, &look::quote(body)))
}

/// Whether a body is HTML where an API was asked.
fn is_web_page(text: &str) -> bool {
    let begins = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    begins("<!doctype html") || begins("<html")
}

/// What a look saw.
pub(super) fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
    let (status, location, body) = match result {
        Err(fault) => return look::blinded(fault),
        Ok(Answer::Http { status, location, body, .. }) => (*status, location, body),
        Ok(foreign) => return look::misfit_look(foreign),
    };
    if let Some(means) = call.statuses.get(&status.to_string()) {
        return Seen::Value(means.as_str().into());
    }
    if !(200..=299).contains(&status) {
        return refused(status, location.as_ref(), body);
    }
    if call.at.is_none() && is_web_page(&look::trimmed(body)) {
        return web_page(status, body);
    }
    Wanted { at: call.at.as_deref(), find: call.find.as_deref() }.in_body(body)
}

/// The body of an answer in which an API has said something, else what a look has seen instead.
pub(in crate::kind) fn api_body(result: &Result<Answer, Fault>) -> Result<&Body, Seen> {
    match result {
        Err(fault) => Err(look::blinded(fault)),
        Ok(Answer::Http { status, body, .. }) if (200..=299).contains(status) => {
            if is_web_page(&look::trimmed(body)) {
                Err(web_page(*status, body))
            } else {
                Ok(body)
            }
        }
        Ok(Answer::Http { status, location, body, .. }) => Err(refused(*status, location.as_ref(), body)),
        Ok(foreign) => Err(look::misfit_look(foreign)),
    }
}

fn web_page(status: u16, body: &Body) -> Seen {
    look::failed(format!("HTTP {status}, but the body is a web page, perhaps a login: {}", look::quote(body)))
}

/// What a metric read.
pub(super) fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
    let seen = see(call, result);
    match (&call.fresh, result) {
        (Some(fresh), Ok(Answer::Http { body, .. })) => reading::dated(&seen, body, fresh),
        (Some(_) | None, _) => reading::number(&seen, now_ms),
    }
}

/// A look answered with anything but 2xx.
fn refused(status: u16, location: Option<&Text>, body: &Body) -> Seen {
    let hint = match meaning(status, &[]) {
        (Outcome::Rejected, hint) if (400..=499).contains(&status) => format!(", {hint}"),
        (Outcome::Applied | Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, _) => String::new(),
    };
    let to = location.map(|to| format!("; Location: {to}")).unwrap_or_default();
    look::failed(look::saying(&format!("HTTP {status}{hint}{to}"), &look::quote(body)))
}
