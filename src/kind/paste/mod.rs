//! An exchange as a line for a shell: what a person pastes who must do it by hand.

mod file;
mod kube;
mod nats;
mod sql;

use super::{Address, EnvValue, Exchange, ExecAsk, HttpAsk, HttpAuth, LineAsk, RedisAsk};
use crate::text::{SecretRef, shell_word};
use std::path::Path;

impl Exchange {
    /// One command line of a POSIX shell that does the same, every secret as a reference to where it is kept. `None` where
    /// no common tool does the same in one line, or where a character would act on the terminal it is pasted into.
    pub fn pasted(&self) -> Option<String> {
        let line = match self {
            Self::Http(ask) => http(ask),
            Self::Redis(ask) => redis(ask),
            Self::Line(ask) => socket(ask),
            Self::Exec(ask) => exec(ask),
            Self::Sql(ask) => sql::line(ask)?,
            Self::Nats(ask) => nats::line(ask)?,
            Self::Kube(ask) => kube::line(ask)?,
            Self::File(ask) => file::line(ask),
            // Only a metric asks so, and nobody does that by hand.
            Self::HttpMany(_) => return None,
        };
        let acts = |c: char| c.is_control() && c != '\n' && c != '\t';
        (!line.contains(acts)).then_some(line)
    }
}

/// The secret where the shell has it, between double quotes: its value is in no history and in no copy.
fn secret(secret: &SecretRef) -> String {
    match secret {
        SecretRef::Env(name) => format!("\"${{{name}}}\""),
        SecretRef::File(path) => format!("\"$(cat {})\"", path_word(path)),
    }
}

fn path_word(path: &Path) -> String {
    shell_word(&path.to_string_lossy())
}

/// The two parts of an address, a host of colons without its brackets.
fn host_port<'a>(address: &'a str, usual: &'a str) -> (&'a str, &'a str) {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, usual));
    (host.trim_start_matches('[').trim_end_matches(']'), port)
}

fn redis(ask: &RedisAsk) -> String {
    let (host, port) = host_port(&ask.address, "6379");
    let mut words: Vec<String> = ask.password.iter().map(|kept| format!("REDISCLI_AUTH={}", secret(kept))).collect();
    words.push(format!("redis-cli -h {} -p {}", shell_word(host), shell_word(port)));
    words.extend(ask.tls.then(|| "--tls".to_owned()));
    words.extend(ask.ca_file.iter().map(|file| format!("--cacert {}", path_word(file))));
    words.extend(ask.user.iter().map(|user| format!("--user {}", shell_word(user))));
    words.extend((ask.db != 0).then(|| format!("-n {}", ask.db)));
    words.extend(ask.args.iter().map(|arg| shell_word(arg)));
    words.join(" ")
}

fn http(ask: &HttpAsk) -> String {
    // Nothing in the address is a pattern or a path to tidy, and an answer that refuses ends as a failure.
    let mut words = vec![format!("curl -gsS --path-as-is --fail-with-body -X {}", shell_word(&ask.method))];
    words.extend(ask.ca_file.iter().map(|file| format!("--cacert {}", path_word(file))));
    let headers = ask.headers.iter().map(|(name, value)| format!("-H {}", shell_word(&format!("{name}: {value}"))));
    words.extend(headers);
    words.extend(ask.auth.iter().map(|auth| match auth {
        HttpAuth::Basic { user, password } => format!("-u {}{}", shell_word(&format!("{user}:")), secret(password)),
        HttpAuth::Bearer(token) => format!("-H 'Authorization: Bearer '{}", secret(token)),
        HttpAuth::Header { name, value } => format!("-H {}{}", shell_word(&format!("{name}: ")), secret(value)),
    }));
    if let Some(body) = &ask.body {
        let typed = ask.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        // Left alone, curl calls every body a form.
        words.extend((!typed).then(|| "-H 'Content-Type:'".to_owned()));
        words.push(format!("--data-raw {}", filled(ask, body)));
    }
    words.push(filled(ask, &ask.url));
    words.join(" ")
}

/// Text with the places of its secrets filled by the shell.
fn filled(ask: &HttpAsk, text: &str) -> String {
    let fill = |word: String, (name, kept): (&String, &SecretRef)| {
        word.replace(&HttpAsk::place_of(name), &format!("'{}'", secret(kept)))
    };
    // Between quotes from the start, so that each place ends them and begins them anew.
    let quoted = format!("'{}'", text.replace('\'', r"'\''"));
    if ask.secrets.is_empty() { shell_word(text) } else { ask.secrets.iter().fold(quoted, fill) }
}

fn socket(ask: &LineAsk) -> String {
    let to = match &ask.address {
        Address::Tcp(address) => format!("TCP:{address}"),
        Address::Unix(path) => format!("UNIX-CONNECT:{}", path.display()),
    };
    format!("printf '%s\\n' {} | socat -t 5 - {}", shell_word(&ask.line), shell_word(&to))
}

fn exec(ask: &ExecAsk) -> String {
    let mut words: Vec<String> = ask.cwd.iter().map(|cwd| format!("cd {} &&", path_word(cwd))).collect();
    words.extend(ask.stdin.iter().map(|stdin| format!("printf %s {} |", shell_word(stdin))));
    words.extend(ask.env.iter().filter_map(|(name, value)| match value {
        EnvValue::Literal(value) => Some(format!("{name}={}", shell_word(value))),
        EnvValue::Secret(kept) => Some(format!("{name}={}", secret(kept))),
        // The shell has it already.
        EnvValue::Inherit => None,
    }));
    words.extend(ask.argv.iter().map(|arg| shell_word(arg)));
    words.join(" ")
}
