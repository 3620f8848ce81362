//! One HTTP request: no redirect, no proxy, no pool, no retry.

use super::{Deadline, Secrets, flat::flat, flat::is_tls, lost, not_sent, refused};
use crate::{
    kind::{Answer, Body, Fault, HttpAsk, HttpAuth},
    text::Text,
};
use reqwest::{
    Certificate, Client, ClientBuilder, Method, Request, Response, Url,
    header::{HeaderValue, LOCATION, RETRY_AFTER},
    redirect, retry,
};
use std::{collections::HashMap, path::PathBuf, sync::Mutex, time::Duration};
use tokio::time::timeout_at;

/// The connect limits used, in milliseconds; the longest that leaves a tenth of what is left is taken,
/// so that a connection that never came about is known as such and is never called lost.
const CONNECT_MS: &[u64] = &[2000, 1000, 500, 250, 100, 50, 20];

/// Whom an address has to be vouched for by.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Trust {
    /// Nobody: the address is plain `http://`, and no certificate store is needed for it.
    Plain,
    /// The system's authorities.
    System,
    /// The authorities in this file, and no others.
    File(PathBuf),
}

/// Clients, built when first needed: one for each set of authorities and connect limit.
pub(super) struct Clients {
    built: Mutex<HashMap<(Trust, u64), Client>>,
}

impl Clients {
    pub(super) fn new() -> Result<Self, String> {
        let longest = CONNECT_MS[0];
        let plain = build(&Trust::Plain, longest)?;
        Ok(Self { built: Mutex::new(HashMap::from([((Trust::Plain, longest), plain)])) })
    }

    pub(super) async fn perform(&self, ask: &HttpAsk, secrets: &Secrets, by: Deadline) -> Result<Answer, Fault> {
        let url = address(&ask.url).map_err(not_sent)?;
        let peer = peer(&ask.method, &url);
        let prepared = self.client(ask, &url, by).and_then(|client| Ok((request(&client, ask, secrets)?, client)));
        let (request, client) = prepared.map_err(|why| not_sent(format!("{peer}: {why}")))?;
        timeout_at(by.at, exchange(&client, request, &peer)).await.unwrap_or_else(|_| Err(by.passed(&peer)))
    }

    /// A client that gives up connecting before the deadline. To build one takes time as well: the limit is that of what
    /// is left behind it.
    fn client(&self, ask: &HttpAsk, url: &Url, by: Deadline) -> Result<Client, String> {
        let trust = match (&ask.ca_file, url.scheme()) {
            (_, "http") => Trust::Plain,
            (Some(file), _) => Trust::File(file.clone()),
            (None, _) => Trust::System,
        };
        let mut limit_ms = connect_ms(by.left_ms());
        loop {
            let client = self.limited(&trust, limit_ms)?;
            match (by.left_ms(), connect_ms(by.left_ms())) {
                (0, _) => return Err(format!("not sent within {} ms", by.ms)),
                (_, shorter_ms) if shorter_ms < limit_ms => limit_ms = shorter_ms,
                _ => return Ok(client),
            }
        }
    }

    fn limited(&self, trust: &Trust, connect_ms: u64) -> Result<Client, String> {
        let mut built = self.built.lock().expect("no client is built by a thread that panics");
        if let Some(client) = built.get(&(trust.clone(), connect_ms)) {
            return Ok(client.clone());
        }
        let client = build(trust, connect_ms)?;
        built.insert((trust.clone(), connect_ms), client.clone());
        Ok(client)
    }
}

/// How long connecting may take when everything may take `left_ms`.
pub(super) fn connect_ms(left_ms: u64) -> u64 {
    let fits = |limit: &&u64| **limit <= left_ms - left_ms / 10;
    *CONNECT_MS.iter().find(fits).unwrap_or(&CONNECT_MS[CONNECT_MS.len() - 1])
}

/// Sends a request once and reads its answer; the deadline is the caller's.
pub(super) async fn exchange(client: &Client, request: Request, peer: &str) -> Result<Answer, Fault> {
    let response = client.execute(request).await.map_err(|error| fault(peer, error))?;
    answer(response).await.map_err(|(status, error)| {
        lost(format!("{peer}: answered {status}, but not whole: {}", flat(&error.without_url())))
    })
}

/// A client that does what it is told once. A pooled connection may still lead to the arm that the last
/// request reached, and a request on one that has just been closed is repeated by the library: hence no pool.
pub(super) fn quiet(connect_ms: u64) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("goaround/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(0)
        .connect_timeout(Duration::from_millis(connect_ms))
}

fn build(trust: &Trust, connect_ms: u64) -> Result<Client, String> {
    let builder = quiet(connect_ms);
    let builder = match trust {
        Trust::Plain => builder.tls_certs_only([]),
        Trust::System => builder,
        Trust::File(path) => builder.tls_certs_only(authorities(path)?),
    };
    builder.build().map_err(|error| format!("TLS cannot be set up: {}", flat(&error)))
}

fn authorities(path: &PathBuf) -> Result<Vec<Certificate>, String> {
    let shown = path.display();
    let pem = std::fs::read(path).map_err(|error| format!("certificate authorities {shown}: {error}"))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| format!("{shown}: {}", flat(&error)))?;
    if found.is_empty() { Err(format!("{shown} holds no certificate")) } else { Ok(found) }
}

/// The address, without repeating it in an error: its query may hold what nobody should read.
pub(super) fn address(raw: &str) -> Result<Url, String> {
    let url = Url::parse(raw).map_err(|error| format!("the address cannot be used: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("`{other}` addresses are not spoken here, only http and https")),
    }
}

/// The request as a person may read it: no credentials, no query.
pub(super) fn peer(method: &str, url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{method} {}://{host}{port}{}", url.scheme(), url.path())
}

fn request(client: &Client, ask: &HttpAsk, secrets: &Secrets) -> Result<Request, String> {
    let (url, body) = ask.revealed(|secret| secrets.get(secret))?;
    let url = address(&url)?;
    let method = Method::from_bytes(ask.method.as_bytes()).map_err(|_| "this is no method".to_owned())?;
    let mut builder = client.request(method, url);
    for (name, value) in &ask.headers {
        builder = builder.header(name, value);
    }
    builder = match &ask.auth {
        None => builder,
        Some(HttpAuth::Basic { user, password }) => builder.basic_auth(user, Some(secrets.get(password)?)),
        Some(HttpAuth::Bearer(token)) => builder.bearer_auth(secrets.get(token)?),
        Some(HttpAuth::Header { name, value }) => {
            let mut value = HeaderValue::from_str(secrets.get(value)?)
                .map_err(|_| format!("the secret for header {name} holds a character no header may"))?;
            value.set_sensitive(true);
            builder.header(name, value)
        }
    };
    if let Some(body) = body {
        builder = builder.body(body);
    }
    builder.build().map_err(|error| flat(&error.without_url()))
}

/// How far a failed request got.
fn fault(peer: &str, error: reqwest::Error) -> Fault {
    let error = error.without_url();
    let text = format!("{peer}: {}", flat(&error));
    if error.is_connect() && is_tls(&error) {
        refused(text)
    } else if error.is_connect() || error.is_builder() {
        not_sent(text)
    } else {
        lost(text)
    }
}

/// The response, its body unpacked as it comes and cut at the cap: neither an endless body nor a bomb grows.
async fn answer(mut response: Response) -> Result<Answer, (u16, reqwest::Error)> {
    let status = response.status().as_u16();
    let header = |name| response.headers().get(name).map(HeaderValue::as_bytes);
    let location = header(LOCATION).map(Text::from_bytes);
    let retry_after_s = header(RETRY_AFTER).and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok());
    let mut body = Body::default();
    while let Some(chunk) = response.chunk().await.map_err(|error| (status, error))? {
        let room = Body::MAX_BYTES - body.bytes.len();
        body.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            body.truncated = true;
            break;
        }
    }
    Ok(Answer::Http { status, location, retry_after_s, body })
}
