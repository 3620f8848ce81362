//! `goaround report --questions`: what people are asked, as an `answers.toml` to be filled in.

use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::report::Account;
use color_eyre::eyre::{Result, WrapErr};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What people say of an incident.
const ANSWERS: &str = "answers.toml";

/// Begins the file, or adds behind it what it does not name yet; no byte of it is written over.
pub(super) fn ask(account: &Account, directory: &Path) -> Outcome {
    let path = directory.join(ANSWERS);
    let (verb, text) = match written(&path)? {
        Some(before) => ("added", account.begun_since(&before)),
        None => ("begun", account.begun()),
    };
    if text.is_empty() {
        say("nothing new is asked");
    } else {
        append(&path, &text).wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        say(format_args!("{verb}: take the `# ` away where you answer, then make the report anew"));
    }
    say(path.display());
    Ok(Verdict::Yes)
}

/// What people have written so far; nothing where they have not begun.
fn written(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).wrap_err_with(|| format!("{} cannot be read", path.display())),
    }
}

fn append(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// Says what waits for people, if anything does, and where they say it.
pub(super) fn tell(account: &Account, directory: &Path) -> Result<()> {
    let (questions, actions) = account.open();
    let waiting = [(questions, "question"), (actions, "action")].into_iter().filter(|(count, _)| *count > 0);
    let counted =
        |(count, what): (usize, &str)| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    let waiting: Vec<String> = waiting.map(counted).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let before = written(&directory.join(ANSWERS))?;
    let all_there = before.is_some_and(|before| account.begun_since(&before).is_empty());
    let directory = directory.display();
    let how = if all_there {
        format!("they stand in {directory}/{ANSWERS}")
    } else {
        format!("goaround report {directory} --questions puts them into {ANSWERS}")
    };
    say(format_args!("open for people: {}; {how}", waiting.join(" and ")));
    Ok(())
}
