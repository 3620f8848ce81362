//! One Redis command on a connection of its own.

use super::{Deadline, Secrets, flat::flat, flat::is_tls, lost, not_sent, refused};
use crate::{
    kind::{Answer, Body, Fault, RedisAsk, RedisValue},
    text::Text,
};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo, RedisError,
    ServerError, Value, aio::MultiplexedConnection,
};
use tokio::time::timeout_at;

/// Error codes with which a server turns a client away for good: firing again will not help.
const TURNED_AWAY: &[&str] = &["WRONGPASS", "NOAUTH", "NOPERM", "DENIED"];

/// Connects, authenticates, selects the database, then sends the command once.
///
/// The library's own handshake is not used: it hides what the server said (`WRONGPASS` or too many clients).
pub(super) async fn perform(ask: &RedisAsk, secrets: &Secrets, deadline: Deadline) -> Result<Answer, Fault> {
    if ask.args.is_empty() {
        return Err(not_sent("the command is empty"));
    }
    let greetings = greetings(ask, secrets).map_err(not_sent)?;
    let connecting = timeout_at(deadline.connect(), connect(ask, &greetings));
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

async fn connect(ask: &RedisAsk, greetings: &[Cmd]) -> Result<MultiplexedConnection, Fault> {
    let failed = |error: RedisError| {
        let text = format!("{}: {}", ask.address, flat(&error));
        if is_tls(&error) { refused(text) } else { not_sent(text) }
    };
    // The server hears nothing of ours before the greetings: no `HELLO`, no `CLIENT SETINFO`.
    let quiet = RedisConnectionInfo::default().set_skip_set_lib_name();
    let info = address(ask)?.into_connection_info().map_err(failed)?.set_redis_settings(quiet);
    let client = Client::open(info).map_err(failed)?;
    // Both limits are kept by the callers, who know what each phase means.
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await.map_err(failed)?;
    for greeting in greetings {
        if let Value::ServerError(said) = send(&mut connection, greeting).await.map_err(failed)? {
            let text = format!("{}: {}", ask.address, words(&said));
            return Err(if TURNED_AWAY.contains(&said.code()) { refused(text) } else { not_sent(text) });
        }
    }
    Ok(connection)
}

fn address(ask: &RedisAsk) -> Result<ConnectionAddr, Fault> {
    let parts = ask.address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) = parts.ok_or_else(|| not_sent(format!("{} is not host:port", ask.address)))?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(if ask.tls {
        ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
    } else {
        ConnectionAddr::Tcp(host, port)
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
