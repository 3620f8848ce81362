//! `goaround drill`: a rollback in a simulated world; opens no socket, starts no process.

use super::debrief::{self, Flown};
use super::flying::{self, Crew};
use super::incidents::Incidents;
use super::{Outcome, Verdict, bad};
use crate::app::auto::{Auto, Ending};
use crate::app::flight::{Flight, sha256_hex};
use crate::app::ledger::Ledger;
use crate::app::live::{self, Carrier, Helm, Screen, Setup};
use crate::app::printer::say;
use crate::app::time::Clock;
use crate::cockpit::Mode;
use crate::drill::{self, Policy, Scenario, World};
use crate::incident::{Command, Moment, Record, Way, event, replay};
use crate::journal::{self, Journal};
use crate::kind::{Outcome as Ended, Use};
use crate::playbook::{self, Playbook};
use crate::text::Redactor;
use clap::Args;
use color_eyre::eyre::{Result, eyre};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The scenario [default: index-mismatch]
    #[arg(conflicts_with = "random")]
    scenario: Option<String>,
    /// List the scenarios: id, playbook, title, pitfalls
    #[arg(long)]
    list: bool,
    /// Any scenario, chosen by the seed
    #[arg(long)]
    random: bool,
    /// A fault that its author did not write: hang, swallow, refuse or 500, as in hang:cache@20s+10s
    #[arg(long, value_name = "FAULT:BACKEND@T+FOR")]
    inject: Vec<String>,
    /// Let the pilot fall into this pitfall on purpose
    #[arg(long, value_name = "ID", requires = "auto")]
    mistake: Option<String>,
    /// Drill seconds per second
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    speed: Option<f64>,
    /// The seed of the world's noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Let the pilot fly: no terminal, one line per event
    #[arg(long)]
    auto: bool,
    #[command(flatten)]
    incidents: Incidents,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.list {
        return list();
    }
    let speed = speed_of(arguments)?;
    arguments.crew.check()?;
    if !arguments.auto {
        Screen::check().or_else(|why| bad(why.to_string()))?;
    }
    let scenario = chosen(arguments)?;
    let playbook = Arc::new(playbook_of(&scenario)?);
    let world = World::new(&scenario, &playbook, arguments.seed).or_else(|why| bad(why.join("; ")))?;
    let policy = Policy::new(&scenario, &playbook, arguments.mistake.as_deref()).or_else(bad)?;
    let journal = arguments.incidents.create(&format!("drill-{}", scenario.id), &playbook.source)?;
    let epoch = epoch_of(&scenario);
    let open = opening(&scenario, &playbook, arguments);
    let flight = Flight::new(playbook, &[], Redactor::default(), &epoch);
    if arguments.auto {
        let (ledger, speed, start) = (Ledger::new(journal), arguments.speed, epoch.clone());
        return by_pilot(Auto { flight, world, policy, ledger, tells: true, speed, epoch, start }, open);
    }
    say(&scenario.brief);
    Cockpit { flight, world, scenario, journal, opened: epoch.clone(), now: epoch, speed }.fly(&arguments.crew, open)
}

/// Flies by the pilot, and says what it came to.
fn by_pilot(mut auto: Auto, first: Command) -> Outcome {
    let directory = auto.ledger.dir().to_owned();
    let ending = auto.fly(first)?;
    let ended_ms = auto.elapsed_ms();
    let Auto { flight, mut world, .. } = auto;
    let flown = Flown { world: &mut world, playbook: flight.playbook(), state: flight.state(), ended_ms };
    Ok(debrief::land(&ending, flown, &directory))
}

/// One scenario a line.
fn list() -> Outcome {
    let scenarios: Vec<Scenario> = Scenario::ids().map(scenario).collect::<Result<_>>()?;
    let width = |of: fn(&Scenario) -> usize| scenarios.iter().map(of).max().unwrap_or_default();
    let (ids, playbooks) = (width(|one| one.id.as_str().len()), width(|one| one.playbook.len()));
    let titles = width(|one| one.title.chars().count());
    for Scenario { id, playbook, title, .. } in &scenarios {
        let of = scenarios.iter().find(|one| one.id == *id);
        let pitfalls: Vec<&str> = of.into_iter().flat_map(Scenario::pitfalls).map(|(id, _)| id.as_str()).collect();
        say(format_args!("{:ids$}  {playbook:playbooks$}  {title:titles$}  {}", id.as_str(), pitfalls.join(" ")));
    }
    Ok(Verdict::Yes)
}

/// The scenario asked for, with the faults that are injected into it.
fn chosen(arguments: &Arguments) -> Result<Scenario> {
    let id = match &arguments.scenario {
        Some(id) => id,
        None if arguments.random => Scenario::any(arguments.seed),
        None => "index-mismatch",
    };
    let mut scenario = scenario(id)?;
    for fault in &arguments.inject {
        scenario.inject(fault).or_else(bad)?;
    }
    Ok(scenario)
}

fn speed_of(arguments: &Arguments) -> Result<f64> {
    match arguments.speed {
        Some(speed) if !(speed.is_finite() && speed > 0.0 && speed <= 1000.0) => {
            bad(format!("--speed {speed} is no pace: use a number above 0, up to 1000"))
        }
        Some(speed) => Ok(speed),
        None => Ok(1.0),
    }
}

pub(super) fn scenario(id: &str) -> Result<Scenario> {
    let Some(text) = Scenario::embedded(id) else {
        let known: Vec<&str> = Scenario::ids().collect();
        return bad(format!("there is no scenario `{id}`: use one of {}", known.join(", ")));
    };
    Scenario::parse(id, text).map_err(|flaws| eyre!("the scenario `{id}` is broken: {}", flaws.join("; ")))
}

/// What the person who flies this drill is told; nothing where its scenario does not come with goaround.
pub(super) fn brief_of(drill: &event::Drill) -> String {
    let text = Scenario::embedded(drill.scenario.as_str()).unwrap_or_default();
    Scenario::parse(drill.scenario.as_str(), text).map(|scenario| scenario.brief).unwrap_or_default()
}

/// When a scenario's simulated machine begins.
pub(super) fn epoch_of(scenario: &Scenario) -> Moment {
    let boot_ns = scenario.boot_ms.saturating_mul(1_000_000);
    Moment { wall_ms: scenario.epoch_ms, boot_ns, boot_id: "drill".into() }
}

/// The playbook a scenario is flown with.
pub(super) fn playbook_of(scenario: &Scenario) -> Result<Playbook> {
    let name = &scenario.playbook;
    let text = playbook::embedded(name).ok_or_else(|| eyre!("the scenario's playbook `{name}` is not embedded"))?;
    flying::parse(name, text, Some(&scenario.profile))
}

fn opening(scenario: &Scenario, playbook: &Playbook, arguments: &Arguments) -> Command {
    let seed = arguments.seed;
    let inject = arguments.inject.iter().map(|fault| fault.as_str().into()).collect();
    Command::Open {
        incident: format!("drill-{}-{seed}", scenario.id).into(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: Some(event::Drill { scenario: scenario.id.clone(), seed, inject }),
    }
}

/// A drill that was left, as its directory has it.
pub(super) struct Left {
    pub(super) playbook: Playbook,
    pub(super) journal: Journal,
    pub(super) records: Vec<Record>,
    pub(super) torn_bytes: u64,
}

impl Left {
    /// Goes on with a person in the cockpit.
    pub(super) fn fly(self, drill: &event::Drill, crew: &Crew) -> Outcome {
        let world = self.world(drill)?;
        let (opened, now) = self.span()?;
        let Self { playbook, journal, records, torn_bytes } = self;
        let flight = flying::continued(playbook, &records, &journal, (Redactor::default(), &now));
        let scenario = scenario(drill.scenario.as_str())?;
        Cockpit { flight, world, scenario, journal, opened, now, speed: 1.0 }.fly(crew, Command::Resume { torn_bytes })
    }

    /// Goes on by the pilot.
    pub(super) fn fly_by_pilot(self, drill: &event::Drill) -> Outcome {
        let world = self.world(drill)?;
        let (epoch, start) = self.span()?;
        let Self { playbook, journal, records, torn_bytes } = self;
        let policy = Policy::new(&scenario(drill.scenario.as_str())?, &playbook, None).or_else(bad)?;
        let flight = flying::continued(playbook, &records, &journal, (Redactor::default(), &start));
        let ledger = Ledger::new(journal);
        by_pilot(
            Auto { flight, world, policy, ledger, tells: true, speed: None, epoch, start },
            Command::Resume { torn_bytes },
        )
    }

    /// From the first record to the last.
    fn span(&self) -> Result<(Moment, Moment)> {
        match (self.records.first(), self.records.last()) {
            (Some(first), Some(last)) => Ok((first.at.clone(), last.at.clone())),
            (None, _) | (_, None) => bad("this journal is empty"),
        }
    }

    /// The drill's world is what the journal's pulls made of it.
    fn world(&self, drill: &event::Drill) -> Result<World> {
        let (opened, _) = self.span()?;
        let playbook = &self.playbook;
        let mut scenario = scenario(drill.scenario.as_str())?;
        // A world that was served began in real time, not at the scenario's epoch: a sample's age must stay true.
        scenario.epoch_ms = opened.wall_ms;
        for fault in &drill.inject {
            scenario.inject(fault.as_str()).or_else(bad)?;
        }
        let mut world = World::new(&scenario, playbook, drill.seed).or_else(|why| bad(why.join("; ")))?;
        for pull in replay(playbook, &self.records).pulls.values() {
            let lever = &playbook.levers[&pull.lever];
            let call = match (pull.way, &lever.undo) {
                (Way::Undo, Some(undo)) => &undo.call,
                (Way::Do | Way::Undo, _) => &lever.call,
            };
            let sent = !matches!(pull.outcome, Some((Ended::NotSent, _)));
            let backend = &playbook.backends[call.backend()];
            if let (true, Ok(exchange)) = (sent, call.encode(backend, Use::Act, &pull.bindings)) {
                // Only what it does to the world matters; its answer is in the journal already.
                drop(world.handle(call.backend(), &exchange, pull.started.since(&opened).ms));
            }
        }
        Ok(world)
    }
}

/// A drill with a person in the cockpit.
struct Cockpit {
    flight: Flight,
    world: World,
    scenario: Scenario,
    journal: Journal,
    opened: Moment,
    now: Moment,
    speed: f64,
}

impl Cockpit {
    fn fly(self, crew: &Crew, first: Command) -> Outcome {
        let ui = crew.cockpit()?;
        let directory = self.journal.dir().to_owned();
        let playbook = self.flight.playbook().clone();
        let (clock, world) = (Clock::drill(self.now, self.speed), Arc::new(Mutex::new(self.world)));
        let setup = Setup {
            flight: self.flight,
            ledger: Ledger::new(self.journal),
            clock: clock.clone(),
            carrier: Carrier::World(world.clone(), self.opened.clone()),
            mode: Mode::Drill,
            commander: crew.commander_or(self.scenario.commander()),
            first,
            brief: self.scenario.brief.clone(),
            cast: Some(drill::Crew::of(&self.scenario)),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let ending = runtime.block_on(async {
            let screen = Screen::open(ui, &directory)?;
            live::fly(setup, Helm::Person(Box::new(screen))).await
        })?;
        let ended_ms = clock.now().since(&self.opened).ms;
        let ending = match (ending, self.scenario.false_alarm_ms()) {
            (Ending::NotDeclared, Some(until_ms)) if ended_ms >= until_ms => Ending::LeftAlone,
            (other, _) => other,
        };
        let records = journal::read(&directory)?.records;
        let state = replay(&playbook, &records);
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let flown = Flown { world: &mut world, playbook: &playbook, state: &state, ended_ms };
        Ok(debrief::land(&ending, flown, &directory))
    }
}
