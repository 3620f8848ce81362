//! `goaround note`: a line more for an incident's journal, while nobody commands it and after it was closed.

use super::{Outcome, Verdict, bad, flying, follow_up, named};
use crate::app::printer::{complain, say};
use crate::app::time::Clock;
use crate::incident::{Command, Stamped, decide, replay, tell};
use crate::journal::{Error, Journal};
use crate::text::Text;
use clap::Args;
use color_eyre::eyre::Result;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

/// The longest note, in bytes: it is one line of the journal.
const NOTE_MAX: usize = 2048;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    /// What is to be noted; `-` reads it from standard input
    text: String,
    /// Who notes it, as the journal will call them [default: $USER]
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let said = said(&arguments.text)?;
    let (mut journal, records, _torn) = match Journal::open(&arguments.directory) {
        Ok(opened) => opened,
        Err(Error::Locked(_)) => return commanded(&arguments.directory),
        Err(error) => return bad(error.to_string()),
    };
    let (_, playbook) = follow_up::read(&arguments.directory)?;
    let state = replay(&playbook, &records);
    let (at, text) = (Clock::machine().now(), follow_up::inert(&playbook, &said));
    let actor = follow_up::inert(&playbook, &flying::name_or_login(arguments.role.as_deref()));
    let stamped = Stamped { at: at.clone(), actor: actor.clone(), command: Command::Note { text } };
    let events = decide(&playbook, &state, &stamped).or_else(|refusal| bad(refusal.to_string()))?;
    let batch: Vec<_> = events.into_iter().map(|event| (at.clone(), actor.clone(), event)).collect();
    for record in journal.append(state.incident.as_str(), &batch)? {
        say(format_args!("#{} {}: {}", record.seq, record.actor, tell(&playbook, &record.event)));
    }
    Ok(Verdict::Yes)
}

/// What was typed or read, in one line: what is cut off is never written down.
fn said(text: &str) -> Result<String> {
    let mut said = text.to_owned();
    if text == "-" {
        said.clear();
        if let Err(error) = stdin().take(NOTE_MAX as u64 + 1).read_to_string(&mut said) {
            return bad(format!("standard input: {error}; a note is text, as UTF-8"));
        }
    }
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return bad("there is nothing to note: goaround note DIR TEXT, or - for standard input");
    }
    if said.len() > NOTE_MAX {
        return bad(format!(
            "a note has {NOTE_MAX} bytes at most: keep what is longer in answers.toml, or in several notes"
        ));
    }
    Ok(said)
}

/// Whoever commands has the journal: a note goes through them.
fn commanded(directory: &Path) -> Outcome {
    let (records, playbook) = follow_up::read(directory)?;
    let who = replay(&playbook, &records).people.commander;
    let who = if who.is_empty() { Text::from("another goaround") } else { who };
    complain(format_args!(
        "{who} commands this incident and has its journal, nothing was noted: ask them to note it with `i`, or object with `!` in goaround watch {}",
        directory.display()
    ));
    Ok(Verdict::No)
}
