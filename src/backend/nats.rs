//! One NATS request on a connection of its own.

use super::{Deadline, Secrets, flat::flat, flat::is_tls, lost, not_sent, refused, stream::Tls};
use crate::{
    kind::{Answer, Body, Fault, NatsAsk, NatsAuth, NatsReply},
    text::Text,
};
use async_nats::{
    Auth, AuthError, Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, HeaderValue, Message, Request,
    RequestError, RequestErrorKind, ServerError,
};
use nkeys::KeyPair;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{sync::watch, time::timeout_at};

/// The header in which a service says that it failed (ADR-32), and the one with its code.
const SERVICE_ERROR: (&str, &str) = ("Nats-Service-Error", "Nats-Service-Error-Code");

/// Who we are, resolved.
#[derive(Clone)]
enum Identity {
    Nobody,
    Password { user: String, password: String },
    Token(String),
    Signed { jwt: String, key: Arc<KeyPair> },
}

/// What befell the connection after it came about.
#[derive(Clone, Debug)]
enum Fate {
    /// Nothing yet.
    Well,
    /// The server does not let us publish to the subject.
    Forbidden(String),
    /// It ended, or the server complained of something else.
    Ended(String),
}

/// Connects, sends the request once and waits for the first reply to it.
pub(super) async fn perform(ask: &NatsAsk, secrets: &Secrets, tls: &Tls, deadline: Deadline) -> Result<Answer, Fault> {
    let identity = identity(ask, secrets).map_err(not_sent)?;
    let (tell, told) = watch::channel(Fate::Well);
    let options = options(ask, identity, tls, tell).map_err(not_sent)?;
    let connecting = timeout_at(deadline.connect(), async_nats::connect_with_options(&*ask.address, options));
    let client = match connecting.await {
        Ok(connected) => connected.map_err(|error| turned_away(ask, &error))?,
        Err(_) => return Err(not_sent(format!("{}: connecting timed out", ask.address))),
    };
    match timeout_at(deadline.at, request(&client, ask, told)).await {
        Ok(answered) => answered,
        Err(_) => Err(deadline.passed(&ask.address)),
    }
}

fn options(ask: &NatsAsk, identity: Identity, tls: &Tls, tell: watch::Sender<Fate>) -> Result<ConnectOptions, String> {
    let greeted = Arc::new(AtomicBool::new(false));
    // The library reconnects by itself and then sends what still waits: a request given up would be sent late. Who
    // refuses to say who it is a second time is never connected a second time.
    let once = move |nonce: Vec<u8>| {
        let first = !greeted.swap(true, Ordering::SeqCst);
        let signed = if first { sign(&identity, &nonce) } else { Err("one connection for one request".to_owned()) };
        std::future::ready(signed.map_err(AuthError::new))
    };
    let subject = ask.subject.clone();
    let options = ConnectOptions::with_auth_callback(once)
        .name("goaround")
        .max_reconnects(1)
        .ignore_discovered_servers()
        .request_timeout(None)
        .event_callback(move |event| {
            if let Some(fate) = fate(&event, &subject) {
                tell_first(&tell, fate);
            }
            std::future::ready(())
        });
    if !ask.tls {
        return Ok(options);
    }
    Ok(options.require_tls(true).tls_client_config((*tls.config(ask.ca_file.as_deref())?).clone()))
}

/// What came first says why; what follows from it says less.
fn tell_first(tell: &watch::Sender<Fate>, fate: Fate) {
    tell.send_if_modified(|known| {
        let first = matches!(known, Fate::Well);
        if first {
            *known = fate;
        }
        first
    });
}

/// What an event means for the request in the air.
fn fate(event: &Event, subject: &str) -> Option<Fate> {
    match event {
        Event::Disconnected | Event::Closed => Some(Fate::Ended("the connection ended before the reply".into())),
        Event::ServerError(ServerError::Other(said)) if forbids(said, subject) => Some(Fate::Forbidden(said.clone())),
        Event::ServerError(said) => Some(Fate::Ended(said.to_string())),
        Event::Connected | Event::LameDuckMode | Event::Draining | Event::SlowConsumer(_) | Event::ClientError(_) => {
            None
        }
    }
}

/// Whether the server says that it threw the request away: `Permissions Violation for Publish to "…"`.
fn forbids(said: &str, subject: &str) -> bool {
    let said = said.to_ascii_lowercase();
    said.contains("permissions violation for publish") && said.contains(&subject.to_ascii_lowercase())
}

async fn request(client: &Client, ask: &NatsAsk, mut told: watch::Receiver<Fate>) -> Result<Answer, Fault> {
    let request = Request::new().payload(ask.payload.clone().into());
    tokio::select! {
        // A reply that came counts, whatever befell the connection after it.
        biased;
        replied = client.send_request(ask.subject.clone(), request) => answer(ask, replied),
        fate = told.wait_for(|fate| !matches!(fate, Fate::Well)) => Err(match fate.as_deref() {
            Ok(Fate::Forbidden(said)) => refused(format!("{}: {said}", ask.address)),
            Ok(Fate::Ended(said)) => lost(format!("{}: {said}", ask.address)),
            Ok(Fate::Well) | Err(_) => lost(format!("{}: the connection ended", ask.address)),
        }),
    }
}

fn answer(ask: &NatsAsk, replied: Result<Message, RequestError>) -> Result<Answer, Fault> {
    let told = |error: RequestError| format!("{}: {}", ask.address, flat(&error));
    match replied {
        Ok(message) => Ok(Answer::Nats(reply(&message))),
        Err(error) => match error.kind() {
            RequestErrorKind::NoResponders => Ok(Answer::Nats(NatsReply::NoResponders)),
            RequestErrorKind::InvalidSubject | RequestErrorKind::MaxPayloadExceeded => Err(not_sent(told(error))),
            RequestErrorKind::TimedOut | RequestErrorKind::Other => Err(lost(told(error))),
        },
    }
}

fn reply(message: &Message) -> NatsReply {
    let header = |name: &str| message.headers.as_ref().and_then(|headers| headers.get(name)).map(HeaderValue::as_str);
    if let Some(status) = message.status {
        let words = message.description.as_deref().unwrap_or_default();
        return NatsReply::Status { code: status.as_u16(), words: words.into() };
    }
    if let Some(words) = header(SERVICE_ERROR.0) {
        let code = header(SERVICE_ERROR.1).and_then(|code| code.parse().ok()).unwrap_or(500);
        return NatsReply::Status { code, words: Text::new(words) };
    }
    let size = message.payload.len().min(Body::MAX_BYTES);
    NatsReply::Message(Body { bytes: message.payload[..size].to_vec(), truncated: size < message.payload.len() })
}

/// How a connection that did not come about ended.
fn turned_away(ask: &NatsAsk, error: &ConnectError) -> Fault {
    let text = format!("{}: {}", ask.address, flat(error));
    let denied = match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => true,
        ConnectErrorKind::ServerParse
        | ConnectErrorKind::Dns
        | ConnectErrorKind::TimedOut
        | ConnectErrorKind::Tls
        | ConnectErrorKind::Io
        | ConnectErrorKind::MaxReconnects => false,
    };
    if denied || is_tls(error) { refused(text) } else { not_sent(text) }
}

fn identity(ask: &NatsAsk, secrets: &Secrets) -> Result<Identity, String> {
    Ok(match &ask.auth {
        None => Identity::Nobody,
        Some(NatsAuth::Password { user, password }) => {
            Identity::Password { user: user.clone(), password: secrets.get(password)?.to_owned() }
        }
        Some(NatsAuth::Token(token)) => Identity::Token(secrets.get(token)?.to_owned()),
        Some(NatsAuth::Creds(creds)) => {
            let text = secrets.get(creds)?;
            let (jwt, seed) = decorated(text).ok_or_else(|| format!("{creds} is no credentials file of NATS"))?;
            let key = KeyPair::from_seed(seed).map_err(|_| format!("the seed in {creds} is none"))?;
            Identity::Signed { jwt: jwt.to_owned(), key: Arc::new(key) }
        }
    })
}

/// The JWT and the seed of a credentials file: what stands between the two pairs of dashed lines.
fn decorated(text: &str) -> Option<(&str, &str)> {
    let is_dashed = |line: &&str| line.starts_with("---") && line.ends_with("---");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut kept = lines.windows(3).filter(|three| is_dashed(&three[0]) && is_dashed(&three[2])).map(|three| three[1]);
    Some((kept.next()?, kept.next()?))
}

fn sign(identity: &Identity, nonce: &[u8]) -> Result<Auth, String> {
    let mut auth = Auth::new();
    match identity {
        Identity::Nobody => {}
        Identity::Password { user, password } => {
            auth.username = Some(user.clone());
            auth.password = Some(password.clone());
        }
        Identity::Token(token) => auth.token = Some(token.clone()),
        Identity::Signed { jwt, key } => {
            auth.jwt = Some(jwt.clone());
            auth.signature = Some(key.sign(nonce).map_err(|error| error.to_string())?);
        }
    }
    Ok(auth)
}
