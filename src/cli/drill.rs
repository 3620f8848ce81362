//! `goaround drill`: a rollback in a simulated world; opens no socket, starts no process.

use super::aftermath::{self, Flown};
use super::flying::{self, Crew};
use super::incidents::Incidents;
use super::retrace::{self, scenario};
use super::{Outcome, Verdict, bad, drills, named, report, sheet};
use crate::app::auto::{Auto, Ending};
use crate::app::flight::{Flight, sha256_hex};
use crate::app::ledger::Ledger;
use crate::app::live::{self, Carrier, Setup};
use crate::app::printer::say;
use crate::app::time::Clock;
use crate::cockpit::{Mode, Then};
use crate::drill::{self, Policy, Recording, Scenario, Stage, World};
use crate::incident::{Command, Moment, Record, event, replay};
use crate::journal::{self, Journal};
use crate::playbook::{self, Id, Playbook};
use crate::text::{Redactor, Text};
use clap::Args;
use color_eyre::eyre::{Result, eyre};
use std::path::{Path, PathBuf};
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
    /// Fly this incident again, as it was recorded, until your first different act
    #[arg(long, value_name = "DIR", value_parser = named::incident(), conflicts_with_all = ["scenario", "random", "list", "inject", "mistake", "seed"])]
    from: Option<PathBuf>,
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
    if arguments.auto {
        arguments.crew.check_pilot()?;
    } else {
        arguments.crew.check_person()?;
    }
    if let Some(directory) = &arguments.from {
        return again(arguments, directory, speed);
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
        return by_pilot(
            Auto { flight, stage: world.into(), policy, ledger, tells: true, speed, epoch, start },
            open,
            None,
        );
    }
    arguments.crew.tell_brief(&scenario.brief);
    let stage = Stage::from(world);
    Cockpit { flight, stage, script: Script::of(&scenario), journal, opened: epoch.clone(), now: epoch, speed }
        .fly(&arguments.crew, open)
}

/// Flies the drill that nobody has flown for longest, of those that were begun where `directory` lies.
pub(super) fn next(directory: &Path, crew: &Crew, speed: Option<f64>) -> Outcome {
    let folder = directory.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    run(&Arguments {
        scenario: Some(drills::flown_longest_ago(folder)?),
        list: false,
        random: false,
        inject: Vec::new(),
        mistake: None,
        from: None,
        speed,
        seed: 1,
        auto: false,
        incidents: Incidents::in_folder(folder),
        crew: crew.clone(),
    })
}

/// Flies by the pilot, and says what it came to; what is flown again may be `of` a recording.
fn by_pilot(mut auto: Auto, first: Command, of: Option<&Path>) -> Outcome {
    let directory = auto.ledger.dir().to_owned();
    let ending = auto.fly(first)?;
    let ended_ms = auto.elapsed_ms();
    let Auto { flight, mut stage, .. } = auto;
    let flown = Flown { stage: &mut stage, playbook: flight.playbook(), state: flight.state(), ended_ms, of };
    let verdict = aftermath::land(&ending, flown, &directory);
    // What is left open is somebody's to finish, and to look back on.
    if matches!(ending, Ending::Closed { .. } | Ending::LeftAlone | Ending::Differed(_)) {
        sheet::decline(&directory)?;
    }
    Ok(verdict)
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
        drill: Some(event::Drill { inject, ..event::Drill::of(scenario.id.clone(), seed) }),
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
        let world = retrace::world(&self.playbook, &self.records, drill)?;
        let (opened, now) = self.span()?;
        let Self { playbook, journal, records, torn_bytes } = self;
        let flight = flying::continued(playbook, &records, &journal, (Redactor::default(), &now));
        let scenario = scenario(drill.scenario.as_str())?;
        let (stage, script) = (Stage::from(world), Script::of(&scenario));
        Cockpit { flight, stage, script, journal, opened, now, speed: 1.0 }.fly(crew, Command::Resume { torn_bytes })
    }

    /// Goes on by the pilot.
    pub(super) fn fly_by_pilot(self, drill: &event::Drill) -> Outcome {
        let world = retrace::world(&self.playbook, &self.records, drill)?;
        let (epoch, start) = self.span()?;
        let Self { playbook, journal, records, torn_bytes } = self;
        let policy = Policy::new(&scenario(drill.scenario.as_str())?, &playbook, None).or_else(bad)?;
        let flight = flying::continued(playbook, &records, &journal, (Redactor::default(), &start));
        let ledger = Ledger::new(journal);
        by_pilot(
            Auto { flight, stage: world.into(), policy, ledger, tells: true, speed: None, epoch, start },
            Command::Resume { torn_bytes },
            None,
        )
    }

    /// From the first record to the last.
    fn span(&self) -> Result<(Moment, Moment)> {
        match (self.records.first(), self.records.last()) {
            (Some(first), Some(last)) => Ok((first.at.clone(), last.at.clone())),
            (None, _) | (_, None) => bad("this journal is empty"),
        }
    }
}

/// Flies an incident again from what was recorded of it.
fn again(arguments: &Arguments, directory: &Path, speed: f64) -> Outcome {
    let dossier = journal::load_dossier(directory).or_else(|error| bad(error.to_string()))?;
    if dossier.playbook.is_none() {
        // Says what this goaround cannot read, where the dossier only knows that it cannot.
        flying::parse("playbook.toml", &dossier.playbook_text, report::profile_of(&dossier.records).as_deref())?;
    }
    let recording = Recording::new(&dossier).or_else(bad)?;
    let Some(playbook) = dossier.playbook else { return bad("its playbook cannot be read") };
    let (epoch, of) =
        (Moment { wall_ms: recording.opened_ms(), boot_ns: 0, boot_id: "drill".into() }, incident_of(&dossier.records));
    let drill = event::Drill { from: Some(of.clone()), ..event::Drill::of(Id::new("recording").or_else(bad)?, 0) };
    let open = Command::Open {
        // Its name is part of what was sent and seen.
        incident: of.clone(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill: Some(drill),
    };
    let journal = arguments.incidents.create(&format!("drill-from-{}", playbook.service), &playbook.source)?;
    let policy = Policy::recorded(&recording, &playbook);
    let flight = Flight::new(Arc::new(playbook), &[], Redactor::default(), &epoch);
    let stage = Stage::from(recording);
    if arguments.auto {
        let (ledger, speed, start) = (Ledger::new(journal), arguments.speed, epoch.clone());
        let auto = Auto { flight, stage, policy, ledger, tells: true, speed, epoch, start };
        return by_pilot(auto, open, Some(directory));
    }
    let brief = format!(
        "{of} is flown again as it was recorded.\nDo what was done. At your first different act it ends: effects are never invented."
    );
    arguments.crew.tell_brief(&brief);
    let script = Script { brief, of: Some(directory.to_owned()), ..Script::default() };
    Cockpit { flight, stage, script, journal, opened: epoch.clone(), now: epoch, speed }.fly(&arguments.crew, open)
}

/// The name of the incident that these records are of.
fn incident_of(records: &[Record]) -> Text {
    match records.first().map(|record| &record.event) {
        Some(event::Event::Opened { incident, .. }) => incident.clone(),
        Some(_) | None => Text::default(),
    }
}

/// What a scenario has for the person who flies it; a recording has only a brief.
#[derive(Default)]
struct Script {
    brief: String,
    /// The recording that it is.
    of: Option<PathBuf>,
    commander: Option<String>,
    cast: Option<drill::Crew>,
    false_alarm_ms: Option<u64>,
}

impl Script {
    fn of(scenario: &Scenario) -> Self {
        Self {
            brief: scenario.brief.clone(),
            of: None,
            commander: scenario.commander().map(str::to_owned),
            cast: Some(drill::Crew::of(scenario)),
            false_alarm_ms: scenario.false_alarm_ms(),
        }
    }
}

/// A drill with a person in the cockpit.
struct Cockpit {
    flight: Flight,
    stage: Stage,
    script: Script,
    journal: Journal,
    opened: Moment,
    now: Moment,
    speed: f64,
}

impl Cockpit {
    fn fly(self, crew: &Crew, first: Command) -> Outcome {
        let drafts = flying::drafts(self.flight.playbook(), &self.journal);
        let directory = self.journal.dir().to_owned();
        let playbook = self.flight.playbook().clone();
        let (clock, stage) = (Clock::drill(self.now, self.speed), Arc::new(Mutex::new(self.stage)));
        let commander = crew.commander_or(self.script.commander.as_deref());
        let setup = Setup {
            flight: self.flight,
            ledger: Ledger::new(self.journal),
            clock: clock.clone(),
            carrier: Carrier::Drill(stage.clone(), self.opened.clone()),
            mode: Mode::Drill,
            commander: commander.clone(),
            first,
            brief: self.script.brief.clone(),
            cast: self.script.cast.clone(),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (ending, then) = runtime.block_on(async {
            let helm = crew.helm(&directory, Some(sheet::keeper(&directory)), &drafts)?;
            live::fly(setup, helm).await
        })?;
        drop(runtime);
        if then == Then::Stuck {
            // Whatever else there is to say would have to be read from a disk that hangs.
            return Ok(flying::land(&ending, &directory));
        }
        let ended_ms = clock.now().since(&self.opened).ms;
        let ending = match (ending, self.script.false_alarm_ms) {
            (Ending::NotDeclared, Some(until_ms)) if ended_ms >= until_ms => Ending::LeftAlone,
            (other, _) => other,
        };
        let records = journal::read(&directory)?.records;
        let state = replay(&playbook, &records);
        // What comes after closing, the debrief on the screen among it, is no part of the drill.
        let ended_ms = state.marks.closed.as_ref().map_or(ended_ms, |closed| closed.since(&self.opened).ms);
        let verdict = {
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            let of = self.script.of.as_deref();
            let flown = Flown { stage: &mut stage, playbook: &playbook, state: &state, ended_ms, of };
            aftermath::land(&ending, flown, &directory)
        };
        match sheet::go_on(&directory, then, crew)? {
            Then::Drill => next(&directory, crew, Some(self.speed)),
            Then::Stuck => Ok(Verdict::LeftOpen),
            Then::Shell | Then::Replay(_) => Ok(flying::leave(ending, verdict, (&directory, crew, commander))),
        }
    }
}
