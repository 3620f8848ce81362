//! Claims about the carriers, against real servers wherever one behaves that way, and against fakes, named
//! `fake_…`, for what no sound server does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exec;
mod file;
mod http;
mod kube;
mod pasted;
mod proxy;
mod real_servers;
mod real_servers_nats;
mod real_servers_postgres;
mod secrets;
#[path = "../common/servers.rs"]
mod servers;
#[path = "../common/testbed.rs"]
mod testbed;
mod tls;

use goaround::{
    backend::{Carriers, Secrets},
    kind::{Answer, Body, Exchange, Fault, HttpAsk, Use},
};
use std::collections::BTreeMap;

/// Carriers that know no secret.
fn carriers() -> Carriers {
    Carriers::new(Secrets::default()).expect("carriers need nothing of the machine")
}

/// A bare request.
fn http_ask(method: &str, url: &str) -> HttpAsk {
    let (method, url) = (method.to_owned(), url.to_owned());
    HttpAsk { method, url, headers: Vec::new(), auth: None, secrets: BTreeMap::new(), body: None, ca_file: None }
}

/// Fires a bare POST with ten seconds to answer.
async fn post(url: &str) -> Result<Answer, Fault> {
    carriers().perform(&Exchange::Http(http_ask("POST", url)), Use::Act, 10_000).await
}

/// The status and the body of an answer over HTTP.
#[track_caller]
fn answered(result: Result<Answer, Fault>) -> (u16, Body) {
    match result {
        Ok(Answer::Http { status, body, .. }) => (status, body),
        other => panic!("no HTTP answer: {other:?}"),
    }
}

/// The text of a fault of kind `NotSent`, and likewise below.
#[track_caller]
fn not_sent(result: Result<Answer, Fault>) -> String {
    match result {
        Err(Fault::NotSent(text)) => text.to_string(),
        other => panic!("not NotSent: {other:?}"),
    }
}

#[track_caller]
fn refused(result: Result<Answer, Fault>) -> String {
    match result {
        Err(Fault::Refused(text)) => text.to_string(),
        other => panic!("not Refused: {other:?}"),
    }
}

#[track_caller]
fn lost(result: Result<Answer, Fault>) -> String {
    match result {
        Err(Fault::Lost(text)) => text.to_string(),
        other => panic!("not Lost: {other:?}"),
    }
}
