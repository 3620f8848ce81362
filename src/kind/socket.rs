//! Line protocols over TCP or a unix socket: HAProxy's runtime API.

use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `socket`.
#[derive(Clone, Copy, Debug)]
pub struct Socket;

/// A socket: `haproxy.socket = { unix = "/run/haproxy/admin.sock" }`; exactly one of `tcp`, `unix`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// `host:port`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<String>,
    /// The socket's path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix: Option<PathBuf>,
}

/// One line sent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The line; may hold `${name}`, whose value may hold no line break or `;`.
    pub send: String,
    /// Act: the answer, trimmed, must match this regular expression, else it is Rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the value is this regular expression's first group in the answer; without it the whole answer, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for Socket {
    const NAME: &'static str = "socket";
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
