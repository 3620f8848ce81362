//! One read, atomic write or restore of a file.
//!
//! What a write replaces is kept first, once: `keep` holds the bytes as they were before the first write, or
//! `keep` with `.absent` appended says that there was no file. A later write leaves either as it is, so firing
//! again cannot lose what the incident began with, and a restore puts back bytes or absence.
//! No symbolic link is followed anywhere on the way: the folder is opened first, and everything happens in it.

use super::lane::Lane;
use super::{Deadline, lost, not_sent, refused};
use crate::kind::{Answer, Body, Content, Fault, FileAsk};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::{
    fs::{File, Metadata, OpenOptions, Permissions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::fd::{AsRawFd, OwnedFd},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};
use tempfile::NamedTempFile;

/// The largest previous content that is kept: 16 MiB. A file beyond it is not what a lever should replace.
const PREVIOUS_MAX: u64 = 16 << 20;

/// The rights of a file that did not exist before.
const NEW_MODE: u32 = 0o644;

/// The most reads at once, and the most writes and restores: looks that hang must not stand in a lever's way.
const READS_MAX: usize = 8;
const CHANGES_MAX: usize = 4;

/// Where files are read and changed.
pub(super) struct Files {
    reads: Lane,
    changes: Lane,
}

impl Default for Files {
    fn default() -> Self {
        Self { reads: Lane::new("read", READS_MAX), changes: Lane::new("change", CHANGES_MAX) }
    }
}

impl Files {
    /// Performs the exchange on a thread where blocking is allowed.
    ///
    /// A cancelled write runs to its end there: half of one cannot exist, since the file changes in one rename.
    pub(super) async fn perform(&self, ask: &FileAsk, deadline: Deadline) -> Result<Answer, Fault> {
        let path = ask.path();
        let done = match ask.clone() {
            FileAsk::Read { path: own } => self.reads.run(path, deadline, move || read(&own)).await,
            FileAsk::Tail { path: own, bytes_max } => {
                self.reads.run(path, deadline, move || tail(&own, bytes_max)).await
            }
            FileAsk::Write { path: own, content, keep } => {
                self.changes.run(path, deadline, move || write(&own, content.as_bytes(), &keep)).await
            }
            FileAsk::Restore { path: own, keep } => {
                self.changes.run(path, deadline, move || restore(&own, &keep)).await
            }
        };
        done.map(Answer::File)
    }
}

/// A file by its name in a folder that is held open: a link on the way is refused, and one planted there while the
/// file is being changed leads nowhere.
struct Place<'a> {
    /// The file as the playbook names it.
    named: &'a Path,
    /// The file as it is reached.
    here: PathBuf,
    folder: PathBuf,
    _open: OwnedFd,
}

impl<'a> Place<'a> {
    fn of(named: &'a Path) -> io::Result<Self> {
        let (Some(folder), Some(name)) = (named.parent(), named.file_name()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "is in no folder"));
        };
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = rustix::fs::openat2(CWD, folder, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS);
        let open = open.map_err(|errno| match errno {
            Errno::LOOP => {
                denied("a folder on the way is a symbolic link, which is not followed; name the folder it leads to")
            }
            other => other.into(),
        })?;
        let folder = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
        Ok(Self { named, here: folder.join(name), folder, _open: open })
    }

    /// Opens a plain file, never through a link that stands in its place, never waiting on a pipe or a device.
    fn open(&self) -> io::Result<(File, Metadata)> {
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
        let opened = OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(&self.here);
        let file = opened.map_err(|error| {
            let link = error.raw_os_error() == Some(Errno::LOOP.raw_os_error());
            if link { denied("is a symbolic link, which is not followed") } else { error }
        })?;
        let about = file.metadata()?;
        if about.is_file() { Ok((file, about)) } else { Err(denied("is not a plain file")) }
    }

    /// The file's bytes and rights.
    fn whole(&self) -> io::Result<(Vec<u8>, Metadata)> {
        let (file, about) = self.open()?;
        let mut bytes = Vec::new();
        file.take(PREVIOUS_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > PREVIOUS_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("is larger than {PREVIOUS_MAX} bytes")));
        }
        Ok((bytes, about))
    }

    /// The file's bytes and rights, or that there is none.
    fn previous(&self) -> io::Result<Option<(Vec<u8>, Metadata)>> {
        match self.whole() {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A new file beside it, for its next content.
    fn beside(&self) -> io::Result<NamedTempFile> {
        // The name under which the folder is reached says nothing to a reader.
        NamedTempFile::new_in(&self.folder).map_err(|error| io::Error::from(error.kind()))
    }

    /// Where it is written down that there was no file.
    fn absence(&self) -> PathBuf {
        let mut name = self.here.as_os_str().to_owned();
        name.push(".absent");
        name.into()
    }

    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// A failure before the file has changed.
    fn before(&self, error: &io::Error) -> Fault {
        before(self.named, error)
    }
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

fn place(path: &Path) -> Result<Place<'_>, Fault> {
    Place::of(path).map_err(|error| before(path, &error))
}

fn read(path: &Path) -> Result<Content, Fault> {
    content(&place(path)?)
}

fn content(place: &Place<'_>) -> Result<Content, Fault> {
    let read = || {
        let (file, about) = place.open()?;
        let mut body = Body::default();
        file.take(Body::MAX_BYTES as u64 + 1).read_to_end(&mut body.bytes)?;
        body.truncated = body.bytes.len() > Body::MAX_BYTES;
        body.bytes.truncate(Body::MAX_BYTES);
        Ok(Content { body, modified_ms: modified_ms(&about) })
    };
    read().map_err(|error| place.before(&error))
}

/// The end of a file as it was when it was opened; what is appended meanwhile belongs to the next look.
fn tail(path: &Path, bytes_max: u64) -> Result<Content, Fault> {
    let place = place(path)?;
    let read = || {
        let (mut file, about) = place.open()?;
        let kept = about.len().min(bytes_max).min(Body::MAX_BYTES as u64);
        let mut body = Body { bytes: Vec::new(), truncated: kept < about.len() };
        file.seek(SeekFrom::Start(about.len() - kept))?;
        file.take(kept).read_to_end(&mut body.bytes)?;
        Ok(Content { body, modified_ms: modified_ms(&about) })
    };
    read().map_err(|error| place.before(&error))
}

/// When a file was last written; a time before 1970 or beyond all reckoning is none.
fn modified_ms(about: &Metadata) -> Option<i64> {
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

fn write(path: &Path, content: &[u8], keep: &Path) -> Result<Content, Fault> {
    let (place, keep) = (place(path)?, self::place(keep)?);
    let previous = place.previous().map_err(|error| place.before(&error))?;
    keep_once(previous.as_ref().map(|(bytes, _)| &bytes[..]), &keep).map_err(|error| keep.before(&error))?;
    replace(&place, content, previous.map(|(_, about)| about).as_ref())
}

fn restore(path: &Path, keep: &Path) -> Result<Content, Fault> {
    let (place, keep) = (place(path)?, self::place(keep)?);
    let about = place.previous().map_err(|error| place.before(&error))?.map(|(_, about)| about);
    match keep.whole() {
        Ok((content, _)) => replace(&place, &content, about.as_ref()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && keep.absence().exists() => remove(&place),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(refused(format!("{}: nothing was kept to put back; no write came before", path.display())))
        }
        Err(error) => Err(keep.before(&error)),
    }
}

/// Keeps what was there before the first write, whole or not at all, and never over what is kept already.
fn keep_once(previous: Option<&[u8]>, keep: &Place<'_>) -> io::Result<()> {
    let absent = keep.absence();
    if keep.here.symlink_metadata().is_ok() || absent.symlink_metadata().is_ok() {
        return Ok(());
    }
    let mut kept = keep.beside()?;
    kept.write_all(previous.unwrap_or_default())?;
    kept.as_file().sync_all()?;
    let name = if previous.is_some() { &keep.here } else { &absent };
    kept.persist_noclobber(name).map_err(|error| error.error)?;
    keep.sync_folder()
}

/// Puts `content` where the file is, in one rename, with the rights and the owner of what it replaces.
fn replace(place: &Place<'_>, content: &[u8], like: Option<&Metadata>) -> Result<Content, Fault> {
    let prepare = || {
        let mut fresh = place.beside()?;
        fresh.write_all(content)?;
        let mode = like.map_or(NEW_MODE, |about| about.permissions().mode() & 0o7777);
        let mine = fresh.as_file().metadata()?;
        if let Some(about) = like.filter(|about| (about.uid(), about.gid()) != (mine.uid(), mine.gid())) {
            // A service must still be able to read its own file after root replaced it.
            fchown(fresh.as_file(), Some(about.uid()), Some(about.gid()))?;
        }
        fresh.as_file().set_permissions(Permissions::from_mode(mode))?;
        fresh.as_file().sync_all()?;
        Ok(fresh)
    };
    let fresh = prepare().map_err(|error: io::Error| place.before(&error))?;
    fresh.persist(&place.here).map_err(|error| place.before(&error.error))?;
    settled(place, || self::content(place))
}

fn remove(place: &Place<'_>) -> Result<Content, Fault> {
    match std::fs::remove_file(&place.here) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(place.before(&error)),
    }
    settled(place, || Ok(Content::default()))
}

/// After the change: until the folder is on disk, and the file read again, nobody knows.
fn settled(place: &Place<'_>, look: impl FnOnce() -> Result<Content, Fault>) -> Result<Content, Fault> {
    let unsafely = |error| lost(format!("{}: changed, but not safely: {error}", place.named.display()));
    place.sync_folder().map_err(unsafely)?;
    look().map_err(|fault| lost(format!("changed, but cannot be read again: {fault}")))
}
