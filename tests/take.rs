//! Claims about who may ask for command, and under which name it is flown: the commander is this test, which holds the
//! journal's lock as a process does until it ends.

#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "what was pulled is the drill's business")]
mod incidents;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals and sizes are the drill's business")]
mod pty;

use goaround::incident::{Event, Moment, Record};
use goaround::journal::{self, Inbox, Journal, Says};
use goaround::text::Text;
use pty::Terminal;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// After this much waiting it will not come any more, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long is listened between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// A drill that was declared and then left, by these arguments.
fn left(args: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("temporary folders are named in UTF-8");
    let flown = incidents::goaround(["drill", "--auto", "--incidents", path].iter().chain(args));
    assert!(flown.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&flown.stderr));
    let directory = incidents::only(folder.path());
    let place = declared(&directory);
    let journal = directory.join("journal.jsonl");
    let whole = fs::read_to_string(&journal).expect("it is there");
    let kept: String = whole.split_inclusive('\n').take(place + 1).collect();
    fs::write(&journal, kept).expect("it can be cut");
    (folder, directory)
}

/// The place of the declaration among the records.
fn declared(directory: &Path) -> usize {
    let records = journal::read(directory).expect("it can be read").records;
    records.iter().position(|record| matches!(record.event, Event::Declared { .. })).expect("it was declared")
}

/// An incident in production that was just begun, and its journal.
fn live(root: &Path) -> (PathBuf, Journal) {
    let playbook = goaround::playbook::embedded("docs-rag").expect("it comes with goaround");
    assert!(playbook.contains("password_env = \"REDIS_PASS\""));
    let mut journal = Journal::create(root, "20261121-031200-docs-rag", playbook).expect("a folder");
    let at = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "a boot".into() };
    let id = |text: &str| goaround::playbook::Id::new(text).expect("a literal id");
    let opened = Event::Opened {
        incident: "20261121-031200-docs-rag".into(),
        service: id("docs-rag"),
        environment: id("testbed"),
        profile: "drill".into(),
        playbook_sha256: goaround::app::flight::sha256_hex(playbook.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: None,
    };
    journal.append("20261121-031200-docs-rag", &[(at, "mira".into(), opened)]).expect("written");
    (journal.dir().to_owned(), journal)
}

fn take(directory: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.arg("take").arg(directory).args(["--as", "jo", "--plain"]).env_remove("REDIS_PASS");
    command.env("GOAROUND_CONFIG", "/nowhere").env_remove("RUST_BACKTRACE").output().expect("it runs")
}

#[track_caller]
fn refuses_to_ask(directory: &Path, why: &str) {
    let refused = take(directory);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains(why) && said.trim_end().lines().count() == 1, "{said}");
    let slips = Inbox::open(directory).and_then(|inbox| inbox.look()).unwrap_or_default();
    assert!(slips.is_empty(), "nobody was asked: {slips:?}");
}

#[test]
fn command_is_not_asked_for_by_somebody_who_could_not_fly() {
    let whole = tempfile::tempdir().expect("a folder");
    let flown = incidents::goaround(["drill", "--auto", "--incidents", whole.path().to_str().expect("UTF-8")]);
    assert_eq!(flown.status.code(), Some(0));
    let recorded = incidents::only(whole.path());
    let (_again, recording) = left(&["--from", recorded.to_str().expect("UTF-8")]);
    let held = Journal::open(&recording).expect("nobody has it");
    refuses_to_ask(&recording, "a recording is flown in one go");
    // An observer may watch it, and is told why it cannot be theirs.
    let path = recording.to_str().expect("UTF-8");
    let mut jo = Terminal::start(120, 40, ["watch", path, "--as", "jo"]);
    jo.wait_for(" OBSERVE ");
    jo.press("X");
    jo.wait_for("a recording is flown in one go");
    drop((jo, held));

    let folder = tempfile::tempdir().expect("a folder");
    let (directory, _held) = live(folder.path());
    refuses_to_ask(&directory, "environment variable REDIS_PASS is not set");
}

#[test]
fn command_taken_by_lines_is_flown_by_lines_under_the_name_it_was_asked_for_by() {
    let (_folder, directory) = left(&["bad-deploy"]);
    let path = directory.to_str().expect("UTF-8").to_owned();
    let (mut journal, records, _) = Journal::open(&directory).expect("nobody has it");
    let Record { at, .. } = records.last().expect("it was begun").clone();
    // No --as: the login, although the drill has a role for whoever begins it.
    let mut jo = Terminal::start_with(300, 60, ["take", path.as_str(), "--plain"], &[("USER", "jo")]);
    let id = asked(&directory, &mut jo);
    let entry = |actor: &str, event| (at.clone(), actor.into(), event);
    let incident = "drill-bad-deploy-1";
    journal.append(incident, &[entry("jo", Event::CommandAsked { id: id.clone() })]).expect("written");
    journal.append(incident, &[entry("mira", Event::HandedOver { to: "jo".into(), id })]).expect("written");
    drop(journal);
    let by = until(&mut jo, "the resume", || {
        let records = journal::read(&directory).expect("it can be read").records;
        records.into_iter().find(|record| matches!(record.event, Event::Resumed { .. })).map(|record| record.actor)
    });
    assert_eq!(by.as_str(), "jo");
    jo.wait_for("NEXT step");
    assert!(!jo.raw().contains(&0x1b), "lines alone:\n{}", jo.screen());
}

/// The name of the asking for command that lies in the inbox, once it does.
fn asked(directory: &Path, terminal: &mut Terminal) -> Text {
    until(terminal, "an asking in the inbox", || {
        let slips = Inbox::open(directory).and_then(|inbox| inbox.look()).unwrap_or_default();
        slips.into_iter().find_map(|(_, slip)| match slip.map(|slip| slip.says) {
            Ok(Says::Here { wants_command }) => wants_command,
            Ok(Says::Objects(_)) | Err(_) => None,
        })
    })
}

/// Waits until it is found: what goes by lines prints nothing while nothing happens.
#[track_caller]
fn until<T>(terminal: &mut Terminal, what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}:\n{}", terminal.screen());
        terminal.listen(LOOK);
    }
}
