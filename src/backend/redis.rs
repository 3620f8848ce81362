//! One Redis command on a connection of its own.

use super::stream::{Capped, Stream, Tls, boxed};
use super::{Deadline, Secrets, flat::flat, lost, not_sent, refused};
use crate::{
    kind::{Answer, Body, Fault, RedisAsk, RedisValue},
    text::Text,
};
use redis::{
    AsyncConnectionConfig, Cmd, RedisConnectionInfo, RedisError, ServerError, Value, aio::MultiplexedConnection,
};
use tokio::{net::TcpStream, time::timeout_at};

/// The most bytes read of a connection: 2 MiB. More than is kept, so that a reply a little too long is cut and
/// understood, and not so much that a reply fills the memory until its deadline.
const READ_MAX: usize = 2 * Body::MAX_BYTES;

/// Error codes with which a server turns a client away for good: firing again will not help.
const TURNED_AWAY: &[&str] = &["WRONGPASS", "NOAUTH", "NOPERM", "DENIED"];

/// Connects, authenticates, selects the database, then sends the command once.
///
/// The library's own handshake is not used: it hides what the server said (`WRONGPASS` or too many clients).
pub(super) async fn perform(ask: &RedisAsk, secrets: &Secrets, tls: &Tls, deadline: Deadline) -> Result<Answer, Fault> {
    if ask.args.is_empty() {
        return Err(not_sent("the command is empty"));
    }
    let greetings = greetings(ask, secrets).map_err(not_sent)?;
    let connecting = timeout_at(deadline.connect(), connect(ask, &greetings, tls));
    let mut connection = match connecting.await {
        Ok(connected) => connected?,
        Err(_) => return Err(not_sent(format!("{}: connecting timed out", ask.address))),
    };
    let mut room = Body::MAX_BYTES;
    match timeout_at(deadline.at, send(&mut connection, &command(&ask.args))).await {
        Ok(Ok(value)) => Ok(Answer::Redis(kept(value, &mut room))),
        Ok(Err(error)) => Err(lost(format!("{}: {}", ask.address, flat(&error)))),
        Err(_) => Err(deadline.passed(&ask.address)),
    }
}

/// What is said before the command: who we are, and which database is meant.
fn greetings(ask: &RedisAsk, secrets: &Secrets) -> Result<Vec<Cmd>, String> {
    let mut greetings = Vec::new();
    if let Some(password) = &ask.password {
        let user = ask.user.as_deref().unwrap_or("default");
        greetings.push(command(&["AUTH", user, secrets.get(password)?]));
    }
    if ask.db != 0 {
        greetings.push(command(&["SELECT", &ask.db.to_string()]));
    }
    Ok(greetings)
}

fn command<S: AsRef<str>>(args: &[S]) -> Cmd {
    let mut command = Cmd::new();
    for arg in args {
        command.arg(arg.as_ref());
    }
    command
}

/// Sends a command once; a server that says no is a value like any other, however the library hands it over.
async fn send(connection: &mut MultiplexedConnection, command: &Cmd) -> Result<Value, RedisError> {
    let sent = connection.send_packed_command(command).await;
    sent.or_else(|error| match error.clone().into_server_errors().as_deref() {
        Some([(_, said), ..]) => Ok(Value::ServerError(said.clone())),
        _ => Err(error),
    })
}

async fn connect(ask: &RedisAsk, greetings: &[Cmd], tls: &Tls) -> Result<MultiplexedConnection, Fault> {
    let failed = |error: RedisError| not_sent(format!("{}: {}", ask.address, flat(&error)));
    let stream = Capped::new(stream(ask, tls).await?, READ_MAX);
    // The server hears nothing of ours before the greetings: no `HELLO`, no `CLIENT SETINFO`.
    let quiet = RedisConnectionInfo::default().set_skip_set_lib_name();
    // The limit is kept by the callers, who know what each phase means.
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let made = MultiplexedConnection::new_with_config(&quiet, stream, config).await;
    let (mut connection, driver) = made.map_err(failed)?;
    // It ends when the connection is dropped.
    tokio::spawn(driver);
    for greeting in greetings {
        if let Value::ServerError(said) = send(&mut connection, greeting).await.map_err(failed)? {
            let text = format!("{}: {}", ask.address, words(&said));
            return Err(if TURNED_AWAY.contains(&said.code()) { refused(text) } else { not_sent(text) });
        }
    }
    Ok(connection)
}

async fn stream(ask: &RedisAsk, tls: &Tls) -> Result<Stream, Fault> {
    let address = &ask.address;
    let plain = TcpStream::connect(address).await.map_err(|error| not_sent(format!("{address}: {error}")))?;
    let _ = plain.set_nodelay(true);
    if !ask.tls {
        return Ok(boxed(plain));
    }
    let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    tls.over(boxed(plain), host, ask.ca_file.as_deref()).await.map_err(|fault| match fault {
        Fault::NotSent(why) => not_sent(format!("{address}: {why}")),
        Fault::Refused(why) => refused(format!("{address}: {why}")),
        Fault::Lost(why) => lost(format!("{address}: {why}")),
    })
}

/// The server's own words, its code first.
fn words(said: &ServerError) -> Text {
    Text::new(format!("{} {}", said.code(), said.details().unwrap_or_default()).trim_end())
}

/// `value` as our own, keeping at most `left` more bytes of text and elements.
fn kept(value: Value, left: &mut usize) -> RedisValue {
    match value {
        Value::Nil => RedisValue::Nil,
        Value::Int(number) => RedisValue::Int(number),
        Value::Boolean(yes) => RedisValue::Int(i64::from(yes)),
        Value::Okay => text(b"OK", left),
        Value::SimpleString(said) | Value::VerbatimString { text: said, .. } => text(said.as_bytes(), left),
        Value::BulkString(bytes) | Value::BigNumber(bytes) => text(&bytes, left),
        Value::Double(number) => text(number.to_string().as_bytes(), left),
        Value::Array(items) | Value::Set(items) | Value::Push { data: items, .. } => list(items.into_iter(), left),
        Value::Map(pairs) => list(pairs.into_iter().flat_map(|(key, value)| [key, value]), left),
        Value::Attribute { data, .. } => kept(*data, left),
        Value::ServerError(said) => RedisValue::Error(words(&said)),
        other => text(format!("{other:?}").as_bytes(), left),
    }
}

fn text(bytes: &[u8], left: &mut usize) -> RedisValue {
    let size = bytes.len().min(*left);
    *left -= size;
    RedisValue::Text(Body { bytes: bytes[..size].to_vec(), truncated: size < bytes.len() })
}

fn list(items: impl Iterator<Item = Value>, left: &mut usize) -> RedisValue {
    let mut kept_items = Vec::new();
    for item in items {
        if *left == 0 {
            break;
        }
        *left -= 1;
        kept_items.push(kept(item, left));
    }
    RedisValue::List(kept_items)
}
