//! Claims about observers: what they see of a drill that somebody else flies, and that they change nothing.

#[path = "common/flown.rs"]
mod flown;
#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "what was pulled is the drill's business")]
mod incidents;
#[path = "common/keys.rs"]
mod keys;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;

use flown::flown;
use goaround::app::observe::Onlooker;
use goaround::incident::{Event, replay};
use goaround::journal::{self, Follower, Inbox, Journal, Says};
use goaround::playbook::Playbook;
use pty::Terminal;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A drill under way in a terminal, and its directory.
struct Drill {
    terminal: Terminal,
    _folder: TempDir,
    directory: PathBuf,
}

fn drill(speed: &str) -> Drill {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("temporary folders are named in UTF-8").to_owned();
    let args = ["drill", "--speed", speed, "--as", "mira", "--incidents", &path];
    let mut terminal = Terminal::start(80, 24, args);
    terminal.wait_for("I declares a rollback");
    let directory = incidents::only(folder.path());
    Drill { terminal, _folder: folder, directory }
}

fn watch(directory: &Path, role: &str) -> Terminal {
    let path = directory.to_str().expect("temporary folders are named in UTF-8");
    let mut terminal = Terminal::start(80, 24, ["watch", path, "--as", role]);
    terminal.wait_for(" OBSERVE ");
    terminal
}

#[test]
fn an_onlooker_believes_at_every_record_what_a_replay_of_the_journal_so_far_would() {
    let (_folder, directory) = flown();
    let whole = fs::read(directory.join("journal.jsonl")).expect("the journal is there");
    let reading = journal::read(&directory).expect("the journal can be read");
    let playbook = Playbook::parse("playbook.toml", &reading.playbook, Some("drill")).expect("it was flown");
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["playbook.toml", "samples.jsonl"] {
        fs::copy(directory.join(name), copy.path().join(name)).expect("a file can be copied");
    }
    let path = copy.path().join("journal.jsonl");
    let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
    fs::write(&path, lines[0]).expect("a file can be written");
    let (follower, beginning) = Follower::open(copy.path()).expect("it can be followed");
    let mut onlooker = Onlooker::new(follower, playbook.clone(), &beginning.records);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("it is there");
    for (count, line) in (1..).zip(&lines[1..]) {
        let (head, tail) = line.split_at(line.len() / 2);
        file.write_all(head).expect("the disk is fine");
        assert!(onlooker.look().is_empty(), "half a line is no record");
        assert_eq!(*onlooker.state(), replay(&playbook, &reading.records[..count]), "after {count} records");
        file.write_all(tail).expect("the disk is fine");
        assert_eq!(onlooker.look().len(), 1);
    }
    assert_eq!(*onlooker.state(), replay(&playbook, &reading.records));
}

#[test]
fn an_observer_sees_what_the_commander_does_and_can_do_nothing_of_it() {
    let mut drill = drill("5");
    let mut observer = watch(&drill.directory, "jo");
    observer.wait_for("IC mira");
    observer.wait_for("X 2 BREACH");
    for key in ["I", "r", "U"] {
        observer.press(key);
        observer.wait_for("you observe; only the commander acts");
    }
    keys::declare(&mut drill.terminal, "coverage BREACH, dS BREACH");
    observer.wait_for("SEV2  T+");
    keys::land(&mut drill.terminal, "Index alias back to docs_vA");
    observer.wait_for("CLOSED");
    observer.wait_for_line(&["4 [*] flip one pointer", "SENSED"]);
    observer.press("q");
    observer.wait_for("LEAVE GOAROUND?");
    observer.press("y");
    assert_eq!(observer.exit_code(), 0);
    observer.assert_given_back();
    assert_eq!(incidents::goaround(["verify".as_ref(), drill.directory.as_os_str()]).status.code(), Some(0));
}

#[test]
fn without_a_terminal_each_event_is_a_line_and_the_end_is_the_end() {
    let (_folder, directory) = flown();
    let told = incidents::goaround(["watch".as_ref(), directory.as_os_str()]);
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.lines().count(), incidents::events(&directory).len());
    assert!(told.lines().last().is_some_and(|line| line.ends_with("CLOSED, recovered")), "{told}");
}

#[test]
fn what_cannot_be_watched_is_one_sentence_and_exit_2() {
    let (_folder, directory) = flown();
    let empty = tempfile::tempdir().expect("a folder");
    let newer = tempfile::tempdir().expect("a folder");
    let journal = fs::read_to_string(directory.join("journal.jsonl")).expect("it is there");
    let first = journal.lines().next().expect("it has a line");
    // Sealed as a later goaround would: only the format's number is another.
    let body = first.replacen("{\"v\":1,", "{\"v\":2,", 1);
    let body = &body[..body.rfind(",\"hash\"").expect("it is sealed")];
    let line = format!("{body},\"hash\":\"{}\"}}\n", goaround::app::flight::sha256_hex(body.as_bytes()));
    fs::write(newer.path().join("journal.jsonl"), line).expect("it can be written");
    fs::copy(directory.join("playbook.toml"), newer.path().join("playbook.toml")).expect("it can be copied");
    let cases = [
        (PathBuf::from("/nowhere/at/all"), "does not exist"),
        (empty.path().to_owned(), "is this an incident directory?"),
        (newer.path().to_owned(), "has format 2"),
        (directory.join("playbook.toml"), "no plain file or folder"),
    ];
    for (path, words) in cases {
        let refused = incidents::goaround(["watch".as_ref(), path.as_os_str()]);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && said.trim_end().lines().count() == 1, "{words}: {said}");
    }
}

#[test]
fn a_journal_that_is_cut_under_an_observer_is_said_on_screen_and_at_the_end() {
    let (_folder, directory) = flown();
    let mut observer = watch(&directory, "jo");
    observer.wait_for("CLOSED");
    let file = fs::OpenOptions::new().write(true).open(directory.join("journal.jsonl")).expect("it is there");
    file.set_len(1000).expect("it can be cut");
    observer.wait_for("NOT FOLLOWED ANY MORE");
    observer.press("q");
    observer.wait_for("LEAVE GOAROUND?");
    observer.press("y");
    assert_eq!(observer.exit_code(), 1);
    assert!(observer.screen().contains("while it was followed"), "{}", observer.screen());
}

#[test]
fn an_objection_reaches_the_commander_the_journal_once_and_the_report() {
    let Drill { terminal: mut commander, _folder, directory } = drill("1");
    let mut observer = watch(&directory, "jo");
    commander.wait_for("obs 1");
    keys::declare(&mut commander, "coverage BREACH, dS BREACH");
    observer.press("!");
    observer.wait_for("OBJECTION  what is wrong?");
    observer.press("eu cache still old?\r");
    observer.wait_for("the commander is told");
    commander.wait_for("jo objects");
    // What is broken is louder, and is acknowledged first.
    for louder in ["UNACKED dS", "UNACKED coverage"] {
        commander.wait_for(louder);
        commander.press("a");
        commander.wait_without(louder);
    }
    commander.wait_for_line(&["OBJECTION 0", "jo: eu cache still old?"]);
    observer.wait_for_line(&["OBJECTION 0", "jo: eu cache still old?"]);
    let objections = || incidents::events(&directory).iter().filter(|e| matches!(e, Event::Objected { .. })).count();
    assert_eq!(objections(), 1);
    commander.press("a");
    commander.wait_without("OBJECTION 0");
    observer.wait_without("OBJECTION 0");
    observer.press("q");
    observer.wait_for("LEAVE GOAROUND?");
    observer.press("y");
    assert_eq!(observer.exit_code(), 0);
    commander.wait_without("obs 1");
    assert_eq!(objections(), 1, "one file, one event");
    // Another thread takes away what was read.
    let left = || fs::read_dir(directory.join("inbox")).expect("it is there").count();
    commander.wait_until("an empty inbox", |_| left() == 0);
    assert!(incidents::report(&directory).contains("**Objection**: eu cache still old?"));
}

#[test]
fn command_goes_to_the_one_who_asked_and_was_accepted_and_to_nobody_else() {
    let Drill { terminal: mut commander, _folder, directory } = drill("1");
    let path = directory.to_str().expect("temporary folders are named in UTF-8").to_owned();
    let mut ed = watch(&directory, "ed");
    let mut jo = Terminal::start(80, 24, ["take", &path, "--as", "jo"]);
    commander.wait_for("jo asks for command");
    assert!(!commander.screen().contains("COMMAND  jo"), "nothing pops up by itself");
    ed.wait_for("jo asks for command");
    ed.press("X");
    ed.wait_for("you ask for command");
    commander.press("X");
    commander.wait_for("COMMAND  jo asks for it");
    commander.press("1");
    commander.wait_for("command was handed over to jo; you observe from here");
    commander.wait_for(" OBSERVE ");
    jo.wait_for(" DRILL ");
    jo.wait_for("IC jo");
    ed.wait_for("IC jo");
    assert!(ed.screen().contains(" OBSERVE "), "{}", ed.screen());
    // The new one commands, and the other may ask them.
    keys::declare_as(&mut jo, "jo", "coverage BREACH");
    ed.wait_for("T+");
    jo.wait_for("ed asks for command");
    jo.press("X");
    jo.wait_for("COMMAND  ed asks for it");
    jo.press("2");
    ed.wait_for("jo keeps command");
    // Whoever commanded before sees what everybody sees, may ask for it again, and leaves as everybody does.
    commander.wait_for("IC jo");
    commander.press("X");
    commander.wait_for("you ask for command");
    jo.wait_for("mira asks for command");
    commander.press("X");
    commander.wait_for("you do not ask for command any more");
    commander.press("q");
    commander.wait_for("LEAVE GOAROUND?");
    commander.press("y");
    assert_eq!(commander.exit_code(), 0);
    commander.assert_given_back();
    assert!(commander.screen().contains("command was handed over to jo"), "{}", commander.screen());
    let events = incidents::events(&directory);
    let handed: Vec<&Event> = events.iter().filter(|event| matches!(event, Event::HandedOver { .. })).collect();
    assert!(matches!(handed[..], [Event::HandedOver { to, .. }] if to.as_str() == "jo"), "{handed:?}");
    assert!(events.iter().any(|event| matches!(event, Event::CommandDeclined { to, .. } if to.as_str() == "ed")));
}

#[test]
fn command_that_was_handed_over_is_taken_only_when_the_journal_is_let_go_also_by_a_crash() {
    let (_folder, directory) = flown();
    let path = directory.join("journal.jsonl");
    let records = journal::read(&directory).expect("it can be read").records;
    let declared = records.iter().position(|record| matches!(record.event, Event::Declared { .. })).expect("declared");
    let whole = fs::read_to_string(&path).expect("it is there");
    let left: String = whole.split_inclusive('\n').take(declared + 1).collect();
    fs::write(&path, left).expect("it can be cut");
    // This test is the commander: it holds the journal's lock, as a process does until it ends.
    let (mut journal, records, _) = Journal::open(&directory).expect("nobody has it");
    let (at, incident) = (records[declared].at.clone(), "drill-index-mismatch-1");
    let mut jo = watch(&directory, "jo");
    jo.press("X");
    jo.wait_for("you ask for command");
    let id = asked(&directory, &mut jo);
    let entry = |event| (at.clone(), "mira".into(), event);
    journal.append(incident, &[(at.clone(), "jo".into(), Event::CommandAsked { id: id.clone() })]).expect("written");
    journal.append(incident, &[entry(Event::HandedOver { to: "jo".into(), id })]).expect("written");
    jo.wait_for("as soon as the journal is let go");
    assert!(jo.screen().contains(" OBSERVE "), "two never command: {}", jo.screen());
    drop(journal);
    jo.wait_for(" DRILL ");
    jo.wait_for("IC jo");
    // The screen is there before the disk has taken the first record.
    let mut resumed = Vec::new();
    jo.wait_until("the resume on disk", |_| {
        resumed = journal::read(&directory).expect("it can be read").records;
        resumed.len() > declared + 3
    });
    assert!(
        matches!(resumed[declared + 3].event, Event::Resumed { .. }) && resumed[declared + 3].actor.as_str() == "jo"
    );
}

#[test]
fn an_observer_is_told_that_the_commander_was_killed_and_command_is_not_theirs_by_that() {
    let Drill { terminal: mut commander, _folder, directory } = drill("1");
    let mut jo = watch(&directory, "jo");
    jo.press("X");
    commander.wait_for("jo asks for command");
    commander.signal(rustix::process::Signal::KILL);
    jo.wait_for("nobody commands: mira is gone");
    assert!(jo.screen().contains(" OBSERVE "), "{}", jo.screen());
    let taken = incidents::events(&directory).iter().any(|event| matches!(event, Event::HandedOver { .. }));
    assert!(!taken, "nobody has handed anything over");
    // Nobody could answer, so it is said how to go on instead.
    jo.press("X");
    jo.wait_for("you do not ask for command any more");
    jo.press("X");
    jo.wait_for("go on with: goaround resume");
}

/// The name of the asking for command that lies in the inbox, once it does.
fn asked(directory: &Path, terminal: &mut Terminal) -> goaround::text::Text {
    let mut found = None;
    terminal.wait_until("an asking in the inbox", |_| {
        let slips = Inbox::open(directory).and_then(|inbox| inbox.look()).unwrap_or_default();
        found = slips.into_iter().find_map(|(_, slip)| match slip.map(|slip| slip.says) {
            Ok(Says::Here { wants_command }) => wants_command,
            Ok(Says::Objects(_)) | Err(_) => None,
        });
        found.is_some()
    });
    found.expect("it was found")
}

#[test]
fn command_that_nobody_has_is_not_asked_for_but_resumed() {
    let (_folder, directory) = flown();
    let refused = incidents::goaround(["take".as_ref(), directory.as_os_str()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("goaround resume"));
}
