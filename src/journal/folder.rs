//! A folder of incident directories, each in a line. A damaged one is a line that says so; a foreign one is counted.

use super::dir::Dir;
use super::dossier::{profile, review};
use super::error::Error;
use super::index::{self, Index, Known};
use super::stamp::Stamp;
use super::{JOURNAL, read};
use crate::playbook::Playbook;
use crate::report::{Dossier, Row, Summary, What};
use crate::text::Text;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most threads that read journals.
const THREADS_MAX: usize = 16;
/// How many checked playbooks each of them keeps at hand: most directories flew the one of their neighbours.
const PLAYBOOKS_MAX: usize = 8;

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Folder {
    /// The directories with a journal, by name.
    pub rows: Vec<Row>,
    /// The directories that hold none, by name: not ours.
    pub foreign: Vec<Text>,
    /// How many journals were read; the others stood in the index and had not changed.
    pub read: usize,
}

impl Folder {
    /// Reads every journal.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        Ok(Self::gather(folder, &Index::new())?.0)
    }

    /// Reads the journals that are not in the folder's index as they are, and brings it up to date. Where it cannot be
    /// written, the folder is read all the same.
    pub fn read_indexed(folder: &Path) -> Result<Self, Error> {
        let known = index::load(folder);
        let (found, now) = Self::gather(folder, &known)?;
        if now != known {
            drop(index::save(folder, &now));
        }
        Ok(found)
    }

    fn gather(folder: &Path, known: &Index) -> Result<(Self, Index), Error> {
        let directories = directories(folder)?;
        let (mut found, mut now) = (Self::default(), Index::new());
        for (name, look) in look_at_all(&directories, known) {
            let (what, is_news) = match look {
                Look::Foreign => {
                    found.foreign.push(Text::new(name));
                    continue;
                }
                Look::Same(known) => {
                    now.insert(name.to_owned(), known.clone());
                    (known.what.clone(), false)
                }
                Look::Read(known) => {
                    let what = known.what.clone();
                    now.insert(name.to_owned(), known);
                    (what, true)
                }
                Look::Refused(why) => (What::Unreadable(why), true),
            };
            found.read += usize::from(is_news);
            found.rows.push(Row::of(name, what));
        }
        Ok((found, now))
    }
}

/// Whether this is an incident's own directory.
pub fn is_incident(dir: &Path) -> bool {
    dir.join(JOURNAL).symlink_metadata().is_ok()
}

/// The directories in a folder and their names, sorted. A link is none: what it leads to is listed where it lies.
fn directories(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let failed = |err| Error::io(folder, "list", err);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// What one look at a directory found.
enum Look<'a> {
    /// No journal.
    Foreign,
    /// What the index says of it still holds.
    Same(&'a Known),
    /// It was read.
    Read(Known),
    /// The system said no; next time it may say something else, so this is not kept.
    Refused(Text),
}

/// Looks at every directory from as many threads as there are cores. They share a counter and nothing else.
fn look_at_all<'a>(directories: &'a [(String, PathBuf)], known: &'a Index) -> Vec<(&'a str, Look<'a>)> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut looks, mut shelf) = (Vec::new(), Shelf::default());
        while let Some((name, path)) = directories.get(next.fetch_add(1, Ordering::Relaxed)) {
            looks.push((name.as_str(), look_at(path, known.get(name), &mut shelf)));
        }
        looks
    };
    let mut all: Vec<(&str, Look)> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..cores.clamp(1, THREADS_MAX).min(directories.len())).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("reading a directory never panics")).collect()
    });
    all.sort_by_key(|(name, _)| *name);
    all
}

fn look_at<'a>(path: &Path, known: Option<&'a Known>, shelf: &mut Shelf) -> Look<'a> {
    // The stamp is taken before the journal is read: what is written in between is read again next time.
    let stamp = match Dir::open(path).and_then(|dir| Stamp::of(&dir)) {
        Ok(stamp) => stamp,
        Err(Error::Missing(_)) => return Look::Foreign,
        Err(error) => return Look::Refused(reason(&error)),
    };
    if let Some(known) = known.filter(|known| known.stamp == stamp) {
        return Look::Same(known);
    }
    match told(path, shelf) {
        Ok(what) => Look::Read(Known { stamp, what }),
        Err(error @ Error::Io { .. }) => Look::Refused(reason(&error)),
        Err(error) => Look::Read(Known { stamp, what: What::Damaged(reason(&error)) }),
    }
}

fn told(path: &Path, shelf: &mut Shelf) -> Result<What, Error> {
    let reading = read(path)?;
    let profile = profile(&reading.records).unwrap_or_default().to_owned();
    let playbook = shelf.take(&profile, &reading.playbook);
    let dossier = Dossier {
        playbook_text: reading.playbook,
        playbook,
        records: reading.records,
        hashes: reading.hashes,
        torn_bytes: reading.torn_bytes,
        // What cannot be read there is the report's to refuse: until it is mended the journal alone tells the times.
        review: Dir::open(path).and_then(|dir| review(&dir)).unwrap_or_default(),
        ..Dossier::default()
    };
    let summary = Summary::of(&dossier);
    shelf.put(profile, dossier.playbook_text, dossier.playbook);
    let empty = || What::Damaged(Text::from("the journal holds no record"));
    Ok(summary.map_or_else(empty, |summary| What::Incident(Box::new(summary))))
}

/// What is wrong, without the path: the row names the directory.
fn reason(error: &Error) -> Text {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Text::from(match error {
        Error::Damaged { fault, .. } => fault.to_string(),
        Error::OtherPlaybook { .. } => "playbook.toml is not the one that was flown".to_owned(),
        Error::Missing(path) => format!("{} is missing", name(path)),
        Error::NotPlain(path) => format!("{} is a link or no plain file", name(path)),
        Error::Io { path, tried, source } => format!("cannot {tried} {}: {source}", name(path)),
        other => other.to_string(),
    })
}

/// The playbooks read last, checked; newest first.
#[derive(Default)]
struct Shelf(VecDeque<(String, String, Option<Playbook>)>);

impl Shelf {
    /// The playbook of that text and profile; none if this goaround cannot read it.
    fn take(&mut self, profile: &str, text: &str) -> Option<Playbook> {
        match self.0.iter().position(|(of, source, _)| of == profile && source == text) {
            Some(at) => self.0.remove(at)?.2,
            None => Playbook::parse("playbook.toml", text, Some(profile).filter(|name| !name.is_empty())).ok(),
        }
    }

    fn put(&mut self, profile: String, text: String, playbook: Option<Playbook>) {
        self.0.push_front((profile, text, playbook));
        self.0.truncate(PLAYBOOKS_MAX);
    }
}
