//! Baselines as written: a number, or where one is kept.

use super::Desk;
use crate::playbook::Baseline;
use crate::playbook::raw::{RawBaseline, RawFile};
use crate::playbook::spans::join;
use indexmap::IndexMap;

/// The files that lie in the playbook itself.
type Files = IndexMap<String, RawFile>;

impl Desk<'_> {
    /// A baseline as written; what lies in the playbook's own `files` is known at once.
    pub(super) fn baseline(&mut self, at: &str, raw: &RawBaseline, files: &Files) -> Option<Baseline> {
        let table = match raw {
            RawBaseline::Value(value) => return Some(Baseline::Value(*value)),
            RawBaseline::Kept(table) => table,
        };
        match (&table.file, &table.at, &table.offset, &table.at_start) {
            (None, None, written @ Some(_), None) => {
                Some(Baseline::Offset(self.duration(at, "offset", written.as_ref(), 0)))
            }
            (None, None, None, written @ Some(_)) => {
                Some(Baseline::AtStart(self.duration(at, "at_start", written.as_ref(), 0)))
            }
            (Some(path), Some(pointer), None, None) => {
                if !pointer.starts_with('/') {
                    self.flaw(
                        &join(at, "at"),
                        format!("`{pointer}` is no JSON pointer"),
                        format!("write `/{pointer}`"),
                    );
                }
                match files.get(path) {
                    Some(own) => self.pinned(&join(at, "at"), path, own, pointer),
                    None => Some(Baseline::File { path: path.into(), at: pointer.clone() }),
                }
            }
            _ => {
                if !self.document.has_cut_child(at) {
                    let hint = "write a number, `{ file = \"…\", at = \"/…\" }`, `{ offset = \"1h\" }` or `{ at_start = \"60s\" }`";
                    self.flaw(at, "this says neither from which file nor from when the baseline is", hint);
                }
                None
            }
        }
    }

    /// The number at `pointer` of a file that lies in the playbook itself: pinned with it, and flown with it.
    fn pinned(&mut self, at: &str, path: &str, own: &RawFile, pointer: &str) -> Option<Baseline> {
        let json: serde_json::Value = match serde_json::from_str(&own.text) {
            Ok(json) => json,
            Err(error) => {
                self.flaw(at, format!("`{path}` is no JSON: {error}"), "mend its text below `[files]`");
                return None;
            }
        };
        let value = json.pointer(pointer).and_then(serde_json::Value::as_f64).filter(|value| value.is_finite());
        if value.is_none() {
            let hint = format!("write it into the file's text below `[files.\"{path}\"]`");
            self.flaw(at, format!("there is no number at `{pointer}` in `{path}`"), hint);
        }
        value.map(Baseline::Value)
    }
}
