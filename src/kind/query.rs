//! What is asked of a database, a message bus or a cluster, and what comes back, as plain data.

use super::Body;
use crate::text::{SecretRef, Text};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One statement in a transaction of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlAsk {
    /// `host:port`
    pub address: String,
    /// Whether to speak TLS.
    pub tls: bool,
    /// A PEM file of the only authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Which database.
    pub database: String,
    /// The role.
    pub user: String,
    /// Its password.
    pub password: Option<SecretRef>,
    /// The statement, its values as `$1`, `$2`, …
    pub text: String,
    /// The values, as text; the server reads them as the types it infers.
    pub params: Vec<String>,
    /// What it is for.
    pub purpose: SqlPurpose,
}

/// What a statement is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlPurpose {
    /// A query in a transaction that may only read; no more than two of its rows are fetched.
    Read,
    /// A statement that changes something.
    Change {
        /// How long it may wait for a lock, in milliseconds.
        lock_timeout_ms: u64,
        /// Committed only if the answer matches this regular expression, else rolled back.
        ok: Option<String>,
    },
}

/// What `PostgreSQL` answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlReply {
    /// It ran.
    Done {
        /// The first column of its rows, as text; of a query the first two at most.
        rows: Vec<Option<Body>>,
        /// How many rows a statement touched or returned; 0 for one that touches none (`CREATE VIEW`).
        touched: u64,
        /// Whether it was committed; if not, it was rolled back.
        committed: bool,
    },
    /// It was refused, and nothing was committed.
    Error {
        /// The SQLSTATE: `42P01`.
        code: Text,
        /// The server's words.
        message: Text,
    },
}

impl SqlReply {
    /// The answer that `ok` is compared with: the first value, else how many rows were touched.
    pub fn told(rows: &[Option<Body>], touched: u64) -> String {
        match rows.first() {
            Some(Some(body)) => String::from_utf8_lossy(&body.bytes).trim().to_owned(),
            Some(None) => String::new(),
            None => touched.to_string(),
        }
    }

    /// The same with every text in it put through `clean`.
    pub(super) fn cleaned(self, clean: &impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let body = |body: Body| Body { bytes: clean(&body.bytes), truncated: body.truncated };
        match self {
            Self::Done { rows, touched, committed } => {
                Self::Done { rows: rows.into_iter().map(|value| value.map(body)).collect(), touched, committed }
            }
            Self::Error { code, message } => {
                Self::Error { code, message: Text::from_bytes(&clean(message.as_str().as_bytes())) }
            }
        }
    }
}

/// One request to NATS, answered by one reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatsAsk {
    /// `host:port`
    pub address: String,
    /// Whether to speak TLS.
    pub tls: bool,
    /// A PEM file of the only authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who asks.
    pub auth: Option<NatsAuth>,
    /// The subject.
    pub subject: String,
    /// The payload.
    pub payload: String,
}

/// How a client of NATS says who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatsAuth {
    /// A user and a password.
    Password {
        /// The user.
        user: String,
        /// The password.
        password: SecretRef,
    },
    /// A token.
    Token(SecretRef),
    /// The content of a credentials file: a JWT and the seed that signs.
    Creds(SecretRef),
}

/// What NATS answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NatsReply {
    /// A reply.
    Message(Body),
    /// Nobody listens on the subject, so nobody has seen the request.
    NoResponders,
    /// A reply that is a status: of the server, or of a service that failed.
    Status {
        /// Its code, after HTTP's.
        code: u16,
        /// Its words.
        words: Text,
    },
}

impl NatsReply {
    /// The same with every text in it put through `clean`.
    pub(super) fn cleaned(self, clean: &impl Fn(&[u8]) -> Vec<u8>) -> Self {
        match self {
            Self::Message(body) => Self::Message(Body { bytes: clean(&body.bytes), truncated: body.truncated }),
            Self::NoResponders => self,
            Self::Status { code, words } => {
                Self::Status { code, words: Text::from_bytes(&clean(words.as_str().as_bytes())) }
            }
        }
    }
}

/// One look at, or one merge patch of, an object of a Kubernetes cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KubeAsk {
    /// Which cluster, as whom.
    pub cluster: KubeCluster,
    /// The only API server to speak to; where the cluster's is another, nothing is sent.
    pub server: Option<String>,
    /// The object's path on the server: `/api/v1/namespaces/docs/services/docs-live`.
    pub object: String,
    /// The part of the object that is meant instead of it: `scale`.
    pub subresource: Option<String>,
    /// A JSON merge patch; the carrier adds the resourceVersion it reads just before. Without one it only looks.
    pub merge: Option<String>,
}

impl KubeAsk {
    /// How it is asked.
    pub fn method(&self) -> &'static str {
        if self.merge.is_some() { "PATCH" } else { "GET" }
    }

    /// The path that is asked or patched.
    pub fn path(&self) -> String {
        let part = self.subresource.as_ref().map(|part| format!("/{part}")).unwrap_or_default();
        format!("{}{part}", self.object)
    }
}

/// How a Kubernetes cluster is found, with the credential that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KubeCluster {
    /// The one goaround runs in, as its pod's service account.
    Own,
    /// A context of a kubeconfig, never its current one.
    Context {
        /// The file; `$KUBECONFIG`, else `~/.kube/config` without it.
        kubeconfig: Option<PathBuf>,
        /// The context's name.
        name: String,
    },
}
