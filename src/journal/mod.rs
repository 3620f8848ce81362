//! The incident directory: the only room that writes it.
//!
//! [`Journal`] is the single writer; nothing is acknowledged before it is synced. [`read`], [`verify`] and
//! [`load_dossier`] take no lock, nor does a [`Follower`], and change nothing.

mod bookmarks;
mod bundle;
mod dir;
mod dossier;
mod drafts;
mod error;
mod folder;
mod follow;
mod holding;
mod inbox;
mod index;
mod line;
mod log;
mod magic;
mod reader;
mod salvage;
mod shortened;
mod stamp;
#[cfg(test)]
mod tests;
mod verify;
mod words;

pub use bookmarks::{bookmarks, drop_bookmark, keep_bookmark};
pub use bundle::{
    Bodies, Error as BundleError, Listed, Manifest, Packed, Wish, bundle, bundle_name, verify, verify_bundle,
};
pub use dossier::{load_dossier, salvage_dossier};
pub use drafts::draft_path;
pub use error::{AppendError, Error};
pub use folder::{Folder, is_incident};
pub use follow::{Beginning, Follower};
pub use inbox::{Found, GONE_MS, Inbox, OBJECTION_MAX, ROLE_MAX, Says, Slip, new_id};
pub use line::{LINE_MAX, LineFault, Wrong};
pub use reader::{Reading, read};
pub use salvage::{Salvage, salvage};
pub use verify::Verification;
pub use words::{add_words, replace_words, words};

use crate::incident::{Actor, Event, EvidenceRef, Moment, Record};
use dir::Dir;
use line::{NO_PREV, sha256};
use log::{End, Log};
use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const JOURNAL: &str = "journal.jsonl";
const PLAYBOOK: &str = "playbook.toml";
const SAMPLES: &str = "samples.jsonl";
/// The folders whose files the journal names.
const FOLDERS: [&str; 2] = ["evidence", "comms"];
const INBOX: &str = "inbox";
/// What the name of a torn end that was set aside begins with; the number of the torn line follows.
const TORN: &str = "journal.torn-";
/// The longest file that is hashed or packed, in bytes.
const FILE_MAX: u64 = 512 << 20;
/// The longest name of a file or an incident directory, in bytes.
const NAME_MAX: usize = 128;

/// The one writer of an incident directory. Its lock ends with it, however it ends.
pub struct Journal {
    dir: Dir,
    log: Log<File>,
    samples: BufWriter<File>,
}

/// The end of a journal that was torn: set aside before it was cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Torn {
    /// How many bytes; 0 when nothing was torn.
    pub bytes: u64,
    /// The file in the incident directory that keeps them.
    pub kept: Option<String>,
}

impl Journal {
    /// Makes the directory `root/dir_name` and everything in it, private and synced. `root` is made if it is missing.
    pub fn create(root: &Path, dir_name: &str, playbook: &str) -> Result<Self, Error> {
        check_name(dir_name)?;
        Dir::make_all(root)?;
        // The root itself may be a link of the operator's; what is made in it may not.
        let real_root = root.canonicalize().map_err(|err| Error::io(root, "open", err))?;
        let parent = Dir::open(&real_root)?;
        let mut dir = parent.make(dir_name)?;
        dir.path = root.join(dir_name);
        dir.write_new(PLAYBOOK, playbook.as_bytes())?;
        for folder in FOLDERS {
            dir.make(folder)?.sync()?;
        }
        dir.make(INBOX)?.sync()?;
        let file = dir.create(JOURNAL)?;
        lock(&file, &dir)?;
        file.sync_all().map_err(|err| Error::io(&dir.path.join(JOURNAL), "sync", err))?;
        let samples = open_samples(&dir)?;
        dir.sync()?;
        parent.sync()?;
        let end = End { offset: 0, next_seq: 1, head: NO_PREV.to_owned() };
        Ok(Self { dir, log: Log::new(file, end), samples })
    }

    /// Opens a journal again: locks it, checks its chain and playbook, and only then sets a torn end aside.
    pub fn open(dir: &Path) -> Result<(Self, Vec<Record>, Torn), Error> {
        let dir = Dir::open(dir)?;
        let file = dir.open_write(JOURNAL)?;
        lock(&file, &dir)?;
        let failed = |err| Error::io(&dir.path.join(JOURNAL), "read", err);
        let scan = reader::scan_from(&file).map_err(failed)?;
        scan.accept(&dir, &dir.read(PLAYBOOK)?)?;
        let next_seq = scan.records.len() as u64 + 1;
        let torn = match scan.torn_bytes {
            0 => Torn::default(),
            _ => set_aside(&dir, &file, (scan.good_len, next_seq))?,
        };
        let samples = open_samples(&dir)?;
        let head = scan.hashes.last().map_or(NO_PREV, String::as_str).to_owned();
        let end = End { offset: scan.good_len, next_seq, head };
        Ok((Self { dir, log: Log::new(file, end), samples }, scan.records, torn))
    }

    /// The incident directory, as it was named.
    pub fn dir(&self) -> &Path {
        &self.dir.path
    }

    /// Writes the batch down and syncs it; only what comes back may be believed.
    pub fn append(&mut self, incident: &str, batch: &[(Moment, Actor, Event)]) -> Result<Vec<Record>, AppendError> {
        self.log.append(incident, batch)
    }

    /// Keeps a file, private and synced, under `evidence/NAME` or `comms/NAME`. The bytes must be redacted already.
    pub fn keep(&mut self, name: &str, bytes: &[u8]) -> Result<EvidenceRef, Error> {
        let (folder, file) = split_name(name).ok_or_else(|| Error::BadName(name.to_owned()))?;
        self.dir.sub_or_make(folder)?.write_new(file, bytes)?;
        Ok(EvidenceRef { path: name.to_owned(), sha256: sha256(bytes), bytes: bytes.len() as u64 })
    }

    /// The bytes of a file that the journal names; `None` if they are not there any more, or not those it names.
    pub fn kept(&self, file: &EvidenceRef) -> Option<Vec<u8>> {
        let (folder, name) = split_name(&file.path)?;
        let bytes = self.dir.sub(folder).and_then(|folder| folder.read_at_most(name, file.bytes)).ok()?;
        (sha256(&bytes) == file.sha256).then_some(bytes)
    }

    /// Adds a line to `samples.jsonl`. Telemetry: buffered, not synced; a line break in it becomes a space.
    pub fn sample(&mut self, line: &str) -> io::Result<()> {
        let mut line = line.replace(['\n', '\r'], " ");
        line.push('\n');
        self.samples.write_all(line.as_bytes())
    }

    /// Hands the buffered samples to the system.
    pub fn flush_samples(&mut self) -> io::Result<()> {
        self.samples.flush()
    }

    /// The hash of the last line; empty when there is none.
    pub fn head(&self) -> String {
        self.log.head().to_owned()
    }
}

/// Whether somebody writes this journal now. The answer may be old by the time it is read; only the lock decides.
pub fn is_held(dir: &Path) -> Result<bool, Error> {
    let dir = Dir::open(dir)?;
    match dir.open_read(JOURNAL)?.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(err)) => Err(Error::io(&dir.path.join(JOURNAL), "lock", err)),
    }
}

fn lock(file: &File, dir: &Dir) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::Locked(dir.path.clone())),
        Err(TryLockError::Error(err)) => Err(Error::io(&dir.path.join(JOURNAL), "lock", err)),
    }
}

/// Copies the torn end beside the journal, syncs the copy, and only then cuts it off.
fn set_aside(dir: &Dir, mut file: &File, (good_len, seq): (u64, u64)) -> Result<Torn, Error> {
    let path = dir.path.join(JOURNAL);
    let mut torn = Vec::new();
    let end = file.seek(SeekFrom::Start(good_len)).and_then(|_| file.read_to_end(&mut torn));
    end.map_err(|err| Error::io(&path, "read", err))?;
    let name = free_torn_name(dir, seq, &torn)?;
    let cut = file.set_len(good_len).and_then(|()| file.sync_all());
    cut.map_err(|err| Error::io(&path, "cut the torn end off", err))?;
    Ok(Torn { bytes: torn.len() as u64, kept: Some(name) })
}

/// Writes the torn bytes under a name of their own; a crash before the cut may have kept them already.
fn free_torn_name(dir: &Dir, seq: u64, torn: &[u8]) -> Result<String, Error> {
    const TRIES: u32 = 1000;
    let mut name = format!("{TORN}{seq}");
    for again in 2..TRIES {
        match dir.write_new(&name, torn) {
            Ok(()) => return Ok(name),
            Err(Error::Occupied(_)) if dir.read(&name).is_ok_and(|kept| kept == torn) => return Ok(name),
            Err(Error::Occupied(_)) => name = format!("{TORN}{seq}-{again}"),
            Err(other) => return Err(other),
        }
    }
    Err(Error::Occupied(dir.path.join(name)))
}

/// Opens the samples for appending, behind a whole line.
fn open_samples(dir: &Dir) -> Result<BufWriter<File>, Error> {
    let mut file = dir.open_append(SAMPLES)?;
    let failed = |err| Error::io(&dir.path.join(SAMPLES), "open", err);
    if file.seek(SeekFrom::End(0)).map_err(failed)? > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last)).map_err(failed)?;
        if last != *b"\n" {
            file.write_all(b"\n").map_err(failed)?;
        }
    }
    Ok(BufWriter::new(file))
}

/// `evidence/pins.json` as folder and name, if both are safe.
fn split_name(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.split_once('/')?;
    (FOLDERS.contains(&folder) && is_safe(name)).then_some((folder, name))
}

fn check_name(name: &str) -> Result<(), Error> {
    if is_safe(name) { Ok(()) } else { Err(Error::BadName(name.to_owned())) }
}

fn is_safe(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    name.len() <= NAME_MAX && name.bytes().all(fits) && name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// The directory's own name, for titles.
fn name_of(dir: &Path) -> String {
    let real: PathBuf = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    real.file_name().unwrap_or(real.as_os_str()).to_string_lossy().into_owned()
}
