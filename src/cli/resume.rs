//! `goaround resume`: on exactly where the journal ends; nothing is re-fired.

use super::flying::{self, Crew};
use super::{Outcome, Verdict, bad, drill, live, named, retrace};
use crate::app::observe::Opened;
use crate::app::printer::say;
use crate::incident::{Command, Record, replay};
use crate::journal::Journal;
use crate::playbook::Playbook;
use clap::Args;
use color_eyre::eyre::{Result, WrapErr};
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    /// Let the pilot fly on: no terminal; outside a drill the profile must allow it
    #[arg(long)]
    auto: bool,
    /// The environment that the pilot may act on, typed out; a drill acts on none
    #[arg(long, value_name = "ENVIRONMENT")]
    auto_confirm: Option<String>,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    arguments.crew.check()?;
    let opened = match Journal::open(&arguments.directory) {
        Ok(opened) => opened,
        Err(error) => return bad(error.to_string()),
    };
    if opened.1.is_empty() {
        let directory = arguments.directory.display();
        return bad(format!("{directory}: nothing was begun here; there is nothing to go on with"));
    }
    go_on(opened, arguments)
}

/// Whether somebody here could go on with this incident; to be known before command is asked for, since whoever hands
/// it over is gone by the time it is taken.
pub(super) fn check(playbook: &Playbook, records: &[Record]) -> Result<()> {
    match &replay(playbook, records).drill {
        Some(drill) => retrace::world(playbook, records, drill).map(drop),
        None => live::secrets(playbook).map(drop),
    }
}

/// Goes on with command that was handed over while the incident was watched.
pub(super) fn take_over(opened: Opened, directory: &Path, crew: &Crew) -> Outcome {
    let (directory, crew) = (directory.to_owned(), crew.clone());
    go_on(opened, &Arguments { directory, auto: false, auto_confirm: None, crew })
}

fn go_on((journal, records, torn): Opened, arguments: &Arguments) -> Outcome {
    let directory = arguments.directory.display();
    let path = arguments.directory.join("playbook.toml");
    let text = std::fs::read_to_string(&path).wrap_err_with(|| format!("{} cannot be read", path.display()))?;
    let profile = super::report::profile_of(&records);
    let playbook = flying::parse("playbook.toml", &text, profile.as_deref())?;
    let state = replay(&playbook, &records);
    if let Some(recovered) = state.closed {
        say(format_args!(
            "{directory} is closed already ({}recovered); nothing to go on with",
            if recovered { "" } else { "not " }
        ));
        return Ok(Verdict::No);
    }
    if arguments.auto {
        arguments.crew.check_pilot()?;
    } else {
        arguments.crew.check_person()?;
    }
    if let Some(drill) = &state.drill {
        let left = drill::Left { playbook, journal, records, torn_bytes: torn.bytes };
        return if arguments.auto { left.fly_by_pilot(drill) } else { left.fly(drill, &arguments.crew) };
    }
    if arguments.auto {
        live::confirm(&playbook, arguments.auto_confirm.as_deref())?;
    }
    let secrets = live::secrets(&playbook)?;
    let first = Command::Resume { torn_bytes: torn.bytes };
    let plan = live::Plan { playbook, secrets, world: None, journal, records, first };
    plan.fly(&arguments.crew, arguments.auto)
}
