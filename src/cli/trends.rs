//! `goaround trends`: what the incidents and drills of a folder have in common, month by month.

use super::brief::brief;
use super::columns::{Column, cut, lines, room};
use super::months::{Height, chart};
use super::wanted::{Found, Wanted};
use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::drill::Scenario;
use crate::report::{Group, Practice, Side, Spread, Timed, Trends, Use};
use crate::text::Text;
use clap::Args;

/// The width where nothing says another.
const ROOM: usize = 80;
/// How many of the most common are shown; `--json` has all.
const TOP: usize = 10;

/// How often.
const FLOWN: Height = Height {
    title: "FLOWN EACH MONTH",
    of: |group| [group.live.count, group.drills.count + group.pilot.count],
    word: |count| count.to_string(),
    is_about: |_| [false; 2],
};
/// How fast people are: the time that ends with nothing owed.
const TTR: Height = Height {
    title: "MEDIAN TTR",
    of: |group| ttr(group).map(|spread| spread.map_or(0, |spread| spread.median_ms)),
    word: brief,
    is_about: |group| ttr(group).map(|spread| spread.is_some_and(|spread| spread.approximate)),
};

fn ttr(group: &Group) -> [Option<&Spread>; 2] {
    [&group.live, &group.drills].map(|side| side.times.get(&Timed::Ttr))
}

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// One JSON object; `goaround schema trends` says its shape
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let found = arguments.wanted.find()?;
    let trends = Trends::of(&found.rows, Scenario::ids());
    if arguments.json {
        say(trends.json());
        return Ok(Verdict::Yes);
    }
    found.tell_foreign();
    match found.nothing() {
        Some(sentence) => say(sentence),
        None => told(&trends, &found, room().unwrap_or(ROOM)).iter().for_each(say),
    }
    Ok(Verdict::Yes)
}

fn told(trends: &Trends, found: &Found, room: usize) -> Vec<String> {
    let sections: [Vec<String>; 8] = [
        heading(trends, found, room),
        times("MONTH", &trends.months, room),
        chart(&FLOWN, &trends.months, room),
        chart(&TTR, &trends.months, room),
        times("PLAYBOOK", &trends.playbooks, room),
        often("MOST USED LEVERS", &trends.levers, room),
        often("MOST COMMON DEVIATIONS", &trends.deviations, room),
        practice(&trends.scenarios, room),
    ];
    let shown: Vec<Vec<String>> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    shown.join(&String::new())
}

fn heading(trends: &Trends, found: &Found, room: usize) -> Vec<String> {
    let sum = |of: fn(&Group) -> u64| trends.months.iter().map(of).sum::<u64>();
    let (live, drills) = (sum(|group| group.live.count), sum(|group| group.drills.count + group.pilot.count));
    let pilot = match sum(|group| group.pilot.count) {
        0 => String::new(),
        count => format!(" ({count} by the pilot)"),
    };
    let rehearsals = sum(|group| group.rehearsals);
    let damaged =
        if trends.damaged == 0 { String::new() } else { format!(", damaged and left out {}", trends.damaged) };
    let counts = format!("incidents {live}, drills {drills}{pilot}, rehearsals {rehearsals}{damaged}");
    let folder = format!("in {}", Text::from(found.folder.display().to_string()));
    vec![
        cut(&counts, room),
        cut(&folder, room),
        cut("median/p90 by nearest rank, of those in which they were reached; ~ by wall clock", room),
    ]
}

/// A table of medians and p90s, a line for what was real, one for the drills of people and one for those of the pilot.
fn times(title: &'static str, groups: &[Group], room: usize) -> Vec<String> {
    let sides = |group: &'static str, of: fn(&Group) -> &Side| groups.iter().map(move |one| (one, group, of(one)));
    let rows: Vec<(&Group, &str, &Side)> = sides("LIVE", |group| &group.live)
        .zip(sides("drill", |group| &group.drills))
        .zip(sides("pilot", |group| &group.pilot))
        .flat_map(|((live, drills), pilot)| [live, drills, pilot])
        .filter(|(_, _, side)| side.count > 0)
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let cells = |cell: &dyn Fn(&(&Group, &str, &Side)) -> String| rows.iter().map(cell).collect::<Vec<_>>();
    let mut columns = vec![
        Column::left(title, cells(&|(group, _, _)| group.name.to_string())).least(7),
        Column::left("", cells(&|(_, mode, _)| (*mode).to_owned())),
        Column::right("N", cells(&|(_, _, side)| side.count.to_string())),
        Column::right("OK", cells(&|(_, _, side)| side.recovered.to_string())),
    ];
    columns.extend(
        Timed::ALL.map(|timed| Column::right(timed.word(), cells(&|(_, _, side)| spread(side.times.get(&timed))))),
    );
    lines(&columns, Some(room))
}

/// Median and p90; `~` where one of them rests on a wall clock or a sample's own time.
fn spread(spread: Option<&Spread>) -> String {
    let told = |spread: &Spread| {
        let about = if spread.approximate { "~" } else { "" };
        format!("{about}{}/{}", brief(spread.median_ms), brief(spread.p90_ms))
    };
    spread.map_or_else(|| "-".to_owned(), told)
}

/// The most common of something.
fn often(title: &'static str, uses: &[Use], room: usize) -> Vec<String> {
    let top = &uses[..uses.len().min(TOP)];
    if top.is_empty() {
        return Vec::new();
    }
    let cells = |cell: &dyn Fn(&Use) -> String| top.iter().map(cell).collect::<Vec<_>>();
    let columns = [
        Column::right("LIVE", cells(&|one| one.live.to_string())),
        Column::right("DRILLS", cells(&|one| one.drills.to_string())),
        Column::left(title, cells(&named)),
        Column::left("PLAYBOOK", cells(&|one| one.playbook.to_string())).least(8),
    ];
    lines(&columns, Some(room))
}

/// What it happened to first: that is what people look for.
fn named(one: &Use) -> String {
    match (&one.of, one.what.as_str()) {
        (Some(of), "pulled") => of.to_string(),
        (Some(of), what) => format!("{of} {what}"),
        (None, what) => what.to_owned(),
    }
}

/// Which scenarios were flown, and which never.
fn practice(scenarios: &[Practice], room: usize) -> Vec<String> {
    let (flown, never): (Vec<&Practice>, Vec<&Practice>) = scenarios.iter().partition(|one| one.flown > 0);
    let told = |one: &&Practice| {
        let last = one.last.map_or_else(|| "when unknown".to_owned(), |last| last.format("%Y-%m-%d").to_string());
        format!("{} {}x, last {last}", one.scenario, one.flown)
    };
    let mut lines = vec![format!("SCENARIOS flown {} of {}", flown.len(), scenarios.len())];
    lines.extend(flown.iter().map(told).map(|line| cut(&format!("  {line}"), room)));
    if !never.is_empty() {
        lines.push("NEVER FLOWN".to_owned());
        lines.extend(wrapped(never.iter().map(|one| one.scenario.as_str()), room));
    }
    lines
}

/// Words on as few lines as they need.
fn wrapped<'a>(words: impl Iterator<Item = &'a str>, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|line| line.len() + 1 + word.len() <= room) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(format!("  {word}")),
        }
    }
    lines
}
