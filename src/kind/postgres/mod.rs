//! `PostgreSQL`: one statement in a transaction of its own, or one query in a transaction that only reads.

mod check;
mod reply;

use super::look::{self, Wanted};
use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, SqlAsk, SqlPurpose, Use, Vars, fill, written};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `postgres`.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

/// A database: `docs.postgres = { address = "127.0.0.1:5432", database = "rag", user = "ops", password_env = "PG_PASS" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// `host:port`
    pub address: String,
    /// Which database.
    pub database: String,
    /// The role.
    pub user: String,
    /// The environment variable that holds the role's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// The file that holds the role's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// Whether to speak TLS; the server's certificate must be sound and name the host.
    #[serde(default)]
    pub tls: bool,
    /// A PEM file of the only authorities to trust, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// One statement or one query; exactly one of `act`, `query`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The statement of a lever; it may hold no `${name}`, values stand in it as `$1`, `$2`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// The query of a probe or metric: `select …`; values stand in it as `$1`, `$2`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The values, as text; may hold `${name}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<String>,
    /// Act: how long it may wait for a lock, `500ms` by default; whoever waits for one makes all others wait behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_timeout: Option<String>,
    /// Act: the first value, or for a statement without rows how many it touched, must match this regular expression, else it is rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the value is this regular expression's first group in the first column; without it the whole column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for Postgres {
    const NAME: &'static str = "postgres";
    const DOC: &'static str = "\
One PostgreSQL statement in a transaction of its own, with a limit on waiting for locks and on running that ends \
before the deadline; or one query in a transaction that may only read. Values travel as parameters, never as text of \
the statement.
Applied: the server confirmed the commit.
Rejected: the server refused before it committed, and rolled back (syntax, a missing relation or right, the lock \
timeout, a standby); the answer did not match `ok`, so it was rolled back; or the server turned us away (password, \
database, certificate).
NotSent: connecting failed or timed out, the server takes no connections, or a secret was missing.
Unknown: the connection ended, or the deadline passed, after the statement was sent and before an answer; or the \
server shut down while it committed.
Look: the value is the first column of the only row, or the first group of `find` in it; no row and null are absent, \
several rows and a refusal are a failure.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        check::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        check::check_call(call, r#use)
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        written::secret(backend.password_env.as_ref(), backend.password_file.as_ref()).into_iter().collect()
    }

    fn templates(call: &Call) -> Vec<&str> {
        call.params.iter().map(String::as_str).collect()
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
        let (key, text) = call.text(r#use);
        let text = text.ok_or_else(|| format!("there is no `{key}`"))?;
        if let Some(complaint) = check::bad_text(key, text, r#use) {
            return Err(format!("`{key}` {}", complaint.what));
        }
        let params = call.params.iter().map(|template| fill(template, vars, str::to_owned));
        let purpose = match r#use {
            Use::Look => SqlPurpose::Read,
            Use::Act => SqlPurpose::Change { lock_timeout_ms: check::lock_timeout_ms(call)?, ok: call.ok.clone() },
        };
        Ok(Exchange::Sql(SqlAsk {
            address: backend.address.clone(),
            tls: backend.tls,
            ca_file: backend.ca_file.clone(),
            database: backend.database.clone(),
            user: backend.user.clone(),
            password: Self::secrets(backend).into_iter().next(),
            text: text.to_owned(),
            params: params.collect::<Result<_, _>>()?,
            purpose,
        }))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::Sql(reply)) => reply::settled(call, reply),
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::Sql(reply)) => reply::seen(reply, Wanted { at: None, find: call.find.as_deref() }),
            Ok(foreign) => look::misfit_look(foreign),
        }
    }
}

impl Call {
    /// The text that this use sends, and its key.
    fn text(&self, r#use: Use) -> (&'static str, Option<&str>) {
        match r#use {
            Use::Act => ("act", self.act.as_deref()),
            Use::Look => ("query", self.query.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests;
