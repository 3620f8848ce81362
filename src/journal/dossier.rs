//! Everything a report is made from, loaded from the incident directory.

use super::dir::Dir;
use super::drafts::comm_of;
use super::error::{Error, short};
use super::line::sha256;
use super::reader::{Scan, scan};
use super::{FOLDERS, JOURNAL, PLAYBOOK, SAMPLES, name_of};
use crate::incident::{Event, Record};
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

/// Loads the directory without its lock; a damaged journal is refused. A missing folder is an empty one, and the
/// report says what is missing.
pub fn load_dossier(path: &Path) -> Result<Dossier, Error> {
    let dir = Dir::open(path)?;
    let scan = scan(&dir.read(JOURNAL)?);
    let playbook = dir.read(PLAYBOOK)?;
    scan.accept(&dir, &playbook)?;
    assemble(path, &dir, scan, Ok(playbook))
}

/// The same of a damaged directory, up to the damage; the dossier says what is missing. Where nothing holds, it is
/// refused.
pub fn salvage_dossier(path: &Path) -> Result<Dossier, Error> {
    let dir = Dir::open(path)?;
    let scan = scan(&dir.read(JOURNAL)?);
    if let (true, Some(fault)) = (scan.records.is_empty(), scan.faults.first()) {
        return Err(Error::Damaged { path: path.join(JOURNAL), fault: fault.clone() });
    }
    if scan.records.is_empty() {
        return Err(Error::Empty(path.join(JOURNAL)));
    }
    let playbook = playbook(&dir, &scan);
    assemble(path, &dir, scan, playbook)
}

/// The playbook that was flown, or a sentence about what stands in its place. Another one would name things wrongly.
fn playbook(dir: &Dir, scan: &Scan) -> Result<Vec<u8>, String> {
    let bytes = match dir.read(PLAYBOOK) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Err(format!("{PLAYBOOK} is missing: ids stand for titles")),
        Err(_) => return Err(format!("{PLAYBOOK} cannot be read: ids stand for titles")),
    };
    match (scan.flown(), sha256(&bytes)) {
        (Some(flown), found) if flown != found => Err(format!(
            "{PLAYBOOK} is not the one that was flown (flown {}, found {}) and was not read: ids stand for titles",
            short(flown),
            short(&found)
        )),
        (_, _) => Ok(bytes),
    }
}

/// What cannot be read is named without the system's words for it: the report is the same wherever it is made.
fn assemble(path: &Path, dir: &Dir, scan: Scan, playbook: Result<Vec<u8>, String>) -> Result<Dossier, Error> {
    let (text, unread) = match playbook {
        Ok(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), Vec::new()),
        Err(sentence) => (String::new(), vec![sentence]),
    };
    let fault = scan.fault();
    let mut dossier = Dossier {
        dir: name_of(path),
        // Without a playbook the report shows ids for titles; the text itself is kept beside it.
        playbook: Playbook::parse(PLAYBOOK, &text, profile(&scan.records)).ok(),
        playbook_text: text,
        records: scan.records,
        hashes: scan.hashes,
        torn_bytes: scan.torn_bytes,
        fault,
        unread,
        review: review(dir)?,
        ..Dossier::default()
    };
    match samples(dir) {
        Ok(samples) => dossier.samples = samples,
        Err(_) => dossier.unread.push(format!("{SAMPLES} cannot be read")),
    }
    for folder in FOLDERS {
        take_folder(dir, folder, &mut dossier)?;
    }
    Ok(dossier)
}

/// The profile that was flown, if the playbook has any.
pub(super) fn profile(records: &[Record]) -> Option<&str> {
    let Some(Event::Opened { profile, .. }) = records.first().map(|record| &record.event) else { return None };
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
        Err(_) => {
            dossier.unread.push(format!("the folder {folder} cannot be read"));
            return Ok(());
        }
    };
    // What was never sent is no part of what happened.
    let is_draft = |name: &String| folder == "comms" && comm_of(name).is_some();
    for name in sub.names()?.0.into_iter().filter(|name| !is_draft(name)) {
        let Ok(bytes) = sub.read(&name) else {
            dossier.unread.push(format!("{folder}/{name} cannot be read"));
            continue;
        };
        let path = format!("{folder}/{name}");
        if folder == "comms" {
            let body = String::from_utf8_lossy(&bytes[..bytes.len().min(MESSAGE_MAX)]).into_owned();
            dossier.comms.insert(path.clone(), body);
        }
        dossier.files.push(FoundFile { path, sha256: sha256(&bytes), bytes: bytes.len() as u64 });
    }
    Ok(())
}
