//! `goaround take`: ask the commander of an incident for command, and go on with it once it is handed over.

use super::flying::Crew;
use super::watch;
use super::{Outcome, bad, named};
use crate::app::observe::Comes;
use crate::journal;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let directory = &arguments.directory;
    match journal::is_held(directory) {
        Ok(true) => {
            arguments.crew.check_person()?;
            watch::observe(directory, &arguments.crew, Comes::Takes)
        }
        Ok(false) => bad(format!("nobody commands {0}: go on with: goaround resume {0}", directory.display())),
        Err(error) => bad(error.to_string()),
    }
}
