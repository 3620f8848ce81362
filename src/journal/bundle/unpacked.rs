//! A bundle that was unpacked: its manifest still stands beside the journal and says what was left out of it.

use super::MANIFEST_MAX;
use super::manifest::{Listed, MANIFEST, Manifest};
use super::unpack::dropped;
use crate::journal::dir::Dir;
use crate::journal::holding::{Body, Holding};
use crate::journal::verify::{Verification, verify_holding};
use crate::journal::{Error, split_name};
use std::io::Read;
use std::path::Path;

/// Checks a directory without its lock. `expect_head` is a head saved earlier, whole or its first letters
/// (at least 8): the journal may have grown since, and must not have changed up to there.
///
/// What `bundle --redact` left out is no fault as long as its size and hash are those that the journal names.
pub fn verify(path: &Path, expect_head: Option<&str>) -> Result<Verification, Error> {
    let dir = Dir::open(path)?;
    let mut holding = Holding::of(&dir)?;
    match left_out(&dir, || holding.journal.hashes.clone()) {
        Ok(listed) => {
            holding.notes.extend(dropped(&listed));
            for file in listed.into_iter().filter(|file| split_name(&file.path).is_some()) {
                let body = Body::Dropped { bytes: file.bytes, sha256: file.sha256 };
                // What is there speaks for itself.
                holding.files.entry(file.path).or_insert(body);
            }
        }
        Err(why) => holding.notes.push(why),
    }
    Ok(verify_holding(holding, expect_head))
}

/// What the manifest in a directory says was left out; nothing, where there is no manifest. An error is a sentence about
/// one that nobody can go by: a manifest speaks only for the journal that it was packed with.
pub(in crate::journal) fn left_out(dir: &Dir, hashes: impl FnOnce() -> Vec<String>) -> Result<Vec<Listed>, String> {
    let Some(manifest) = manifest(dir).map_err(|why| format!("{MANIFEST} {why}; nothing was taken on its word"))?
    else {
        return Ok(Vec::new());
    };
    let left_out: Vec<Listed> = manifest.files.into_iter().filter(|file| file.dropped).collect();
    if left_out.is_empty() || hashes().contains(&manifest.head) {
        return Ok(left_out);
    }
    Err(format!("{MANIFEST} names a head that is no line of this journal; nothing was taken on its word"))
}

fn manifest(dir: &Dir) -> Result<Option<Manifest>, String> {
    let file = match dir.open_read(MANIFEST) {
        Ok(file) => file,
        Err(Error::Missing(_)) => return Ok(None),
        Err(error) => return Err(format!("cannot be read ({error})")),
    };
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that what is too long is known to be.
    file.take(MANIFEST_MAX + 1).read_to_end(&mut bytes).map_err(|err| format!("cannot be read ({err})"))?;
    if bytes.len() as u64 > MANIFEST_MAX {
        return Err(format!("is longer than {MANIFEST_MAX} bytes"));
    }
    Manifest::parse(&bytes).map(Some)
}
