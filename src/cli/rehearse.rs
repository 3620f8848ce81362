//! `goaround rehearse`: every lever that can be taken back, there and back in a drill's world, against the playbook's clock.

use super::incidents::Incidents;
use super::{Outcome, Verdict, bad, drill, retrace};
use crate::app::auto::{Auto, Ending};
use crate::app::flight::{Flight, sha256_hex};
use crate::app::ledger::Ledger;
use crate::app::printer::{complain, say};
use crate::drill::{Crew, Policy, Scenario, World};
use crate::incident::{Command, can_rehearse, event};
use crate::playbook::{Id, Playbook};
use crate::report::Rehearsed;
use crate::text::Redactor;
use clap::Args;
use color_eyre::eyre::Result;
use std::sync::Arc;

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
    let first = opening(&scenario, &playbook, arguments.seed, &levers);
    let epoch = drill::epoch_of(&scenario);
    let flight = Flight::new(playbook.clone(), &[], Redactor::default(), &epoch);
    let (ledger, start, tells) = (Ledger::new(journal), epoch.clone(), !arguments.json);
    let mut auto = Auto { flight, stage: world.into(), policy, ledger, tells, speed: None, epoch, start };
    let ending = auto.fly(first)?;
    let row = |lever| Rehearsed::of(&playbook, auto.flight.state(), lever);
    let rows: Vec<Rehearsed> = levers.iter().map(row).collect();
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

fn opening(scenario: &Scenario, playbook: &Playbook, seed: u64, levers: &[Id]) -> Command {
    Command::Open {
        incident: format!("rehearsal-{}-{seed}", scenario.playbook).into(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: Some(event::Drill {
            rehearsal: true,
            levers: levers.to_vec(),
            ..event::Drill::of(scenario.id.clone(), seed)
        }),
    }
}

/// Why a rehearsal did not come to its end.
fn why(ending: &Ending) -> &str {
    match ending {
        Ending::Open(why) => why,
        Ending::Differed(why) | Ending::Unsaved { why, .. } => why.as_str(),
        Ending::Closed { .. } | Ending::LeftAlone | Ending::NotDeclared | Ending::HandedOver(_) => {
            "nothing was left to do"
        }
    }
}

fn print(rows: &[Rehearsed]) {
    let shown = |ms: Option<u64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{}.{:03} s", ms / 1000, ms % 1000));
    say(format_args!("{:20}  {:>10}  {:>10}  {:>10}  verdict", "lever", "there", "back (TTR)", "budget"));
    for Rehearsed { lever, there_ms, ttr_ms, budget_ms, verdict } in rows {
        let (there, back, budget) = (shown(*there_ms), shown(*ttr_ms), shown(*budget_ms));
        say(format_args!("{lever:20}  {there:>10}  {back:>10}  {budget:>10}  {verdict}"));
    }
}

/// Yes when something was flown and all of it came back in time; what was not ready says so and costs nothing.
fn verdict(rows: &[Rehearsed]) -> Verdict {
    let bad = rows.iter().any(|row| matches!(row.verdict, "LATE" | "NOT BACK"));
    let flown = rows.iter().any(|row| row.verdict == "PASS");
    if flown && !bad { Verdict::Yes } else { Verdict::No }
}
