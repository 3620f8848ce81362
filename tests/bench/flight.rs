//! `cargo bench`: how fast the cockpit starts and answers, how long a rollback's machine part takes, what an
//! append costs. Every number stands beside a peer measured in turn in the same run; the one that is an assertion is the
//! second in which ten thousand incidents are listed.
//!
//! `cargo bench -- --rounds N` takes N rounds instead of 20, `--part NAME` measures one part alone: `start` (to the
//! first frame), `keys` (to the frame of a key), `rollback` and `servers` (the machine's part of steps 1 to 6),
//! `append` (one synced batch of the journal), `genesis` (stage by stage), `list` (ten thousand incidents), `report` (a
//! long one, and the fold of a very long one), `idle` (what doing nothing costs).

mod append;
mod dead;
mod genesis;
mod idle;
mod keys;
mod list;
mod peers;
mod pty;
mod report;
mod rollback;
mod start;
mod table;
#[path = "../common/rewritten.rs"]
mod rewritten;
#[path = "../common/servers.rs"]
#[expect(dead_code, reason = "no server is ended here")]
mod servers;
#[path = "../common/testbed.rs"]
mod testbed;

use color_eyre::eyre::{Result, bail, eyre};
use pty::Program;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The rounds taken when nobody says otherwise.
const ROUNDS: usize = 20;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("!! the benchmark could not be finished: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let Asked { rounds, part } = asked(std::env::args().skip(1))?;
    let folder = tempfile::Builder::new().prefix("goaround-bench-").tempdir()?;
    facts(rounds, folder.path());
    let curses = curses();
    let peers = peers::installed();
    let parts: [(&str, &dyn Fn() -> Result<()>); 9] = [
        ("start", &|| start::run(rounds, curses.as_ref(), &peers, folder.path())),
        ("keys", &|| keys::run(rounds, curses.as_ref(), &peers, folder.path())),
        ("rollback", &|| rollback::run(rounds, folder.path())),
        ("servers", &|| rollback::run_every_server(rounds, folder.path())),
        ("append", &|| append::run(folder.path())),
        ("genesis", &|| genesis::run(rounds, folder.path())),
        ("list", &|| list::run(rounds, folder.path())),
        ("report", &|| report::run(rounds, folder.path())),
        ("idle", &|| idle::run(curses.as_ref(), &programs(&peers), folder.path())),
    ];
    if let Some(unknown) = part.iter().find(|part| parts.iter().all(|(name, _)| name != *part)) {
        bail!("--part {unknown}: there are {}", parts.map(|(name, _)| name).join(", "));
    }
    let wanted = parts.iter().filter(|(name, _)| part.as_ref().is_none_or(|part| part == name));
    wanted.into_iter().try_for_each(|(_, run)| run())
}

/// What is to be measured.
struct Asked {
    rounds: usize,
    part: Option<String>,
}

/// Reads `--rounds N` and `--part NAME`; cargo itself adds `--bench`.
fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked> {
    let (mut rounds, mut part) = (ROUNDS, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--rounds" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                rounds =
                    number.filter(|rounds| (1..=1000).contains(rounds)).ok_or_else(|| eyre!("--rounds 1..1000"))?;
            }
            "--part" => part = Some(arguments.next().ok_or_else(|| eyre!("--part NAME"))?),
            other => bail!("`{other}` is not known here: cargo bench -- [--rounds N] [--part NAME]"),
        }
    }
    Ok(Asked { rounds, part })
}

/// Where these numbers come from.
fn facts(rounds: usize, folder: &Path) {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("goaround {} on {cores} cores, Linux {}", env!("CARGO_PKG_VERSION"), kernel.trim());
    println!("load when this began: {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "));
    println!("temporary folder: {} on {}", folder.display(), filesystem(folder));
    println!("again: cargo bench -- --rounds {rounds}");
}

/// The type of the filesystem that holds `folder`, by the longest mount point above it.
fn filesystem(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let above = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        folder.starts_with(point).then_some((point.len(), kind))
    });
    let kind = above.max_by_key(|(length, _)| *length).map_or("an unknown filesystem", |(_, kind)| kind);
    if kind == "tmpfs" { "tmpfs, where a sync costs nothing".into() } else { kind.into() }
}

/// The program under test, its incidents in `incidents`.
fn goaround(arguments: &[&str], incidents: &Path) -> Program {
    let mut argv = vec![env!("CARGO_BIN_EXE_goaround")];
    argv.extend(arguments);
    Program::new(&argv).with("GOAROUND_INCIDENTS", incidents.to_string_lossy())
}

/// The full-screen peer, run by the interpreter itself: a version manager's wrapper would be timed with it.
/// Without it goaround is still measured.
fn curses() -> Option<Program> {
    let told = Command::new("python3").args(["-c", "import curses, sys; print(sys.executable)"]).output();
    let Some(told) = told.ok().filter(|told| told.status.success()) else {
        println!("!! SKIPPED: the peer that draws with curses: no python3 with curses is installed here");
        return None;
    };
    let interpreter = String::from_utf8_lossy(&told.stdout);
    Some(Program::new(&[interpreter.trim(), &local("page.py").to_string_lossy()]))
}

/// The peers' names and how they are started.
fn programs(peers: &[peers::Peer]) -> Vec<(&'static str, Program)> {
    peers.iter().map(|peer| (peer.name, peer.program.clone())).collect()
}

/// A file beside this one.
fn local(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench").join(name)
}
