//! `goaround replay`: an incident as it was, to go back and forth in.

use super::flying::{self, Crew};
use super::{Outcome, Verdict, bad, named, report};
use crate::app::live::Screen;
use crate::app::printer::complain;
use crate::app::replay;
use crate::cockpit::{Cursor, Reel, SPEEDS, Tape};
use crate::journal::{self, Salvage};
use crate::metrics::Sample;
use clap::Args;
use color_eyre::eyre::Result;
use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    /// Where to begin: T+02:12, T-00:30, 50% or #12 [default: the declaration]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Play from there, so many times faster than it was: 1, 2, 4, 8, 16 or 60 [default: stopped]
    #[arg(long, value_name = "N")]
    speed: Option<u64>,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let (directory, crew) = (&arguments.directory, &arguments.crew);
    if let Some(speed) = arguments.speed.filter(|speed| !SPEEDS.contains(speed)) {
        return bad(format!("--speed {speed}: a replay plays 1, 2, 4, 8, 16 or 60 times faster than it was"));
    }
    let tape = open(directory)?;
    let at = arguments.at.as_deref().map(|named| tape.find(named).or_else(|why| bad(format!("--at {why}"))));
    let at = at.transpose()?;
    if crew.goes_by_lines() || !stdout().is_terminal() || !stdin().is_terminal() {
        return Ok(tell((&tape, directory), at));
    }
    show(directory, crew, &tape, |reel| {
        let reel = at.into_iter().fold(reel, Reel::standing_at);
        arguments.speed.into_iter().fold(reel, Reel::playing)
    })
}

/// Shows the incident again from the moment of a record on.
pub(super) fn from_record(directory: &Path, crew: &Crew, record: u64) -> Result<()> {
    let tape = open(directory)?;
    let there = tape.behind(usize::try_from(record).unwrap_or(usize::MAX));
    show(directory, crew, &tape, |reel| reel.standing_at(there)).map(drop)
}

/// Prints the events; whether the journal holds, and whether more may come, is said beside them.
fn tell((tape, directory): (&Tape, &Path), until: Option<Cursor>) -> Verdict {
    replay::still_open(tape, directory).into_iter().for_each(complain);
    replay::tell(tape, until.unwrap_or_else(|| tape.behind(tape.records().len())));
    let (seal, sound) = tape.seal();
    complain(seal);
    if sound { Verdict::Yes } else { Verdict::No }
}

/// Shows the cockpit over the tape until the person leaves.
fn show(directory: &Path, crew: &Crew, tape: &Arc<Tape>, stand: impl FnOnce(Reel) -> Reel) -> Outcome {
    let bookmarks = journal::bookmarks(directory).or_else(bad)?;
    let reel = stand(Reel::new(tape.clone(), bookmarks));
    let ui = crew.cockpit()?.with_reel(reel);
    Screen::check().or_else(|why| bad(why.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let screen = Screen::open(ui, directory, flying::manners()?)?;
        replay::replay(directory, tape.clone(), screen).await
    })?;
    Ok(Verdict::Yes)
}

/// Lays out what was written down; a damaged journal up to its damage.
fn open(directory: &Path) -> Result<Arc<Tape>> {
    let found = journal::salvage(directory).or_else(|error| bad(error.to_string()))?;
    if found.records.is_empty() {
        let why = found.damage.as_deref().unwrap_or("nothing was begun here");
        return bad(format!("{}: {why}; there is nothing to replay", directory.display()));
    }
    let profile = report::profile_of(&found.records);
    let playbook = flying::parse("playbook.toml", &found.playbook, profile.as_deref())?;
    let (seal, sound) = seal(&found);
    let samples = found.samples.iter().filter_map(|line| Sample::parse(line)).collect();
    Ok(Arc::new(Tape::new(Arc::new(playbook), found.records, samples).sealed(seal.into(), sound)))
}

/// What is said of the journal, and whether all is well.
fn seal(found: &Salvage) -> (String, bool) {
    match (&found.damage, found.torn_bytes) {
        (Some(damage), _) => (format!("DAMAGED: {damage}"), false),
        (None, 0) => ("journal hash OK".into(), true),
        (None, torn) => {
            let last = found.records.len();
            (format!("journal hash OK; torn: {torn} bytes behind line {last} are not shown"), true)
        }
    }
}
