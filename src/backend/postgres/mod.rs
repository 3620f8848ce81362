//! One SQL statement on a connection and in a transaction of its own.

mod value;

use super::stream::{Capped, Tls};
use super::{Deadline, Secrets, flat::flat, flat::is_tls, lost, not_sent, refused};
use crate::{
    kind::{Answer, Body, Fault, SqlAsk, SqlPurpose, SqlReply},
    text::Text,
};
use regex::Regex;
use std::time::Duration;
use tokio::{
    net::TcpStream,
    task::JoinSet,
    time::{Instant, timeout, timeout_at},
};
use tokio_postgres::{
    Client, Config, Error, NoTls,
    config::SslMode,
    error::{DbError, Severity, SqlState},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;
use value::{Param, Shown};

/// The most bytes read of a server in one exchange: the value that is kept, and what surrounds it.
const READ_MAX: usize = 2 * Body::MAX_BYTES;

/// How long leaving may take once the answer is known.
const GOODBYE: Duration = Duration::from_millis(100);

/// SQLSTATEs, by their beginnings, after which a commit may or may not have happened: a connection that broke behind
/// the server, a completion it does not know itself, and its own faults.
const DOUBTFUL: &[&str] = &["08", "40003", "XX"];

/// A connection: the client, and the task that moves its bytes, which ends when this is dropped.
struct Link {
    client: Client,
    bytes: JoinSet<()>,
}

/// Connects and authenticates, begins, runs the statement once, and commits or rolls back.
pub(super) async fn perform(ask: &SqlAsk, secrets: &Secrets, tls: &Tls, deadline: Deadline) -> Result<Answer, Fault> {
    let config = config(ask, secrets).map_err(not_sent)?;
    let link = match timeout_at(deadline.connect(), connect(ask, &config, tls)).await {
        Ok(connected) => connected?,
        Err(_) => return Err(not_sent(format!("{}: connecting timed out", ask.address))),
    };
    let Link { client, mut bytes } = link;
    // Nothing of the request has left before this: the transaction is begun with words of our own.
    match timeout_at(deadline.at, client.batch_execute(&opening(ask, deadline))).await {
        Ok(begun) => begun.map_err(|error| not_sent(format!("{}: {}", ask.address, words(&error))))?,
        Err(_) => return Err(not_sent(format!("{}: the transaction did not begin in time", ask.address))),
    }
    let done = timeout_at(deadline.at, transact(&client, ask)).await;
    drop(client);
    if done.is_ok() {
        // Leaving in order spares the server's log a complaint; what is not said by then is cut off.
        let _left = timeout(GOODBYE, bytes.join_next()).await;
    }
    match done {
        Ok(Ok(reply)) => Ok(Answer::Sql(reply)),
        Ok(Err(error)) => Err(lost(format!("{}: {}", ask.address, words(&error)))),
        Err(_) => Err(deadline.passed(&ask.address)),
    }
}

fn config(ask: &SqlAsk, secrets: &Secrets) -> Result<Config, String> {
    let mut config = Config::new();
    config.user(&ask.user).dbname(&ask.database).application_name("goaround");
    config.ssl_mode(if ask.tls { SslMode::Require } else { SslMode::Disable });
    if let Some(password) = &ask.password {
        config.password(secrets.get(password)?);
    }
    Ok(config)
}

async fn connect(ask: &SqlAsk, config: &Config, tls: &Tls) -> Result<Link, Fault> {
    let parts = ask.address.rsplit_once(':');
    let (host, _) = parts.ok_or_else(|| not_sent(format!("{} is not host:port", ask.address)))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let failed = |error: std::io::Error| not_sent(format!("{}: {error}", ask.address));
    let stream = TcpStream::connect(&ask.address).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    if ask.tls {
        let trusted = tls.config(ask.ca_file.as_deref()).map_err(not_sent)?;
        greet(ask, config, stream, host, MakeRustlsConnect::new((*trusted).clone())).await
    } else {
        greet(ask, config, stream, host, NoTls).await
    }
}

/// Starts a session over a stream; the task that moves its bytes ends with the link.
async fn greet<T>(ask: &SqlAsk, config: &Config, stream: TcpStream, host: &str, mut tls: T) -> Result<Link, Fault>
where
    T: MakeTlsConnect<Capped<TcpStream>>,
    T::Stream: Send + 'static,
{
    let connector =
        tls.make_tls_connect(host).map_err(|error| not_sent(format!("{}: {}", ask.address, error.into())))?;
    let connected = config.connect_raw(Capped::new(stream, READ_MAX), connector).await;
    let (client, connection) = connected.map_err(|error| turned_away(ask, &error))?;
    let mut bytes = JoinSet::new();
    // How it ended is told to whoever waits for an answer.
    bytes.spawn(async move { drop(connection.await) });
    Ok(Link { client, bytes })
}

/// How a session that did not come about ended.
fn turned_away(ask: &SqlAsk, error: &Error) -> Fault {
    let text = format!("{}: {}", ask.address, words(error));
    // Firing again will not help: the password, the database, or a rule of the server's against us.
    let for_good =
        [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION, SqlState::INVALID_CATALOG_NAME];
    let known = error.code().is_some_and(|code| for_good.contains(code));
    if known || is_tls(error) { refused(text) } else { not_sent(text) }
}

/// Begins the transaction. The limits end with it, and the server keeps them even if we are gone.
fn opening(ask: &SqlAsk, deadline: Deadline) -> String {
    let left = deadline.at.saturating_duration_since(Instant::now()).as_millis();
    // The server gives up before we do, so that its answer still reaches us. Zero would mean no limit.
    let limit = (left - left / 10).max(1);
    let begin = match &ask.purpose {
        SqlPurpose::Read => "begin transaction read only".to_owned(),
        SqlPurpose::Change { lock_timeout_ms, .. } => format!("begin; set local lock_timeout = {lock_timeout_ms}"),
    };
    format!("{begin}; set local statement_timeout = {limit}; set local idle_in_transaction_session_timeout = {limit}")
}

/// Runs the statement; a server that says no is an answer, an error is a connection that was lost.
async fn transact(client: &Client, ask: &SqlAsk) -> Result<SqlReply, Error> {
    let ran = match &ask.purpose {
        SqlPurpose::Read => query(client, ask).await,
        SqlPurpose::Change { .. } => change(client, ask).await,
    };
    let (rows, touched) = match ran {
        Ok(Ran::Done(rows, touched)) => (rows, touched),
        Ok(Ran::Unreadable(why)) => return Ok(SqlReply::Error { code: "0A000".into(), message: why.into() }),
        Err(error) => return said_no(error),
    };
    let SqlPurpose::Change { ok, .. } = &ask.purpose else {
        return Ok(SqlReply::Done { rows, touched, committed: false });
    };
    let wanted = |ok: &String| Regex::new(ok).is_ok_and(|ok| ok.is_match(&SqlReply::told(&rows, touched)));
    if !ok.as_ref().is_none_or(wanted) {
        // A rollback that fails is one all the same: nothing was committed.
        let _rolled_back = client.batch_execute("rollback").await;
        return Ok(SqlReply::Done { rows, touched, committed: false });
    }
    // The server keeps no limit while it commits; our own deadline then leaves it unknown.
    match client.batch_execute("commit").await {
        Ok(()) => Ok(SqlReply::Done { rows, touched, committed: true }),
        Err(error) if is_doubtful(&error) => Err(error),
        Err(error) => said_no(error),
    }
}

/// What a statement did.
enum Ran {
    /// The first column of its rows, and how many it touched.
    Done(Vec<Option<Body>>, u64),
    /// Nothing: its first column could not be read, and it was not run.
    Unreadable(String),
}

/// Fetches two rows at most, as text; that it is a query at all is the server's to say.
async fn query(client: &Client, ask: &SqlAsk) -> Result<Ran, Error> {
    let cursor = client.prepare(&format!("declare goaround no scroll cursor for {}", ask.text)).await?;
    let params: Vec<Param> = ask.params.iter().map(|value| Param(value)).collect();
    client.execute(&cursor, &value::all(&params)).await?;
    let fetched = client.simple_query("fetch forward 2 from goaround").await?;
    let rows = value::first_column(&fetched).into_iter().map(|value| value.map(kept));
    Ok(Ran::Done(rows.collect(), 0))
}

/// Runs a statement once. It is prepared first, so that a column that cannot be read is known before.
async fn change(client: &Client, ask: &SqlAsk) -> Result<Ran, Error> {
    let statement = client.prepare(&ask.text).await?;
    let params: Vec<Param> = ask.params.iter().map(|value| Param(value)).collect();
    let Some(column) = statement.columns().first() else {
        let touched = client.execute(&statement, &value::all(&params)).await?;
        return Ok(Ran::Done(Vec::new(), touched));
    };
    if !Shown::can_read(column.type_()) {
        let (name, kind) = (column.name(), column.type_());
        return Ok(Ran::Unreadable(format!("column `{name}` is a {kind}; write `{name}::text` to read it")));
    }
    let found = client.query(&statement, &value::all(&params)).await?;
    let rows = found.iter().map(|row| Ok(row.try_get::<_, Option<Shown>>(0)?.map(|Shown(text)| kept(&text))));
    let touched = u64::try_from(found.len()).unwrap_or(u64::MAX);
    Ok(Ran::Done(rows.collect::<Result<_, Error>>()?, touched))
}

fn kept(text: &str) -> Body {
    let size = text.len().min(Body::MAX_BYTES);
    Body { bytes: text.as_bytes()[..size].to_vec(), truncated: size < text.len() }
}

/// An error reply as an answer; anything else is a connection that was lost.
fn said_no(error: Error) -> Result<SqlReply, Error> {
    match error.as_db_error() {
        Some(said) => Ok(SqlReply::Error { code: said.code().code().into(), message: message(said) }),
        None => Err(error),
    }
}

/// Whether nobody can tell if a commit that was answered so has happened.
fn is_doubtful(error: &Error) -> bool {
    error.as_db_error().is_none_or(|said| {
        // A plain error is raised only before the commit is written; what ends the session may come after it, while
        // the server waits for its standby.
        let plain = said.parsed_severity() == Some(Severity::Error);
        !plain || DOUBTFUL.iter().any(|beginning| said.code().code().starts_with(beginning))
    })
}

/// What went wrong, in the server's words where it has said any.
fn words(error: &Error) -> Text {
    match error.as_db_error() {
        Some(said) => format!("{} {}", said.code().code(), message(said)).into(),
        None => flat(error).into(),
    }
}

fn message(said: &DbError) -> Text {
    let more = [("detail", said.detail()), ("hint", said.hint())];
    let more = more.iter().filter_map(|(name, text)| Some(format!("; {name}: {}", (*text)?)));
    format!("{}{}", said.message(), more.collect::<String>()).into()
}
