//! What an incident left on disk, judged by the real binary.

use goaround::{
    incident::{Event, ReadBack},
    journal,
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The only incident in `folder`.
#[track_caller]
pub fn only(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("the folder was made").map(|entry| entry.expect("an entry").path());
    let found: Vec<_> = entries.collect();
    assert_eq!(found.len(), 1, "one incident, and nothing beside it: {found:?}");
    found[0].clone()
}

/// What the journal says happened.
#[track_caller]
pub fn events(directory: &Path) -> Vec<Event> {
    let reading = journal::read(directory).expect("the journal can be read");
    reading.records.into_iter().map(|record| record.event).collect()
}

/// How many pulls were begun.
#[track_caller]
pub fn pulls(directory: &Path) -> usize {
    events(directory).iter().filter(|event| matches!(event, Event::PullStarted { .. })).count()
}

/// Panics unless the incident is closed as recovered, every pull agrees, it verifies, and its report is the same
/// twice; answers the report.
#[track_caller]
pub fn recovered(directory: &Path) -> String {
    let events = events(directory);
    let agreed =
        events.iter().filter(|event| matches!(event, Event::ReadBack { result: ReadBack::Agrees, .. })).count();
    assert_eq!(agreed, pulls(directory), "every pull was read back and agrees");
    let closed = events.iter().any(|event| matches!(event, Event::Closed { recovered: true, .. }));
    assert!(closed, "closed as recovered: {:?}", events.last());
    assert_eq!(goaround(["verify".as_ref(), directory.as_os_str()]).status.code(), Some(0), "it verifies");
    let first = report(directory);
    assert_eq!(first, report(directory), "the same bytes each time");
    first
}

/// The postmortem.
#[track_caller]
pub fn report(directory: &Path) -> String {
    let made = goaround(["report".as_ref(), directory.as_os_str()]);
    assert_eq!(made.status.code(), Some(0), "the report renders: {}", String::from_utf8_lossy(&made.stderr));
    std::fs::read_to_string(directory.join("report.md")).expect("it was written")
}

/// Runs the real binary, without a terminal, to its end.
pub fn goaround<A: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(args).env_remove("GOAROUND_INCIDENTS").env("GOAROUND_CONFIG", "/nowhere").env_remove("RUST_BACKTRACE");
    command.output().expect("the binary was built")
}
