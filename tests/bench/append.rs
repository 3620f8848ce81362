//! What the journal's append costs beyond the write and the sync that it cannot do without.

use crate::table::{Series, versus};
use color_eyre::eyre::{Result, eyre};
use goaround::incident::{Actor, Event, EvidenceRef, Moment, ReadBack};
use goaround::journal::Journal;
use goaround::kind::{Outcome, Seen};
use goaround::playbook::Id;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

/// How often each is done, in turn.
const ROUNDS: u32 = 500;

const INCIDENT: &str = "bench";

fn moment(round: u32) -> Moment {
    Moment { wall_ms: 1_795_230_720_000, boot_ns: 5, boot_id: INCIDENT.into() }.plus_ms(round.into())
}

/// What every journal begins with.
fn opened() -> Event {
    let id = |raw| Id::new(raw).expect("a literal id");
    Event::Opened {
        incident: INCIDENT.into(),
        service: id("docs-rag"),
        environment: id("testbed"),
        profile: "testbed".into(),
        playbook_sha256: "0".repeat(64),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: None,
    }
}

/// What one settled pull writes down: how it ended, and what the world showed afterwards.
fn batch(round: u32) -> Vec<(Moment, Actor, Event)> {
    let evidence =
        EvidenceRef { path: format!("evidence/pull-{round}-pointer.json"), sha256: "0".repeat(64), bytes: 1234 };
    let settled = Event::PullSettled {
        attempt: round,
        outcome: Outcome::Applied,
        detail: "answered with an empty line".into(),
        took_ms: 12,
        evidence: Some(evidence),
    };
    let saw = Seen::Value("blue".into());
    let seen = Event::ReadBack { attempt: round, result: ReadBack::Agrees, saw, looks: 2, took_ms: 104, detail: None };
    [settled, seen].map(|event| (moment(round), Actor::from("sensor"), event)).into()
}

/// Appends a batch, then writes and syncs the same bytes plainly, round by round.
pub fn run(folder: &Path) -> Result<()> {
    let mut journal = Journal::create(folder, INCIDENT, "format = 1\n").map_err(|error| eyre!("{error}"))?;
    let first = [(moment(0), Actor::from("pilot"), opened())];
    journal.append(INCIDENT, &first).map_err(|error| eyre!("{error}"))?;
    let mut written = File::open(folder.join(INCIDENT).join("journal.jsonl"))?;
    written.seek(SeekFrom::End(0))?;
    let mut plain = File::create_new(folder.join("plain.jsonl"))?;
    let mut series = [Series::new("Journal::append"), Series::new("write_all + sync_data, same bytes")];
    let mut bytes = Vec::new();
    for round in 1..=ROUNDS {
        let batch = batch(round);
        let began = Instant::now();
        journal.append(INCIDENT, &batch).map_err(|error| eyre!("{error}"))?;
        series[0].push(began.elapsed());
        bytes.clear();
        written.read_to_end(&mut bytes)?;
        let began = Instant::now();
        plain.write_all(&bytes)?;
        plain.sync_data()?;
        series[1].push(began.elapsed());
    }
    println!("\n5. append and sync of a batch of 2 records, {} bytes, {ROUNDS} rounds in turn", bytes.len());
    println!("   the append also encodes, hashes, chains, and reads its records back from their own bytes");
    versus(&series.each_ref());
    Ok(())
}
