//! Files: changed in one step or not at all, what was there kept once, links never followed.

use super::{carriers, not_sent, refused};
use goaround::kind::{Answer, Body, Exchange, Fault, FileAsk, Use};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, UNIX_EPOCH},
};

/// A folder with a flag file in it, and a place to keep what it was.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn with(content: &str) -> Self {
        let place = Self::new();
        fs::write(place.path(), content).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("flag.json")
    }

    fn keep(&self) -> PathBuf {
        self.folder.path().join("kept")
    }

    async fn write(&self, content: &str) -> Result<Body, Fault> {
        act(FileAsk::Write { path: self.path(), content: content.into(), keep: self.keep() }).await
    }

    async fn restore(&self) -> Result<Body, Fault> {
        act(FileAsk::Restore { path: self.path(), keep: self.keep() }).await
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

async fn act(ask: FileAsk) -> Result<Body, Fault> {
    perform(ask, Use::Act).await
}

async fn read(path: &Path) -> Result<Body, Fault> {
    perform(FileAsk::Read { path: path.into() }, Use::Look).await
}

async fn perform(ask: FileAsk, use_: Use) -> Result<Body, Fault> {
    match carriers().perform(&Exchange::File(ask), use_, 5_000).await? {
        Answer::File(content) => Ok(content.body),
        other => panic!("not a file: {other:?}"),
    }
}

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

/// The same result in the shape that the shared claims take.
fn answer(result: Result<Body, Fault>) -> Result<Answer, Fault> {
    result.map(|body| Answer::File(body.into()))
}

#[tokio::test]
async fn a_write_is_read_back_and_a_restore_undoes_it() {
    let place = Place::with("on");
    assert_eq!(place.write("off").await, Ok(Body::whole("off")));
    assert_eq!((text(place.path()), text(place.keep())), ("off".into(), "on".into()));
    assert_eq!(place.restore().await, Ok(Body::whole("on")));
    assert_eq!(text(place.path()), "on");
    assert_eq!(place.names(), ["flag.json", "kept"], "something was left behind");
}

#[tokio::test]
async fn what_was_kept_first_is_never_overwritten() {
    let place = Place::with("before the incident");
    place.write("first").await.unwrap();
    place.write("second").await.unwrap();
    assert_eq!((text(place.path()), text(place.keep())), ("second".into(), "before the incident".into()));
}

#[tokio::test]
async fn absence_is_kept_too_and_restored() {
    let place = Place::new();
    place.write("off").await.unwrap();
    assert_eq!(place.names(), ["flag.json", "kept.absent"]);
    place.write("other").await.unwrap();
    assert_eq!(place.names(), ["flag.json", "kept.absent"], "the first write's file was kept as if it came before");
    assert_eq!(place.restore().await, Ok(Body::default()));
    assert!(!place.path().exists());
    assert_eq!(place.restore().await, Ok(Body::default()), "a second restore finds it done");
}

#[tokio::test]
async fn nothing_kept_is_nothing_to_restore() {
    let place = Place::with("on");
    let why = refused(answer(place.restore().await));
    assert!(why.contains("nothing was kept"), "{why}");
    assert_eq!(text(place.path()), "on");
}

#[tokio::test]
async fn a_link_is_followed_neither_to_read_nor_to_write_nor_to_restore() {
    let place = Place::new();
    let target = place.folder.path().join("passwd");
    fs::write(&target, "root").unwrap();
    symlink(&target, place.path()).unwrap();
    fs::write(place.keep(), "evil").unwrap();
    let results = [read(&place.path()).await, place.write("evil").await, place.restore().await];
    for result in results {
        let why = refused(answer(result));
        assert!(why.contains("symbolic link"), "{why}");
    }
    assert_eq!(text(&target), "root");
    assert!(place.path().is_symlink());
}

#[tokio::test]
async fn a_linked_folder_on_the_way_is_followed_neither_to_read_nor_to_write_nor_to_restore() {
    let (place, other) = (Place::new(), Place::with("root"));
    symlink(other.folder.path(), place.folder.path().join("flags")).unwrap();
    let path = place.folder.path().join("flags/flag.json");
    let keep = || place.folder.path().join("flags/kept");
    let results = [
        read(&path).await,
        act(FileAsk::Write { path: path.clone(), content: "evil".into(), keep: keep() }).await,
        act(FileAsk::Write { path: place.path(), content: "evil".into(), keep: keep() }).await,
        act(FileAsk::Restore { path: path.clone(), keep: place.keep() }).await,
    ];
    for result in results {
        let why = refused(answer(result));
        assert!(why.contains("a folder on the way is a symbolic link"), "{why}");
    }
    assert_eq!((text(other.path()), other.names()), ("root".into(), vec!["flag.json".to_owned()]));
    assert_eq!(place.names(), ["flags"]);
}

#[tokio::test]
async fn a_pipe_or_a_folder_is_refused_without_waiting() {
    let place = Place::new();
    assert!(Command::new("mkfifo").arg(place.path()).status().unwrap().success());
    refused(answer(read(&place.path()).await));
    refused(answer(place.write("x").await));
    refused(answer(read(place.folder.path()).await));
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let place = Place::with(&"a".repeat(100_000));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for letter in ["b", "c"].repeat(20) {
                runtime.block_on(place.write(&letter.repeat(100_000))).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = text(place.path());
            assert_eq!(seen.len(), 100_000);
            assert!(seen.bytes().all(|byte| byte == seen.as_bytes()[0]), "two writes are mixed");
        }
    });
    assert_eq!(text(place.path()), "c".repeat(100_000));
}

#[tokio::test]
async fn rights_survive_a_write() {
    let place = Place::with("on");
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o640)).unwrap();
    place.write("off").await.unwrap();
    assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(fs::metadata(place.keep()).unwrap().permissions().mode() & 0o7777, 0o600, "what was kept is private");
}

#[tokio::test]
async fn a_failure_before_the_rename_changes_nothing() {
    let place = Place::with("on");
    let keep = place.folder.path().join("no/such/folder/kept");
    let ask = FileAsk::Write { path: place.path(), content: "off".into(), keep };
    not_sent(answer(act(ask).await));
    assert_eq!((text(place.path()), place.names()), ("on".into(), vec!["flag.json".to_owned()]));
}

#[tokio::test]
async fn a_missing_file_is_no_value_and_a_large_one_is_cut() {
    let place = Place::new();
    not_sent(answer(read(&place.path()).await));
    fs::write(place.path(), vec![b'x'; Body::MAX_BYTES + 1]).unwrap();
    let body = read(&place.path()).await.unwrap();
    assert_eq!((body.bytes.len(), body.truncated), (Body::MAX_BYTES, true));
}

#[tokio::test]
async fn the_end_of_a_file_comes_with_the_time_of_its_last_write() {
    let place = Place::with("one\ntwo\nthree\n");
    let written = UNIX_EPOCH + Duration::from_millis(1_795_230_720_250);
    fs::File::options().write(true).open(place.path()).unwrap().set_modified(written).unwrap();
    let tail = async |bytes_max| {
        let ask = Exchange::File(FileAsk::Tail { path: place.path(), bytes_max });
        match carriers().perform(&ask, Use::Look, 5_000).await.unwrap() {
            Answer::File(content) => content,
            other => panic!("not a file: {other:?}"),
        }
    };
    for (bytes_max, kept, truncated) in [(0, "", true), (6, "three\n", true), (14, "one\ntwo\nthree\n", false)] {
        let content = tail(bytes_max).await;
        assert_eq!(content.body, Body { bytes: kept.into(), truncated });
        assert_eq!(content.modified_ms, Some(1_795_230_720_250));
    }
    fs::write(place.path(), vec![b'x'; Body::MAX_BYTES + 1]).unwrap();
    let content = tail(u64::MAX).await;
    assert_eq!((content.body.bytes.len(), content.body.truncated), (Body::MAX_BYTES, true));
}

#[tokio::test]
async fn a_missing_or_linked_log_has_no_end() {
    let place = Place::new();
    let tail = || perform(FileAsk::Tail { path: place.path(), bytes_max: 100 }, Use::Look);
    not_sent(answer(tail().await));
    symlink("/etc/passwd", place.path()).unwrap();
    refused(answer(tail().await));
}

#[tokio::test]
async fn a_look_never_writes() {
    let place = Place::with("on");
    let ask = FileAsk::Write { path: place.path(), content: "off".into(), keep: place.keep() };
    not_sent(answer(perform(ask, Use::Look).await));
    assert_eq!((text(place.path()), place.names()), ("on".into(), vec!["flag.json".to_owned()]));
}
