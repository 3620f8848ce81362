//! Files: atomic write with the previous content kept beside it.

use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `file`.
#[derive(Clone, Copy, Debug)]
pub struct File;

/// A folder whose files may be read and written: `flags.file = { root = "/etc/rag/flags" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// The folder, absolute; paths of calls cannot leave it.
    pub root: PathBuf,
}

/// One read, write or restore; exactly one of `read`, `write`, `restore`, each a path below the backend's root.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// Look: the file to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// Act: the file to replace with `content`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<String>,
    /// Act: the file to put back as it was before this incident's `write`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<String>,
    /// The new content of `write`; may hold `${name}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Look: a JSON pointer into the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Look: the value is this regular expression's first group; without `at` and `find` the whole content, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for File {
    const NAME: &'static str = "file";
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
