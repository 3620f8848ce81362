//! Programs: argv without a shell, in a process group of their own.

use super::{Answer, Complaint, Exchange, Fault, Kind, Seen, Settled, Use, Vars};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// The kind `exec`.
#[derive(Clone, Copy, Debug)]
pub struct Exec;

/// A place to run programs: `tools.exec = { }`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// The only programs that may be run, by absolute path; empty allows any absolute path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Environment variables with literal values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Environment variables taken over from goaround's own environment by name (a secret among them stays unread).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_env: Vec<String>,
    /// Where programs run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<PathBuf>,
}

/// One process.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The program and its arguments; arguments may hold `${name}`, the program may not.
    pub argv: Vec<String>,
    /// What it reads on standard input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Standard output must match this regular expression, else the outcome is Unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Exit codes that are known to mean "answered no, nothing changed".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected_codes: Vec<i32>,
    /// Look: the value is this regular expression's first group in standard output; without it all of it, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for Exec {
    const NAME: &'static str = "exec";
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
