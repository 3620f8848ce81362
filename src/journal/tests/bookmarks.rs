//! Bookmarks of an incident that more than one person replays.

use super::fresh;
use crate::journal::{bookmarks, drop_bookmark, keep_bookmark};
use std::fs;
use std::thread;

#[test]
fn a_change_of_one_bookmark_leaves_those_of_others() {
    let (_root, dir, _journal) = fresh();
    fs::write(dir.join("bookmarks.json"), r#"{"format":1,"bookmarks":[7000,900000]}"#).unwrap();
    keep_bookmark(&dir, 3000).unwrap();
    assert_eq!(bookmarks(&dir), Ok(vec![3000, 7000, 900_000]));
    drop_bookmark(&dir, 7000).unwrap();
    drop_bookmark(&dir, 7000).unwrap();
    assert_eq!(bookmarks(&dir), Ok(vec![3000, 900_000]));
}

#[test]
fn of_bookmarks_set_at_once_none_is_lost() {
    let (_root, dir, _journal) = fresh();
    thread::scope(|scope| {
        for person in 0..4 {
            let dir = &dir;
            scope.spawn(move || (0..10).for_each(|count| keep_bookmark(dir, count * 4 + person).unwrap()));
        }
    });
    assert_eq!(bookmarks(&dir), Ok((0..40).collect()));
}

#[test]
fn what_holds_no_bookmarks_is_never_written_over() {
    let (_root, dir, _journal) = fresh();
    for found in ["{", r#"{"format":2,"bookmarks":[1]}"#] {
        fs::write(dir.join("bookmarks.json"), found).unwrap();
        assert!(keep_bookmark(&dir, 1).is_err());
        assert_eq!(fs::read_to_string(dir.join("bookmarks.json")).unwrap(), found);
    }
}
