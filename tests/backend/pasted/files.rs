//! A file changed by hand is as one that was changed by a lever, in what it holds and in what is kept of it.

use super::{HOSTILE, run, told};
use crate::{carriers, refused};
use goaround::kind::{Answer, Exchange, FileAsk, Use};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A file in a folder of its own, and where it is kept.
struct Place {
    _folder: TempDir,
    path: PathBuf,
    keep: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        let keep = folder.path().join(format!("{name}.20261121-031200-docs-rag.before"));
        Self { _folder: folder, path, keep }
    }

    fn write(&self, content: &str) -> Exchange {
        let (path, keep) = (self.path.clone(), self.keep.clone());
        Exchange::File(FileAsk::Write { path, content: content.into(), keep })
    }

    fn restore(&self) -> Exchange {
        Exchange::File(FileAsk::Restore { path: self.path.clone(), keep: self.keep.clone() })
    }

    /// What lies in the folder, so that nothing half done is left unseen.
    fn names(&self) -> Vec<String> {
        let beside = fs::read_dir(self.path.parent().unwrap()).unwrap();
        let mut names: Vec<_> = beside.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[track_caller]
fn paste(exchange: &Exchange) -> String {
    told(&exchange.pasted().expect("a shell does it"))
}

/// Whether a shell that is told the same does nothing and says so.
fn is_refused(exchange: &Exchange) -> bool {
    !run(&exchange.pasted().expect("a shell does it")).status.success()
}

fn content(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_file_holds_the_very_bytes_that_were_pasted() {
    for (name, bytes) in HOSTILE.iter().zip(HOSTILE.iter().rev()) {
        let place = Place::new(&format!("{} x", name.replace('/', "")));
        paste(&place.write(bytes));
        assert_eq!(content(&place.path), **bytes);
        let read = Exchange::File(FileAsk::Read { path: place.path.clone() });
        assert_eq!(paste(&read), **bytes);
        paste(&place.restore());
        assert!(!place.path.exists(), "there was no {name} before");
    }
}

#[test]
fn what_was_there_is_kept_once_with_its_rights_and_comes_back() {
    let place = Place::new("flags.json");
    fs::write(&place.path, "green\n").unwrap();
    fs::set_permissions(&place.path, Permissions::from_mode(0o604)).unwrap();
    for content in ["blue", "blue again"] {
        paste(&place.write(content));
    }
    assert_eq!((&content(&place.path)[..], &content(&place.keep)[..]), ("blue again", "green\n"));
    assert_eq!(fs::metadata(&place.path).unwrap().permissions().mode() & 0o777, 0o604);
    paste(&place.restore());
    assert_eq!(content(&place.path), "green\n");
    assert_eq!(fs::metadata(&place.path).unwrap().permissions().mode() & 0o777, 0o604);
    assert_eq!(place.names(), ["flags.json", "flags.json.20261121-031200-docs-rag.before"]);
}

#[tokio::test]
async fn what_is_kept_by_hand_is_put_back_by_a_lever_and_the_other_way_round() {
    let there = Place::new("flags.json");
    fs::write(&there.path, "green").unwrap();
    let absent = Place::new("flags.json");
    for place in [&there, &absent] {
        let before = fs::read(&place.path).ok();
        paste(&place.write("blue"));
        let restored = carriers().perform(&place.restore(), Use::Act, 10_000).await;
        assert!(matches!(restored, Ok(Answer::File(_))), "{restored:?}");
        assert_eq!(fs::read(&place.path).ok(), before);
        let written = carriers().perform(&place.write("blue"), Use::Act, 10_000).await;
        assert!(matches!(written, Ok(Answer::File(_))), "{written:?}");
        paste(&place.restore());
        assert_eq!(fs::read(&place.path).ok(), before);
    }
}

#[tokio::test]
async fn what_a_lever_does_not_touch_a_line_does_not_touch_either() {
    let link = Place::new("link");
    let elsewhere = link.path.with_file_name("elsewhere");
    fs::write(&elsewhere, "green").unwrap();
    symlink(&elsewhere, &link.path).unwrap();
    let folder = Place::new("folder");
    fs::create_dir(&folder.path).unwrap();
    let pipe = Place::new("pipe");
    told(&format!("mkfifo {}", pipe.path.display()));
    for place in [link, folder, pipe] {
        let before = place.names();
        refused(carriers().perform(&place.write("blue"), Use::Act, 10_000).await);
        assert!(is_refused(&place.write("blue")) && is_refused(&place.restore()), "{}", place.path.display());
        assert_eq!(place.names(), before);
    }
    assert!(is_refused(&Place::new("never-written").restore()), "nothing was kept to put back");
}
