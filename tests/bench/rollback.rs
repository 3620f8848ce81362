//! The machine's part of a rollback on real servers: steps 1 to 6, flown by the pilot and by a shell script.

use crate::local;
use crate::table::{Series, show, versus};
use crate::testbed::Testbed;
use color_eyre::eyre::{Result, WrapErr, bail, eyre};
use goaround::incident::{Event, Record};
use goaround::journal;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What has to be installed.
const NEEDED: [&str; 9] =
    ["bash", "curl", "haproxy", "perl", "prometheus", "python3", "redis-cli", "redis-server", "socat"];
/// How many rounds of the quicker measurements make one here, where a round waits for real limits to break.
const SLOWER: usize = 2;
/// How long a flight may take until its hold begins; the limits alone want 5 s of bad readings.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the journal is looked at, to end a flight that has been measured.
const GLANCE: Duration = Duration::from_millis(100);

/// Flies and scripts the rollback in turn, from the same state each time.
pub fn run(rounds: usize, folder: &Path) -> Result<()> {
    let rounds = rounds.div_ceil(SLOWER);
    println!("\n3. machine time of steps 1 to 6 on real servers, {rounds} rounds in turn");
    let missing = missing();
    if !missing.is_empty() {
        println!("!! SKIPPED: this needs {}, not installed here; Debian has packages for all", missing.join(", "));
        return Ok(());
    }
    let testbed = Testbed::start();
    let playbook = folder.join("testbed.toml");
    std::fs::write(&playbook, testbed.playbook())?;
    let mut flown = Series::new("goaround live --auto");
    let mut read_back = Series::new("read-backs");
    let mut scripted = [("2", "rollback.sh, two looks per read-back"), ("1", "rollback.sh, one look per read-back")]
        .map(|(looks, name)| (looks, Series::new(name)));
    let mut pulled = BTreeSet::new();
    for round in 0..rounds {
        script(&testbed, "reset.sh", &[], "1")?;
        let incidents = folder.join(format!("rollback-{round}"));
        let records = fly(&playbook, &incidents)?;
        flown.push(machine_time(&records)?);
        read_back.push(read_back_time(&records));
        pulled.insert(levers(&records));
        for (looks, series) in &mut scripted {
            script(&testbed, "reset.sh", &[], "1")?;
            let evidence = incidents.join(format!("evidence-{looks}"));
            let took = script(&testbed, "rollback.sh", &[&evidence.to_string_lossy()], looks)?;
            series.push(Duration::from_micros(took.trim().parse().wrap_err("rollback.sh prints microseconds")?));
        }
    }
    say(&pulled, &read_back);
    let [(_, two_looks), (_, one_look)] = scripted;
    versus(&[&flown, &two_looks, &one_look]);
    Ok(())
}

/// What is in each of the numbers.
fn say(pulled: &BTreeSet<String>, read_back: &Series) {
    println!("   goaround: from `checklist_started` to `hold_started` in its journal. Two agreeing looks 100 ms apart");
    println!("   per read-back, every intent and outcome synced before what follows, request and answer of each pull");
    println!("   kept and hashed. Its read-backs with their pauses: {} (median)", show(read_back.median()));
    println!("   Levers flown: {}", pulled.iter().cloned().collect::<Vec<_>>().join("; or "));
    println!("   rollback.sh: from its first line to the last read-back, two looks 100 ms apart or one; captures two");
    println!("   files, syncs nothing, knows nothing after a crash");
}

fn missing() -> Vec<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |tool: &str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    NEEDED.into_iter().filter(|tool| !there(tool)).collect()
}

/// Runs a script of this folder against the testbed; answers what it printed.
fn script(testbed: &Testbed, name: &str, arguments: &[&str], looks: &str) -> Result<String> {
    let mut command = Command::new("bash");
    command.arg(local(name)).args(arguments).env("LOOKS", looks);
    command.env("TB_BASE", testbed.base.to_string()).env("TB_DATA", &testbed.data);
    let done = command.env_remove("REDIS_PASS").env_remove("PROM_PASS").output()?;
    if !done.status.success() {
        bail!("{name}: {}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// A flight that is ended when dropped, however it went.
struct Flight(Child);

impl Drop for Flight {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Flies until the hold has begun; answers the journal up to there.
fn fly(playbook: &Path, incidents: &Path) -> Result<Vec<Record>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(["live", "--auto", "--auto-confirm", "testbed", "--playbook"]).arg(playbook);
    command.arg("--incidents").arg(incidents).env("REDIS_PASS", "redispass").env("PROM_PASS", "opspass");
    let mut flight = Flight(command.stdout(Stdio::null()).spawn()?);
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(records) = read(incidents).filter(|records| find(records, &Event::HoldStarted).is_some()) {
            return Ok(records);
        }
        if let Some(status) = flight.0.try_wait()? {
            bail!("the flight ended before its hold began ({status}); its journal: {}", told(incidents));
        }
        std::thread::sleep(GLANCE);
    }
    bail!("no hold began within {} s; the journal: {}", PATIENCE.as_secs(), told(incidents))
}

/// The one incident in `incidents`, once there is one.
fn directory(incidents: &Path) -> Option<PathBuf> {
    Some(std::fs::read_dir(incidents).ok()?.next()?.ok()?.path())
}

fn read(incidents: &Path) -> Option<Vec<Record>> {
    Some(journal::read(&directory(incidents)?).ok()?.records)
}

/// The journal's text, for whoever has to find out what went wrong.
fn told(incidents: &Path) -> String {
    let path = directory(incidents).map(|directory| directory.join("journal.jsonl"));
    path.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_else(|| "there is none".into())
}

fn find<'a>(records: &'a [Record], event: &Event) -> Option<&'a Record> {
    records.iter().find(|record| record.event == *event)
}

fn machine_time(records: &[Record]) -> Result<Duration> {
    let at = |event| find(records, &event).map(|record| record.at.boot_ns).ok_or_else(|| eyre!("no {event:?}"));
    Ok(Duration::from_nanos(at(Event::HoldStarted)? - at(Event::ChecklistStarted)?))
}

/// From each pull's settlement to the verdict of its read-back, together.
fn read_back_time(records: &[Record]) -> Duration {
    let took = records.iter().map(|record| match &record.event {
        Event::ReadBack { took_ms, .. } => *took_ms,
        _ => 0,
    });
    Duration::from_millis(took.sum())
}

/// The levers that were pulled, in order.
fn levers(records: &[Record]) -> String {
    let pulled = records.iter().filter_map(|record| match &record.event {
        Event::PullStarted { lever, .. } => Some(lever.to_string()),
        _ => None,
    });
    pulled.collect::<Vec<_>>().join(", ")
}
