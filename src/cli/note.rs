//! `goaround note`: a line more for an incident's journal after it was closed.
//!
//! What is still open is gone on with by `goaround resume` and noted there: a line written from outside would make the
//! commander's absence look shorter than it was, and put the machine's time into a drill.

use super::{Outcome, Verdict, bad, flying, follow_up, named};
use crate::app::printer::{complain, say};
use crate::incident::{Command, Record, Stamped, State, decide, replay, tell};
use crate::journal::{self, Error, Journal};
use crate::playbook::Playbook;
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
    let (records, playbook) = follow_up::read(&arguments.directory)?;
    let state = replay(&playbook, &records);
    if state.closed.is_none() {
        return still_open(&state, &arguments.directory);
    }
    // What is closed stays closed, so that what was read still holds under the lock.
    match Journal::open(&arguments.directory) {
        Ok((journal, records, torn)) => {
            follow_up::tell_torn(&torn, &arguments.directory);
            add(journal, &records, (&playbook, &said), arguments.role.as_deref())
        }
        Err(Error::Locked(_)) => Ok(commanded(&state, &arguments.directory)),
        Err(error) => bad(error.to_string()),
    }
}

/// Writes the note behind the last record and shows it as it stands there.
fn add(mut journal: Journal, records: &[Record], (playbook, said): (&Playbook, &str), role: Option<&str>) -> Outcome {
    let state = replay(playbook, records);
    let (at, text) = (follow_up::now(&state, records), follow_up::inert(playbook, said));
    let actor = follow_up::inert(playbook, &flying::name_or_login(role));
    let stamped = Stamped { at: at.clone(), actor: actor.clone(), command: Command::Note { text } };
    let events = decide(playbook, &state, &stamped).or_else(|refusal| bad(refusal.to_string()))?;
    let batch: Vec<_> = events.into_iter().map(|event| (at.clone(), actor.clone(), event)).collect();
    for record in journal.append(state.incident.as_str(), &batch)? {
        say(format_args!("#{} {}: {}", record.seq, record.actor, tell(playbook, &record.event)));
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

/// What is open is noted by whoever commands it, or will; nothing of it is touched from here.
fn still_open(state: &State, directory: &Path) -> Outcome {
    match journal::is_held(directory) {
        Ok(true) => return Ok(commanded(state, directory)),
        Ok(false) => {}
        Err(error) => return bad(error.to_string()),
    }
    let what = if state.drill.is_some() { "drill" } else { "incident" };
    complain(format_args!(
        "this {what} is open and nobody commands it, nothing was noted: go on with it by `goaround resume {}` and note it there with `i`",
        directory.display()
    ));
    Ok(Verdict::No)
}

/// Whoever commands has the journal: a note goes through them.
fn commanded(state: &State, directory: &Path) -> Verdict {
    let who = &state.people.commander;
    let who = if who.is_empty() { &Text::from("another goaround") } else { who };
    complain(format_args!(
        "{who} commands this incident and has its journal, nothing was noted: ask them to note it with `i`, or object with `!` in goaround watch {}",
        directory.display()
    ));
    Verdict::No
}
