//! Line protocols over TCP or a unix socket: `HAProxy`'s runtime API.

use super::fill::{breaks_line, refuse};
use super::look::{self, Wanted};
use super::{
    Address, Answer, Body, Complaint, Exchange, Fault, Kind, LineAsk, Outcome, Seen, Settled, Use, Vars, fill, written,
};
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
    /// The line; may hold `${name}`, whose value may be one word and hold no line break, `;`, `\` or `<<`.
    pub send: String,
    /// Act: the answer, trimmed, must match this regular expression, else it is Rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the value is this regular expression's first group in the answer; without it the whole answer, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

/// The longest path that fits into a unix socket's address.
const UNIX_PATH_MAX: usize = 107;

impl Kind for Socket {
    const NAME: &'static str = "socket";
    const DOC: &'static str = "\
One line over TCP or a unix socket, and what is answered to it. HAProxy's runtime API answers success with an empty \
line (`ok = \"^$\"`) and a refusal with a sentence.
Applied: it answered, and the answer, trimmed, matches `ok` where that is given.
Rejected: the answer does not match `ok`; what was answered is shown.
NotSent: connecting failed.
Unknown: the connection ended before a whole answer came, or the answer is longer than what is kept and what is kept \
does not match `ok`.
Look: the value is the first group of `find`, else the whole answer, trimmed; an empty answer and no match are absent.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        let keys = [("tcp", backend.tcp.is_some()), ("unix", backend.unix.is_some())];
        let long = backend.unix.as_ref().is_some_and(|path| path.as_os_str().len() > UNIX_PATH_MAX);
        let found = [
            written::exactly_one(&keys),
            backend.tcp.as_deref().and_then(|address| written::host_port("tcp", address)),
            written::absolute("unix", backend.unix.as_deref()),
            long.then(|| {
                Complaint::new("unix", format!("is longer than {UNIX_PATH_MAX} bytes"), "link it to a shorter path")
            }),
        ];
        found.into_iter().flatten().collect()
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        let broken = call.send.contains(char::is_control);
        let found = [
            call.send.trim().is_empty().then(|| Complaint::new("send", "is empty", "write the line to send")),
            broken.then(|| Complaint::new("send", "holds a line break or another control character", "send one line")),
            written::open_hole("send", &call.send),
            written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
            written::idle_key("find", call.find.is_some(), Use::Look, r#use),
            written::regex("ok", call.ok.as_deref()),
            written::grouped("find", call.find.as_deref()),
        ];
        found.into_iter().flatten().collect()
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(_backend: &Backend) -> Vec<SecretRef> {
        Vec::new()
    }

    fn templates(call: &Call) -> Vec<&str> {
        vec![&call.send]
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        let address = match (&backend.tcp, &backend.unix) {
            (Some(tcp), None) => Address::Tcp(tcp.clone()),
            (None, Some(unix)) => Address::Unix(unix.clone()),
            (None, None) | (Some(_), Some(_)) => return Err("a socket has exactly one of tcp, unix".to_owned()),
        };
        refuse(&call.send, vars, acts_in_line)?;
        let line = fill(&call.send, vars, str::to_owned)?;
        if line.contains(char::is_control) {
            return Err("the line holds a line break or another control character".to_owned());
        }
        Ok(Exchange::Line(LineAsk { address, line }))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::Line(body)) => answered(call, body),
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::Line(body)) => Wanted { at: None, find: call.find.as_deref() }.in_body(body),
            Ok(foreign) => look::misfit_look(foreign),
        }
    }
}

/// Why a value would be more than one word of the line: `HAProxy` splits at blanks, chains at `;`, reads `\`
/// as an escape and `<<` as the begin of a payload.
fn acts_in_line(value: &str) -> Option<&'static str> {
    breaks_line(value).or_else(|| match value {
        "" => Some("is empty, so the line would mean something else"),
        _ if value.contains(char::is_whitespace) => Some("holds a blank"),
        _ if value.contains([';', '\\']) || value.contains("<<") => Some("holds `;`, `\\` or `<<`"),
        _ => None,
    })
}

/// How an act ended that was answered.
fn answered(call: &Call, body: &Body) -> Settled {
    let quoted = look::quote(body);
    match &call.ok {
        Some(ok) if !look::matches(ok, &look::trimmed(body)) => {
            let outcome = if body.truncated { Outcome::Unknown } else { Outcome::Rejected };
            let quoted = if quoted.is_empty() { "an empty line".to_owned() } else { quoted };
            Settled::new(outcome, format!("it answered {quoted}, which does not match `{ok}`"))
        }
        Some(_) | None => Settled::new(Outcome::Applied, look::saying("answered", &quoted)),
    }
}

#[cfg(test)]
mod tests;
