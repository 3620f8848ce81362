//! How long it takes to list ten thousand incidents: with the index, after it was lost, and with what people would
//! write instead.

use crate::table::{Series, show, versus};
use color_eyre::eyre::{Result, ensure, eyre};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many directories.
const DIRECTORIES: usize = 10_000;
/// How long people wait for the list where its index is as it was left.
const LISTED_MAX: Duration = Duration::from_secs(1);
/// The most rounds: one of the peer reads every journal with a general tool.
const ROUNDS_MAX: usize = 5;

/// Lists them warm, cold and without an index, and by `find` and `jq`, in turn.
pub fn run(rounds: usize, folder: &Path) -> Result<()> {
    let rounds = rounds.min(ROUNDS_MAX);
    let incidents = folder.join("ten-thousand");
    let bytes = fill(folder, &incidents)?;
    let index = incidents.join(".goaround-index.json");
    let mut series = [
        "list, index as it was left",
        "list, index lost: every journal verified",
        "list --no-index",
        "trends, index as it was left",
        "find | xargs jq, declared and closed",
    ]
    .map(Series::new);
    let has_jq =
        Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    for _ in 0..rounds {
        fs::remove_file(&index).or_else(|error| if index.exists() { Err(error) } else { Ok(()) })?;
        series[1].push(timed(&mut goaround("list", &incidents))?);
        ensure!(index.is_file(), "no index was left");
        series[0].push(timed(&mut goaround("list", &incidents))?);
        series[2].push(timed(goaround("list", &incidents).arg("--no-index"))?);
        series[3].push(timed(&mut goaround("trends", &incidents))?);
        if has_jq {
            series[4].push(timed(Command::new("sh").arg("-c").arg(PEER).arg("sh").arg(&incidents))?);
        }
    }
    let megabytes = bytes * DIRECTORIES / 1_000_000;
    println!(
        "\n8. {DIRECTORIES} incident directories, {bytes} bytes of journal each, {megabytes} MB, in the page cache"
    );
    let shown = if has_jq { &series[..] } else { &series[..4] };
    versus(&shown.iter().collect::<Vec<_>>());
    if !has_jq {
        println!("!! SKIPPED: find | xargs jq: jq is not installed here");
    }
    fs::remove_dir_all(&incidents)?;
    let took = series[0].median();
    ensure!(took < LISTED_MAX, "listing took {}, and people wait for at most {}", show(took), show(LISTED_MAX));
    Ok(())
}

/// The least of it with tools at hand: no chain is checked, and no playbook is read.
const PEER: &str = r#"find "$1" -name journal.jsonl -print0 |
    xargs -0 -P 2 -n 500 jq -c 'select(.event | objects | has("declared") or has("closed")) | [.incident, .wall]'"#;

/// Flies a drill and copies what a list reads of it; answers how long its journal is.
fn fill(folder: &Path, incidents: &Path) -> Result<usize> {
    let mut drill = goaround("drill", &folder.join("one"));
    let output = drill.args(["index-mismatch", "--auto"]).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let flown = PathBuf::from(said.lines().last().ok_or_else(|| eyre!("the drill said nothing"))?);
    let (journal, playbook) = (fs::read(flown.join("journal.jsonl"))?, fs::read(flown.join("playbook.toml"))?);
    for n in 0..DIRECTORIES {
        let directory = incidents.join(format!("2026{:02}{:02}-{n:06}-drill-index-mismatch", n % 12 + 1, n % 28 + 1));
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("journal.jsonl"), &journal)?;
        fs::write(directory.join("playbook.toml"), &playbook)?;
    }
    Ok(journal.len())
}

fn goaround(command: &str, incidents: &Path) -> Command {
    let mut goaround = Command::new(env!("CARGO_BIN_EXE_goaround"));
    goaround.arg(command).env("GOAROUND_INCIDENTS", incidents).env("GOAROUND_CONFIG", "/nowhere");
    goaround
}

fn timed(command: &mut Command) -> Result<Duration> {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).status()?;
    let took = began.elapsed();
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(took)
}
