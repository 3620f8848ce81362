//! Files: atomic write with the previous content kept beside it.

use super::fill::{breaks_line, refuse};
use super::look::{self, Wanted};
use super::{
    Answer, Complaint, Exchange, Fault, FileAsk, Kind, Outcome, Reading, Seen, Settled, Use, Vars, fill, http, reading,
    written,
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
    /// Metric: a JSON pointer to the time of the sample, in seconds or milliseconds since 1970 or as RFC 3339, so
    /// that an old value is STALE; without it a value is as old as the
    /// file's last write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<String>,
    /// Look: the value is this regular expression's first group; without `at` and `find` the whole content, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
}

impl Kind for File {
    const NAME: &'static str = "file";
    const DOC: &'static str = "\
Files below one folder, replaced atomically. The previous content is kept beside the file as \
`<name>.<incident>.before`, which `restore` puts back.
No symbolic link is followed, neither one in the file's place nor one among the folders on the way, those above `root` \
included: a file that stands behind a link is refused.
Applied: the file was replaced, or put back.
Rejected: the folder or the file may not be written.
NotSent: nothing was written.
Unknown: the file was replaced and its safe arrival on disk was not confirmed.
Look: the value is what `at` points at (JSON), or the first group of `find` (in what `at` points at, when both are \
given), else the whole content, trimmed; an empty file is absent.
Metric: the number that a look saw, sampled when `fresh` says, else when the file was last written.";
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
            written::idle_key("fresh", call.fresh.is_some(), Use::Look, r#use),
            written::idle_key("find", call.find.is_some(), Use::Look, r#use),
            written::pointer("at", call.at.as_deref()),
            written::pointer("fresh", call.fresh.as_deref()),
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
            Ok(Answer::File(content)) => {
                let done = if call.restore.is_some() { "put back" } else { "written" };
                Settled::new(Outcome::Applied, look::saying(done, &look::quote(&content.body)))
            }
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::File(content)) => {
                Wanted { at: call.at.as_deref(), find: call.find.as_deref() }.in_body(&content.body)
            }
            Ok(foreign) => look::misfit_look(foreign),
        }
    }

    fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        let seen = Self::see(call, result);
        match (&call.fresh, result) {
            (Some(fresh), Ok(Answer::File(content))) => reading::dated(&seen, &content.body, fresh),
            (None, Ok(Answer::File(content))) => reading::written(&seen, content),
            (Some(_) | None, _) => reading::number(&seen, now_ms),
        }
    }

    fn root(backend: &Backend) -> Option<&Path> {
        Some(&backend.root)
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

/// A path of a call that is none below the root.
pub(super) fn bad_path(key: &str, path: &str) -> Option<Complaint> {
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
pub(super) fn below(backend: &Backend, path: &str) -> Result<PathBuf, String> {
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
