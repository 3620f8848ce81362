//! What people write beside the journal, in `answers.toml` and `debrief.toml`: read whole, added to, and written anew only
//! for whoever changes what they said there.

use super::dir::Dir;
use super::{Error, check_name};
use crate::text::line_of;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The longest such file, in bytes.
const WORDS_MAX: u64 = 1024 * 1024;

/// The file of this name in an incident directory; `None`, where nobody has begun it. What leads elsewhere is refused.
pub fn words(path: &Path, name: &str) -> Result<Option<String>, Error> {
    check_name(name)?;
    read(&Dir::open(path)?, name)
}

/// Adds to that file, private and synced; it is begun if it is missing. It takes all of it or is as before.
pub fn add_words(path: &Path, name: &str, added: &str) -> Result<(), Error> {
    check_name(name)?;
    let dir = Dir::open(path)?;
    let failed = |err| Error::io(&dir.path.join(name), "write", err);
    let file = dir.open_append(name)?;
    let before = file.metadata().map_err(failed)?;
    if before.nlink() != 1 {
        return Err(Error::NotPlain(dir.path.join(name)));
    }
    append(file, before.len(), added).map_err(failed)?;
    dir.sync()
}

/// Writes that file anew, whole or not at all, if it still is as it was `before`.
pub fn replace_words(path: &Path, name: &str, (before, now): (&str, &str)) -> Result<(), Error> {
    check_name(name)?;
    let dir = Dir::open(path)?;
    if read(&dir, name)?.as_deref() != Some(before) {
        let why = format!("{name} was changed meanwhile: nothing was written; try again");
        return Err(Error::Answers { dir: dir.path, why });
    }
    dir.replace(name, now.as_bytes())
}

fn append(mut file: File, before: u64, added: &str) -> io::Result<()> {
    file.write_all(added.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half an entry would keep everything before it from being read. If even this fails, that is what stands there.
        let _cut = file.set_len(before);
    })
}

/// The same of a directory that is open already.
pub(super) fn read(dir: &Dir, name: &str) -> Result<Option<String>, Error> {
    let wrong = |why: String| Error::Answers { dir: dir.path.clone(), why };
    let bytes = match dir.read_at_most(name, WORDS_MAX) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(None),
        Err(Error::TooLong { most, .. }) => {
            return Err(wrong(format!("{name}: it is longer than {most} bytes: move what is long to evidence")));
        }
        Err(other) => return Err(other),
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = line_of(&String::from_utf8_lossy(error.as_bytes()), valid);
        wrong(format!("{name}:{line}: this is not UTF-8: save it as such, nothing was written"))
    })
}
