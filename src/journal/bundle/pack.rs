//! Packing: files are read twice, once for the manifest and once into the bundle; only the journal is held in memory.

use super::manifest::{FORMAT, Listed, MANIFEST, Manifest};
use super::shape::{self, END};
use super::{Error, LEVEL};
use crate::journal::dir::Dir;
use crate::journal::reader::{Scan, measured_scan};
use crate::journal::{FOLDERS, INBOX, JOURNAL, PLAYBOOK, SAMPLES, TORN, is_safe, name_of};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What stands at the top of an incident directory and holds no body: of people, only what they wrote for a review.
const WITHOUT_BODIES: [&str; 7] =
    [JOURNAL, PLAYBOOK, SAMPLES, "answers.toml", "bookmarks.json", "debrief.toml", "debrief.md"];

/// Whether bodies of evidence and messages are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// Every one.
    Kept,
    /// None of them; their sizes and hashes are. Reports quote them and are dropped too, whatever they are called.
    Dropped,
}

/// What was packed.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Where the bundle is.
    pub path: PathBuf,
    /// What is in it.
    pub manifest: Manifest,
    /// What of the directory is not, each as a sentence.
    pub left_out: Vec<String>,
}

/// What is asked of a bundle.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Where it is written; never half a file.
    pub output: &'a Path,
    /// What is packed of evidence and messages.
    pub bodies: Bodies,
    /// Whether a file that is there already is replaced.
    pub replace: bool,
}

/// The longest name of a bundle's own: that of an incident's directory and its ending.
pub fn bundle_name(directory: &Path) -> String {
    format!("{}.tar.zst", name_of(directory))
}

/// Packs an incident directory without its lock. Links and everything else that is no plain file is left out.
pub fn bundle(directory: &Path, wish: &Wish) -> Result<Packed, Error> {
    if !wish.replace && wish.output.symlink_metadata().is_ok() {
        return Err(Error::Occupied(wish.output.to_owned()));
    }
    Begun::of(directory)?.pack(wish)
}

/// A directory whose journal was read: that far it goes in the bundle, however much is written meanwhile.
///
/// The journal is read before the folders are looked into: a file is kept before the line that names it.
pub(in crate::journal) struct Begun<'a> {
    directory: &'a Path,
    dir: Dir,
    scan: Scan,
    journal: Measure,
}

/// A size, and the SHA-256 of so many bytes from the first on.
type Measure = (u64, String);

impl<'a> Begun<'a> {
    /// Reads the journal of a directory.
    pub(in crate::journal) fn of(directory: &'a Path) -> Result<Self, Error> {
        let dir = Dir::open(directory)?;
        let (scan, journal) = measured_scan(&dir)?;
        Ok(Self { directory, dir, scan, journal })
    }

    /// Packs that much of the journal, and everything beside it.
    pub(in crate::journal) fn pack(&self, wish: &Wish) -> Result<Packed, Error> {
        let mut found = Listing::default();
        found.take(&self.dir, None)?;
        for folder in FOLDERS {
            match self.dir.sub(folder) {
                Ok(sub) => found.take(&sub, Some(folder))?,
                Err(crate::journal::Error::Missing(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        found.paths.sort();
        let manifest = self.manifest(wish.bodies, &found.paths)?;
        let head = manifest.written(self.directory)?;
        write(wish, |out| body(&self.dir, &manifest, &head, out))?;
        Ok(Packed { path: wish.output.to_owned(), manifest, left_out: found.left_out })
    }

    fn manifest(&self, bodies: Bodies, paths: &[String]) -> Result<Manifest, Error> {
        let listed = |path: &String| {
            let (bytes, sha256) = self.measured(path)?;
            Ok(Listed { path: path.clone(), bytes, sha256, dropped: bodies == Bodies::Dropped && is_body(path) })
        };
        let name = [name_of(self.directory), self.scan.incident.clone().unwrap_or_default().to_string()];
        let at = self.scan.records.last().map_or(0, |record| record.at.wall_ms / 1000);
        Ok(Manifest {
            format: FORMAT,
            incident: name[1].clone(),
            directory: name.into_iter().find(|name| is_safe(name)).unwrap_or_else(|| "incident".into()),
            head: self.scan.hashes.last().cloned().unwrap_or_default(),
            at: u64::try_from(at).unwrap_or(0),
            files: paths.iter().map(listed).collect::<Result<_, Error>>()?,
        })
    }

    /// A file's size and hash: of the journal as it was read, so that the head is the head of what is packed; of any
    /// other as it stands now, piece by piece.
    fn measured(&self, path: &str) -> Result<Measure, Error> {
        if path == JOURNAL {
            return Ok(self.journal.clone());
        }
        let mut counted = Hashed { inner: io::sink(), hasher: Sha256::new() };
        let bytes = io::copy(&mut open(&self.dir, path)?, &mut counted).map_err(|source| Error::read(path, source))?;
        Ok((bytes, hex::encode(counted.hasher.finalize())))
    }
}

/// What is packed of a directory, and what is not.
#[derive(Default)]
struct Listing {
    paths: Vec<String>,
    left_out: Vec<String>,
}

impl Listing {
    fn take(&mut self, dir: &Dir, folder: Option<&str>) -> Result<(), Error> {
        let path = |name: &String| folder.map_or_else(|| name.clone(), |folder| format!("{folder}/{name}"));
        let (files, others) = dir.names()?;
        let (fit, odd): (Vec<_>, Vec<_>) = files.iter().partition(|name| is_safe(name) && !is_bundles_own(name));
        self.paths.extend(fit.into_iter().map(path));
        self.left_out.extend(odd.into_iter().map(|name| format!("{:?}, no file of an incident's", path(name))));
        let is_known = |name: &&String| folder.is_none() && (FOLDERS.contains(&name.as_str()) || *name == INBOX);
        let others = others.iter().filter(|name| !is_known(name));
        self.left_out.extend(others.map(|name| format!("{:?}, no plain file", path(name))));
        Ok(())
    }
}

/// A bundle is not packed into the next one, nor is a manifest that was unpacked from one.
fn is_bundles_own(name: &str) -> bool {
    name == MANIFEST || name.ends_with(".tar.zst")
}

/// Whether a file may hold, or quote, what was captured or sent: in a folder or at the top, everything but what
/// goaround itself writes without. A report keeps its words under any name.
fn is_body(path: &str) -> bool {
    !(WITHOUT_BODIES.contains(&path) || path.starts_with(TORN))
}

/// Opens a file of the directory; nothing on the way to it is followed.
fn open(dir: &Dir, path: &str) -> Result<File, Error> {
    Ok(match path.split_once('/') {
        Some((folder, name)) => dir.sub(folder)?.open_read(name)?,
        None => dir.open_read(path)?,
    })
}

/// Everything behind the manifest's own header, compressed into `out`.
fn body(dir: &Dir, manifest: &Manifest, head: &[u8], out: &mut dyn Write) -> Result<(), Error> {
    let failed = |source| Error::Write { source };
    let mut packer = zstd::stream::write::Encoder::new(out, LEVEL).map_err(failed)?;
    packer.include_checksum(true).map_err(failed)?;
    let place = |path: &str| format!("{}/{path}", manifest.directory);
    let size = head.len() as u64;
    packer.write_all(&shape::header(&place(MANIFEST), size, manifest.at).map_err(failed)?).map_err(failed)?;
    packer.write_all(head).map_err(failed)?;
    packer.write_all(&END[..shape::padding(size)]).map_err(failed)?;
    for file in manifest.files.iter().filter(|file| !file.dropped) {
        let header = shape::header(&place(&file.path), file.bytes, manifest.at).map_err(failed)?;
        packer.write_all(&header).map_err(failed)?;
        copy(open(dir, &file.path)?, file, &mut packer)?;
        packer.write_all(&END[..shape::padding(file.bytes)]).map_err(failed)?;
    }
    packer.write_all(&END).map_err(failed)?;
    packer.finish().map_err(failed)?;
    Ok(())
}

/// Copies what the manifest lists of a file. Journal and samples that grew since are packed as they were; anything else
/// that is not as it was measured would make a bundle that does not hold.
fn copy(from: File, file: &Listed, to: &mut impl Write) -> Result<(), Error> {
    let mut hashed = Hashed { inner: to, hasher: Sha256::new() };
    let copied = io::copy(&mut from.take(file.bytes), &mut hashed).map_err(|source| Error::Write { source })?;
    if copied != file.bytes || hex::encode(hashed.hasher.finalize()) != file.sha256 {
        return Err(Error::Changed(file.path.clone()));
    }
    Ok(())
}

/// Writes the whole bundle, sealed, or none of it.
fn write(wish: &Wish, body: impl FnOnce(&mut dyn Write) -> Result<(), Error>) -> Result<(), Error> {
    let failed = |source| Error::Write { source };
    let folder = wish.output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut sealed = Hashed { inner: io::BufWriter::new(made), hasher: Sha256::new() };
    body(&mut sealed)?;
    let Hashed { inner: mut out, hasher } = sealed;
    out.write_all(&shape::seal(hasher)).map_err(failed)?;
    let made = out.into_inner().map_err(|err| failed(err.into_error()))?;
    made.as_file().sync_all().map_err(failed)?;
    let kept = if wish.replace { made.persist(wish.output) } else { made.persist_noclobber(wish.output) };
    match kept {
        Ok(_) => settled(wish.output, File::open(folder).and_then(|folder| folder.sync_all())),
        Err(err) if err.error.kind() == io::ErrorKind::AlreadyExists => Err(Error::Occupied(wish.output.to_owned())),
        Err(err) => Err(failed(err.error)),
    }
}

/// A bundle that is whole under its name is there, whether or not its folder would say so after a power cut.
pub(in crate::journal) fn settled(output: &Path, synced: io::Result<()>) -> Result<(), Error> {
    synced.map_err(|source| Error::Unsynced { path: output.to_owned(), source })
}

/// What is written through it is hashed.
struct Hashed<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
