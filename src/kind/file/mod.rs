//! Files: atomic write with the previous content kept beside it.

use super::fill::{breaks_line, refuse};
use super::look::{self, Wanted};
use super::{
    Answer, Complaint, Exchange, Fault, FileAsk, Kind, Outcome, Seen, Settled, Use, Vars, fill, http, written,
};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path, PathBuf};

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
    const DOC: &'static str = "\
Files below one folder, replaced atomically. The previous content is kept beside the file as \
`<name>.<incident>.before`, which `restore` puts back.
Applied: the file was replaced, or put back.
Rejected: the folder or the file may not be written.
NotSent: nothing was written.
Unknown: the file was replaced and its safe arrival on disk was not confirmed.
Look: the value is what `at` points at (JSON), or the first group of `find` (in what `at` points at, when both are \
given), else the whole content, trimmed; an empty file is absent.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        let climbs = backend.root.components().any(|part| part == Component::ParentDir);
        let climbs = climbs.then(|| Complaint::new("root", "holds `..`", "write the folder that is meant"));
        written::absolute("root", Some(&backend.root)).into_iter().chain(climbs).collect()
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        let keys = call.keys();
        let mut found: Vec<Complaint> =
            written::exactly_one(&keys.map(|(key, _, path)| (key, path.is_some()))).into_iter().collect();
        for (key, means, path) in keys {
            found.extend(written::idle_key(key, path.is_some(), means, r#use));
            found.extend(path.and_then(|path| bad_path(key, path)));
        }
        found.extend(content_faults(call));
        let rest = [
            written::idle_key("at", call.at.is_some(), Use::Look, r#use),
            written::idle_key("find", call.find.is_some(), Use::Look, r#use),
            written::pointer("at", call.at.as_deref()),
            written::grouped("find", call.find.as_deref()),
        ];
        found.extend(rest.into_iter().flatten());
        found
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(_backend: &Backend) -> Vec<SecretRef> {
        Vec::new()
    }

    fn templates(call: &Call) -> Vec<&str> {
        call.content.as_deref().into_iter().collect()
    }

    fn encode(backend: &Backend, call: &Call, r#use: Use, vars: &Vars) -> Result<Exchange, String> {
        let ask = match (r#use, &call.read, &call.write, &call.restore) {
            (Use::Look, Some(path), None, None) => FileAsk::Read { path: below(backend, path)? },
            (Use::Act, None, Some(path), None) => FileAsk::Write {
                path: below(backend, path)?,
                content: content(path, call.content.as_deref().unwrap_or_default(), vars)?,
                keep: kept(backend, path, vars)?,
            },
            (Use::Act, None, None, Some(path)) => {
                FileAsk::Restore { path: below(backend, path)?, keep: kept(backend, path, vars)? }
            }
            (Use::Look, ..) => return Err("a look has `read` and nothing else".to_owned()),
            (Use::Act, ..) => return Err("a lever has exactly one of `write` and `restore`".to_owned()),
        };
        Ok(Exchange::File(ask))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::File(body)) => {
                let done = if call.restore.is_some() { "put back" } else { "written" };
                Settled::new(Outcome::Applied, look::saying(done, &look::quote(body)))
            }
            Ok(
                Answer::Http { .. } | Answer::Line(_) | Answer::Redis(_) | Answer::Exec { .. } | Answer::Kube { .. },
            ) => look::misfit_act(),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::File(body)) => Wanted { at: call.at.as_deref(), find: call.find.as_deref() }.in_body(body),
            Ok(
                Answer::Http { .. } | Answer::Line(_) | Answer::Redis(_) | Answer::Exec { .. } | Answer::Kube { .. },
            ) => look::misfit_look(),
        }
    }
}

impl Call {
    /// The keys of which exactly one is written, and the use each is for.
    fn keys(&self) -> [(&'static str, Use, Option<&str>); 3] {
        [
            ("read", Use::Look, self.read.as_deref()),
            ("write", Use::Act, self.write.as_deref()),
            ("restore", Use::Act, self.restore.as_deref()),
        ]
    }
}

/// Why a path cannot be one below the root.
fn strays(path: &str) -> Option<&'static str> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if path.is_empty() || path.ends_with('/') {
        Some("names no file")
    } else if path.contains("${") || path.contains(char::is_control) {
        Some("holds a hole or a control character")
    } else if !Path::new(path).components().all(plain) {
        Some("leaves the backend's folder, or begins at `/` or `.`")
    } else {
        None
    }
}

fn bad_path(key: &str, path: &str) -> Option<Complaint> {
    strays(path)
        .map(|why| Complaint::new(key, why, "write a path below the backend's `root`, for instance `flags.json`"))
}

fn content_faults(call: &Call) -> Vec<Complaint> {
    let mut found = Vec::new();
    match (&call.write, &call.content) {
        (Some(_), None) => found.push(Complaint::new("write", "has no `content`", "write what the file shall hold")),
        (None, Some(_)) => found.push(Complaint::new("content", "does nothing without `write`", "take it out")),
        (Some(_), Some(_)) | (None, None) => {}
    }
    if let (Some(path), Some(content)) = (&call.write, &call.content) {
        found.extend(written::open_hole("content", content));
        found.extend(written::json_template("content", content).filter(|_| is_json(path)));
    }
    found
}

fn is_json(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// The file that `path` means.
fn below(backend: &Backend, path: &str) -> Result<PathBuf, String> {
    match strays(path) {
        Some(why) => Err(format!("the path `{path}` {why}")),
        None => Ok(backend.root.join(path)),
    }
}

/// Where the content before this incident is kept.
fn kept(backend: &Backend, path: &str, vars: &Vars) -> Result<PathBuf, String> {
    let incident = vars.get("incident").ok_or("nothing is known for ${incident}")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if incident.is_empty() || !incident.chars().all(fits) {
        return Err(format!("`{incident}` cannot be part of a file's name"));
    }
    below(backend, &format!("{path}.{incident}.before"))
}

/// The new content. In JSON values stand inside strings; elsewhere they may not begin a new line.
fn content(path: &str, template: &str, vars: &Vars) -> Result<String, String> {
    if is_json(path) {
        return http::json_text(template, vars);
    }
    refuse(template, vars, breaks_line)?;
    fill(template, vars, str::to_owned)
}

#[cfg(test)]
mod tests;
