//! Verifying a bundle as it streams by: nothing is unpacked, and nothing is read beyond what the manifest lists.

use super::manifest::{Listed, MANIFEST, Manifest};
use super::shape::{self, BLOCK, END, SEAL};
use super::{Error, MANIFEST_MAX};
use crate::journal::holding::{Body, Holding};
use crate::journal::magic::MAGIC;
use crate::journal::reader::Scanner;
use crate::journal::verify::{Verification, verify_holding};
use crate::journal::{JOURNAL, PLAYBOOK};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// The largest window an unpacker must keep: 2 to this power in bytes.
const WINDOW_LOG_MAX: u32 = 23;

type Unpacker<'a> = zstd::stream::read::Decoder<'a, BufReader<io::Take<File>>>;

/// Checks a bundle: its seal, its manifest against what is inside, and then everything that is checked of a directory.
pub fn verify_bundle(path: &Path, expect_head: Option<&str>) -> Result<Verification, Error> {
    let no_bundle = |why: String| Error::NoBundle { path: path.to_owned(), why };
    let mut file = open(path).map_err(|err| no_bundle(err.to_string()))?;
    let mut magic = [0; MAGIC.len()];
    let begins = file.read_exact(&mut magic).is_ok() && magic == MAGIC;
    if !begins {
        return Err(no_bundle("it does not begin as one".into()));
    }
    let packed = check_seal(&mut file)?;
    file.seek(SeekFrom::Start(0)).map_err(|err| broken(format!("it cannot be read: {err}")))?;
    let unreadable = |err: io::Error| broken(format!("it cannot be unpacked: {err}"));
    let mut unpacker = zstd::stream::read::Decoder::new(file.take(packed)).map_err(unreadable)?.single_frame();
    unpacker.window_log_max(WINDOW_LOG_MAX).map_err(unreadable)?;
    let manifest = manifest(&mut unpacker)?;
    let holding = files(&manifest, &mut unpacker)?;
    check_end(unpacker)?;
    let mut found = verify_holding(holding, expect_head);
    compare(&manifest, &mut found);
    Ok(found)
}

fn broken(why: impl Into<String>) -> Error {
    Error::Broken(why.into())
}

fn open(path: &Path) -> io::Result<File> {
    // A FIFO would wait for ever, and a device may never end.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    File::open(path)
}

/// The length of what the seal is over; one that does not fit, or is not there, is told before anything is unpacked.
fn check_seal(file: &mut File) -> Result<u64, Error> {
    let unreadable = |err: io::Error| broken(format!("it cannot be read: {err}"));
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let unsealed =
        "it does not end in its seal: it was cut short, changed, or packed by something other than `goaround bundle`";
    let packed = length.checked_sub(SEAL as u64).ok_or_else(|| broken(unsealed))?;
    let mut hasher = Sha256::new();
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut rest = file.take(packed);
    loop {
        match rest.read(&mut buffer).map_err(unreadable)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    let mut seal = [0; SEAL];
    file.seek(SeekFrom::Start(packed)).and_then(|_| file.read_exact(&mut seal)).map_err(unreadable)?;
    if !shape::is_seal(&seal) {
        return Err(broken(unsealed));
    }
    if seal != shape::seal(hasher) {
        return Err(broken("its seal does not fit its bytes: it was changed since it was packed"));
    }
    Ok(packed)
}

/// Reads the manifest, which must be the first file.
fn manifest(unpacker: &mut Unpacker) -> Result<Manifest, Error> {
    let mut first = [0; BLOCK];
    fill(unpacker, &mut first)?;
    let header = tar::Header::from_byte_slice(&first);
    let name = header.path_bytes();
    if !name.ends_with(format!("/{MANIFEST}").as_bytes()) || header.cksum().is_err() {
        return Err(broken(format!("it does not begin with {MANIFEST}: it was packed by something else")));
    }
    let size = header.size().ok().filter(|size| *size <= MANIFEST_MAX);
    let size = size.ok_or_else(|| broken(format!("{MANIFEST} is longer than {MANIFEST_MAX} bytes")))?;
    let mut bytes = vec![0; usize::try_from(size).expect("at most MANIFEST_MAX")];
    fill(unpacker, &mut bytes)?;
    let manifest = Manifest::parse(&bytes).map_err(|why| broken(format!("{MANIFEST} {why}")))?;
    let place = format!("{}/{MANIFEST}", manifest.directory);
    let expected = shape::header(&place, size, manifest.at).map_err(|err| broken(format!("{MANIFEST}: {err}")))?;
    if expected != first || manifest.json() != bytes {
        return Err(broken(format!(
            "{MANIFEST} is not as `goaround bundle` writes it: it was packed by something else"
        )));
    }
    zeros(unpacker, shape::padding(size))?;
    Ok(manifest)
}

/// Streams every file by; only what verifying needs is kept.
fn files(manifest: &Manifest, unpacker: &mut Unpacker) -> Result<Holding, Error> {
    let mut holding = Holding::default();
    for file in &manifest.files {
        if !file.dropped {
            check_header(manifest, file, unpacker)?;
            let mut journal = (file.path == JOURNAL).then(Scanner::default);
            body(file, unpacker, journal.as_mut())?;
            holding.journal = journal.map_or(holding.journal, Scanner::finish);
            zeros(unpacker, shape::padding(file.bytes))?;
        }
        match (file.path.as_str(), file.dropped) {
            (JOURNAL | PLAYBOOK, true) => {
                return Err(broken(format!("its manifest says that {} was dropped, which never is", file.path)));
            }
            (PLAYBOOK, false) => holding.playbook = Ok(file.sha256.clone()),
            (path, _) => {
                let (bytes, sha256) = (file.bytes, file.sha256.clone());
                let body = if file.dropped { Body::Dropped { bytes, sha256 } } else { Body::Whole { bytes, sha256 } };
                holding.take_packed(path, body, bytes);
            }
        }
    }
    Ok(holding)
}

/// That the next header is the one that stands before `file` in every bundle, and no other.
fn check_header(manifest: &Manifest, file: &Listed, unpacker: &mut Unpacker) -> Result<(), Error> {
    let place = format!("{}/{}", manifest.directory, file.path);
    let expected = shape::header(&place, file.bytes, manifest.at).map_err(|err| broken(err.to_string()))?;
    let mut found = vec![0; expected.len()];
    fill(unpacker, &mut found)?;
    if found == expected {
        return Ok(());
    }
    Err(broken(format!("{} should come next, and {} does", file.path, told(&found))))
}

/// What a foreign header says it is, for the sentence only.
fn told(block: &[u8]) -> String {
    let header = tar::Header::from_byte_slice(&block[..BLOCK]);
    let name = String::from_utf8_lossy(&header.path_bytes()).into_owned();
    let kind = match header.entry_type() {
        _ if block.iter().all(|byte| *byte == 0) => return "the archive ends".into(),
        tar::EntryType::Regular => "a file",
        tar::EntryType::Symlink => "a symbolic link",
        tar::EntryType::Link => "a hard link",
        tar::EntryType::Directory => "a folder",
        tar::EntryType::Char | tar::EntryType::Block | tar::EntryType::Fifo => "a device",
        _ => "something that no bundle holds",
    };
    format!("{kind} {name:?}, with another size, time, mode or owner,")
}

/// Reads a file's body and checks its hash; the journal is understood on the way.
fn body(file: &Listed, unpacker: &mut Unpacker, mut journal: Option<&mut Scanner>) -> Result<(), Error> {
    let (mut hasher, mut left) = (Sha256::new(), file.bytes);
    let mut buffer = vec![0; 64 * 1024];
    while left > 0 {
        let part = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        fill(unpacker, &mut buffer[..part])?;
        hasher.update(&buffer[..part]);
        if let Some(journal) = &mut journal {
            journal.push(&buffer[..part]);
        }
        left -= part as u64;
    }
    if hex::encode(hasher.finalize()) == file.sha256 {
        Ok(())
    } else {
        Err(broken(format!("{} is not what the manifest says: its SHA-256 is another", file.path)))
    }
}

fn fill(unpacker: &mut Unpacker, buffer: &mut [u8]) -> Result<(), Error> {
    unpacker.read_exact(buffer).map_err(|err| match err.kind() {
        io::ErrorKind::UnexpectedEof => broken("it ends before everything that its manifest lists"),
        _ => broken(format!("it cannot be unpacked: {err}")),
    })
}

fn zeros(unpacker: &mut Unpacker, count: usize) -> Result<(), Error> {
    let mut found = vec![0; count];
    fill(unpacker, &mut found)?;
    if found == END[..count] { Ok(()) } else { Err(broken("something stands behind the end of a file")) }
}

/// That nothing hides behind the last file.
fn check_end(mut unpacker: Unpacker) -> Result<(), Error> {
    let mut end = [1; END.len()];
    fill(&mut unpacker, &mut end)?;
    let more = unpacker.read(&mut [0]).map_err(|err| broken(format!("it cannot be unpacked: {err}")))?;
    let mut packed = unpacker.finish();
    let behind = packed.read(&mut [0]).map_err(|err| broken(format!("it cannot be read: {err}")))?;
    if end == END && more == 0 && behind == 0 { Ok(()) } else { Err(broken("it holds more than its manifest lists")) }
}

/// The manifest's own word against the journal's.
fn compare(manifest: &Manifest, found: &mut Verification) {
    if found.head != manifest.head {
        found.faults.push(format!("{MANIFEST} names another head than the journal has"));
    }
    let listed: Vec<Listed> = manifest.files.iter().filter(|file| file.dropped).cloned().collect();
    found.notes.extend(dropped(&listed));
}

/// What was left out, if anything was, as a sentence.
pub(super) fn dropped(listed: &[Listed]) -> Option<String> {
    let bytes: u64 = listed.iter().map(|file| file.bytes).sum();
    (!listed.is_empty()).then(|| {
        let bodies = match listed.len() {
            1 => format!("the body of 1 file ({bytes} bytes) was"),
            many => format!("the bodies of {many} files ({bytes} bytes) were"),
        };
        format!("{bodies} dropped when this was packed; only sizes and hashes were checked")
    })
}
