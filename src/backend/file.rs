//! One read, atomic write or restore of a file.
//!
//! What a write replaces is kept first, once: `keep` holds the bytes as they were before the first write, or
//! `keep` with `.absent` appended says that there was no file. A later write leaves either as it is, so firing
//! again cannot lose what the incident began with, and a restore puts back bytes or absence.

use super::{Deadline, lost, not_sent, refused};
use crate::kind::{Answer, Body, Content, Fault, FileAsk};
use rustix::fs::OFlags;
use std::{
    fs::{File, Metadata, OpenOptions, Permissions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};
use tempfile::NamedTempFile;
use tokio::time::timeout_at;

/// The largest previous content that is kept: 16 MiB. A file beyond it is not what a lever should replace.
const PREVIOUS_MAX: u64 = 16 << 20;

/// The rights of a file that did not exist before.
const NEW_MODE: u32 = 0o644;

/// Performs the exchange on a thread where blocking is allowed.
///
/// A cancelled write runs to its end there: half of one cannot exist, since the file changes in one rename.
pub(super) async fn perform(ask: &FileAsk, deadline: Deadline) -> Result<Answer, Fault> {
    let shown = ask.path().display().to_string();
    let ask = ask.clone();
    let work = tokio::task::spawn_blocking(move || match ask {
        FileAsk::Read { path } => read(&path),
        FileAsk::Tail { path, bytes_max } => tail(&path, bytes_max),
        FileAsk::Write { path, content, keep } => write(&path, content.as_bytes(), &keep),
        FileAsk::Restore { path, keep } => restore(&path, &keep),
    });
    match timeout_at(deadline.at, work).await {
        Ok(Ok(result)) => result.map(Answer::File),
        Ok(Err(error)) => Err(lost(format!("{shown}: the work was broken off: {error}"))),
        Err(_) => Err(deadline.passed(&shown)),
    }
}

/// Opens a plain file, never through a link that stands in its place, never waiting on a pipe or a device.
fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    let file = OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path).map_err(|error| {
        let link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
        if link { denied("is a symbolic link, which is not followed") } else { error }
    })?;
    let about = file.metadata()?;
    if about.is_file() { Ok((file, about)) } else { Err(denied("is not a plain file")) }
}

fn denied(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

/// A failure before the file has changed.
fn before(path: &Path, error: &io::Error) -> Fault {
    let text = format!("{}: {error}", path.display());
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => refused(text),
        _ => not_sent(text),
    }
}

fn read(path: &Path) -> Result<Content, Fault> {
    let read = || {
        let (file, about) = open(path)?;
        let mut body = Body::default();
        file.take(Body::MAX_BYTES as u64 + 1).read_to_end(&mut body.bytes)?;
        body.truncated = body.bytes.len() > Body::MAX_BYTES;
        body.bytes.truncate(Body::MAX_BYTES);
        Ok(Content { body, modified_ms: modified_ms(&about) })
    };
    read().map_err(|error| before(path, &error))
}

/// The end of a file as it was when it was opened; what is appended meanwhile belongs to the next look.
fn tail(path: &Path, bytes_max: u64) -> Result<Content, Fault> {
    let read = || {
        let (mut file, about) = open(path)?;
        let kept = about.len().min(bytes_max).min(Body::MAX_BYTES as u64);
        let mut body = Body { bytes: Vec::new(), truncated: kept < about.len() };
        file.seek(SeekFrom::Start(about.len() - kept))?;
        file.take(kept).read_to_end(&mut body.bytes)?;
        Ok(Content { body, modified_ms: modified_ms(&about) })
    };
    read().map_err(|error| before(path, &error))
}

/// When a file was last written; a time before 1970 or beyond all reckoning is none.
fn modified_ms(about: &Metadata) -> Option<i64> {
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

fn write(path: &Path, content: &[u8], keep: &Path) -> Result<Content, Fault> {
    let previous = previous(path).map_err(|error| before(path, &error))?;
    keep_once(previous.as_ref().map(|(bytes, _)| &bytes[..]), keep).map_err(|error| before(keep, &error))?;
    replace(path, content, previous.map(|(_, about)| about).as_ref())
}

fn restore(path: &Path, keep: &Path) -> Result<Content, Fault> {
    let about = previous(path).map_err(|error| before(path, &error))?.map(|(_, about)| about);
    match whole(keep) {
        Ok((content, _)) => replace(path, &content, about.as_ref()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && absence(keep).exists() => remove(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(refused(format!("{}: nothing was kept to put back; no write came before", path.display())))
        }
        Err(error) => Err(before(keep, &error)),
    }
}

/// The file's bytes and rights, or that there is none.
fn previous(path: &Path) -> io::Result<Option<(Vec<u8>, Metadata)>> {
    match whole(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn whole(path: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    let (file, about) = open(path)?;
    let mut bytes = Vec::new();
    file.take(PREVIOUS_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > PREVIOUS_MAX {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("is larger than {PREVIOUS_MAX} bytes")));
    }
    Ok((bytes, about))
}

/// Where it is written down that there was no file.
fn absence(keep: &Path) -> PathBuf {
    let mut name = keep.as_os_str().to_owned();
    name.push(".absent");
    name.into()
}

/// Keeps what was there before the first write, whole or not at all, and never over what is kept already.
fn keep_once(previous: Option<&[u8]>, keep: &Path) -> io::Result<()> {
    let absent = absence(keep);
    if keep.symlink_metadata().is_ok() || absent.symlink_metadata().is_ok() {
        return Ok(());
    }
    let folder = folder(keep)?;
    let mut kept = NamedTempFile::new_in(folder)?;
    kept.write_all(previous.unwrap_or_default())?;
    kept.as_file().sync_all()?;
    let name = if previous.is_some() { keep } else { &absent };
    kept.persist_noclobber(name).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Puts `content` where `path` is, in one rename, with the rights and the owner of what it replaces.
fn replace(path: &Path, content: &[u8], like: Option<&Metadata>) -> Result<Content, Fault> {
    let prepare = || {
        let folder = folder(path)?;
        let mut fresh = NamedTempFile::new_in(folder)?;
        fresh.write_all(content)?;
        let mode = like.map_or(NEW_MODE, |about| about.permissions().mode() & 0o7777);
        let mine = fresh.as_file().metadata()?;
        if let Some(about) = like.filter(|about| (about.uid(), about.gid()) != (mine.uid(), mine.gid())) {
            // A service must still be able to read its own file after root replaced it.
            fchown(fresh.as_file(), Some(about.uid()), Some(about.gid()))?;
        }
        fresh.as_file().set_permissions(Permissions::from_mode(mode))?;
        fresh.as_file().sync_all()?;
        Ok((fresh, folder))
    };
    let (fresh, folder) = prepare().map_err(|error: io::Error| before(path, &error))?;
    fresh.persist(path).map_err(|error| before(path, &error.error))?;
    settled(path, folder, || read(path))
}

fn remove(path: &Path) -> Result<Content, Fault> {
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(before(path, &error)),
    }
    let folder = folder(path).map_err(|error| before(path, &error))?;
    settled(path, folder, || Ok(Content::default()))
}

/// After the change: until the folder is on disk, and the file read again, nobody knows.
fn settled(path: &Path, folder: &Path, look: impl FnOnce() -> Result<Content, Fault>) -> Result<Content, Fault> {
    sync_folder(folder).map_err(|error| lost(format!("{}: changed, but not safely: {error}", path.display())))?;
    look().map_err(|fault| lost(format!("changed, but cannot be read again: {fault}")))
}

fn folder(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "is in no folder"))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
