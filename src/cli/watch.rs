//! `goaround watch`: an incident as its commander sees it, read-only.

use super::flying::{self, Crew};
use super::{Outcome, Verdict, bad, report};
use crate::app::live::Screen;
use crate::app::observe::{self, Onlooker, Watched};
use crate::app::printer::complain;
use crate::incident::Record;
use crate::journal::Follower;
use clap::Args;
use color_eyre::eyre::Result;
use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory
    directory: PathBuf,
    /// No cockpit: a line per event as it comes, until the incident is closed
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let (onlooker, beginning) = open(&arguments.directory)?;
    let plain = arguments.plain || !stdout().is_terminal() || !stdin().is_terminal();
    let ui = if plain { None } else { Some(arguments.crew.cockpit()?) };
    if !plain {
        Screen::check().or_else(|why| bad(why.to_string()))?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let watched = runtime.block_on(async {
        match ui {
            Some(ui) => observe::watch(onlooker, Screen::open(ui, &arguments.directory)?).await,
            None => observe::tell(onlooker, &beginning).await,
        }
    })?;
    Ok(match watched {
        Watched::Left | Watched::Closed => Verdict::Yes,
        Watched::Lost(why) => {
            complain(format_args!("goaround: {why}"));
            Verdict::No
        }
    })
}

/// Everything that can be wrong with the directory is said before a screen is made.
fn open(directory: &Path) -> Result<(Onlooker, Vec<Record>)> {
    let (follower, beginning) = Follower::open(directory).or_else(|error| bad(error.to_string()))?;
    if beginning.records.is_empty() {
        return bad(format!("{}: nothing was begun here; there is nothing to watch", directory.display()));
    }
    let profile = report::profile_of(&beginning.records);
    let playbook = flying::parse("playbook.toml", &beginning.playbook, profile.as_deref())?;
    Ok((Onlooker::new(follower, playbook, &beginning.records), beginning.records))
}
