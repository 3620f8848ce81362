//! What is sent and what comes back, as plain data without a secret in it.

use super::many::{HttpMany, Timed};
use super::query::{KubeAsk, NatsAsk, NatsReply, SqlAsk, SqlReply};
use super::told::Told;
use crate::text::{SecretRef, Text};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// One thing to send. Secrets stay references; the carrier resolves them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// One HTTP request.
    Http(HttpAsk),
    /// Many HTTP requests, a few at a time; only a look asks so.
    HttpMany(HttpMany),
    /// One line over TCP or a unix socket; the answer ends when the peer closes or at an empty line.
    Line(LineAsk),
    /// One Redis command.
    Redis(RedisAsk),
    /// One process.
    Exec(ExecAsk),
    /// One read or atomic write of a file.
    File(FileAsk),
    /// One SQL statement in a transaction.
    Sql(SqlAsk),
    /// One NATS request.
    Nats(NatsAsk),
    /// One look at, or one patch of, an object of a Kubernetes cluster.
    Kube(KubeAsk),
}

/// One HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpAsk {
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole address, percent-encoded, without credentials.
    pub url: String,
    /// Headers that hold no secret.
    pub headers: Vec<(String, String)>,
    /// How to authenticate.
    pub auth: Option<HttpAuth>,
    /// Secrets whose places in the address and the body the carrier fills, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, SecretRef>,
    /// The body.
    pub body: Option<String>,
    /// A PEM file of the only authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

/// How an HTTP request authenticates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpAuth {
    /// Basic authentication.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: SecretRef,
    },
    /// `Authorization: Bearer …`
    Bearer(SecretRef),
    /// A header of its own (`X-Api-Key`), or `Authorization` with a scheme of its own.
    Header {
        /// The header's name.
        name: String,
        /// Its whole value.
        value: SecretRef,
    },
}

/// Where a line goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// `host:port`
    Tcp(String),
    /// A unix socket's path.
    Unix(PathBuf),
}

/// One line to a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAsk {
    /// Where to.
    pub address: Address,
    /// The line, without its line break.
    pub line: String,
}

/// One Redis command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedisAsk {
    /// `host:port`
    pub address: String,
    /// Whether to speak TLS.
    pub tls: bool,
    /// A PEM file of the only authorities to trust, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The ACL user.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<SecretRef>,
    /// The database number.
    pub db: u32,
    /// The command and its arguments.
    pub args: Vec<String>,
}

/// One process: no shell, an empty environment but for `env`, a group of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecAsk {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// What it reads on standard input.
    pub stdin: Option<String>,
    /// Its environment.
    pub env: BTreeMap<String, EnvValue>,
    /// Where it runs.
    pub cwd: Option<PathBuf>,
}

/// One environment variable of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvValue {
    /// A literal, no secret.
    Literal(String),
    /// Resolved by the carrier.
    Secret(SecretRef),
    /// Taken over from goaround's own environment; no secret, and left unset where it is unset there.
    Inherit,
}

/// One read, write or restore of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileAsk {
    /// Read it.
    Read {
        /// Which file.
        path: PathBuf,
    },
    /// Read its end; the answer is truncated when there is more before it.
    Tail {
        /// Which file.
        path: PathBuf,
        /// How much of its end, in bytes; never more than [`Body::MAX_BYTES`].
        bytes_max: u64,
    },
    /// Replace it atomically, its previous content copied to `keep` first (never over an existing `keep`).
    Write {
        /// Which file.
        path: PathBuf,
        /// The new content.
        content: String,
        /// Where the previous content goes.
        keep: PathBuf,
    },
    /// Put the content of `keep` back, atomically.
    Restore {
        /// Which file.
        path: PathBuf,
        /// Where the previous content was kept.
        keep: PathBuf,
    },
}

impl FileAsk {
    /// The file it is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Read { path } | Self::Tail { path, .. } | Self::Write { path, .. } | Self::Restore { path, .. } => {
                path
            }
        }
    }

    /// Whether it changes nothing.
    pub fn only_looks(&self) -> bool {
        match self {
            Self::Read { .. } | Self::Tail { .. } => true,
            Self::Write { .. } | Self::Restore { .. } => false,
        }
    }
}

/// Bytes that came back, bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What was kept.
    pub bytes: Vec<u8>,
    /// Whether more came than the cap allows.
    pub truncated: bool,
}

impl Body {
    /// The most bytes kept of any answer: 1 MiB.
    pub const MAX_BYTES: usize = 1 << 20;

    /// A body that is whole.
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), truncated: false }
    }

    /// As inert text.
    pub fn text(&self) -> Text {
        Text::from_bytes(&self.bytes)
    }
}

/// A file's content, and how old it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What is in it.
    pub body: Body,
    /// When it was last written, in milliseconds since 1970; `None` when nobody can say.
    pub modified_ms: Option<i64>,
}

impl From<Body> for Content {
    fn from(body: Body) -> Self {
        Self { body, modified_ms: None }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// An HTTP response.
    Http {
        /// Its status code.
        status: u16,
        /// Its `Location`, never followed by a lever.
        location: Option<Text>,
        /// Its `Retry-After` in seconds.
        retry_after_s: Option<u64>,
        /// Its body.
        body: Body,
    },
    /// What came of each of many HTTP requests, in their order.
    HttpMany(Vec<Timed>),
    /// What a socket answered.
    Line(Body),
    /// What Redis answered.
    Redis(RedisValue),
    /// How a process ended.
    Exec {
        /// How it ended.
        exit: Exit,
        /// What it printed.
        stdout: Body,
        /// What it complained of.
        stderr: Body,
    },
    /// A file's content after the exchange.
    File(Content),
    /// What `PostgreSQL` answered.
    Sql(SqlReply),
    /// What NATS answered.
    Nats(NatsReply),
    /// What a Kubernetes API server answered.
    Kube {
        /// Its status code.
        status: u16,
        /// Its `Retry-After` in seconds.
        retry_after_s: Option<u64>,
        /// The object, or a `Status` saying why not.
        body: Body,
        /// After a conflict: the object as it is now, which names who changed it.
        rival: Option<Body>,
    },
    /// What a recording tells instead of an answer; nothing ever sends it.
    #[serde(skip)]
    Told(Told),
}

impl Answer {
    /// After how many seconds it wants to be asked again: what a 429 says in `Retry-After`.
    pub fn asks_to_wait_s(&self) -> Option<u64> {
        match self {
            Self::Http { status: 429, retry_after_s, .. } | Self::Kube { status: 429, retry_after_s, .. } => {
                *retry_after_s
            }
            Self::Http { .. }
            | Self::HttpMany(_)
            | Self::Kube { .. }
            | Self::Line(_)
            | Self::Redis(_)
            | Self::Exec { .. }
            | Self::File(_)
            | Self::Sql(_)
            | Self::Nats(_)
            | Self::Told(_) => None,
        }
    }

    /// What answered, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http { .. } | Self::HttpMany(_) => "HTTP",
            Self::Line(_) => "a line",
            Self::Redis(_) => "Redis",
            Self::Exec { .. } => "a process",
            Self::File(_) => "a file",
            Self::Sql(_) => "SQL",
            Self::Nats(_) => "NATS",
            Self::Kube { .. } => "Kubernetes",
            Self::Told(_) => "a recording",
        }
    }

    /// The same answer with every text in it put through `clean`.
    #[must_use]
    pub fn cleaned(self, clean: &impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let body = |body: Body| Body { bytes: clean(&body.bytes), truncated: body.truncated };
        match self {
            Self::Http { status, location, retry_after_s, body: content } => {
                let location = location.map(|text| Text::from_bytes(&clean(text.as_str().as_bytes())));
                Self::Http { status, location, retry_after_s, body: body(content) }
            }
            Self::HttpMany(parts) => Self::HttpMany(parts.into_iter().map(|part| part.cleaned(clean)).collect()),
            Self::Line(content) => Self::Line(body(content)),
            Self::Redis(value) => Self::Redis(value.cleaned(clean)),
            Self::Exec { exit, stdout, stderr } => Self::Exec { exit, stdout: body(stdout), stderr: body(stderr) },
            Self::File(content) => Self::File(Content { body: body(content.body), ..content }),
            // Redacted before it was written down.
            Self::Told(told) => Self::Told(told),
            Self::Sql(reply) => Self::Sql(reply.cleaned(clean)),
            Self::Nats(reply) => Self::Nats(reply.cleaned(clean)),
            Self::Kube { status, retry_after_s, body: content, rival } => {
                Self::Kube { status, retry_after_s, body: body(content), rival: rival.map(body) }
            }
        }
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
}

/// A Redis reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedisValue {
    /// No value.
    Nil,
    /// An integer.
    Int(i64),
    /// A simple or bulk string.
    Text(Body),
    /// An array.
    List(Vec<RedisValue>),
    /// An error reply, with its code (`NOPERM`, `READONLY`, …) first.
    Error(Text),
}

impl RedisValue {
    fn cleaned(self, clean: &impl Fn(&[u8]) -> Vec<u8>) -> Self {
        match self {
            Self::Nil | Self::Int(_) => self,
            Self::Text(body) => Self::Text(Body { bytes: clean(&body.bytes), truncated: body.truncated }),
            Self::List(items) => Self::List(items.into_iter().map(|item| item.cleaned(clean)).collect()),
            Self::Error(why) => Self::Error(Text::from_bytes(&clean(why.as_str().as_bytes()))),
        }
    }
}
