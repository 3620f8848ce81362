//! How long a long incident's report takes, against tools that make a document of data; and the fold of its journal,
//! against a general tool that reads the same lines.

use crate::table::{Series, versus};
use color_eyre::eyre::{Result, ensure, eyre};
use goaround::incident::{Actor, Event, replay};
use goaround::journal::{self, Journal};
use goaround::playbook::Playbook;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many lines the timeline has.
const LINES: usize = 2_000;
/// How many metrics are charted.
const CHARTS: usize = 10;
/// How many readings each of them has.
const POINTS: usize = 10_000;
/// How many events are folded.
const EVENTS: usize = 100_000;
/// How many records are appended at once.
const BATCH: usize = 50;

/// The report of a long incident, and the fold of a very long one.
pub fn run(rounds: usize, folder: &Path) -> Result<()> {
    reported(rounds, folder)?;
    folded(rounds, folder)
}

fn reported(rounds: usize, folder: &Path) -> Result<()> {
    // Its playbook watches more metrics than are charted here.
    let long = flown(folder, "canary-hides-tail")?;
    lengthen(&long)?;
    timed(&mut goaround(&long, "json"))?;
    let drawn = check(&long.join("report.json"))?;
    timed(&mut goaround(&long, "md"))?;
    let mut series = [
        "report --format html",
        "report --format md",
        "pandoc report.md -o report.html",
        "chaos report, of one experiment",
    ]
    .map(Series::new);
    let (pandoc, chaos) = (is_there("pandoc"), experiment(folder)?);
    for _ in 0..rounds {
        series[0].push(timed(&mut goaround(&long, "html"))?);
        series[1].push(timed(&mut goaround(&long, "md"))?);
        if pandoc {
            let page = folder.join("pandoc.html");
            series[2].push(timed(Command::new("pandoc").arg(long.join("report.md")).arg("-s").arg("-o").arg(page))?);
        }
        if let Some(journal) = &chaos {
            let mut report = Command::new("chaos");
            report.args(["report", "--export-format=html5"]).arg(journal).arg(folder.join("chaos.html"));
            series[3].push(timed(report.current_dir(folder))?);
        }
    }
    println!(
        "\n9. the report of {LINES} timeline lines and {CHARTS} charts of {POINTS} readings, none left out, {drawn} drawn"
    );
    let there = [true, true, pandoc, chaos.is_some()];
    versus(&series.iter().zip(there).filter_map(|(series, there)| there.then_some(series)).collect::<Vec<_>>());
    for (series, _) in series.iter().zip(there).filter(|(_, there)| !there) {
        println!("!! SKIPPED: {}: not installed here", series.name);
    }
    Ok(())
}

/// The journal of an experiment that does nothing, made by the toolkit whose report is timed; none if it is not here.
fn experiment(folder: &Path) -> Result<Option<PathBuf>> {
    if !is_there("chaos") {
        return Ok(None);
    }
    let (experiment, journal) = (folder.join("experiment.json"), folder.join("chaos.json"));
    fs::write(&experiment, EXPERIMENT)?;
    let mut run = Command::new("chaos");
    run.arg("run").arg("--journal-path").arg(&journal).arg(&experiment).current_dir(folder);
    let status = run.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    ensure!(status.success() && journal.is_file(), "chaos run left no journal");
    Ok(Some(journal))
}

const EXPERIMENT: &str = r#"{
  "version": "1.0.0", "title": "nothing", "description": "nothing is done",
  "method": [{"type": "action", "name": "nothing", "provider": {"type": "process", "path": "true"}}]
}"#;

fn folded(rounds: usize, folder: &Path) -> Result<()> {
    let many = flown(folder, "index-mismatch")?;
    let flight: Vec<Event> = {
        let (_, records, _) = Journal::open(&many)?;
        let lasts = |event: &Event| !matches!(event, Event::Opened { .. } | Event::Closed { .. });
        records.into_iter().map(|record| record.event).filter(lasts).collect()
    };
    append(&many, flight.iter().cycle().take(EVENTS).cloned())?;
    let file = many.join("journal.jsonl");
    let playbook = playbook(&many)?;
    let jq = is_there("jq");
    let mut series = ["read, verify and fold", "jq, one sum over the same lines"].map(Series::new);
    for _ in 0..rounds {
        let began = Instant::now();
        let state = replay(&playbook, &journal::read(&many)?.records);
        series[0].push(began.elapsed());
        ensure!(state.seq > EVENTS as u64, "not everything was folded");
        if jq {
            let sum = "reduce inputs as $line (0; . + $line.seq)";
            series[1].push(timed(Command::new("jq").args(["-n", sum]).arg(&file))?);
        }
    }
    println!("\n10. {EVENTS} events, {} MB", fs::metadata(&file)?.len() / 1_000_000);
    let shown = if jq { &series[..] } else { &series[..1] };
    versus(&shown.iter().collect::<Vec<_>>());
    if !jq {
        println!("!! SKIPPED: jq is not installed here");
    }
    Ok(())
}

/// Adds these to the journal of an incident that was closed, as if it had gone on.
fn append(directory: &Path, events: impl Iterator<Item = Event>) -> Result<()> {
    let (mut journal, records, _) = Journal::open(directory)?;
    let last = records.last().ok_or_else(|| eyre!("an empty journal"))?;
    let Event::Opened { incident, .. } = &records[0].event else { return Err(eyre!("it begins with its opening")) };
    let stamped = |(n, event): (u64, Event)| (last.at.plus_ms(n), Actor::from("lead"), event);
    let all: Vec<_> = (1..).zip(events).map(stamped).collect();
    for batch in all.chunks(BATCH) {
        journal.append(incident.as_str(), batch)?;
    }
    Ok(())
}

/// The playbook that was flown.
fn playbook(directory: &Path) -> Result<Playbook> {
    let reading = journal::read(directory)?;
    let Some(Event::Opened { profile, .. }) = reading.records.first().map(|record| &record.event) else {
        return Err(eyre!("it begins with its opening"));
    };
    Playbook::parse("playbook.toml", &reading.playbook, Some(profile.as_str())).map_err(|_| eyre!("it was flown"))
}

/// A drill that the pilot flew.
fn flown(folder: &Path, scenario: &str) -> Result<PathBuf> {
    let mut drill = Command::new(env!("CARGO_BIN_EXE_goaround"));
    drill.args(["drill", scenario, "--auto", "--incidents"]).arg(folder.join("flown"));
    let output = drill.env("GOAROUND_CONFIG", "/nowhere").output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(PathBuf::from(said.lines().last().ok_or_else(|| eyre!("the drill said nothing"))?))
}

/// Notes up to so many lines, and so many readings of so many metrics, spread over the time that charts show.
fn lengthen(long: &Path) -> Result<()> {
    let reading = journal::read(long)?;
    let note = |n| Event::NoteAdded { text: format!("note {n}").as_str().into() };
    append(long, (reading.records.len()..LINES).map(note))?;
    let playbook = playbook(long)?;
    let closed = reading.records.iter().find(|record| matches!(record.event, Event::Closed { .. }));
    let (from, to) = (&reading.records[0].at, &closed.ok_or_else(|| eyre!("it was not closed"))?.at);
    let mut samples = String::new();
    for n in 0..POINTS {
        let at = from.wall_ms + (to.wall_ms - from.wall_ms) * i64::try_from(n)? / i64::try_from(POINTS)?;
        for metric in playbook.metrics.keys().take(CHARTS) {
            let value = n % 97;
            writeln!(samples, r#"{{"at":{at},"metric":"{metric}","sampled":{at},"value":{value}}}"#)?;
        }
    }
    Ok(fs::write(long.join("samples.jsonl"), samples)?)
}

/// That the report is of what is printed: so many lines, and so many charts of which every reading is drawn, or stands
/// beside one that stands out further. Answers how many are drawn.
fn check(report: &Path) -> Result<u64> {
    let account: Value = serde_json::from_slice(&fs::read(report)?)?;
    ensure!(account["journal"]["records"] == LINES, "{} lines", account["journal"]["records"]);
    let charts = account["metrics"].as_array().ok_or_else(|| eyre!("there are charts"))?;
    let sum = |field: &str| charts.iter().filter_map(|chart| chart[field].as_u64()).sum::<u64>();
    ensure!(sum("left_out") == 0, "{} readings were left out", sum("left_out"));
    let read: Vec<u64> = charts.iter().map(|chart| drawn(chart) + chart["thinned"].as_u64().unwrap_or(0)).collect();
    // The playbook watches one metric more, of which there is no reading.
    let full = read.iter().filter(|read| **read == POINTS as u64).count();
    ensure!(full == CHARTS, "{full} charts of {POINTS} readings, of all {read:?}");
    Ok(charts.iter().map(drawn).sum())
}

fn drawn(chart: &Value) -> u64 {
    chart["points"].as_array().map_or(0, |points| points.iter().filter(|point| !point[1].is_null()).count() as u64)
}

fn goaround(directory: &Path, format: &str) -> Command {
    let mut goaround = Command::new(env!("CARGO_BIN_EXE_goaround"));
    goaround.arg("report").arg(directory).args(["--format", format]).env("GOAROUND_CONFIG", "/nowhere");
    goaround
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn timed(command: &mut Command) -> Result<Duration> {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let took = began.elapsed();
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(took)
}
