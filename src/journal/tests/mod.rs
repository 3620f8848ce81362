//! Claims about the incident directory.

mod bookmarks;
mod damage;
mod evidence;
mod faults;
mod files;
mod folder;
mod follow;
mod growing;
mod inbox;
mod shortened;

use super::line::sha256;
use super::{Error, Journal};
use crate::incident::{Actor, Event, Moment, Record};
use crate::kind::Outcome;
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::Id;
use crate::text::Text;
use std::path::PathBuf;
use tempfile::TempDir;

const INCIDENT: &str = "20261121-031200-docs-rag";
const FLOWN: &str = "format = 1\n";

/// A directory of its own and a journal in it.
fn fresh() -> (TempDir, PathBuf, Journal) {
    let root = tempfile::tempdir().unwrap();
    let journal = Journal::create(root.path(), INCIDENT, FLOWN).unwrap();
    let dir = root.path().join(INCIDENT);
    (root, dir, journal)
}

/// The same with `notes` notes behind the opening record.
fn written(notes: u32) -> (TempDir, PathBuf, Vec<Record>) {
    let (root, dir, mut journal) = fresh();
    let mut records = journal.append(INCIDENT, &[at(0, opened())]).unwrap();
    for n in 1..=notes {
        records.extend(journal.append(INCIDENT, &[at(n.into(), some_event(n))]).unwrap());
    }
    (root, dir, records)
}

fn at(second: u64, event: Event) -> (Moment, Actor, Event) {
    let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 5, boot_id: "drill".into() };
    (start.plus_ms(second * 1000), Text::new("commander"), event)
}

fn id(raw: &str) -> Id {
    Id::new(raw).unwrap()
}

fn opened() -> Event {
    Event::Opened {
        incident: Text::new(INCIDENT),
        service: id("docs-rag"),
        environment: id("testbed"),
        profile: Text::new("drill"),
        playbook_sha256: sha256(FLOWN.as_bytes()),
        version: Text::new("0.1.0"),
        drill: None,
    }
}

/// Events of several shapes, quotes, umlauts and line breaks among them.
fn some_event(n: u32) -> Event {
    match n % 4 {
        0 => Event::ChecklistStarted,
        1 => Event::NoteAdded { text: Text::new("she said \"grün\"\n{}]\\ and \u{1b}[31m left") },
        2 => Event::VerdictChanged { metric: id("coverage"), verdict: breach(0.1 + f64::from(n) / 3.0) },
        _ => Event::PullSettled {
            attempt: 1,
            outcome: Outcome::Unknown,
            detail: Text::new("read-only, then silence"),
            took_ms: n.into(),
            evidence: None,
        },
    }
}

fn breach(value: f64) -> Verdict {
    Verdict {
        state: VerdictState::Breach,
        exit: ExitState::Missed,
        value: Some(value),
        sampled_ms: Some(-1),
        limit: Some("< 0.60 for 5s".into()),
        why: None,
    }
}

fn error_of<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("this must be refused"),
        Err(err) => err,
    }
}
