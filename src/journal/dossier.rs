//! Everything a report is made from, loaded from the incident directory.

use super::bundle::{Listed, left_out};
use super::dir::Dir;
use super::error::{Error, short};
use super::line::sha256;
use super::reader::{Scan, scan_of};
use super::{FILE_MAX, FOLDERS, JOURNAL, PLAYBOOK, SAMPLES, name_of, words};
use crate::incident::{Event, Record};
use crate::playbook::Playbook;
use crate::report::{Answers, Dossier, FoundFile, Review, file_of};
use std::collections::BTreeSet;
use std::path::Path;

/// The longest message body shown in a report, in bytes; the file keeps the rest.
const MESSAGE_MAX: usize = 64 * 1024;

/// The longest `samples.jsonl`, in bytes: ten metrics, each read every second, for a day.
const SAMPLES_MAX: u64 = 128 << 20;

/// What people say of an incident.
pub(super) const ANSWERS: &str = "answers.toml";

/// What they said in a drill's debrief.
const DEBRIEF: &str = "debrief.toml";

/// Loads the directory without its lock; a damaged journal is refused. A missing folder is an empty one, and the
/// report says what is missing.
pub fn load_dossier(path: &Path) -> Result<Dossier, Error> {
    let dir = Dir::open(path)?;
    let scan = scan_of(&dir)?;
    let playbook = dir.read(PLAYBOOK)?;
    scan.accept(&dir, &playbook)?;
    assemble(path, &dir, scan, Ok(playbook))
}

/// The same of a damaged directory, up to the damage; the dossier says what is missing. Where nothing holds, it is
/// refused.
pub fn salvage_dossier(path: &Path) -> Result<Dossier, Error> {
    let dir = Dir::open(path)?;
    let scan = scan_of(&dir)?;
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
        Err(error) => dossier.unread.push(format!("{SAMPLES} {}", why(&error))),
    }
    match debrief(dir) {
        Ok(said) => dossier.debrief = said,
        Err(sentence) => dossier.unread.push(sentence),
    }
    for folder in FOLDERS {
        take_folder(dir, folder, &mut dossier)?;
    }
    // A manifest that nobody can go by excuses nothing: what is missing is missing then.
    let left_out = left_out(dir, || dossier.hashes.clone()).unwrap_or_default();
    let found = |file: Listed| FoundFile { path: file.path, sha256: file.sha256, bytes: file.bytes };
    dossier.left_out = left_out.into_iter().map(found).collect();
    Ok(dossier)
}

/// The profile that was flown, if the playbook has any.
pub(super) fn profile(records: &[Record]) -> Option<&str> {
    let Some(Event::Opened { profile, .. }) = records.first().map(|record| &record.event) else { return None };
    Some(profile.as_str()).filter(|name| !name.is_empty())
}

/// The complete lines of the samples.
pub(super) fn samples(dir: &Dir) -> Result<Vec<String>, Error> {
    let bytes = match dir.read_at_most(SAMPLES, SAMPLES_MAX) {
        Ok(bytes) => bytes,
        Err(Error::Missing(_)) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect())
}

/// What people said since; nothing if they said nothing.
pub(super) fn review(dir: &Dir) -> Result<Review, Error> {
    let Some(text) = words::read(dir, ANSWERS)? else { return Ok(Review::default()) };
    Review::parse(&text).map_err(|why| Error::Answers { dir: dir.path.clone(), why })
}

/// What people said in the debrief, or a sentence about why it is not in the report.
fn debrief(dir: &Dir) -> Result<Answers, String> {
    match words::read(dir, DEBRIEF) {
        Ok(Some(text)) => Answers::parse(&text),
        Ok(None) => Ok(Answers::default()),
        Err(Error::Answers { why, .. }) => Err(why),
        Err(_) => Err(format!("{DEBRIEF} cannot be read")),
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
    let named: BTreeSet<&str> =
        dossier.records.iter().filter_map(|record| Some(file_of(&record.event)?.path.as_str())).collect();
    let keep = if folder == "comms" { MESSAGE_MAX } else { 0 };
    for name in sub.names()?.0 {
        let path = format!("{folder}/{name}");
        // What no record names is no part of what happened, and may be of any size.
        if !named.contains(path.as_str()) {
            continue;
        }
        match sub.measure(&name, FILE_MAX, keep) {
            Ok(file) => {
                if keep > 0 {
                    dossier.comms.insert(path.clone(), String::from_utf8_lossy(&file.begins).into_owned());
                }
                dossier.files.push(FoundFile { path, sha256: file.sha256, bytes: file.bytes });
            }
            Err(error) => dossier.unread.push(format!("{path} {}", why(&error))),
        }
    }
    Ok(())
}

/// Why a file is not in the report, without the system's own words.
fn why(error: &Error) -> String {
    match error {
        Error::TooLong { most, .. } => format!("has more than {most} bytes and was not read"),
        _ => "cannot be read".to_owned(),
    }
}
