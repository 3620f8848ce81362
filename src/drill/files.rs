//! The simulated files: what a `file` backend reads, writes and puts back, as the file carrier would.

use super::scenario::{FileRow, Scenario};
use crate::kind::{Answer, Body, Fault, FileAsk};
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

    /// Does what is asked of a backend whose files lie below `root`.
    pub(super) fn handle(&mut self, backend: &str, root: &Path, ask: &FileAsk) -> Result<Answer, Fault> {
        let key = |path: &Path| (backend.to_owned(), path.strip_prefix(root).unwrap_or(path).to_path_buf());
        match ask {
            FileAsk::Read { path } => self.read(&key(path)).ok_or_else(|| {
                Fault::NotSent(Text::new(&format!("{}: No such file or directory (os error 2)", path.display())))
            }),
            FileAsk::Write { path, content, keep } => {
                let before = self.there.insert(key(path), content.clone());
                // Never over an earlier copy: that one is from before the incident.
                self.kept.entry(key(keep)).or_insert(before);
                Ok(whole(content))
            }
            FileAsk::Restore { path, keep } => match self.kept.get(&key(keep)).cloned() {
                None => Err(Fault::Refused(Text::new(&format!(
                    "{}: nothing was kept to put back; no write came before",
                    path.display()
                )))),
                Some(None) => {
                    self.there.remove(&key(path));
                    Ok(whole(""))
                }
                Some(Some(before)) => {
                    let answer = whole(&before);
                    self.there.insert(key(path), before);
                    Ok(answer)
                }
            },
        }
    }

    fn read(&self, key: &Key) -> Option<Answer> {
        let kept = || self.kept.get(key).and_then(Option::as_ref);
        self.there.get(key).or_else(kept).map(|content| whole(content))
    }
}

fn whole(content: &str) -> Answer {
    Answer::File(Body::whole(content))
}
