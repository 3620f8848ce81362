//! Words of messages that were edited and not sent: kept beside the journal, named by no record, gone once sent.

use super::dir::Dir;
use super::{Error, Journal, is_safe};

/// Where messages are.
const FOLDER: &str = "comms";

/// The name of the file that keeps the words of a message.
fn name_of(comm: &str) -> String {
    format!("draft-{comm}.txt")
}

/// Where in an incident directory the words of a message are kept.
pub fn draft_path(comm: &str) -> String {
    format!("{FOLDER}/{}", name_of(comm))
}

/// The message whose words a file of `comms/` keeps; `None` of one that was sent.
pub(super) fn comm_of(name: &str) -> Option<&str> {
    name.strip_prefix("draft-")?.strip_suffix(".txt")
}

impl Journal {
    /// Keeps the words of a message that was not sent yet in place of earlier ones, or lets go of them. The words must be
    /// redacted already.
    pub fn keep_draft(&mut self, comm: &str, words: Option<&str>) -> Result<(), Error> {
        let name = name_of(comm);
        if !is_safe(&name) {
            return Err(Error::BadName(name));
        }
        let folder = self.dir.sub_or_make(FOLDER)?;
        match words {
            Some(words) => folder.replace(&name, words.as_bytes()),
            None => folder.remove(&name),
        }
    }

    /// The words that were kept, by message. What cannot be read is not made up.
    pub fn drafts(&self) -> Vec<(String, String)> {
        let folder = self.dir.sub(FOLDER);
        folder.map(|folder| read_all(&folder)).unwrap_or_default()
    }
}

fn read_all(folder: &Dir) -> Vec<(String, String)> {
    let names = folder.names().map(|(files, _)| files).unwrap_or_default();
    let read = |name: &String| {
        let words = folder.read(name).ok()?;
        Some((comm_of(name)?.to_owned(), String::from_utf8_lossy(&words).into_owned()))
    };
    names.iter().filter(|name| comm_of(name).is_some()).filter_map(read).collect()
}
