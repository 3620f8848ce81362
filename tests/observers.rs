//! Claims about those beside the commander where there is no screen: command that goes over, signs of life, objections.

#[path = "common/incidents.rs"]
mod incidents;
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
#[path = "common/pty.rs"]
mod pty;
#[expect(dead_code, reason = "nothing is flown to its end here")]
#[path = "common/seat.rs"]
mod seat;

use goaround::incident::Event;
use goaround::journal::{self, Inbox, Says, Slip};
use pty::Terminal;
use rustix::process::{Signal, kill_process};
use seat::{Pipe, Seat};
use std::fs;
use std::path::{Path, PathBuf};

fn path(path: &Path) -> &str {
    path.to_str().expect("temporary folders are named in UTF-8")
}

/// A drill that `mira` flies by lines, its alarm on its way, and its directory.
fn drill_by_lines(folder: &Path) -> (Pipe, PathBuf) {
    let mut mira = Pipe::start(["drill", "--speed", "1", "--as", "mira", "--plain", "--incidents", path(folder)]);
    mira.wait_for("When one breaks its stop limit");
    let directory = incidents::only(folder);
    (mira, directory)
}

#[test]
fn whoever_hands_command_over_by_lines_goes_on_as_an_observer_by_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut mira, directory) = drill_by_lines(folder.path());
    let mut jo = Pipe::start(["take", path(&directory), "--as", "jo", "--plain"]);
    jo.wait_for("you ask for command");
    mira.wait_for("jo asks for command");
    mira.types("command");
    mira.wait_for("hand command to jo");
    mira.answers("1");
    mira.wait_for("command was handed over to jo\n");
    mira.wait_for("command was handed over to jo; you observe from here");
    jo.wait_for("resumed");
    mira.wait_for("jo");
    mira.wait_for("resumed");
    assert_eq!(mira.told().matches("When one breaks").count(), 1, "what was told before is not told again");
    jo.types("s");
    jo.wait_for("jo commands.");
    // The lines of whoever observes command nothing. What they object to is told, and they may ask again.
    mira.types("declare");
    mira.wait_for("you observe; type object");
    mira.types("object eu cache still old?");
    mira.wait_for("the commander is told");
    jo.wait_for("eu cache still old?");
    mira.types("command");
    mira.wait_for("you ask for command");
    jo.wait_for("mira asks for command");
    kill_process(jo.pid(), Signal::TERM).expect("it runs");
    let (code, told) = jo.ends();
    assert_eq!(code, 1, "nothing was declared:\n{told}");
    mira.types("leave");
    let (code, told) = mira.ends();
    assert_eq!(code, 0, "{told}");
    let declared = incidents::events(&directory).iter().any(|event| matches!(event, Event::Declared { .. }));
    assert!(!declared, "{told}");
}

#[test]
fn whoever_watches_by_lines_is_there_until_they_leave() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["drill", "--speed", "1", "--as", "mira", "--incidents", path(folder.path())];
    let mut commander = Terminal::start(80, 24, args);
    commander.wait_for("I declares a rollback");
    let directory = incidents::only(folder.path());
    let jo = Pipe::start(["watch", path(&directory), "--plain", "--as", "jo"]);
    commander.wait_for("obs 1");
    kill_process(jo.pid(), Signal::TERM).expect("it runs");
    let (code, told) = jo.ends();
    assert_eq!(code, 0, "{told}");
    commander.wait_without("obs 1");
    assert_eq!(fs::read_dir(directory.join("inbox")).expect("it is there").count(), 0, "nothing is left behind");
}

#[test]
fn a_closed_incident_is_told_and_nothing_is_written_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let flown = incidents::goaround(["drill", "--auto", "--incidents", path(folder.path())]);
    assert_eq!(flown.status.code(), Some(0));
    let directory = incidents::only(folder.path());
    fs::remove_dir(directory.join("inbox")).expect("it is empty");
    let told = incidents::goaround(["watch".as_ref(), directory.as_os_str()]);
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
    assert!(!directory.join("inbox").exists(), "nobody is told of who reads what is over");
}

#[test]
fn an_objection_to_what_the_pilot_flies_is_written_down_once_and_taken_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let flown = incidents::goaround(["drill", "--auto", "--incidents", path(folder.path())]);
    assert_eq!(flown.status.code(), Some(0));
    let directory = incidents::only(folder.path());
    let journal = directory.join("journal.jsonl");
    let records = journal::read(&directory).expect("it can be read").records;
    let declared = records.iter().position(|record| matches!(record.event, Event::Declared { .. })).expect("declared");
    let whole = fs::read_to_string(&journal).expect("it is there");
    let left: String = whole.split_inclusive('\n').take(declared + 1).collect();
    fs::write(&journal, left).expect("it can be cut");

    let inbox = Inbox::open(&directory).expect("an inbox");
    let slip = |role: &str, says| Slip { role: role.into(), at_ms: 0, says };
    let objection = slip("jo", Says::Objects("eu cache still old?".into()));
    inbox.put(&journal::new_id().expect("a name"), &objection).expect("it is put there");
    let gone = slip("ed", Says::Here { wants_command: None });
    inbox.put(&journal::new_id().expect("a name"), &gone).expect("it is put there");

    let resumed = incidents::goaround(["resume".as_ref(), directory.as_os_str(), "--auto".as_ref()]);
    assert_eq!(resumed.status.code(), Some(0), "{}", String::from_utf8_lossy(&resumed.stderr));
    let events = incidents::events(&directory);
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Objected { .. })).count(), 1);
    assert_eq!(fs::read_dir(directory.join("inbox")).expect("it is there").count(), 0, "everything was taken away");
    assert!(incidents::recovered(&directory).contains("**Objection**: eu cache still old?"));
}
