//! The machine's part of a rollback on real servers: steps 1 to 6, flown by the pilot and by a shell script.

use crate::local;
use crate::rewritten::rewritten;
use crate::servers::Server;
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

/// The rollback on the small testbed.
pub fn run(rounds: usize, folder: &Path) -> Result<()> {
    let rounds = rounds.div_ceil(SLOWER);
    println!("\n3. machine time of steps 1 to 6 on real servers, {rounds} rounds in turn");
    let missing = missing();
    if !missing.is_empty() {
        println!("!! SKIPPED: this needs {}, not installed here; Debian has packages for all", missing.join(", "));
        return Ok(());
    }
    let testbed = Testbed::start();
    let ground = Ground {
        base: testbed.base,
        data: &testbed.data,
        playbook: testbed.playbook(),
        secrets: &[("REDIS_PASS", "redispass"), ("PROM_PASS", "opspass")],
        reset: "reset.sh",
        script: "rollback.sh",
    };
    ground.compare(rounds, &folder.join("testbed"))
}

/// The same with every server that `servers.toml` acts on: Unleash, NATS and `RediSearch` too.
pub fn run_every_server(rounds: usize, folder: &Path) -> Result<()> {
    let rounds = rounds.div_ceil(2 * SLOWER);
    println!("\n4. machine time of steps 1 to 6 on every server of a service, {rounds} rounds in turn");
    if !missing().is_empty() || !local("../../target/tools/unleash").is_dir() {
        println!("!! SKIPPED: this needs what tests/run installs");
        return Ok(());
    }
    let servers = Server::start("arms");
    let more = ["redis", "haproxy", "prometheus", "load", "unleash", "nats", "redisearch", "hook"];
    more.iter().for_each(|name| servers.up(name));
    let base = servers.port("BLUE_PORT") - 1;
    let ground = Ground {
        base,
        data: servers.data(),
        playbook: rewritten("servers.toml", base, servers.data()),
        secrets: &[
            ("REDIS_PASS", "redispass"),
            ("REDISEARCH_PASS", "searchpass"),
            ("PROM_PASS", "opspass"),
            ("NATS_TOKEN", "natstoken"),
            ("UNLEASH_TOKEN", "*:*.admin-token"),
            ("UNLEASH_CLIENT_TOKEN", "default:production.client-token"),
        ],
        reset: "servers_reset.sh",
        script: "servers.sh",
    };
    ground.compare(rounds, &folder.join("servers"))
}

/// Servers with a rollback that goaround and a script can fly, and how they are made sick again.
struct Ground<'a> {
    base: u16,
    data: &'a Path,
    playbook: String,
    secrets: &'a [(&'a str, &'a str)],
    reset: &'a str,
    script: &'a str,
}

impl Ground<'_> {
    /// Flies and scripts the rollback in turn, from the same state each time.
    fn compare(&self, rounds: usize, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let playbook = folder.join("playbook.toml");
        std::fs::write(&playbook, &self.playbook)?;
        let mut flown = Series::new("goaround live --auto");
        let mut read_back = Series::new("read-backs");
        let mut scripted = [("2", "a script, two looks per read-back"), ("1", "a script, one look per read-back")]
            .map(|(looks, name)| (looks, Series::new(name)));
        let mut pulled = BTreeSet::new();
        for round in 0..rounds {
            self.run(self.reset, &[], "1")?;
            let incidents = folder.join(format!("rollback-{round}"));
            let records = fly(&playbook, &incidents, self.secrets)?;
            flown.push(machine_time(&records)?);
            read_back.push(read_back_time(&records));
            pulled.insert(levers(&records));
            for (looks, series) in &mut scripted {
                self.run(self.reset, &[], "1")?;
                let evidence = incidents.join(format!("evidence-{looks}"));
                let took = self.run(self.script, &[&evidence.to_string_lossy()], looks)?;
                series.push(Duration::from_micros(took.trim().parse().wrap_err("the script prints microseconds")?));
            }
        }
        say(&pulled, &read_back);
        let [(_, two_looks), (_, one_look)] = scripted;
        versus(&[&flown, &two_looks, &one_look]);
        Ok(())
    }

    /// Runs a script of this folder against the servers; answers what it printed.
    fn run(&self, name: &str, arguments: &[&str], looks: &str) -> Result<String> {
        let mut command = Command::new("bash");
        command.arg(local(name)).args(arguments).env("LOOKS", looks);
        command.env("TB_BASE", self.base.to_string()).env("TB_DATA", self.data);
        for (name, _) in self.secrets {
            command.env_remove(name);
        }
        let done = command.output()?;
        if !done.status.success() {
            bail!("{name}: {}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        }
        Ok(String::from_utf8(done.stdout)?)
    }
}

/// What is in each of the numbers.
fn say(pulled: &BTreeSet<String>, read_back: &Series) {
    println!("   goaround: from `checklist_started` to `hold_started` in its journal. Two agreeing looks 100 ms apart");
    println!("   per read-back, every intent and outcome synced before what follows, request and answer of each pull");
    println!("   kept and hashed. Its read-backs with their pauses: {} (median)", show(read_back.median()));
    println!("   Levers flown: {}", pulled.iter().cloned().collect::<Vec<_>>().join("; or "));
    println!("   the script: from its first line to the last read-back, two looks 100 ms apart or one; captures two");
    println!("   files, syncs nothing, knows nothing after a crash");
}

fn missing() -> Vec<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |tool: &str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    NEEDED.into_iter().filter(|tool| !there(tool)).collect()
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
pub fn fly(playbook: &Path, incidents: &Path, secrets: &[(&str, &str)]) -> Result<Vec<Record>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.args(["live", "--auto", "--auto-confirm", "testbed", "--playbook"]).arg(playbook);
    command.arg("--incidents").arg(incidents).envs(secrets.iter().copied());
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

/// From the start of the checklist to the start of the hold.
pub fn machine_time(records: &[Record]) -> Result<Duration> {
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
