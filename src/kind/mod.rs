//! What kinds of backend there are, and how to talk to each: data in, data out, no socket.
//!
//! A kind turns a call of a playbook into an [`Exchange`] (what to send) and the [`Answer`] or [`Fault`]
//! that came of it into a [`Settled`] (for a lever) or a [`Seen`] (for a probe or a metric). Carriers
//! (`backend/`) and the drill's world (`drill/`) perform exchanges; neither knows what they mean.

mod exchange;
pub mod exec;
pub mod exposition;
mod fault;
pub mod file;
mod fill;
pub mod gold;
pub mod http;
mod hosts;
mod knock;
pub mod kubernetes;
mod lines;
pub mod log;
mod look;
mod many;
pub mod nats;
mod outcome;
mod paste;
pub mod postgres;
pub mod prometheus;
mod query;
mod reading;
pub mod redis;
pub mod socket;
mod table;
mod told;
mod written;

pub use exchange::{
    Address, Answer, Body, Content, EnvValue, Exchange, ExecAsk, Exit, FileAsk, HttpAsk, HttpAuth, LineAsk, RedisAsk,
    RedisValue,
};
pub use fault::Fault;
pub use fill::{Vars, escape_json, escape_url, fill, holes};
pub use many::{HttpMany, Timed};
pub use outcome::{Outcome, Reading, Seen, Settled};
pub use query::{KubeAsk, KubeCluster, NatsAsk, NatsAuth, NatsReply, SqlAsk, SqlPurpose, SqlReply};
pub use table::{BackendConfig, BackendTable, Call, CallTable, KINDS, KindRow};
pub use told::Told;

use std::path::Path;

/// What an exchange is for: it decides what a kind allows and how the carrier behaves (no redirect on an act).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// A lever: changes production.
    Act,
    /// A probe, a read-back or a metric: only looks.
    Look,
}

/// Something wrong with a backend or a call as written, found while checking a playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The key it is about, relative to the table checked; empty for the table itself.
    pub key: String,
    /// What is wrong, as one sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Complaint {
    /// A complaint about `key`.
    pub fn new(key: &str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { key: key.into(), what: what.into(), hint: hint.into() }
    }
}

/// How often a call looks, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From one answer to the next look, in milliseconds.
    pub every_ms: u64,
    /// Total deadline of one look, in milliseconds.
    pub timeout_ms: u64,
}

/// A kind of backend. One file each; the row in `table.rs` is the only other place that names it.
pub trait Kind {
    /// The key under which playbooks name it (`http`, `redis`, …).
    const NAME: &'static str;
    /// What it is, and what counts as Applied, Rejected, `NotSent` and Unknown; shown by `goaround schema`.
    const DOC: &'static str;
    /// How often its calls look and for how long where nothing is written; a light look's pace without it.
    const PACE: Option<Pace> = None;
    /// Whether one exchange answers every call to the same backend, so that metrics of one pace are read together.
    const SHARED: bool = false;
    /// The backend as written: `[backends] edge.http = { … }`.
    type Backend: Clone + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned + schemars::JsonSchema;
    /// One call as written: `http = { backend = "edge", get = "/pins" }`.
    type Call: Clone + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned + schemars::JsonSchema;

    /// Faults of a backend as written.
    fn check_backend(backend: &Self::Backend) -> Vec<Complaint>;
    /// Faults of a call as written, for the use it is put to.
    fn check_call(call: &Self::Call, r#use: Use) -> Vec<Complaint>;
    /// The id of the backend a call goes to.
    fn backend_of(call: &Self::Call) -> &str;
    /// The secrets a backend refers to.
    fn secrets(backend: &Self::Backend) -> Vec<crate::text::SecretRef>;
    /// The texts of a call that may hold `${name}` holes.
    fn templates(call: &Self::Call) -> Vec<&str>;
    /// What to send; an error is a sentence (a hole left open, a value that would smuggle a second command).
    fn encode(backend: &Self::Backend, call: &Self::Call, r#use: Use, vars: &Vars) -> Result<Exchange, String>;
    /// How an act ended.
    fn settle(call: &Self::Call, result: &Result<Answer, Fault>) -> Settled;
    /// What a look saw.
    fn see(call: &Self::Call, result: &Result<Answer, Fault>) -> Seen;
    /// What a metric read. Unless a kind knows better: the number that a look saw, as old as its answer.
    fn read(call: &Self::Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        reading::number(&Self::see(call, result), now_ms)
    }
    /// What metrics read whose calls are answered by one exchange.
    fn read_all(calls: &[Self::Call], result: &Result<Answer, Fault>, now_ms: i64) -> Vec<Reading> {
        calls.iter().map(|call| Self::read(call, result, now_ms)).collect()
    }
    /// The address below which the paths of an HTTP backend lie; nothing for what speaks no HTTP.
    fn url(_backend: &Self::Backend) -> Option<&str> {
        None
    }
    /// The file that belongs to a backend as written, relative to the playbook's folder; it is read with the playbook.
    fn file(_backend: &Self::Backend) -> Option<&str> {
        None
    }
    /// Takes in what is in that file; an error is a sentence that says what is wrong with it and where.
    fn take_file(_backend: &mut Self::Backend, _content: &str) -> Result<(), String> {
        Ok(())
    }
    /// Takes over from the backend what a call needs to understand an answer.
    fn meet(_call: &mut Self::Call, _backend: &Self::Backend) {}
    /// The folder below which the paths of a backend of files lie; nothing for what has no files.
    fn root(_backend: &Self::Backend) -> Option<&Path> {
        None
    }
}

#[cfg(test)]
mod tests;
