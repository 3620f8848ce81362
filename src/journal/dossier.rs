//! Everything a report is made from, loaded from the incident directory.

use super::dir::Dir;
use super::drafts::comm_of;
use super::error::Error;
use super::line::sha256;
use super::{FOLDERS, PLAYBOOK, Reading, SAMPLES, name_of, read};
use crate::incident::Event;
use crate::playbook::Playbook;
use crate::report::{Dossier, FoundFile, Review};
use crate::text::line_of;
use std::path::Path;

/// The longest message body shown in a report, in bytes; the file keeps the rest.
const MESSAGE_MAX: usize = 64 * 1024;

/// What people say of an incident.
const ANSWERS: &str = "answers.toml";

/// The longest `answers.toml`, in bytes.
const ANSWERS_MAX: usize = 1024 * 1024;

/// Loads the directory without its lock. A missing folder is an empty one; the report says what is missing.
pub fn load_dossier(dir: &Path) -> Result<Dossier, Error> {
    let reading = read(dir)?;
    let open = Dir::open(dir)?;
    // Without a playbook the report shows ids for titles; the text itself is kept beside it.
    let playbook = Playbook::parse(PLAYBOOK, &reading.playbook, profile(&reading)).ok();
    let mut dossier = Dossier {
        dir: name_of(dir),
        playbook_text: reading.playbook,
        playbook,
        records: reading.records,
        hashes: reading.hashes,
        torn_bytes: reading.torn_bytes,
        samples: samples(&open)?,
        review: review(&open)?,
        ..Dossier::default()
    };
    for folder in FOLDERS {
        take_folder(&open, folder, &mut dossier)?;
    }
    Ok(dossier)
}

/// The profile that was flown, if the playbook has any.
pub(super) fn profile(reading: &Reading) -> Option<&str> {
    let Some(Event::Opened { profile, .. }) = reading.records.first().map(|record| &record.event) else { return None };
    Some(profile.as_str()).filter(|name| !name.is_empty())
}

/// The complete lines of the samples.
pub(super) fn samples(dir: &Dir) -> Result<Vec<String>, Error> {
    let bytes = match dir.read(SAMPLES) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect())
}

/// What people said since; nothing if they said nothing.
fn review(dir: &Dir) -> Result<Review, Error> {
    let bytes = match dir.read(ANSWERS) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(Review::default()),
        Err(other) => return Err(other),
    };
    let wrong = |why: String| Error::Answers { dir: dir.path.clone(), why };
    if bytes.len() > ANSWERS_MAX {
        return Err(wrong(format!("{ANSWERS}: it is longer than {ANSWERS_MAX} bytes: move what is long to evidence")));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Review::parse(text).map_err(wrong),
        Err(error) => {
            let line = line_of(&String::from_utf8_lossy(&bytes), error.valid_up_to());
            Err(wrong(format!("{ANSWERS}:{line}: this is not UTF-8: save it as such, nothing was written")))
        }
    }
}

fn take_folder(dir: &Dir, folder: &str, dossier: &mut Dossier) -> Result<(), Error> {
    let sub = match dir.sub(folder) {
        Ok(sub) => sub,
        Err(Error::Missing(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    // What was never sent is no part of what happened.
    let is_draft = |name: &String| folder == "comms" && comm_of(name).is_some();
    for name in sub.names()?.0.into_iter().filter(|name| !is_draft(name)) {
        let bytes = sub.read(&name)?;
        let path = format!("{folder}/{name}");
        if folder == "comms" {
            let body = String::from_utf8_lossy(&bytes[..bytes.len().min(MESSAGE_MAX)]).into_owned();
            dossier.comms.insert(path.clone(), body);
        }
        dossier.files.push(FoundFile { path, sha256: sha256(&bytes), bytes: bytes.len() as u64 });
    }
    Ok(())
}
