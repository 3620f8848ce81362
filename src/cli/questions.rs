//! `goaround report --questions`: what people are asked, as an `answers.toml` to be filled in.

use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::journal;
use crate::report::Account;
use color_eyre::eyre::Result;
use std::path::Path;

/// What people say of an incident.
const ANSWERS: &str = "answers.toml";

/// Begins the file, or adds behind it what it does not name yet; no byte of it is written over.
pub(super) fn ask(account: &Account, directory: &Path) -> Outcome {
    let path = directory.join(ANSWERS);
    let (verb, text) = match written(directory)? {
        Some(before) => ("added", account.begun_since(&before)),
        None => ("begun", account.begun()),
    };
    if text.is_empty() {
        say("nothing new is asked");
    } else {
        journal::add_words(directory, ANSWERS, &text).or_else(|error| bad(error.to_string()))?;
        say(format_args!("{verb}: take the `# ` away where you answer, then make the report anew"));
    }
    say(path.display());
    Ok(Verdict::Yes)
}

/// What people have written so far; nothing where they have not begun.
fn written(directory: &Path) -> Result<Option<String>> {
    journal::words(directory, ANSWERS).or_else(|error| bad(error.to_string()))
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
    let before = written(directory)?;
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
