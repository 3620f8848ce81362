//! `goaround watch`: an incident as its commander sees it, read-only.

use super::flying::{self, Crew, HandedOver};
use super::{Outcome, Verdict, bad, named, report, resume};
use crate::app::live::Screen;
use crate::app::observe::{self, Comes, Input, Observer, Onlooker, Watched};
use crate::app::printer::complain;
use crate::incident::{Actor, Record, is_a_name};
use crate::journal::{Follower, ROLE_MAX};
use crate::text::Text;
use clap::Args;
use color_eyre::eyre::Result;
use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    observe(&arguments.directory, &arguments.crew, Comes::Watches)
}

/// Observes until the observer leaves; who is handed command goes on with the incident.
pub(super) fn observe(directory: &Path, crew: &Crew, comes: Comes) -> Outcome {
    let role = signed(crew.commander())?;
    watched(directory, crew, (role, comes))
}

/// Goes on as an observer where command was handed over.
pub(super) fn stay(handed: HandedOver) -> Outcome {
    let HandedOver { directory, crew, role, to } = handed;
    match signed(role) {
        Ok(role) => watched(&directory, &crew, (role, Comes::Commanded(to))),
        // Whoever may command under a name that no observer has is told how to go on.
        Err(why) => {
            complain(format_args!("goaround: {why}"));
            Ok(Verdict::Yes)
        }
    }
}

fn watched(directory: &Path, crew: &Crew, (role, comes): (Actor, Comes)) -> Outcome {
    let (onlooker, beginning) = open(directory)?;
    let barred = match (resume::check(onlooker.playbook(), &beginning), &comes) {
        (Err(why), Comes::Takes) => return Err(why),
        (checked, _) => checked.err().map(|why| Text::from(why.to_string())),
    };
    // Who is handed command flies on under the name that it was handed to.
    let crew = &crew.named(&role);
    let observer = Observer { directory: directory.to_owned(), role, comes, barred };
    let input = if crew.goes_by_lines() { Input::Typed } else { Input::Nothing };
    let by_lines = input == Input::Typed || !stdout().is_terminal() || !stdin().is_terminal();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let watched = if by_lines {
        runtime.block_on(observe::tell(observer, onlooker, &beginning, input))?
    } else {
        let ui = crew.cockpit()?;
        Screen::check().or_else(|why| bad(why.to_string()))?;
        runtime.block_on(async {
            let screen = Screen::open(ui, directory, flying::manners()?)?;
            observe::watch(observer, onlooker, screen).await
        })?
    };
    match watched {
        Watched::Left | Watched::Closed => Ok(Verdict::Yes),
        Watched::Commands(opened) => resume::take_over(*opened, directory, crew),
        Watched::Lost(why) => {
            complain(format_args!("goaround: {why}"));
            Ok(Verdict::No)
        }
    }
}

/// The observer's name, as it will stand in the journal if they object.
fn signed(role: Actor) -> Result<Actor> {
    if is_a_name(role.as_str()) && role.as_str().len() <= ROLE_MAX {
        return Ok(role);
    }
    bad(format!(
        "`{role}` is no name to watch under: use --as ROLE, at most {ROLE_MAX} letters, digits, blanks and .-_'@"
    ))
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
