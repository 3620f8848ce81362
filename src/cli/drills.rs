//! `goaround drills`: who flew what when, what they fell into, and which levers nobody has pulled this month.

use super::flying;
use super::incidents::Incidents;
use super::{Outcome, Verdict, bad, retrace};
use crate::app::printer::{complain, say};
use crate::drill::Scenario;
use crate::incident::event::Drill;
use crate::incident::{Event, State, Way, replay};
use crate::journal;
use crate::playbook::{self, Edge, Id, Playbook};
use crate::report::{Dossier, made, measured_ms};
use chrono::{DateTime, Duration, Utc};
use clap::Args;
use color_eyre::eyre::Result;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A lever is drilled at least this often, in days (D39).
const EVERY_DAYS: i64 = 30;

/// The clocks shown for each drill.
const CLOCKS: [(&str, Edge, Edge); 4] = [
    ("detect", Edge::Impact, Edge::Detected),
    ("lever", Edge::Declared, Edge::FirstLever),
    ("60s", Edge::FirstStep, Edge::SixtyDone),
    ("recover", Edge::Detected, Edge::DebtsPaid),
];

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    incidents: Incidents,
    /// Whose levers to look for, instead of the playbooks that come with goaround
    #[arg(long, value_name = "FILE")]
    playbook: Option<PathBuf>,
    /// Name every lever that is due, not only how many of each playbook; with --playbook they are named anyway
    #[arg(long)]
    all: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Serialize)]
struct Book {
    drills: Vec<Flown>,
    /// What nobody has pulled in a drill for too long.
    not_drilled: Vec<Undrilled>,
}

/// One drill.
#[derive(Serialize)]
struct Flown {
    directory: String,
    /// In UTC; a drill's own clock is its scenario's, so this is when its directory was made.
    when: Option<DateTime<Utc>>,
    who: String,
    scenario: String,
    seed: u64,
    ended: &'static str,
    fell_into: Vec<String>,
    clocks_ms: BTreeMap<&'static str, u64>,
    service: String,
    /// The title of what was flown: several playbooks roll one service back.
    playbook: String,
    #[serde(skip)]
    pulled: BTreeSet<Id>,
}

/// A lever that was not pulled in any drill of late.
#[derive(Serialize)]
struct Undrilled {
    service: String,
    /// The playbook's name, as `goaround init` takes it.
    playbook: String,
    lever: Id,
    title: String,
    /// When it was, the last time.
    last: Option<DateTime<Utc>>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let playbooks = playbooks(arguments)?;
    let mut drills: Vec<Flown> =
        directories(&arguments.incidents.folder()?)?.iter().filter_map(|at| flown(at)).collect();
    drills.sort_by(|one, other| (one.when, &one.directory).cmp(&(other.when, &other.directory)));
    let not_drilled = playbooks.iter().flat_map(|playbook| undrilled(playbook, &drills, Utc::now())).collect();
    let book = Book { drills, not_drilled };
    if arguments.json {
        say(serde_json::to_string(&book)?);
    } else {
        tell(&book.drills);
        if arguments.all || arguments.playbook.is_some() {
            book.not_drilled.iter().for_each(tell_due);
        } else {
            sum_up(&book.not_drilled);
        }
    }
    Ok(Verdict::Yes)
}

/// The playbooks whose levers are to be drilled.
fn playbooks(arguments: &Arguments) -> Result<Vec<Playbook>> {
    if let Some(path) = &arguments.playbook {
        return Ok(vec![flying::load(path, None)?]);
    }
    let all = playbook::embedded_names().filter_map(|name| Some((name, playbook::embedded(name)?)));
    all.map(|(name, text)| flying::parse(name, text, None)).collect()
}

/// The scenario that was flown longest ago of those begun in `folder`; one that never was comes first.
pub(super) fn flown_longest_ago(folder: &Path) -> Result<String> {
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for directory in directories(folder)? {
        let Ok(found) = journal::salvage(&directory) else { continue };
        let Some(Event::Opened { drill: Some(drill), .. }) = found.records.first().map(|record| &record.event) else {
            continue;
        };
        // Directories begin with the time at which they were made.
        let name = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if drill.from.is_none() && !drill.rehearsal {
            let newest = last.entry(drill.scenario.to_string()).or_default();
            *newest = name.max(std::mem::take(newest));
        }
    }
    let next = Scenario::ids().min_by_key(|id| last.get(*id));
    Ok(next.unwrap_or_default().to_owned())
}

/// Every directory of the folder, by name; a folder that is not there yet holds none.
fn directories(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return bad(format!("{}: {error}; --incidents DIR names another folder", folder.display())),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

/// What a directory says of its drill; nothing of what is none, and a line about what cannot be read.
fn flown(directory: &Path) -> Option<Flown> {
    let dossier = match journal::load_dossier(directory) {
        Ok(dossier) => dossier,
        Err(error) => {
            complain(format_args!("left out: {error}"));
            return None;
        }
    };
    let Some(Event::Opened { drill: Some(drill), service, .. }) = dossier.records.first().map(|record| &record.event)
    else {
        return None;
    };
    let Some(playbook) = &dossier.playbook else {
        complain(format_args!("left out: {}: its playbook cannot be read by this goaround", directory.display()));
        return None;
    };
    let state = replay(playbook, &dossier.records);
    let taught = retrace::taught(playbook, &dossier.records);
    let needless = taught.needless.then(|| "needless-rollback".to_owned());
    let fallen: BTreeSet<String> = taught.fallen.into_iter().map(|(id, _)| id).chain(needless).collect();
    Some(Flown {
        when: directory.file_name().and_then(|name| made(name.to_str()?)),
        who: who(&dossier),
        scenario: if drill.rehearsal { "rehearsal".to_owned() } else { drill.scenario.to_string() },
        seed: drill.seed,
        ended: ended(&state, drill),
        fell_into: fallen.into_iter().collect(),
        clocks_ms: CLOCKS
            .iter()
            .filter_map(|(name, from, to)| Some((*name, measured_ms(&dossier, from, to)?)))
            .collect(),
        service: service.to_string(),
        playbook: playbook.title.clone(),
        pulled: pulled(&dossier),
        directory: directory.display().to_string(),
    })
}

/// Who declared, or else who opened it.
fn who(dossier: &Dossier) -> String {
    let declared = dossier.records.iter().find(|record| matches!(record.event, Event::Declared { .. }));
    declared.or(dossier.records.first()).map(|record| record.actor.to_string()).unwrap_or_default()
}

fn ended(state: &State, drill: &Drill) -> &'static str {
    let false_alarm = retrace::scenario(drill.scenario.as_str()).is_ok_and(|known| known.false_alarm_ms().is_some());
    match (state.closed, &state.marks.declared) {
        (Some(_), _) if drill.rehearsal => "rehearsed",
        (Some(true), _) => "recovered",
        (Some(false), _) => "closed, not recovered",
        (None, Some(_)) => "left open",
        (None, None) if false_alarm => "left alone",
        (None, None) => "not declared",
    }
}

/// The levers that were pulled by goaround and not only said to be.
fn pulled(dossier: &Dossier) -> BTreeSet<Id> {
    let pulled = |event: &Event| match event {
        Event::PullStarted { lever, way: Way::Do, by_hand: false, .. } => Some(lever.clone()),
        _ => None,
    };
    dossier.records.iter().filter_map(|record| pulled(&record.event)).collect()
}

/// The levers of a playbook that no drill of it has pulled for [`EVERY_DAYS`].
fn undrilled(playbook: &Playbook, drills: &[Flown], now: DateTime<Utc>) -> Vec<Undrilled> {
    let ours: Vec<&Flown> = drills.iter().filter(|flown| flown.playbook == playbook.title).collect();
    let last =
        |lever: &Id| ours.iter().filter(|flown| flown.pulled.contains(lever)).filter_map(|flown| flown.when).max();
    let late = playbook.levers.values().map(|lever| (lever, last(&lever.id)));
    let late = late.filter(|(_, last)| last.is_none_or(|last| now - last > Duration::days(EVERY_DAYS)));
    late.map(|(lever, last)| Undrilled {
        service: playbook.service.to_string(),
        playbook: playbook.name.clone(),
        lever: lever.id.clone(),
        title: lever.title.clone(),
        last,
    })
    .collect()
}

fn tell(drills: &[Flown]) {
    if drills.is_empty() {
        say("no drill was flown here yet; `goaround drill` flies one");
    }
    for flown in drills {
        let when = day(flown.when).unwrap_or_else(|| "when unknown".into());
        let clock = |(name, ms): (&&str, &u64)| format!("  {name} {:02}:{:02}", ms / 60_000, ms / 1000 % 60);
        let clocks: String = flown.clocks_ms.iter().map(clock).collect();
        let fell = flown.fell_into.join(" ");
        let fell = if fell.is_empty() { fell } else { format!("  fell into: {fell}") };
        let Flown { who, scenario, seed, ended, .. } = flown;
        say(format_args!("{when}  {who}  {scenario}  seed {seed}  {ended}{clocks}{fell}"));
    }
}

fn tell_due(Undrilled { playbook, lever, title, last, .. }: &Undrilled) {
    let last = day(*last).unwrap_or_else(|| "never".into());
    say(format_args!("NOT DRILLED in {EVERY_DAYS} days: {playbook} {lever}  {title}  last: {last}"));
}

/// How many levers of each playbook are due.
fn sum_up(due: &[Undrilled]) {
    let mut counted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for Undrilled { playbook, last, .. } in due {
        let (levers, never) = counted.entry(playbook).or_default();
        (*levers, *never) = (*levers + 1, *never + usize::from(last.is_none()));
    }
    let width = counted.keys().map(|playbook| playbook.len()).max().unwrap_or_default();
    for (playbook, (levers, never)) in &counted {
        let levers = if *levers == 1 { "1 lever".to_owned() } else { format!("{levers} levers") };
        say(format_args!("NOT DRILLED in {EVERY_DAYS} days: {playbook:width$}  {levers}, {never} of them never"));
    }
    if !counted.is_empty() {
        say("`goaround drills --all` names each");
    }
}

fn day(when: Option<DateTime<Utc>>) -> Option<String> {
    Some(when?.format("%Y-%m-%d %H:%M").to_string())
}
