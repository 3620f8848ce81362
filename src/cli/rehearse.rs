//! `goaround rehearse`: every lever that can be taken back, there and back in a drill's world, against the playbook's clock.

use super::incidents::Incidents;
use super::{Outcome, Verdict, bad, drill, retrace};
use crate::app::auto::{Auto, Ending};
use crate::app::flight::{Flight, sha256_hex};
use crate::app::ledger::Ledger;
use crate::app::printer::{complain, say};
use crate::drill::{Crew, Policy, Scenario, World};
use crate::incident::{Command, PullState, State, Way, can_rehearse, event};
use crate::playbook::{Id, Playbook};
use crate::text::Redactor;
use clap::Args;
use color_eyre::eyre::Result;
use serde::Serialize;
use std::sync::Arc;

/// The clock whose budget a way back has (seed 002, C10).
const CLOCK: &str = "ttr";

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The playbook, by the name that `goaround init` takes
    playbook: String,
    /// Only this lever; may be given again
    #[arg(long = "lever", value_name = "ID")]
    levers: Vec<String>,
    /// The scenario whose world it is flown in [default: the first of that playbook]
    #[arg(long, value_name = "SCENARIO")]
    world: Option<String>,
    /// The seed of the world's noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print the table as JSON and nothing else
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    incidents: Incidents,
}

/// How one lever did.
#[derive(Debug, Serialize)]
struct Row {
    lever: String,
    there_ms: Option<u64>,
    ttr_ms: Option<u64>,
    budget_ms: Option<u64>,
    verdict: &'static str,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let scenario = world_of(arguments)?;
    let playbook = Arc::new(drill::playbook_of(&scenario)?);
    let levers = chosen(arguments, &playbook)?;
    let world = World::new(&scenario, &playbook, arguments.seed).or_else(|why| bad(why.join("; ")))?;
    // What a second person must approve, and nobody here does, is not ready.
    let crew = Crew::of(&scenario);
    let approved = |lever: &&Id| !playbook.levers[*lever].second_person || crew.approves(lever);
    let policy = Policy::rehearsal(&scenario, &playbook, levers.iter().filter(approved).cloned().collect());
    let journal = arguments.incidents.create(&format!("rehearsal-{}", scenario.playbook), &playbook.source)?;
    let directory = journal.dir().to_owned();
    let first = opening(&scenario, &playbook, arguments.seed);
    let epoch = drill::epoch_of(&scenario);
    let flight = Flight::new(playbook.clone(), &[], Redactor::default(), &epoch);
    let (ledger, start, tells) = (Ledger::new(journal), epoch.clone(), !arguments.json);
    let mut auto = Auto { flight, stage: world.into(), policy, ledger, tells, speed: None, epoch, start };
    let ending = auto.fly(first)?;
    let rows: Vec<Row> = levers.iter().map(|lever| row(&playbook, auto.flight.state(), lever)).collect();
    if arguments.json {
        say(serde_json::to_string_pretty(&rows)?);
    } else {
        print(&rows);
        say(directory.display());
    }
    if let Ending::Closed { .. } = ending {
        return Ok(verdict(&rows));
    }
    complain(format_args!("the rehearsal stopped before its end: {}", why(&ending)));
    Ok(Verdict::LeftOpen)
}

/// The world it is flown in: the one named, else the first whose playbook it is.
fn world_of(arguments: &Arguments) -> Result<Scenario> {
    let name = &arguments.playbook;
    if let Some(id) = &arguments.world {
        let scenario = retrace::scenario(id)?;
        return if scenario.playbook == *name {
            Ok(scenario)
        } else {
            bad(format!("the scenario `{id}` is flown with `{}`, not with `{name}`", scenario.playbook))
        };
    }
    let all: Vec<Scenario> = Scenario::ids().map(retrace::scenario).collect::<Result<_>>()?;
    let mut playbooks: Vec<String> = all.iter().map(|scenario| scenario.playbook.clone()).collect();
    playbooks.sort();
    playbooks.dedup();
    match all.into_iter().find(|scenario| scenario.playbook == *name) {
        Some(scenario) => Ok(scenario),
        None => bad(format!("there is no world for `{name}`: rehearse one of {}", playbooks.join(", "))),
    }
}

/// The levers to rehearse: those named, else every one that can be.
fn chosen(arguments: &Arguments, playbook: &Playbook) -> Result<Vec<Id>> {
    let can: Vec<Id> = playbook.levers.keys().filter(|lever| can_rehearse(playbook, lever)).cloned().collect();
    let unknown = arguments.levers.iter().find(|named| !can.iter().any(|lever| lever.as_str() == named.as_str()));
    if let Some(named) = unknown {
        let can: Vec<&str> = can.iter().map(Id::as_str).collect();
        return bad(format!("`{named}` cannot be pulled and taken back; these can: {}", can.join(", ")));
    }
    let named = |lever: &Id| arguments.levers.is_empty() || arguments.levers.iter().any(|one| one == lever.as_str());
    Ok(can.into_iter().filter(named).collect())
}

fn opening(scenario: &Scenario, playbook: &Playbook, seed: u64) -> Command {
    Command::Open {
        incident: format!("rehearsal-{}-{seed}", scenario.playbook).into(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: Some(event::Drill { rehearsal: true, ..event::Drill::of(scenario.id.clone(), seed) }),
    }
}

/// Why a rehearsal did not come to its end.
fn why(ending: &Ending) -> &str {
    match ending {
        Ending::Open(why) => why,
        Ending::Differed(why) | Ending::Unsaved { why, .. } => why.as_str(),
        Ending::Closed { .. } | Ending::LeftAlone | Ending::NotDeclared => "nothing was left to do",
    }
}

/// From the pull to the first look that showed it had worked, in ms.
fn took_ms(pull: &PullState) -> Option<u64> {
    Some(pull.effective_at.as_ref()?.since(&pull.started).ms)
}

fn row(playbook: &Playbook, state: &State, lever: &Id) -> Row {
    let took = |way| state.pulls.values().find(|pull| pull.lever == *lever && pull.way == way).and_then(took_ms);
    let pulled = state.last_pull(lever).is_some();
    let clock = playbook.clocks.iter().find(|clock| clock.id == CLOCK);
    let (there_ms, ttr_ms, budget_ms) = (took(Way::Do), took(Way::Undo), clock.map(|clock| clock.budget_ms));
    let verdict = match (ttr_ms, budget_ms) {
        _ if !pulled => "NOT READY",
        (None, _) => "NOT BACK",
        (Some(ttr), Some(budget)) if ttr > budget => "LATE",
        (Some(_), _) => "PASS",
    };
    Row { lever: lever.to_string(), there_ms, ttr_ms, budget_ms, verdict }
}

fn print(rows: &[Row]) {
    let shown = |ms: Option<u64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{}.{:03} s", ms / 1000, ms % 1000));
    say(format_args!("{:20}  {:>10}  {:>10}  {:>10}  verdict", "lever", "there", "back (TTR)", "budget"));
    for Row { lever, there_ms, ttr_ms, budget_ms, verdict } in rows {
        let (there, back, budget) = (shown(*there_ms), shown(*ttr_ms), shown(*budget_ms));
        say(format_args!("{lever:20}  {there:>10}  {back:>10}  {budget:>10}  {verdict}"));
    }
}

/// Yes when something was flown and all of it came back in time; what was not ready says so and costs nothing.
fn verdict(rows: &[Row]) -> Verdict {
    let bad = rows.iter().any(|row| matches!(row.verdict, "LATE" | "NOT BACK"));
    let flown = rows.iter().any(|row| row.verdict == "PASS");
    if flown && !bad { Verdict::Yes } else { Verdict::No }
}
