//! Log files: how many of the newest lines match, and what share of others that is.

mod check;
mod window;

use super::file::{self, File};
use super::{
    Answer, Body, Complaint, Content, Exchange, Fault, FileAsk, Kind, Outcome, Reading, Seen, Settled, Use, Vars, look,
    reading,
};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;
use window::Counted;

/// The kind `log`.
#[derive(Clone, Copy, Debug)]
pub struct Log;

/// A folder of logs, written like a `file` backend's: `app.log = { root = "/var/log/app" }`.
pub type Backend = super::file::Backend;

/// One count: `{ backend = "app", file = "app.log", count = "ERROR|CRITICAL", lines = 1000 }`; exactly one of `lines`
/// and `minutes`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The log, a path below the backend's root.
    pub file: String,
    /// Lines that match this regular expression are counted.
    pub count: String,
    /// How many of the newest lines are looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u32>,
    /// How many minutes are looked at, up to the newest line; needs `time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The value is the count divided by the count of the lines that match this regular expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio_of: Option<String>,
    /// A line's time is this regular expression's first group; a line without one belongs to the line before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How times are written (`%Y-%m-%d %H:%M:%S`), in UTC unless it has an offset (`%z`); RFC 3339 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_format: Option<String>,
}

impl Kind for Log {
    const NAME: &'static str = "log";
    const DOC: &'static str = "\
Lines of a log file that match a regular expression. It changes nothing: a lever cannot use this kind.
Look: how many of the last `lines` lines match `count`, or how many of those written in the last `minutes` minutes up \
to the newest line; with `ratio_of` that number divided by how many match `ratio_of`, absent when none does. A line \
without a time belongs to the one before it. A window that reaches beyond the last 1 MiB, a file that cannot be read, \
and lines in none of which `time` finds a time are failures: nothing is counted short.
Metric: the number that a look saw, sampled at the newest time in the log where `time` is given, else when the file \
was last written. A log that nobody writes any more is STALE, not free of errors; for one that may be quiet, write a \
longer `every`.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        File::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        check::check_call(call, r#use)
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(_backend: &Backend) -> Vec<SecretRef> {
        Vec::new()
    }

    fn templates(_call: &Call) -> Vec<&str> {
        Vec::new()
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, _vars: &Vars) -> Result<Exchange, String> {
        match r#use {
            Use::Act => Err("counting lines changes nothing, so it is no lever".to_owned()),
            Use::Look => Ok(Exchange::File(FileAsk::Tail {
                path: file::below(backend, &call.file)?,
                bytes_max: Body::MAX_BYTES as u64,
            })),
        }
    }

    fn settle(_call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(_) => Settled::new(Outcome::Rejected, "counting lines changes nothing"),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        counted(call, result).map_or_else(|blind| blind, |(counted, _)| counted.seen())
    }

    fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        match counted(call, result) {
            Err(blind) => reading::number(&blind, now_ms),
            Ok((counted, content)) => match counted.newest_ms {
                Some(newest_ms) => reading::number(&counted.seen(), newest_ms),
                None => reading::written(&counted.seen(), content),
            },
        }
    }

    fn root(backend: &Backend) -> Option<&Path> {
        File::root(backend)
    }
}

/// What was counted in a log that could be read, and the log.
fn counted<'a>(call: &Call, result: &'a Result<Answer, Fault>) -> Result<(Counted, &'a Content), Seen> {
    match result {
        Err(fault) => Err(look::blinded(fault)),
        Ok(Answer::File(content)) => {
            let counted = window::count(call, &content.body).map_err(look::failed)?;
            Ok((counted, content))
        }
        Ok(foreign) => Err(look::misfit_look(foreign)),
    }
}

#[cfg(test)]
mod tests;
