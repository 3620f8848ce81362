//! Claims about a bundle of a directory that somebody writes meanwhile.

use super::{INCIDENT, at, some_event, written};
use crate::journal::bundle::pack::{Begun, settled};
use crate::journal::{Bodies, Journal, Wish, verify_bundle};
use std::fs;
use std::io;
use std::path::Path;

#[test]
fn a_journal_that_grows_between_reading_and_packing_is_packed_as_it_was_read() {
    let (root, dir, records) = written(3);
    let output = root.path().join("b.tar.zst");
    let (mut journal, ..) = Journal::open(&dir).unwrap();
    let begun = Begun::of(&dir).unwrap();
    journal.append(INCIDENT, &[at(9, some_event(9))]).unwrap();
    journal.sample("{}").unwrap();
    journal.flush_samples().unwrap();
    let packed = begun.pack(&Wish { output: &output, bodies: Bodies::Kept, replace: false }).unwrap();
    let found = verify_bundle(&output, None).unwrap();
    assert!(found.ok(), "{found}");
    assert_eq!(found.records, records.len() as u64, "what came later is not in it");
    assert_eq!(found.head, packed.manifest.head);
}

#[test]
fn half_a_line_that_is_finished_meanwhile_is_packed_as_half_a_line() {
    let (root, dir, records) = written(3);
    let (output, path) = (root.path().join("b.tar.zst"), dir.join("journal.jsonl"));
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let begun = Begun::of(&dir).unwrap();
    fs::write(&path, &whole).unwrap();
    begun.pack(&Wish { output: &output, bodies: Bodies::Kept, replace: false }).unwrap();
    let found = verify_bundle(&output, None).unwrap();
    assert!(found.ok(), "{found}");
    assert_eq!(found.records, records.len() as u64 - 1);
}

#[test]
fn a_bundle_whose_folder_was_not_synced_is_said_to_be_there() {
    let path = Path::new("/somewhere/b.tar.zst");
    let said = settled(path, Err(io::Error::other("the disk is gone"))).unwrap_err().to_string();
    assert!(said.starts_with("/somewhere/b.tar.zst is written; its folder could not be synced"), "{said}");
    assert!(said.contains("the disk is gone") && !said.contains("nothing is left"), "{said}");
    assert!(settled(path, Ok(())).is_ok());
}
