//! The manifest: what a bundle holds, written before any of it.

use super::{Error, FILES_MAX, JOURNAL_MAX, MANIFEST_MAX, TOTAL_MAX};
use crate::journal::{FILE_MAX, JOURNAL, is_safe};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The newest format of the manifest.
pub(super) const FORMAT: u32 = 1;
/// Its name, in the bundle and once that is unpacked.
pub(in crate::journal) const MANIFEST: &str = "manifest.json";

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format, 1.
    pub format: u32,
    /// The incident's id.
    pub incident: String,
    /// The folder that everything in the bundle lies in.
    pub directory: String,
    /// The hash of the journal's last line.
    pub head: String,
    /// When that line was written, in seconds since 1970; every file in the bundle carries this time.
    pub at: u64,
    /// The files, by name.
    pub files: Vec<Listed>,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its path within the incident directory.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Whether its body was dropped: only its size and hash are known here.
    pub dropped: bool,
}

/// The format alone, for a manifest of a newer goaround.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl Manifest {
    /// The same bytes each time.
    pub(super) fn json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest holds only text and numbers");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a foreign manifest; nothing in it leads outside, and none of it is without bound.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if let Ok(Format { format }) = serde_json::from_slice(bytes)
            && format != FORMAT
        {
            return Err(format!("has format {format}, and this goaround reads format {FORMAT}; use a newer one"));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|err| format!("cannot be understood ({err})"))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// What is wrong with it.
    fn check(&self) -> Result<(), String> {
        if !is_safe(&self.directory) {
            return Err(format!("names the folder {:?}, which may lead elsewhere", self.directory));
        }
        if let Some(file) = self.files.iter().find(|file| !is_inside(&file.path)) {
            return Err(format!("lists {:?}, which may lead elsewhere", file.path));
        }
        if let Some(pair) = self.files.windows(2).find(|pair| pair[0].path >= pair[1].path) {
            return Err(format!("lists {:?} twice or not in order", pair[1].path));
        }
        self.fits()
    }

    /// That it stays within what a bundle may hold.
    pub(super) fn fits(&self) -> Result<(), String> {
        if self.files.len() > FILES_MAX {
            return Err(format!("lists {} files, and a bundle holds at most {FILES_MAX}", self.files.len()));
        }
        let most = |file: &Listed| if file.path == JOURNAL { JOURNAL_MAX } else { FILE_MAX };
        if let Some(file) = self.files.iter().find(|file| file.bytes > most(file)) {
            let (path, bytes) = (&file.path, file.bytes);
            return Err(format!("lists {path} with {bytes} bytes, and it may have at most {}", most(file)));
        }
        let total: u64 = self.files.iter().map(|file| file.bytes).sum();
        if total > TOTAL_MAX {
            return Err(format!("lists {total} bytes, and a bundle holds at most {TOTAL_MAX}"));
        }
        Ok(())
    }

    /// Its bytes, if a bundle may hold what it lists.
    pub(super) fn written(&self, directory: &Path) -> Result<Vec<u8>, Error> {
        let bytes = self.json();
        let too_long = bytes.len() as u64 > MANIFEST_MAX;
        let long = || format!("has {} bytes, and a manifest has at most {MANIFEST_MAX}", bytes.len());
        match self.fits().and_then(|()| if too_long { Err(long()) } else { Ok(()) }) {
            Ok(()) => Ok(bytes),
            Err(why) => Err(Error::TooMuch { path: directory.to_owned(), why }),
        }
    }
}

/// A plain name, or one in a plain folder: nothing absolute, no `..`, nothing hidden.
fn is_inside(path: &str) -> bool {
    let mut parts = path.split('/');
    let named = parts.next().is_some_and(is_safe) && parts.next().is_none_or(is_safe);
    named && parts.next().is_none() && path != MANIFEST
}
