//! Redis: one command, its reply.

use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `redis`.
#[derive(Clone, Copy, Debug)]
pub struct Redis;

/// A Redis server: `cache.redis = { address = "127.0.0.1:6379", user = "cockpit", password_env = "REDIS_PASS" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// `host:port`
    pub address: String,
    /// Whether to speak TLS.
    #[serde(default)]
    pub tls: bool,
    /// The ACL user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The environment variable that holds the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// The file that holds the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The database number.
    #[serde(default)]
    pub db: u32,
}

/// One command.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The command and its arguments, one string each; may hold `${name}`.
    pub command: Vec<String>,
    /// Act: the reply, as text, must match this regular expression, else it is Rejected; without it any reply that is no error is Applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the value is this regular expression's first group in the reply's text; without it the whole reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for Redis {
    const NAME: &'static str = "redis";
    const DOC: &'static str = "";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        todo!("{backend:?}")
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        todo!("{call:?} {use:?}")
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        todo!("{backend:?}")
    }

    fn templates(call: &Call) -> Vec<&str> {
        todo!("{call:?}")
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
        todo!("{backend:?} {call:?} {use:?} {vars:?}")
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        todo!("{call:?} {result:?}")
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        todo!("{call:?} {result:?}")
    }
}
