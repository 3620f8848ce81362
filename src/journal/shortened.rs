//! Whether a journal was longer once: what lies beside it carries in its name how many records there were.
//!
//! A file of evidence or of a message is named after the records that were on disk when it was made (`00039-…`: 39 of
//! them), and a torn end after the line that was torn (`journal.torn-34`). A crash loses no record that was synced, so
//! a name that counts more of them than there are says that they were taken away. A name that counts as many as there
//! are says nothing: that batch may never have been written.

use super::dir::Dir;
use super::holding::Holding;
use super::reader::Scan;
use super::{FOLDERS, JOURNAL, TORN};

/// How many files a sentence names.
const NAMED_MAX: usize = 3;

/// The names of what lies beside a journal, taken before it is read: what comes meanwhile is no witness.
pub(super) struct Beside(Vec<String>);

impl Beside {
    /// What lies there now. A folder that cannot be read bears no witness; that it cannot is said by others.
    pub(super) fn of(dir: &Dir) -> Self {
        let files = |dir: &Dir| dir.names().map(|(files, _)| files).unwrap_or_default();
        let mut names = files(dir);
        names.retain(|name| name.starts_with(TORN));
        for folder in FOLDERS {
            let inside = dir.sub(folder).map(|sub| files(&sub)).unwrap_or_default();
            names.extend(inside.into_iter().map(|name| format!("{folder}/{name}")));
        }
        Self(names)
    }

    /// The fault, if the journal was longer once. Behind a line that does not hold the records are not counted, and that
    /// is a fault already.
    pub(super) fn fault(&self, scan: &Scan) -> Option<String> {
        if scan.faults.is_empty() { self.fault_of(scan.records.len() as u64) } else { None }
    }

    /// The same of a journal that holds as far as it goes.
    pub(super) fn fault_of(&self, records: u64) -> Option<String> {
        fault_by(self.0.iter(), records)
    }
}

/// The fault, if there were more than these records once. What came while the journal was read is no witness.
pub(super) fn fault(holding: &Holding, records: u64) -> Option<String> {
    fault_by(holding.beforehand.iter().chain(holding.aside.iter().map(|(name, _)| name)), records)
}

fn fault_by<'a>(names: impl Iterator<Item = &'a String>, records: u64) -> Option<String> {
    let mut witnesses: Vec<(u64, &String)> = names.filter_map(|name| Some((records_by(name)?, name))).collect();
    witnesses.retain(|(had, _)| *had > records);
    witnesses.sort();
    let (most, _) = witnesses.last()?;
    let (count, files) = (witnesses.len(), if witnesses.len() == 1 { "file" } else { "files" });
    let named: Vec<&str> = witnesses.iter().rev().take(NAMED_MAX).map(|(_, name)| name.as_str()).collect();
    let more = if count > NAMED_MAX { ", and more" } else { "" };
    Some(format!(
        "{JOURNAL} was shortened: it had at least {most} records when {count} {files} beside it had been made, and {records} are left ({}{more}); put a copy of the whole journal back",
        named.join(", ")
    ))
}

/// Whether this file was made behind the last of these records, and for a record that is not there.
pub(super) fn is_newest(path: &str, records: u64) -> bool {
    records_by(path) == Some(records)
}

/// How many records there were when the file of this name was made.
fn records_by(path: &str) -> Option<u64> {
    if let Some(line) = path.strip_prefix(TORN) {
        let number = line.split('-').next()?;
        return number.parse::<u64>().ok()?.checked_sub(1);
    }
    let (_, name) = path.split_once('/')?;
    let (number, _) = name.split_once('-')?;
    (number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())?
}
