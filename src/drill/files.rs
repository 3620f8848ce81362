//! The simulated files: what a `file` backend reads, writes and puts back, as the file carrier would.

use super::scenario::{FileRow, Scenario};
use crate::kind::{Answer, Body, Content, Fault, FileAsk};
use crate::text::Text;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A backend's id and a path below its root.
type Key = (String, PathBuf);

/// Every file there is, and what was kept of those that were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    there: BTreeMap<Key, String>,
    /// `None`: there was no file, so putting back means taking away.
    kept: BTreeMap<Key, Option<String>>,
}

impl Files {
    /// The files a scenario starts with.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let entry = |row: &FileRow| ((row.backend.clone(), PathBuf::from(&row.path)), row.content.clone());
        Self { there: scenario.files.iter().map(entry).collect(), kept: BTreeMap::new() }
    }

    /// The content of a file.
    pub(super) fn content(&self, backend: &str, path: &str) -> Option<&str> {
        self.there.get(&(backend.to_owned(), PathBuf::from(path))).map(String::as_str)
    }

    /// Does what is asked of a backend whose files lie below `root`. Whoever writes a simulated file writes it
    /// again and again: it is as old as the look at it, `wall_ms`.
    pub(super) fn handle(&mut self, backend: &str, root: &Path, ask: &FileAsk, wall_ms: i64) -> Result<Answer, Fault> {
        let key = |path: &Path| (backend.to_owned(), path.strip_prefix(root).unwrap_or(path).to_path_buf());
        match ask {
            FileAsk::Read { path } => {
                self.read(&key(path)).map(|text| whole(text, wall_ms)).ok_or_else(|| missing(path))
            }
            FileAsk::Tail { path, bytes_max } => {
                let text = self.read(&key(path)).ok_or_else(|| missing(path))?;
                let cut = text.len() - text.len().min(usize::try_from(*bytes_max).unwrap_or(usize::MAX));
                let body = Body { bytes: text.as_bytes()[cut..].to_vec(), truncated: cut > 0 };
                Ok(Answer::File(Content { body, modified_ms: Some(wall_ms) }))
            }
            FileAsk::Write { path, content, keep } => {
                let before = self.there.insert(key(path), content.clone());
                // Never over an earlier copy: that one is from before the incident.
                self.kept.entry(key(keep)).or_insert(before);
                Ok(whole(content, wall_ms))
            }
            FileAsk::Restore { path, keep } => match self.kept.get(&key(keep)).cloned() {
                None => Err(Fault::Refused(Text::new(&format!(
                    "{}: nothing was kept to put back; no write came before",
                    path.display()
                )))),
                Some(None) => {
                    self.there.remove(&key(path));
                    Ok(whole("", wall_ms))
                }
                Some(Some(before)) => {
                    let answer = whole(&before, wall_ms);
                    self.there.insert(key(path), before);
                    Ok(answer)
                }
            },
        }
    }

    fn read(&self, key: &Key) -> Option<&str> {
        let kept = || self.kept.get(key).and_then(Option::as_ref);
        self.there.get(key).or_else(kept).map(String::as_str)
    }
}

fn whole(content: &str, wall_ms: i64) -> Answer {
    Answer::File(Content { body: Body::whole(content), modified_ms: Some(wall_ms) })
}

fn missing(path: &Path) -> Fault {
    Fault::NotSent(Text::new(&format!("{}: No such file or directory (os error 2)", path.display())))
}
