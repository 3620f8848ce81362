//! Faults of calls and backends as written that more than one kind can have.

use super::{Complaint, Use, Vars, fill, holes};
use crate::text::SecretRef;
use regex::Regex;
use std::path::{Path, PathBuf};

/// A regular expression that does not compile.
pub(super) fn regex(key: &str, pattern: Option<&str>) -> Option<Complaint> {
    let error = Regex::new(pattern?).err()?;
    Some(Complaint::new(key, format!("is no regular expression: {error}"), "see docs.rs/regex for what may be written"))
}

/// A regular expression that does not compile or has no first group.
pub(super) fn grouped(key: &str, pattern: Option<&str>) -> Option<Complaint> {
    match Regex::new(pattern?) {
        Ok(regex) if regex.captures_len() < 2 => {
            Some(Complaint::new(key, "has no group to take the value from", "put parentheses around the value"))
        }
        Ok(_) => None,
        Err(_) => regex(key, pattern),
    }
}

/// A JSON pointer that is none.
pub(super) fn pointer(key: &str, at: Option<&str>) -> Option<Complaint> {
    let at = at?;
    let sound = at.is_empty() || at.starts_with('/');
    (!sound).then(|| Complaint::new(key, format!("`{at}` is no JSON pointer"), format!("write `/{at}`")))
}

/// A hole that is not closed or has no name.
pub(super) fn open_hole(key: &str, template: &str) -> Option<Complaint> {
    let why = if holes(template).iter().any(|name| name.trim().is_empty()) {
        "has a hole without a name".to_owned()
    } else {
        filled_with_x(template).err()?
    };
    Some(Complaint::new(key, why, "write `${name}`"))
}

/// `template` with every hole filled with the letter x: what a harmless value would make of it.
pub(super) fn filled_with_x(template: &str) -> Result<String, String> {
    let vars: Vars = holes(template).into_iter().map(|name| (name.to_owned(), "x".to_owned())).collect();
    fill(template, &vars, str::to_owned)
}

/// A hole where none may be.
pub(super) fn no_hole(key: &str, text: &str) -> Option<Complaint> {
    text.contains("${").then(|| Complaint::new(key, "may hold no `${name}`", "write it out, one lever for each target"))
}

/// JSON whose holes do not stand inside strings, or that is no JSON at all.
pub(super) fn json_template(key: &str, template: &str) -> Option<Complaint> {
    let filled = filled_with_x(template).ok()?;
    let error = serde_json::from_str::<serde::de::IgnoredAny>(&filled).err()?;
    Some(Complaint::new(key, format!("is no JSON: {error}"), "holes go inside quotes: `{\"flag\": \"${name}\"}`"))
}

/// A key that means nothing for the use a call is put to.
pub(super) fn idle_key(key: &str, written: bool, means: Use, used_for: Use) -> Option<Complaint> {
    let (reads, here) = match (means, used_for) {
        (Use::Act, Use::Look) => ("only levers read it", "probe or metric"),
        (Use::Look, Use::Act) => ("only probes and metrics read it", "lever"),
        (Use::Act, Use::Act) | (Use::Look, Use::Look) => return None,
    };
    written.then(|| Complaint::new(key, format!("does nothing here: {reads}"), format!("take it out of this {here}")))
}

/// The keys of a group of which exactly one must be written.
pub(super) fn exactly_one(keys: &[(&str, bool)]) -> Option<Complaint> {
    let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    let mut written = keys.iter().filter(|(_, written)| *written).map(|(key, _)| *key);
    let (first, second) = (written.next(), written.next());
    let one_of = format!("write exactly one of {}", names.join(", "));
    match (first, second) {
        (None, _) => Some(Complaint::new("", format!("has none of {}", names.join(", ")), one_of)),
        (Some(first), Some(second)) => Some(Complaint::new(second, format!("stands beside `{first}`"), one_of)),
        (Some(_), None) => None,
    }
}

/// The reference made of a pair of keys, one naming an environment variable and one a file.
pub(super) fn secret(env: Option<&String>, file: Option<&PathBuf>) -> Option<SecretRef> {
    env.cloned().map(SecretRef::Env).or_else(|| file.cloned().map(SecretRef::File))
}

/// The name of an environment variable that cannot be one; most often the secret itself was written there.
pub(super) fn env_name(key: &str, name: Option<&String>) -> Option<Complaint> {
    let name = name?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let sound = starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    // What was written is not repeated: it may be a secret.
    (!sound).then(|| {
        Complaint::new(key, "is no name of an environment variable", "write the variable's name here, never the secret")
    })
}

/// A path that must not depend on where goaround was started.
pub(super) fn absolute(key: &str, path: Option<&Path>) -> Option<Complaint> {
    let path = path?;
    let sound = path.is_absolute();
    (!sound).then(|| Complaint::new(key, format!("`{}` is not absolute", path.display()), "begin it with `/`"))
}

/// An address that is not `host:port`.
pub(super) fn host_port(key: &str, address: &str) -> Option<Complaint> {
    let sound = address.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    (!sound).then(|| Complaint::new(key, format!("`{address}` is not `host:port`"), "for instance `127.0.0.1:6379`"))
}

/// Whether `host` is a name, an IPv4 address or a bracketed IPv6 address, as far as its letters show.
pub(super) fn is_host(host: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(six) => six.contains(':') && six.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')),
        None => !host.is_empty() && host.chars().all(name),
    }
}
