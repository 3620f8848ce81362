//! Bad input gets one clear sentence, a non-zero exit code, and leaves nothing behind.

#[path = "common/world.rs"]
mod world;

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use world::World;

const DOCS_RAG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/playbooks/docs-rag.toml");

/// Runs goaround without a terminal, with the testbed's secrets, and with `incidents` as its folder.
fn goaround(incidents: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(arguments).env("GOAROUND_INCIDENTS", incidents).env("GOAROUND_CONFIG", "/nowhere");
    command.env("REDIS_PASS", "redispass").env("PROM_PASS", "opspass").env_remove("RUST_BACKTRACE");
    command.output().expect("goaround runs")
}

/// Whether `arguments` are refused with one sentence that holds `needle`, and nothing is left behind.
#[track_caller]
fn is_refused(arguments: &[&str], needle: &str) {
    let folder = TempDir::new().expect("a temporary folder");
    let incidents = folder.path().join("incidents");
    let output = goaround(&incidents, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {complaint}");
    assert!(complaint.contains(needle), "{arguments:?} was refused with another sentence: {complaint}");
    assert!(complaint.lines().count() <= 2, "{arguments:?} was refused with more than a sentence: {complaint}");
    assert!(!complaint.contains("panicked") && !complaint.contains("backtrace"), "{complaint}");
    assert!(!incidents.exists(), "{arguments:?} left an incident behind");
}

/// A playbook with `from` replaced by `to`, in a folder of its own.
fn broken(from: &str, to: &str) -> (TempDir, String) {
    let folder = TempDir::new().expect("a temporary folder");
    let text = std::fs::read_to_string(DOCS_RAG).expect("the playbook");
    assert!(text.contains(from), "the playbook holds {from}");
    let path = folder.path().join("broken.toml");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("a playbook");
    let name = path.display().to_string();
    (folder, name)
}

#[test]
fn a_missing_or_unreadable_playbook_is_named() {
    is_refused(&["check", "/nowhere/playbook.toml"], "/nowhere/playbook.toml");
    is_refused(&["live", "--playbook", "/nowhere/playbook.toml"], "name a playbook that can be read");
    is_refused(&["check", "/"], "name a playbook that can be read");
    is_refused(
        &["live"],
        "name a playbook with --playbook FILE, or a world that `goaround world` serves with --world ADDR",
    );
}

#[test]
fn a_wrong_type_and_a_bad_limit_are_shown_at_their_place() {
    let folder = TempDir::new().expect("a temporary folder");
    for (from, to, place, needle) in [
        ("service = \"docs-rag\"", "service = 7", "broken.toml:6:11", "must be a text"),
        ("stop = \"> 1% for 5s\"", "stop = \"> 1 percent\"", "broken.toml:", "percent"),
        ("verify = { probe = \"flag\"", "verify = { probe = \"flog\"", "broken.toml:", "did you mean `flag`"),
    ] {
        let (_kept, path) = broken(from, to);
        let output = goaround(folder.path(), &["check", &path]);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(complaint.contains(place) && complaint.contains(needle), "{to}: {complaint}");
        let flown = goaround(folder.path(), &["live", "--playbook", &path, "--auto", "--auto-confirm", "testbed"]);
        assert_eq!(flown.status.code(), Some(2), "a faulty playbook is not flown");
    }
}

#[test]
fn a_sound_playbook_checks_and_fits_its_drill() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = goaround(folder.path(), &["check", DOCS_RAG, "--scenario", "index-mismatch", "--profile", "drill"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_unset_secret_is_named() {
    let folder = TempDir::new().expect("a temporary folder");
    let incidents = folder.path().join("incidents");
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(["live", "--playbook", DOCS_RAG, "--auto", "--auto-confirm", "testbed"]);
    command.env("GOAROUND_INCIDENTS", &incidents).env_remove("REDIS_PASS").env("PROM_PASS", "opspass");
    let output = command.output().expect("goaround runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("REDIS_PASS") && !complaint.contains("opspass"), "{complaint}");
    assert!(!incidents.exists(), "nothing is begun without its secrets");
}

#[test]
fn the_pilot_needs_leave_and_the_environment_typed() {
    let flown = ["live", "--playbook", DOCS_RAG, "--auto"];
    is_refused(&[&flown[..], &["--auto-confirm", "production"]].concat(), "--auto-confirm testbed");
    let production = ["--profile", "production", "--auto-confirm", "testbed"];
    is_refused(&[&flown[..], &production].concat(), "allow_auto");
    let folder = TempDir::new().expect("a temporary folder");
    assert_eq!(goaround(folder.path(), &flown).status.code(), Some(2), "--auto asks for --auto-confirm");
}

#[test]
fn the_cockpit_needs_a_terminal() {
    is_refused(&["drill"], "--auto flies without one");
    is_refused(&["live", "--playbook", DOCS_RAG], "--auto flies without one");
}

#[test]
fn unknown_names_list_the_known_ones() {
    is_refused(&["drill", "--auto", "no-such"], "index-mismatch");
    is_refused(&["check", DOCS_RAG, "--scenario", "no-such"], "index-mismatch");
    is_refused(&["drill", "--auto", "--theme", "no-such"], "ansi16");
    is_refused(&["live", "--playbook", DOCS_RAG, "--theme", "no-such"], "ansi16");
    let folder = TempDir::new().expect("a temporary folder");
    let output = goaround(folder.path(), &["check", DOCS_RAG, "--profile", "no-such"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint.contains("testbed") && complaint.contains("production"), "{complaint}");
}

#[test]
fn a_pace_that_is_none_is_refused() {
    for speed in ["0", "-1", "NaN", "inf", "1e9"] {
        is_refused(&["drill", "--auto", "--speed", speed], "is no pace");
    }
    is_refused(&["world", "--listen", "0.0.0.0:0"], "127.0.0.1");
}

#[test]
fn what_is_no_incident_directory_is_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let foreign = folder.path().display().to_string();
    for command in ["verify", "report", "resume"] {
        is_refused(&[command, &foreign], &foreign);
        is_refused(&[command, "/nowhere"], "/nowhere");
        let complaint = goaround(folder.path(), &[command, "/nowhere"]).stderr;
        let complaint = String::from_utf8_lossy(&complaint).into_owned();
        assert_eq!(complaint.matches("/nowhere").count(), 1, "it is named once: {complaint}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing was put into it");
}

#[test]
fn a_folder_that_cannot_take_incidents_is_named() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").expect("a file");
    let output = goaround(&file, &["drill", "--auto"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains(&file.display().to_string()), "{complaint}");
}

#[test]
fn a_directory_that_another_one_writes_is_left_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let journal = goaround::journal::Journal::create(folder.path(), "held", "flown").expect("a new directory");
    let directory = journal.dir().display().to_string();
    let before = std::fs::read(Path::new(&directory).join("journal.jsonl")).expect("the journal");
    is_refused(&["resume", &directory], "is being written by another goaround");
    assert_eq!(std::fs::read(Path::new(&directory).join("journal.jsonl")).expect("the journal"), before);
    drop(journal);
}

#[test]
fn a_world_does_not_take_a_port_that_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    is_refused(&["world", "--listen", &address], &address);
    is_refused(&["world", "no-such"], "index-mismatch");
    drop(taken);
    is_refused(&["live", "--world", &address], "goaround world --listen");
}

#[test]
fn the_schema_printed_is_the_one_kept() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = goaround(folder.path(), &["schema"]);
    assert_eq!(output.status.code(), Some(0));
    let kept = include_bytes!("../fixtures/playbooks/playbook.schema.json");
    assert!(output.stdout == kept, "it is another than fixtures/playbooks/playbook.schema.json");
}

#[test]
fn recipes_are_listed_and_one_is_shown_with_what_it_sends() {
    let folder = TempDir::new().expect("a temporary folder");
    let list = goaround(folder.path(), &["recipes"]);
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.lines().any(|line| line.contains("haproxy.map") && line.contains("map")), "{list}");
    let one = goaround(folder.path(), &["recipes", "haproxy.map"]);
    assert!(one.status.success());
    let one = String::from_utf8_lossy(&one.stdout).into_owned();
    assert!(one.contains("set map /etc/haproxy/live.map live be_blue"), "{one}");
    is_refused(&["recipes", "haproxy.mapp"], "did you mean `haproxy.map`?");
}

#[test]
fn a_reader_that_leaves_ends_no_drill() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(["drill", "--auto", "--incidents"]).arg(folder.path());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut drill = command.spawn().expect("goaround starts");
    drop(drill.stdout.take());
    let output = drill.wait_with_output().expect("goaround ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing to complain about");
}

#[test]
fn a_tampered_journal_is_told_and_a_closed_incident_not_resumed() {
    let folder = TempDir::new().expect("a temporary folder");
    let said = goaround(folder.path(), &["drill", "--auto"]);
    let said = String::from_utf8(said.stdout).expect("text");
    let directory = said.lines().last().expect("the directory is the last line");
    assert_eq!(goaround(folder.path(), &["verify", directory]).status.code(), Some(0));
    let resumed = goaround(folder.path(), &["resume", directory]);
    assert_eq!(resumed.status.code(), Some(1), "{}", String::from_utf8_lossy(&resumed.stdout));
    let journal = Path::new(directory).join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).expect("the journal");
    std::fs::write(&journal, text.replacen("docs_vA", "docs_vC", 1)).expect("tampering");
    let verified = goaround(folder.path(), &["verify", directory]);
    assert_eq!(verified.status.code(), Some(1), "{}", String::from_utf8_lossy(&verified.stdout));
    let reported = goaround(folder.path(), &["report", directory]);
    let complaint = String::from_utf8_lossy(&reported.stderr);
    assert_eq!(reported.status.code(), Some(1), "what holds is reported, and that it is not all: {complaint}");
    assert!(complaint.contains("incomplete: journal.jsonl line"), "{complaint}");
}

#[test]
fn a_world_on_loopback_is_flown_live() {
    let (world, folder) = (World::start(), TempDir::new().expect("a temporary folder"));
    let pilot = ["live", "--world", &world.address, "--profile", "testbed", "--auto", "--auto-confirm", "testbed"];
    let output = goaround(folder.path(), &pilot);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("DRILL index-mismatch"), "what is flown against a world is a drill: {said}");
}
