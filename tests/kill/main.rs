//! The program killed at any moment of a live rollback, and started again.

mod receiver;

use goaround::incident::{Event, Record, Way, tell};
use goaround::playbook::Playbook;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use receiver::Receiver;
use std::collections::BTreeMap;
use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How many flights are killed.
const KILLS: u64 = 48;
/// How many fly at once; they mostly wait.
const AT_ONCE: u64 = 6;
/// A flight that takes longer than this hangs.
const HANGS: Duration = Duration::from_secs(60);

fn goaround() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.env("GOAROUND_CONFIG", "/nowhere");
    command
}

/// A checklist short enough to be flown in seconds.
fn playbook(address: SocketAddr) -> String {
    include_str!("two-levers.toml").replace("ADDRESS", &address.to_string())
}

/// What a run of the program left.
struct Ended {
    code: Option<i32>,
    said: String,
    took: Duration,
}

/// Runs the program until it ends or, at the latest after `kill_after`, is killed.
fn run(command: &mut Command, kill_after: Duration) -> Ended {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut stdout = child.stdout.take().expect("it is piped");
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        stdout.read_to_string(&mut said).expect("it prints text");
        ended.send(said).expect("somebody waits for it");
    });
    let said = end.recv_timeout(kill_after).unwrap_or_else(|_| {
        child.kill().expect("a child can be killed");
        end.recv().expect("its output ends with it")
    });
    let code = child.wait().expect("it is our child").code();
    Ended { code, said, took: started.elapsed() }
}

/// One rollback over several lives of the program.
struct Rollback {
    receiver: Receiver,
    folder: tempfile::TempDir,
    /// For each life that has ended, the number of records there were then, and what was said.
    lives: Vec<(usize, String)>,
}

impl Rollback {
    fn new(seed: u64, swallows: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let receiver = Receiver::start(seed, swallows);
        std::fs::write(folder.path().join("playbook.toml"), playbook(receiver.address)).expect("it can be written");
        Self { receiver, folder, lives: Vec::new() }
    }

    fn directory(&self) -> Option<PathBuf> {
        let entries = self.folder.path().join("incidents").read_dir().ok()?;
        entries.map(|entry| entry.expect("an entry can be read").path()).next()
    }

    fn records(&self) -> Vec<Record> {
        // Killed before the directory was whole, there is no journal to read and nothing has been sent.
        let journal = self.directory().and_then(|directory| goaround::journal::read(&directory).ok());
        journal.map(|journal| journal.records).unwrap_or_default()
    }

    fn is_over(&self) -> bool {
        self.records().iter().any(|record| matches!(record.event, Event::Closed { .. }))
    }

    /// Flies, or flies on, until the end or until it is killed.
    fn fly(&mut self, kill_after: Duration) -> Ended {
        let mut command = goaround();
        let path = |name: &str| self.folder.path().join(name);
        match self.directory() {
            Some(directory) if !self.records().is_empty() => command.arg("resume").arg(directory),
            // Killed before its first record was on disk, there is nothing to go on with.
            _ => {
                drop(std::fs::remove_dir_all(path("incidents")));
                command.arg("live").arg("--playbook").arg(path("playbook.toml"));
                command.arg("--incidents").arg(path("incidents"))
            }
        };
        let ended = run(command.args(["--auto", "--auto-confirm", "crash-lab"]), kill_after);
        self.receiver.next_life();
        self.lives.push((self.records().len(), ended.said.clone()));
        ended
    }

    /// What may have been sent by each life: its own pulls, by path.
    fn started(&self) -> BTreeMap<(usize, String), usize> {
        let mut started = BTreeMap::new();
        for (place, record) in self.records().iter().enumerate() {
            if let Event::PullStarted { lever, way, by_hand: false, .. } = &record.event {
                let path = match (lever.as_str(), way) {
                    ("freeze", Way::Do) => "/freeze",
                    ("freeze", Way::Undo) => "/thaw",
                    _ => "/blue",
                };
                let life = self.lives.iter().position(|(end, _)| place < *end).expect("every record is of some life");
                *started.entry((life, path.to_owned())).or_default() += 1;
            }
        }
        started
    }

    fn assert_nothing_was_repeated(&self) {
        let started = self.started();
        for (sent, times) in &self.receiver.ledger.lock().expect("no thread panics").posts {
            let written = started.get(sent).copied().unwrap_or(0);
            assert!(*times <= written, "life {} sent {} {times} times and wrote down {written}", sent.0, sent.1);
        }
    }

    /// Whoever read a line off standard output can rely on its record.
    fn assert_what_was_said_is_written(&self) {
        let records = self.records();
        let text = playbook(self.receiver.address);
        let playbook = Playbook::parse("playbook.toml", &text, None).expect("it was flown");
        let said = self.lives.iter().flat_map(|(_, said)| said.lines());
        for line in said.filter(|line| line.contains("  #")) {
            let (_, rest) = line.split_once("  #").expect("it was filtered so");
            let seq: usize = rest.split(' ').next().and_then(|seq| seq.parse().ok()).expect("a number behind #");
            let record = records.get(seq - 1).unwrap_or_else(|| panic!("said, and not written down: {line}"));
            assert!(line.ends_with(&tell(&playbook, &record.event)), "written down otherwise: {line}");
        }
    }

    fn assert_verifies(&self) {
        let Some(directory) = self.directory().filter(|_| !self.records().is_empty()) else { return };
        let verified = goaround().arg("verify").arg(directory).output().expect("the program runs");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    }
}

/// A flight of several lives; answers whether one ended with a pull in flight, and whether it was recovered.
fn fly_and_kill(seed: u64, usual: Duration) -> (bool, bool) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut share = || f64::from(u32::try_from(random.next_u64() >> 32).expect("32 bits")) / f64::from(u32::MAX);
    let kill_at = (f64::from(u32::try_from(seed).expect("a small seed")) + share())
        / f64::from(u32::try_from(KILLS).expect("a small number"));
    let mut rollback = Rollback::new(seed, if seed.is_multiple_of(4) { 30 } else { 0 });
    rollback.fly(usual.mul_f64(kill_at));
    let in_flight = in_flight(&rollback.records());
    if seed.is_multiple_of(3) && !rollback.is_over() {
        rollback.fly(usual.mul_f64(share()));
    }
    if !rollback.is_over() {
        let ended = rollback.fly(HANGS);
        assert!(matches!(ended.code, Some(0 | 3)), "seed {seed} ended with {:?}: {}", ended.code, ended.said);
    }
    rollback.assert_nothing_was_repeated();
    rollback.assert_what_was_said_is_written();
    rollback.assert_verifies();
    (in_flight, rollback.is_over())
}

fn in_flight(records: &[Record]) -> bool {
    let started = records.iter().filter(|record| matches!(record.event, Event::PullStarted { .. })).count();
    let settled = records.iter().filter(|record| matches!(record.event, Event::PullSettled { .. })).count();
    started > settled
}

#[test]
fn killed_at_any_moment_it_repeats_no_pull_and_loses_nothing_it_said() {
    let mut whole = Rollback::new(0, 0);
    let usual = whole.fly(HANGS);
    assert_eq!(usual.code, Some(0), "{}", usual.said);
    whole.assert_nothing_was_repeated();
    whole.assert_what_was_said_is_written();
    assert_eq!(whole.started().values().sum::<usize>(), 3);
    let next = AtomicU64::new(0);
    let fly_some = || {
        let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|seed| *seed < KILLS);
        seeds.map(|seed| fly_and_kill(seed, usual.took)).collect::<Vec<_>>()
    };
    let ends: Vec<(bool, bool)> = std::thread::scope(|scope| {
        let flights: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(fly_some)).collect();
        flights.into_iter().flat_map(|flight| flight.join().expect("a flight broke a promise")).collect()
    });
    let (in_flight, over) = (ends.iter().filter(|(pull, _)| *pull).count(), ends.iter().filter(|end| end.1).count());
    assert!(in_flight >= 3, "only {in_flight} kills met a pull in flight");
    assert!(over >= 10, "only {over} rollbacks were flown to their end");
}
