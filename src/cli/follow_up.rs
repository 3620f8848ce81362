//! `goaround follow-up`: what is due after closing, ticked off in the incident's own journal.

use super::{Outcome, Verdict, bad, flying, named};
use crate::app::printer::{complain, say};
use crate::app::time::Clock;
use crate::backend::Secrets;
use crate::incident::{Command, Due, Event, Moment, Record, Stamped, State, decide, follow_ups, replay};
use crate::journal::{self, Journal, Torn};
use crate::playbook::{Id, Playbook};
use crate::text::Text;
use chrono::DateTime;
use clap::Args;
use color_eyre::eyre::Result;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
    directory: PathBuf,
    /// Tick this follow-up off; takes --note as well
    #[arg(long, value_name = "ID", requires = "note")]
    done: Option<String>,
    /// Who saw to it, as the journal will call them [default: $USER]
    #[arg(long = "as", id = "who", value_name = "WHO", requires = "done")]
    who: Option<String>,
    /// What was done, and where it can be read; with --done
    #[arg(long, value_name = "TEXT", requires = "done")]
    note: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let (records, playbook) = match (&arguments.done, &arguments.note) {
        (Some(id), Some(note)) => tick_off(arguments, id, &flying::name_or_login(arguments.who.as_deref()), note)?,
        (_, _) => read(&arguments.directory)?,
    };
    let state = replay(&playbook, &records);
    Ok(list(&playbook, &state, Clock::machine().now().wall_ms))
}

/// The journal without its lock: looking never waits for a commander.
pub(super) fn read(directory: &Path) -> Result<(Vec<Record>, Playbook)> {
    match journal::read(directory) {
        Ok(reading) => {
            let profile = super::report::profile_of(&reading.records);
            let playbook = flying::parse("playbook.toml", &reading.playbook, profile.as_deref())?;
            Ok((reading.records, playbook))
        }
        Err(error) => bad(error.to_string()),
    }
}

/// Writes one more record behind the last one; nothing else of the directory is touched.
fn tick_off(arguments: &Arguments, id: &str, who: &str, note: &str) -> Result<(Vec<Record>, Playbook)> {
    let Ok(id) = Id::new(id) else { return bad(format!("there is no follow-up `{}`", Text::new(id))) };
    let (mut journal, mut records, torn) = match Journal::open(&arguments.directory) {
        Ok(opened) => opened,
        Err(error) => return bad(error.to_string()),
    };
    tell_torn(&torn, &arguments.directory);
    let (_, playbook) = read(&arguments.directory)?;
    let state = replay(&playbook, &records);
    let actor = inert(&playbook, who);
    if actor.is_empty() {
        return bad("say who saw to it: --as ROLE");
    }
    let (at, note) = (now(&state, &records), inert(&playbook, note));
    let stamped = Stamped { at: at.clone(), actor: actor.clone(), command: Command::FollowUp { id, note } };
    let events = decide(&playbook, &state, &stamped).or_else(|refusal| bad(refusal.to_string()))?;
    let batch: Vec<_> = events.into_iter().map(|event: Event| (at.clone(), actor.clone(), event)).collect();
    records.extend(journal.append(state.incident.as_str(), &batch)?);
    Ok((records, playbook))
}

/// When something is written down after closing: a drill has a time of its own, which stood still when it ended.
pub(super) fn now(state: &State, records: &[Record]) -> Moment {
    match (&state.drill, records.last()) {
        (Some(_), Some(last)) => last.at.clone(),
        (_, _) => Clock::machine().now(),
    }
}

/// Says which bytes of a torn end were set aside when the journal was opened, and where they are now.
pub(super) fn tell_torn(torn: &Torn, directory: &Path) {
    if let Some(kept) = &torn.kept {
        let (bytes, kept) = (torn.bytes, directory.join(kept));
        complain(format_args!(
            "goaround: {bytes} torn bytes behind the last whole line were set aside in {}",
            kept.display()
        ));
    }
}

/// What a person typed, without those of the playbook's secrets that are known here.
pub(super) fn inert(playbook: &Playbook, typed: &str) -> Text {
    let cut = |text: String, secret| match Secrets::resolve(std::slice::from_ref(secret)) {
        Ok(secrets) => secrets.redactor().redact(&text),
        // What is not set here cannot be told from other words.
        Err(_) => text,
    };
    Text::from(playbook.secrets().iter().fold(typed.to_owned(), cut))
}

/// A line each, and whether any is open.
fn list(playbook: &Playbook, state: &State, now_ms: i64) -> Verdict {
    let all = follow_ups(playbook, state);
    if all.is_empty() {
        say("this playbook lists no follow-ups");
        return Verdict::Yes;
    }
    match (&state.marks.closed, &state.drill) {
        (None, _) => say("the incident is still open: its follow-ups are due from closing on"),
        (Some(_), Some(_)) => {
            say(
                "a drill is closed and its clock stands still: due times count from closing, and nothing of it is overdue",
            );
        }
        (Some(at), None) => say(format_args!("closed {} UTC", time(at.wall_ms))),
    }
    let width = |of: fn(&Due) -> usize| all.iter().map(of).max().unwrap_or_default();
    let widths = (width(|due| due.follow_up.id.as_str().len()), width(|due| due.follow_up.title.chars().count()));
    let told = |due: &Due| if state.drill.is_some() { of_drill(due) } else { when(due, now_ms) };
    all.iter().for_each(|due| say(line(due, widths, now_ms, &told(due))));
    let open = all.iter().filter(|due| due.done.is_none()).count();
    say(format_args!("{} of {} done", all.len() - open, all.len()));
    if open == 0 { Verdict::Yes } else { Verdict::LeftOpen }
}

/// A follow-up's word, id, title, owner, and when it is due or was done.
fn line(due: &Due, (id_width, title_width): (usize, usize), now_ms: i64, when: &str) -> String {
    let word = match (due.done, due.late_ms(now_ms)) {
        (Some(_), _) => "done",
        (None, Some(_)) => "OVERDUE",
        (None, None) => "open",
    };
    let owner = Text::new(&due.follow_up.owner);
    let owner = if owner.is_empty() { String::new() } else { format!("({owner}) ") };
    let (id, title) = (due.follow_up.id.as_str(), Text::new(&due.follow_up.title).to_string());
    format!("{word:7}  {id:id_width$}  {title:title_width$}  {owner}{when}")
}

/// When it is due, or was done and by whom.
fn when(due: &Due, now_ms: i64) -> String {
    let late = due.late_ms(now_ms).map(|late| format!(", {} late", span(late))).unwrap_or_default();
    match (due.done, due.due_ms) {
        (Some(done), _) => format!("{} UTC by {}{late}: {}", time(done.at.wall_ms), done.by, done.note),
        (None, Some(at)) => format!("due {} UTC{late}", time(at)),
        (None, None) => format!("due {} after closing", span(due.follow_up.within_ms)),
    }
}

/// The same after a drill, whose clock tells nothing of when people saw to it.
fn of_drill(due: &Due) -> String {
    match due.done {
        Some(done) => format!("by {}: {}", done.by, done.note),
        None => format!("due {} after closing", span(due.follow_up.within_ms)),
    }
}

fn time(wall_ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(wall_ms);
    time.map_or_else(|| format!("{wall_ms} ms"), |time| time.format("%Y-%m-%d %H:%M").to_string())
}

/// Days, hours and minutes, the two greatest.
fn span(ms: u64) -> String {
    let minutes = ms.div_ceil(60_000);
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
