//! NATS: one request, its reply; with it `JetStream`'s API.

mod check;
mod reply;

use super::fill::refuse;
use super::look::{self, Wanted};
use super::{
    Answer, Complaint, Exchange, Fault, Kind, NatsAsk, NatsAuth, Seen, Settled, Use, Vars, escape_json, fill, written,
};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The kind `nats`.
#[derive(Clone, Copy, Debug)]
pub struct Nats;

/// A NATS server: `jobs.nats = { address = "127.0.0.1:4222", token_env = "NATS_TOKEN" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// `host:port`
    pub address: String,
    /// Whether to speak TLS; the server's certificate must be sound and name the host.
    #[serde(default)]
    pub tls: bool,
    /// A PEM file of the only authorities to trust, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The environment variable that holds the user's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    /// The file that holds the user's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The environment variable that holds the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_env: Option<String>,
    /// The file that holds the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
    /// The credentials file: a JWT and the seed that signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creds_file: Option<PathBuf>,
}

/// One request.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The subject: `$JS.API.CONSUMER.PAUSE.jobs.worker`; may hold `${name}`, whose value may be one token.
    pub request: String,
    /// The payload; may hold `${name}`, inside strings where it is JSON. Empty by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Act: the reply must match this regular expression, else the outcome is Unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the JSON pointer of the value in the reply; without it the whole reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Look: the value where a reply has nothing at `at`: servers leave out what is false, zero or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

impl Kind for Nats {
    const NAME: &'static str = "nats";
    const DOC: &'static str = "\
One NATS request and the first reply to it; JetStream's API is spoken so. A reply whose `error` is an object is \
JetStream saying no.
Applied: a reply came that is no error, and that matches `ok` where it is given.
Rejected: nobody listens on the subject (no responders), an error of JetStream or a status in the four hundreds, or \
the server does not let us publish there or turned us away (credential, certificate).
NotSent: connecting failed, or a secret was missing.
Unknown: the deadline passed or the connection ended after the request was sent, the request is never sent again; \
an error or status of 500 and more but for JetStream's 503; or a reply that `ok` does not match.
Look: the value is what `at` points at in the reply, else all of it; nothing there is absent, or `otherwise` where it \
is given, an error 404 of JetStream is absent, and any other error and no responders are a failure.";
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
        let password = written::secret(backend.password_env.as_ref(), backend.password_file.as_ref());
        let token = written::secret(backend.token_env.as_ref(), backend.token_file.as_ref());
        let creds = backend.creds_file.clone().map(SecretRef::File);
        password.into_iter().chain(token).chain(creds).collect()
    }

    fn templates(call: &Call) -> Vec<&str> {
        std::iter::once(call.request.as_str()).chain(call.payload.as_deref()).collect()
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        refuse(&call.request, vars, check::no_token)?;
        let subject = fill(&call.request, vars, str::to_owned)?;
        if let Some(why) = check::bad_subject(&subject) {
            return Err(format!("the subject `{subject}` {why}"));
        }
        let payload = call.payload.as_deref().unwrap_or_default();
        let escape = if check::is_json(payload) { escape_json } else { str::to_owned };
        Ok(Exchange::Nats(NatsAsk {
            address: backend.address.clone(),
            tls: backend.tls,
            ca_file: backend.ca_file.clone(),
            auth: auth(backend),
            subject,
            payload: fill(payload, vars, escape)?,
        }))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::Nats(reply)) => reply::settled(call, reply),
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::Nats(reply)) => {
                let wanted = Wanted { at: call.at.as_deref(), find: None };
                reply::seen(reply, wanted, call.otherwise.as_deref())
            }
            Ok(foreign) => look::misfit_look(foreign),
        }
    }
}

/// Who asks; a checked backend says it in one way only.
fn auth(backend: &Backend) -> Option<NatsAuth> {
    let password = written::secret(backend.password_env.as_ref(), backend.password_file.as_ref());
    let token = written::secret(backend.token_env.as_ref(), backend.token_file.as_ref());
    let password = backend.user.clone().zip(password).map(|(user, password)| NatsAuth::Password { user, password });
    let creds = || backend.creds_file.clone().map(SecretRef::File).map(NatsAuth::Creds);
    password.or_else(|| token.map(NatsAuth::Token)).or_else(creds)
}

#[cfg(test)]
mod tests;
