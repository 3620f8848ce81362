//! A folder of incidents and its index: whatever the index says, the journals are right.

use super::{FLOWN, at, error_of, opened, some_event};
use crate::incident::{Actor, Event, Moment};
use crate::journal::{Error, Folder, Journal, is_incident};
use crate::report::{Row, Standing, Timed, Took, What};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::Path;
use std::thread;
use tempfile::TempDir;

const INDEX: &str = ".goaround-index.json";

/// Three incidents: one undeclared, one open, one closed.
fn shelf() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let more: [(&str, &[Event]); 3] =
        [("20260101-000000-one", &[]), ("20260102-000000-two", &[declared()]), ("three", &[declared(), closed()])];
    for (name, events) in more {
        let mut journal = Journal::create(root.path(), name, FLOWN).unwrap();
        let batch: Vec<_> = std::iter::once(opened()).chain(events.iter().cloned()).map(|event| at(1, event)).collect();
        journal.append(name, &batch).unwrap();
    }
    root
}

fn declared() -> Event {
    Event::Declared { severity: 1, triggers: Vec::new(), size_up: "bad".into() }
}

fn closed() -> Event {
    Event::Closed { recovered: true, override_reason: None }
}

fn append(root: &TempDir, name: &str, events: &[(Moment, Actor, Event)]) {
    let (mut journal, _, _) = Journal::open(&root.path().join(name)).unwrap();
    journal.append(name, events).unwrap();
}

/// Reads by the index and without it; both say the same. Answers the rows, and how many journals the index spared.
#[track_caller]
fn listed(root: &TempDir) -> (Vec<Row>, usize) {
    let (plain, indexed) = (Folder::read(root.path()).unwrap(), Folder::read_indexed(root.path()).unwrap());
    assert_eq!(plain.rows, indexed.rows);
    assert_eq!(plain.foreign, indexed.foreign);
    assert_eq!(plain.read, plain.rows.len());
    let spared = plain.read - indexed.read;
    (indexed.rows, spared)
}

fn states(rows: &[Row]) -> Vec<Option<Standing>> {
    rows.iter().map(|row| row.incident().map(|summary| summary.state)).collect()
}

#[test]
fn what_was_read_once_is_read_again_only_after_it_changed() {
    let root = shelf();
    let (rows, spared) = listed(&root);
    assert_eq!(spared, 0);
    assert_eq!(states(&rows), [Some(Standing::Undeclared), Some(Standing::Open), Some(Standing::Recovered)]);
    assert_eq!(listed(&root), (rows, 3));
    append(&root, "20260102-000000-two", &[at(2, closed())]);
    let (rows, spared) = listed(&root);
    assert_eq!(spared, 2);
    assert_eq!(states(&rows)[1], Some(Standing::Recovered), "by name: {rows:?}");
    fs::remove_dir_all(root.path().join("three")).unwrap();
    assert_eq!(listed(&root).0.len(), 2, "what is gone is not listed from the index");
}

#[test]
fn a_change_that_hides_behind_the_same_size_and_time_is_found() {
    let root = shelf();
    listed(&root);
    let path = root.path().join("three/journal.jsonl");
    let (bytes, time) = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    let forged = String::from_utf8(bytes).unwrap().replacen("\"severity\":1", "\"severity\":4", 1);
    fs::write(&path, forged).unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    let (rows, spared) = listed(&root);
    assert_eq!(spared, 2);
    assert!(matches!(&rows[2].what, What::Damaged(why) if why.as_str().contains("its hash does not fit")), "{rows:?}");
}

#[test]
fn another_playbook_than_the_flown_one_is_found_though_the_journal_is_the_same() {
    let root = shelf();
    listed(&root);
    fs::write(root.path().join("three/playbook.toml"), "format = 1 \n").unwrap();
    let (rows, spared) = listed(&root);
    assert_eq!(spared, 2);
    assert!(matches!(&rows[2].what, What::Damaged(why) if why.as_str().contains("playbook.toml")), "{rows:?}");
}

#[test]
fn what_people_say_of_the_impact_counts_in_the_list_from_the_moment_they_say_it() {
    let root = shelf();
    append(&root, "three", &[at(60, Event::HoldMet { green_ms: 1 })]);
    let mitigated = |rows: &[Row]| rows[2].incident().and_then(|summary| summary.times.get(&Timed::Ttm).copied());
    assert_eq!(mitigated(&listed(&root).0), None, "no limit was broken");
    let answers = root.path().join("three/answers.toml");
    for (began, ms) in [("03:11:00Z", 120_000), ("04:10:30+01:00", 150_000)] {
        fs::write(&answers, format!("format = 1\n[impact]\nbegan = 2026-11-21T{began}\n")).unwrap();
        let (rows, spared) = listed(&root);
        assert_eq!((mitigated(&rows), spared), (Some(Took { ms, approximate: true }), 2));
    }
    fs::write(&answers, "format = 1\n[impact]\nbegan = \"early\"\n").unwrap();
    let (rows, _) = listed(&root);
    assert_eq!((mitigated(&rows), states(&rows)[2]), (None, Some(Standing::Recovered)), "the journal alone is told");
}

/// Each is put in place of a good index; none may change a row, and a good one stands there afterwards.
#[test]
fn an_index_that_is_not_whole_ours_and_of_this_version_is_thrown_away() {
    let root = shelf();
    let (rows, _) = listed(&root);
    let path = root.path().join(INDEX);
    let good = fs::read_to_string(&path).unwrap();
    let lie = good.replacen("\"severity\":1", "\"severity\":4", 1);
    assert_ne!(lie, good);
    let cuts = (0..good.len()).step_by(97).map(|at| good[..at].to_owned());
    let others = [
        lie,
        good.replacen("\"format\":3", "\"format\":4", 1),
        good.replacen(env!("CARGO_PKG_VERSION"), "99.0.0", 1),
        good.clone() + "x",
        "null".to_owned(),
        "\u{0}".repeat(4096),
        "[".repeat(100_000),
    ];
    for bad in cuts.chain(others) {
        fs::write(&path, &bad).unwrap();
        assert_eq!(listed(&root), (rows.clone(), 0), "{:?}", bad.get(..200));
        assert_eq!(fs::read_to_string(&path).unwrap(), good);
    }
}

#[test]
fn where_the_index_cannot_be_written_the_folder_is_read_all_the_same() {
    let root = shelf();
    fs::create_dir_all(root.path().join(INDEX).join("in the way")).unwrap();
    let folder = Folder::read_indexed(root.path()).unwrap();
    assert_eq!((folder.rows.len(), folder.read, folder.foreign.len()), (3, 3, 1));
}

#[test]
fn a_link_or_a_pipe_where_the_index_lies_is_not_followed_and_makes_nobody_wait() {
    let root = shelf();
    let path = root.path().join(INDEX);
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    symlink(elsewhere.path(), &path).unwrap();
    assert_eq!(listed(&root).1, 0);
    assert_eq!(fs::read(elsewhere.path()).unwrap(), b"", "nothing was written through the link");
    fs::remove_file(&path).unwrap();
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(listed(&root).1, 0);
    assert_eq!(listed(&root).1, 3, "the pipe was replaced by an index");
}

#[test]
fn lists_at_once_while_somebody_writes_all_tell_what_stood_there() {
    let root = shelf();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let folder = Folder::read_indexed(root.path()).unwrap();
                    assert!(folder.rows.iter().all(|row| row.incident().is_some()), "{folder:?}");
                }
            });
        }
        for n in 0..20 {
            append(&root, "20260101-000000-one", &[at(2, some_event(n))]);
        }
    });
    let (rows, _) = listed(&root);
    assert_eq!(rows[0].incident().map(|summary| summary.records), Some(21));
    assert_eq!(listed(&root).1, 3);
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "three incidents, one index and nothing half-written: {left:?}");
}

#[test]
fn what_is_torn_damaged_empty_or_foreign_is_told_apart() {
    let root = shelf();
    let journal = |name: &str| root.path().join(name).join("journal.jsonl");
    File::options().append(true).open(journal("three")).unwrap().write_all(b"{\"v\":1,").unwrap();
    fs::write(journal("20260102-000000-two"), "").unwrap();
    fs::create_dir(root.path().join("foreign")).unwrap();
    fs::write(root.path().join("a file"), "").unwrap();
    symlink(root.path().join("three"), root.path().join("a link")).unwrap();
    fs::DirBuilder::new().mode(0o700).create(root.path().join("odd")).unwrap();
    fs::create_dir(journal("odd")).unwrap();
    let folder = Folder::read(root.path()).unwrap();
    assert_eq!(
        (folder.rows.len(), folder.foreign.as_slice()),
        (4, [crate::text::Text::new("foreign")].as_slice()),
        "{folder:?}"
    );
    let told: Vec<String> = folder
        .rows
        .iter()
        .map(|row| match &row.what {
            What::Damaged(why) | What::Unreadable(why) => format!("{} {why}", row.directory),
            What::Incident(summary) => format!("{} {:?} {}", row.directory, summary.state, summary.torn_bytes),
        })
        .collect();
    assert_eq!(
        told,
        [
            "20260101-000000-one Undeclared 0",
            "20260102-000000-two the journal holds no record",
            "odd journal.jsonl is a link or no plain file",
            "three Recovered 7",
        ]
    );
}

#[test]
fn a_name_that_is_no_text_is_listed_like_any_other() {
    let root = shelf();
    let name = OsStr::from_bytes(b"20260103-000000-\xff");
    fs::rename(root.path().join("three"), root.path().join(name)).unwrap();
    let (rows, _) = listed(&root);
    assert_eq!(rows[2].directory.as_str(), "20260103-000000-\u{fffd}");
    assert_eq!(listed(&root), (rows, 3));
}

#[test]
fn a_folder_that_is_none_is_refused_with_its_name() {
    let root = shelf();
    let file = root.path().join("three/journal.jsonl");
    for path in [Path::new("/nowhere/at/all"), &file] {
        let error = error_of(Folder::read_indexed(path));
        assert!(matches!(&error, Error::Io { tried: "list", .. }), "{error}");
        assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
    }
    assert!(is_incident(&root.path().join("three")) && !is_incident(root.path()));
}
