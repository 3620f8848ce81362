//! `goaround drill`: a rollback in a simulated world; opens no socket, starts no process.

use super::flying::{self, Crew};
use super::incidents::Incidents;
use super::{Outcome, bad};
use crate::app::auto::Auto;
use crate::app::flight::{Flight, sha256_hex};
use crate::app::ledger::Ledger;
use crate::app::live::{self, Carrier, Helm, Screen, Setup};
use crate::app::printer::say;
use crate::app::time::Clock;
use crate::cockpit::Mode;
use crate::drill::{Scenario, World};
use crate::incident::{Command, Moment, Record, Way, event, replay};
use crate::journal::Journal;
use crate::kind::{Outcome as Ended, Use};
use crate::playbook::{self, Playbook};
use crate::text::Redactor;
use clap::Args;
use color_eyre::eyre::{Result, eyre};
use std::sync::{Arc, Mutex};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The scenario
    #[arg(default_value = "index-mismatch")]
    scenario: String,
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
    let speed = speed_of(arguments)?;
    arguments.crew.check()?;
    if !arguments.auto {
        Screen::check().or_else(|why| bad(why.to_string()))?;
    }
    let scenario = scenario(&arguments.scenario)?;
    let playbook = Arc::new(playbook_of(&scenario)?);
    let world = World::new(&scenario, &playbook, arguments.seed).or_else(|why| bad(why.join("; ")))?;
    let journal = arguments.incidents.create(&format!("drill-{}", scenario.id), &playbook.source)?;
    let directory = journal.dir().to_owned();
    let epoch = epoch_of(&scenario);
    let open = opening(&scenario, &playbook, arguments.seed);
    let flight = Flight::new(playbook, &[], Redactor::default(), &epoch);
    if arguments.auto {
        let (ledger, speed, start) = (Ledger::new(journal), arguments.speed, epoch.clone());
        let ending = Auto { flight, world, ledger, speed, epoch, start }.fly(open)?;
        return Ok(flying::land(&ending, &directory));
    }
    say(&scenario.brief);
    let brief = scenario.brief;
    Cockpit { flight, world, journal, opened: epoch.clone(), now: epoch, speed, brief }.fly(&arguments.crew, open)
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
fn epoch_of(scenario: &Scenario) -> Moment {
    let boot_ns = scenario.boot_ms.saturating_mul(1_000_000);
    Moment { wall_ms: scenario.epoch_ms, boot_ns, boot_id: "drill".into() }
}

/// The playbook a scenario is flown with.
pub(super) fn playbook_of(scenario: &Scenario) -> Result<Playbook> {
    let name = &scenario.playbook;
    let text = playbook::embedded(name).ok_or_else(|| eyre!("the scenario's playbook `{name}` is not embedded"))?;
    flying::parse(name, text, Some(&scenario.profile))
}

fn opening(scenario: &Scenario, playbook: &Playbook, seed: u64) -> Command {
    Command::Open {
        incident: format!("drill-{}-{seed}", scenario.id).into(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: Some(event::Drill { scenario: scenario.id.clone(), seed }),
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
        let brief = scenario(drill.scenario.as_str())?.brief;
        Cockpit { flight, world, journal, opened, now, speed: 1.0, brief }.fly(crew, Command::Resume { torn_bytes })
    }

    /// Goes on by the pilot.
    pub(super) fn fly_by_pilot(self, drill: &event::Drill) -> Outcome {
        let world = self.world(drill)?;
        let (epoch, start) = self.span()?;
        let Self { playbook, journal, records, torn_bytes } = self;
        let directory = journal.dir().to_owned();
        let flight = flying::continued(playbook, &records, &journal, (Redactor::default(), &start));
        let ledger = Ledger::new(journal);
        let mut auto = Auto { flight, world, ledger, speed: None, epoch, start };
        let ending = auto.fly(Command::Resume { torn_bytes })?;
        Ok(flying::land(&ending, &directory))
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
    journal: Journal,
    opened: Moment,
    now: Moment,
    speed: f64,
    brief: String,
}

impl Cockpit {
    fn fly(self, crew: &Crew, first: Command) -> Outcome {
        let ui = crew.cockpit()?;
        let directory = self.journal.dir().to_owned();
        let setup = Setup {
            flight: self.flight,
            ledger: Ledger::new(self.journal),
            clock: Clock::drill(self.now, self.speed),
            carrier: Carrier::World(Arc::new(Mutex::new(self.world)), self.opened),
            mode: Mode::Drill,
            commander: crew.commander(),
            first,
            brief: self.brief,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let ending = runtime.block_on(async {
            let screen = Screen::open(ui, &directory)?;
            live::fly(setup, Helm::Person(Box::new(screen))).await
        })?;
        Ok(flying::land(&ending, &directory))
    }
}
