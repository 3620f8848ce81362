//! A request as a line of the `nats` command.

use super::{path_word, secret};
use crate::kind::{NatsAsk, NatsAuth};
use crate::text::{SecretRef, shell_word};

/// What the command reads as a template of Go in a payload, and how a template says the same of itself.
const TEMPLATE: (&str, &str) = ("{{", "{{\"{{\"}}");

/// The line; `None` for what the command cannot be told.
pub(super) fn line(ask: &NatsAsk) -> Option<String> {
    // Newer commands read templates in subjects too, older ones do not: nothing says the same to both.
    if ask.subject.contains(TEMPLATE.0) {
        return None;
    }
    let scheme = if ask.tls { "tls" } else { "nats" };
    let mut words = match &ask.auth {
        None => Vec::new(),
        // In the environment, where a list of processes does not show it.
        Some(NatsAuth::Password { password, .. }) => vec![format!("NATS_PASSWORD={}", secret(password))],
        // A user without a password is a token to every version of the command.
        Some(NatsAuth::Token(token)) => vec![format!("NATS_USER={}", secret(token))],
        Some(NatsAuth::Creds(SecretRef::File(_))) => Vec::new(),
        Some(NatsAuth::Creds(SecretRef::Env(_))) => return None,
    };
    words.push(format!("nats --no-context --server {}", shell_word(&format!("{scheme}://{}", ask.address))));
    match &ask.auth {
        Some(NatsAuth::Password { user, .. }) => words.push(format!("--user {}", shell_word(user))),
        Some(NatsAuth::Creds(SecretRef::File(path))) => words.push(format!("--creds {}", path_word(path))),
        Some(NatsAuth::Token(_) | NatsAuth::Creds(SecretRef::Env(_))) | None => {}
    }
    words.extend(ask.ca_file.iter().map(|file| format!("--tlsca {}", path_word(file))));
    // Nothing after the dashes is an option or the name of a file of options.
    words.push(format!("request -- {}", shell_word(&ask.subject)));
    words.push(shell_word(&ask.payload.replace(TEMPLATE.0, TEMPLATE.1)));
    Some(words.join(" "))
}
