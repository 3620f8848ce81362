//! A drill that was left is gone on with by the pilot, in the world and at the time it was left in.

#[path = "common/directory.rs"]
mod directory;

use directory::{drill, goaround};
use goaround::incident::{Event, Moment, event};
use goaround::journal::{self, Journal};
use goaround::playbook::{self, Id};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Lets the pilot go on; panics unless the drill recovers, and its journal holds.
fn recovers(directory: &Path) {
    let resumed = goaround().args(["resume", "--auto"]).arg(directory).output().expect("the program runs");
    let said = String::from_utf8_lossy(&resumed.stdout);
    assert!(resumed.status.success(), "{said}\n{}", String::from_utf8_lossy(&resumed.stderr));
    assert_eq!(said.lines().last(), Some(&*directory.display().to_string()), "the directory is the last line");
    assert!(said.lines().any(|line| line.contains("T+") && line.contains('#')), "one line per event: {said}");
    let verified = goaround().arg("verify").arg(directory).output().expect("the program runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn the_pilot_goes_on_with_a_drill_that_was_left() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let directory = drill(incidents.path(), 1, &[]);
    let path = directory.join("journal.jsonl");
    let whole = std::fs::read_to_string(&path).expect("the journal is there");
    let left_at: [fn(&Event) -> bool; 3] = [
        |event| matches!(event, Event::Opened { .. }),
        |event| matches!(event, Event::StepDone { pick: Some(_), .. }),
        |event| matches!(event, Event::HoldStarted),
    ];
    let records = journal::read(&directory).expect("the journal can be read").records;
    for is_last in left_at {
        let count = records.iter().position(|record| is_last(&record.event)).expect("it happened") + 1;
        let left: String = whole.split_inclusive('\n').take(count).collect();
        std::fs::write(&path, left).expect("the journal can be cut");
        recovers(&directory);
        let after = journal::read(&directory).expect("the journal can be read").records;
        let (last, resumed) = (&after[count - 1].at, &after[count]);
        assert!(matches!(resumed.event, Event::Resumed { .. }) && resumed.at == *last, "it goes on where it was left");
    }
}

#[test]
fn a_drill_flown_against_a_served_world_goes_on_in_its_own_time() {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let text = playbook::embedded("docs-rag").expect("it is embedded");
    let opened = Event::Opened {
        incident: "20300317-174640-docs-rag".into(),
        service: Id::new("docs-rag").expect("an id"),
        environment: Id::new("testbed").expect("an id"),
        profile: "drill".into(),
        playbook_sha256: hex::encode(Sha256::digest(text)),
        version: "0".into(),
        drill: Some(event::Drill::of(Id::new("index-mismatch").expect("an id"), 1)),
    };
    // Years from the scenario's epoch: samples of that time would be no samples now.
    let at = Moment { wall_ms: 1_900_000_000_000, boot_ns: 5_000_000_000, boot_id: "a-machine".into() };
    let mut journal = Journal::create(incidents.path(), "served", text).expect("a new directory");
    journal.append("20300317-174640-docs-rag", &[(at.clone(), "mira".into(), opened)]).expect("the disk is fine");
    let directory = journal.dir().to_owned();
    drop(journal);
    recovers(&directory);
    let records = journal::read(&directory).expect("the journal can be read").records;
    let last = &records.last().expect("records").at;
    let passed_ms = last.wall_ms - at.wall_ms;
    assert!((1..30 * 60_000).contains(&passed_ms), "its wall clock jumped by {passed_ms} ms");
}
