//! What a directory's files look like from outside: as long as that is the same, so is what was read of them.

use super::dir::Dir;
use super::dossier::ANSWERS;
use super::error::Error;
use super::{JOURNAL, PLAYBOOK};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

/// How much of a journal's end is kept of it: its last hash, and what closes the line.
const HEAD_BYTES: u64 = 67;

/// The outside of an incident directory: journal, playbook and answers, all that a summary is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    journal: Outside,
    /// The last bytes of the journal: a clock that was set back or a copy that kept its times cannot hide
    /// another end.
    head: String,
    /// None where there is no playbook.
    playbook: Option<Outside>,
    /// None where nobody has begun it.
    answers: Option<Outside>,
}

/// One file from outside. The inode's own change time is among it: no program can set that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Outside {
    bytes: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// Looks at a directory. [`Error::Missing`] where it holds no journal.
    pub(super) fn of(dir: &Dir) -> Result<Self, Error> {
        let file = dir.open_read(JOURNAL)?;
        let failed = |err| Error::io(&dir.path.join(JOURNAL), "look at", err);
        let journal = Outside::of(&file).map_err(failed)?;
        let mut end = vec![0; usize::try_from(journal.bytes.min(HEAD_BYTES)).unwrap_or_default()];
        let from = journal.bytes - end.len() as u64;
        file.read_exact_at(&mut end, from).map_err(failed)?;
        let [playbook, answers] =
            [PLAYBOOK, ANSWERS].map(|name| dir.open_read(name).ok().and_then(|file| Outside::of(&file).ok()));
        Ok(Self { journal, head: end.escape_ascii().to_string(), playbook, answers })
    }
}

impl Outside {
    fn of(file: &File) -> io::Result<Self> {
        let meta = file.metadata()?;
        Ok(Self {
            bytes: meta.len(),
            inode: meta.ino(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }
}
