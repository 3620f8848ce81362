//! Redis: one command, its reply.

mod check;
mod reply;

use super::look::{self, Wanted};
use super::{Answer, Complaint, Exchange, Fault, Kind, RedisAsk, RedisValue, Seen, Settled, Use, Vars, fill, written};
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
    /// A PEM file of the only certificate authorities to trust, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
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
    /// Act: names whose value is several arguments, parted by blanks; each stands alone in the command as `${name}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<String>,
    /// Act: the reply, as text, must match this regular expression, else it is Rejected; without it any reply that is no error is Applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Look: the value is this regular expression's first group in the reply's text; without it the whole reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for Redis {
    const NAME: &'static str = "redis";
    const DOC: &'static str = "\
One Redis command and its reply, as text: integers in decimal, lists flattened and joined by a blank.
Applied: any reply that is no error, and that matches `ok` where it is given.
Rejected: an error reply (READONLY: this is a replica; NOPERM, NOAUTH, WRONGPASS: the credential; MOVED, LOADING, \
CLUSTERDOWN and the like), or a reply that `ok` does not match (nil is an empty text).
NotSent: connecting failed, or a secret was missing.
Unknown: the connection ended before the reply came, the reply was longer than 2 MiB, or a script failed while it ran: what it wrote before stays.
Look: the value is the first group of `find` in the reply's text, else all of it; nil and empty are absent, an error \
reply is a failure.";
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
        written::secret(backend.password_env.as_ref(), backend.password_file.as_ref()).into_iter().collect()
    }

    fn templates(call: &Call) -> Vec<&str> {
        call.command.iter().map(String::as_str).collect()
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        // Arguments travel with their lengths, so a value cannot become more than its argument, unless that was asked for.
        let mut args = Vec::new();
        for template in &call.command {
            let value = fill(template, vars, str::to_owned)?;
            if call.is_split(template) {
                args.extend(value.split_ascii_whitespace().map(str::to_owned));
            } else {
                args.push(value);
            }
        }
        if args.first().is_none_or(String::is_empty) || call.code_slots().any(|slot| slot.contains("${")) {
            return Err("a command begins with its name, and neither that nor a script may hold a hole".to_owned());
        }
        Ok(Exchange::Redis(RedisAsk {
            address: backend.address.clone(),
            tls: backend.tls,
            ca_file: backend.ca_file.clone(),
            user: backend.user.clone(),
            password: Self::secrets(backend).into_iter().next(),
            db: backend.db,
            args,
        }))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::Redis(RedisValue::Error(error))) => reply::refused(call, error),
            Ok(Answer::Redis(value)) => reply::accepted(call, value),
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::Redis(value)) => reply::seen(value, Wanted { at: None, find: call.find.as_deref() }),
            Ok(foreign) => look::misfit_look(foreign),
        }
    }
}

impl Call {
    /// The command's name in capitals.
    fn name(&self) -> String {
        self.command.first().map(|name| name.to_ascii_uppercase()).unwrap_or_default()
    }

    /// Whether this argument stands for several.
    fn is_split(&self, argument: &str) -> bool {
        let name = argument.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        name.is_some_and(|name| self.split.iter().any(|split| split == name))
    }

    /// Whether the command runs a script on the server.
    fn is_script(&self) -> bool {
        matches!(&*self.name(), "EVAL" | "EVALSHA" | "EVAL_RO" | "EVALSHA_RO" | "FCALL" | "FCALL_RO")
    }

    /// The parts of the command that are obeyed rather than stored: its name, and a script with its count of keys.
    fn code_slots(&self) -> impl Iterator<Item = &str> {
        let slots = if self.is_script() { 3 } else { 1 };
        self.command.iter().take(slots).map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
