//! A directory held open: every file is reached through it by one plain name, so nothing leads outside.

use super::Error;
use super::magic::is_a_bundles;
use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// A directory, opened once. A symbolic link planted in it later is refused, never followed.
pub(super) struct Dir {
    fd: OwnedFd,
    /// For messages only.
    pub(super) path: PathBuf,
}

/// What is known of a file of which not everything is kept.
pub(super) struct Measured {
    /// Its size.
    pub(super) bytes: u64,
    /// Its SHA-256, in hex.
    pub(super) sha256: String,
    /// Its first bytes, as many as were asked for.
    pub(super) begins: Vec<u8>,
}

/// The longest file of ours that is read as a whole where nobody says otherwise, in bytes.
const READ_MAX: u64 = 16 << 20;

const DIR_FLAGS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
// Without NONBLOCK, opening a planted FIFO would wait for ever; regular files do not mind.
const FILE_FLAGS: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

impl Dir {
    /// Opens an existing directory.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let fd = fs::open(path, DIR_FLAGS, Mode::empty()).map_err(|errno| match errno {
            Errno::NOTDIR if is_a_bundles(path) => Error::Bundle(path.to_owned()),
            other => refusal(path, other),
        })?;
        Ok(Self { fd, path: path.to_owned() })
    }

    /// Makes the directory `path`, with its missing parents, each 0700 and synced into its parent.
    pub(super) fn make_all(path: &Path) -> Result<(), Error> {
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::make_all(parent)?;
        DirBuilder::new().mode(0o700).create(path).map_err(|err| Error::io(path, "make", err))?;
        File::open(parent).and_then(|dir| dir.sync_all()).map_err(|err| Error::io(parent, "sync", err))
    }

    /// Makes a directory in this one, 0700; an existing one is an error.
    pub(super) fn make(&self, name: &str) -> Result<Self, Error> {
        let path = self.path.join(name);
        fs::mkdirat(&self.fd, name, Mode::RWXU).map_err(|errno| refusal(&path, errno))?;
        self.sub(name)
    }

    /// Opens a directory in this one.
    pub(super) fn sub(&self, name: &str) -> Result<Self, Error> {
        let path = self.path.join(name);
        let fd = fs::openat(&self.fd, name, DIR_FLAGS, Mode::empty()).map_err(|errno| refusal(&path, errno))?;
        Ok(Self { fd, path })
    }

    /// Opens a directory in this one, made if it is missing.
    pub(super) fn sub_or_make(&self, name: &str) -> Result<Self, Error> {
        match self.sub(name) {
            Err(Error::Missing(_)) => self.make(name),
            other => other,
        }
    }

    /// A new file, 0600, for writing and reading; an existing one is an error.
    pub(super) fn create(&self, name: &str) -> Result<File, Error> {
        self.open_file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
    }

    /// An existing file for writing and reading. A second name of it (hard link) is refused.
    pub(super) fn open_write(&self, name: &str) -> Result<File, Error> {
        let file = self.open_file(name, OFlags::RDWR)?;
        let links = file.metadata().map_err(|err| Error::io(&self.path.join(name), "look at", err))?.nlink();
        if links == 1 { Ok(file) } else { Err(Error::NotPlain(self.path.join(name))) }
    }

    /// A file to append to, made if it is missing.
    pub(super) fn open_append(&self, name: &str) -> Result<File, Error> {
        self.open_file(name, OFlags::RDWR | OFlags::APPEND | OFlags::CREATE)
    }

    /// The directory itself, for what is done by name within it.
    pub(super) fn fd(&self) -> &OwnedFd {
        &self.fd
    }

    /// An existing file for reading.
    pub(super) fn open_read(&self, name: &str) -> Result<File, Error> {
        self.open_file(name, OFlags::RDONLY)
    }

    /// All bytes of a file of ours, which is short.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        self.read_at_most(name, READ_MAX)
    }

    /// All bytes of a file; one that is longer than `most` bytes is refused and not read.
    pub(super) fn read_at_most(&self, name: &str, most: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let file = self.open_at_most(name, most)?;
        // It may grow while it is read: one byte more than is allowed tells that it did.
        let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|err| Error::io(&self.path.join(name), "read", err))?;
        if bytes.len() as u64 > most { Err(self.too_long(name, most)) } else { Ok(bytes) }
    }

    /// A file's size, its hash and the first `keep` bytes of it; of all others none is kept. One that is longer than
    /// `most` bytes is refused and not read.
    pub(super) fn measure(&self, name: &str, most: u64, keep: usize) -> Result<Measured, Error> {
        let mut file = self.open_at_most(name, most)?.take(most.saturating_add(1));
        let (mut hasher, mut bytes, mut begins) = (Sha256::new(), 0, Vec::new());
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let part = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(err) if err.kind() == io::ErrorKind::Interrupted => continue,
                Err(err) => return Err(Error::io(&self.path.join(name), "read", err)),
            };
            hasher.update(part);
            bytes += part.len() as u64;
            begins.extend_from_slice(&part[..part.len().min(keep - begins.len())]);
        }
        if bytes > most {
            return Err(self.too_long(name, most));
        }
        Ok(Measured { bytes, sha256: hex::encode(hasher.finalize()), begins })
    }

    /// The size of a file, which is not read.
    pub(super) fn size(&self, name: &str) -> Result<u64, Error> {
        let meta = self.open_read(name)?.metadata();
        meta.map(|meta| meta.len()).map_err(|err| Error::io(&self.path.join(name), "look at", err))
    }

    fn open_at_most(&self, name: &str, most: u64) -> Result<File, Error> {
        if self.size(name)? > most { Err(self.too_long(name, most)) } else { self.open_read(name) }
    }

    fn too_long(&self, name: &str, most: u64) -> Error {
        Error::TooLong { path: self.path.join(name), most }
    }

    /// Writes a new file, 0600, and syncs it and this directory.
    pub(super) fn write_new(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut file = self.create(name)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(err) = written {
            // Half a file would stand in the way of the whole one when this is tried again.
            let _cleaned = fs::unlinkat(&self.fd, name, AtFlags::empty());
            return Err(Error::io(&self.path.join(name), "write", err));
        }
        self.sync()
    }

    /// Writes a file in place of one of this name: whoever reads it sees all of the one or all of the other.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let new = format!("{name}.new");
        self.remove(&new)?;
        self.write_new(&new, bytes)?;
        fs::renameat(&self.fd, &new, &self.fd, name)
            .map_err(|errno| Error::io(&self.path, "rename in", errno.into()))?;
        self.sync()
    }

    /// Takes a file away; one that is not there is no error.
    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) => self.sync(),
            Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(Error::io(&self.path.join(name), "remove", errno.into())),
        }
    }

    /// Syncs the directory itself: which names it holds.
    pub(super) fn sync(&self) -> Result<(), Error> {
        fs::fsync(&self.fd).map_err(|errno| Error::io(&self.path, "sync", errno.into()))
    }

    /// The names of the plain files in it, sorted, and of everything else that should not be there.
    pub(super) fn names(&self) -> Result<(Vec<String>, Vec<String>), Error> {
        let failed = |errno: Errno| Error::io(&self.path, "list", errno.into());
        let (mut files, mut others) = (Vec::new(), Vec::new());
        for entry in fs::Dir::read_from(&self.fd).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "." || name == ".." {
                continue;
            }
            let stat = fs::statat(&self.fd, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
            let plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
            if plain { files.push(name) } else { others.push(name) }
        }
        files.sort();
        others.sort();
        Ok((files, others))
    }

    fn open_file(&self, name: &str, flags: OFlags) -> Result<File, Error> {
        let path = self.path.join(name);
        let fd = fs::openat(&self.fd, name, flags | FILE_FLAGS, Mode::RUSR | Mode::WUSR)
            .map_err(|errno| refusal(&path, errno))?;
        let file = File::from(fd);
        let meta = file.metadata().map_err(|err| Error::io(&path, "look at", err))?;
        if meta.is_file() { Ok(file) } else { Err(Error::NotPlain(path)) }
    }
}

fn refusal(path: &Path, errno: Errno) -> Error {
    match errno {
        Errno::LOOP | Errno::NOTDIR | Errno::NXIO | Errno::ISDIR => Error::NotPlain(path.to_owned()),
        Errno::EXIST => Error::Occupied(path.to_owned()),
        Errno::NOENT => Error::Missing(path.to_owned()),
        other => Error::io(path, "open", other.into()),
    }
}
