//! Following a journal while it grows, is cut, is damaged, is replaced.

use super::{INCIDENT, at, error_of, some_event, written};
use crate::journal::{Error, Follower, Journal, Wrong};
use std::fs;
use std::io::Write;

#[test]
fn a_line_is_taken_when_its_last_byte_has_come_and_never_before() {
    let (_root, dir, records) = written(6);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    for begin in [0, 1, 200, whole.len() / 2, whole.len() - 1, whole.len()] {
        fs::write(&path, &whole[..begin]).unwrap();
        let (mut follower, beginning) = Follower::open(&dir).unwrap();
        let mut seen = beginning.records;
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        for end in begin + 1..=whole.len() {
            file.write_all(&whole[end - 1..end]).unwrap();
            seen.extend(follower.look().unwrap());
            let lines = whole[..end].split(|b| *b == b'\n').count() - 1;
            assert_eq!(seen, records[..lines], "begun at {begin}, grown to {end}");
        }
    }
}

#[test]
fn a_torn_end_that_is_cut_off_by_who_goes_on_is_not_missed() {
    let (_root, dir, records) = written(3);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 7]).unwrap();
    let (mut follower, beginning) = Follower::open(&dir).unwrap();
    assert_eq!(beginning.records, records[..3]);
    assert_eq!(follower.look().unwrap(), vec![]);
    let (mut journal, _, torn) = Journal::open(&dir).unwrap();
    assert!(torn.bytes > 0);
    assert_eq!(follower.look().unwrap(), vec![]);
    let more = journal.append(INCIDENT, &[at(9, some_event(1)), at(10, some_event(2))]).unwrap();
    assert_eq!(follower.look().unwrap(), more);
}

#[test]
fn what_was_shown_and_is_cut_away_is_said() {
    let (_root, dir, _) = written(3);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let (mut follower, _) = Follower::open(&dir).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(whole.len() as u64 - 1).unwrap();
    assert!(matches!(error_of(follower.look()), Error::Cut { .. }));
}

#[test]
fn a_line_that_does_not_follow_is_damage_with_its_number() {
    let (_root, dir, _) = written(5);
    let path = dir.join("journal.jsonl");
    let whole = fs::read(&path).unwrap();
    let ends: Vec<usize> = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
    let begun = || {
        fs::write(&path, &whole[..ends[2]]).unwrap();
        Follower::open(&dir).unwrap().0
    };
    let append = |bytes: &[u8]| fs::write(&path, [&whole[..ends[2]], bytes].concat()).unwrap();
    let cases = [
        // The line before it is missing.
        (whole[ends[3]..ends[4]].to_vec(), Wrong::Prev),
        // A byte of it is another one, and a line stands behind it: no power cut does that.
        ([b"x", &whole[ends[2] + 1..]].concat(), Wrong::Hash),
        (b"{}\n{}\n".to_vec(), Wrong::Unsealed),
    ];
    for (bytes, wrong) in cases {
        let mut follower = begun();
        append(&bytes);
        match error_of(follower.look()) {
            Error::Damaged { fault, .. } => assert_eq!((fault.line, fault.wrong), (4, wrong)),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn another_file_under_its_name_is_said() {
    let (_root, dir, _) = written(3);
    let path = dir.join("journal.jsonl");
    let (mut follower, _) = Follower::open(&dir).unwrap();
    let copy = dir.join("copy");
    fs::copy(&path, &copy).unwrap();
    fs::rename(&copy, &path).unwrap();
    assert!(matches!(error_of(follower.look()), Error::Replaced(_)));
    fs::remove_file(&path).unwrap();
    assert!(matches!(error_of(follower.look()), Error::Missing(_)));
}

#[test]
fn samples_come_a_whole_line_at_a_time() {
    let (_root, dir, _) = written(1);
    let (mut follower, _) = Follower::open(&dir).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(dir.join("samples.jsonl")).unwrap();
    file.write_all(b"{\"a\":1}\n{\"b\"").unwrap();
    assert_eq!(follower.samples(), ["{\"a\":1}"]);
    assert_eq!(follower.samples(), Vec::<String>::new());
    file.write_all(b":2}\n").unwrap();
    assert_eq!(follower.samples(), ["{\"b\":2}"]);
}

#[test]
fn who_goes_on_with_an_incident_has_its_samples_however_many_looks_they_take() {
    let (_root, dir, journal) = written(1);
    drop(journal);
    let lines: Vec<String> = (0..60_000).map(|number| format!("{{\"sample\":\"number {number:>20}\"}}")).collect();
    fs::write(dir.join("samples.jsonl"), lines.join("\n") + "\n{\"torn").unwrap();
    let (journal, ..) = Journal::open(&dir).unwrap();
    let mut read = journal.old_samples();
    assert_eq!(read.pop().as_deref(), Some("{\"torn"), "it is a line of its own now, and no sample");
    assert_eq!(read, lines);
}
