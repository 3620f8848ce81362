//! `goaround live`: a rollback in production.

use super::flying::{self, Crew};
use super::incidents::Incidents;
use super::{Outcome, bad};
use crate::app::flight::sha256_hex;
use crate::app::ledger::Ledger;
use crate::app::live::{self, Carrier, Helm, Setup};
use crate::app::time::Clock;
use crate::backend::{Carriers, Secrets};
use crate::cockpit::Mode;
use crate::incident::event::Drill;
use crate::incident::{Command, Record};
use crate::journal::Journal;
use crate::playbook::Playbook;
use clap::Args;
use color_eyre::eyre::{Result, eyre};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The playbook
    #[arg(long, value_name = "FILE")]
    playbook: Option<PathBuf>,
    /// A world served by `goaround world`, instead of the playbook's own backends
    #[arg(long, value_name = "ADDR", conflicts_with = "playbook")]
    world: Option<SocketAddr>,
    /// The profile [default: the playbook's own default]
    #[arg(long)]
    profile: Option<String>,
    /// Let the pilot fly: no terminal, one line per event; the profile must allow it
    #[arg(long, requires = "auto_confirm")]
    auto: bool,
    /// The environment that the pilot may act on, typed out
    #[arg(long, value_name = "ENVIRONMENT")]
    auto_confirm: Option<String>,
    #[command(flatten)]
    incidents: Incidents,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    arguments.crew.check()?;
    let (playbook, drill) = playbook(arguments)?;
    if arguments.auto {
        arguments.crew.check_pilot()?;
        confirm(&playbook, arguments.auto_confirm.as_deref())?;
    } else {
        arguments.crew.check_person()?;
    }
    // A served world asks for no credentials.
    let secrets = if arguments.world.is_some() { Secrets::default() } else { secrets(&playbook)? };
    let service = playbook.service.clone();
    let journal = arguments.incidents.create(service.as_str(), &playbook.source)?;
    let name = journal.dir().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let first = Command::Open {
        incident: name.into(),
        playbook_sha256: sha256_hex(playbook.source.as_bytes()),
        version: env!("CARGO_PKG_VERSION").into(),
        drill,
    };
    let plan = Plan { playbook, secrets, world: arguments.world, journal, records: Vec::new(), first };
    plan.fly(&arguments.crew, arguments.auto)
}

/// What is flown, and the drill it is when a served world stands in for production.
fn playbook(arguments: &Arguments) -> Result<(Playbook, Option<Drill>)> {
    let profile = arguments.profile.as_deref();
    match (&arguments.playbook, arguments.world) {
        (_, Some(address)) => {
            let told = super::world::ask(address)?;
            let profile = profile.unwrap_or(&told.profile);
            Ok((flying::parse("the world's playbook", &told.playbook, Some(profile))?, Some(told.drill)))
        }
        (Some(path), None) => Ok((flying::load(path, profile)?, None)),
        (None, None) => {
            bad("name a playbook with --playbook FILE, or a world that `goaround world` serves with --world ADDR")
        }
    }
}

/// The pilot acts only where the profile allows it and a person typed the environment.
pub(super) fn confirm(playbook: &Playbook, typed: Option<&str>) -> Result<()> {
    if !playbook.profile.allow_auto {
        return bad(format!(
            "profile `{}` does not allow --auto: set `allow_auto = true` in it, or fly by hand",
            playbook.profile.name
        ));
    }
    if typed != Some(playbook.environment.as_str()) {
        return bad(format!("--auto acts on `{0}`: confirm with --auto-confirm {0}", playbook.environment));
    }
    Ok(())
}

/// Resolves every secret before anything is opened.
pub(super) fn secrets(playbook: &Playbook) -> Result<Secrets> {
    Secrets::resolve(&playbook.secrets()).or_else(|missing| bad(missing.join("; ")))
}

/// A flight with real carriers, from the first record or from where a journal ends.
pub(super) struct Plan {
    pub(super) playbook: Playbook,
    pub(super) secrets: Secrets,
    pub(super) world: Option<SocketAddr>,
    pub(super) journal: Journal,
    pub(super) records: Vec<Record>,
    pub(super) first: Command,
}

impl Plan {
    pub(super) fn fly(self, crew: &Crew, auto: bool) -> Outcome {
        let clock = Clock::machine();
        let commander = crew.commander();
        let told = if let Command::Open { drill: Some(drill), .. } = &self.first { Some(drill) } else { None };
        let brief = told.map(super::drill::brief_of).unwrap_or_default();
        let directory = self.journal.dir().to_owned();
        let drafts = flying::drafts(&self.playbook, &self.journal);
        let redactor = self.secrets.redactor();
        let carriers = Arc::new(Carriers::new(self.secrets).map_err(|why| eyre!(why))?);
        let setup = Setup {
            flight: flying::continued(self.playbook, &self.records, &self.journal, (redactor, &clock.now())),
            ledger: Ledger::new(self.journal),
            clock,
            carrier: match self.world {
                Some(address) => Carrier::Served(carriers, address),
                None => Carrier::Live(carriers),
            },
            mode: if self.world.is_some() { Mode::Drill } else { Mode::Live },
            commander: commander.clone(),
            first: self.first,
            brief,
            cast: None,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (ending, _) = runtime.block_on(async {
            let helm = if auto { Helm::Pilot } else { crew.helm(&directory, None, &drafts)? };
            live::fly(setup, helm).await
        })?;
        // A look that hangs must not keep the program: what matters is on disk.
        runtime.shutdown_background();
        let verdict = flying::land(&ending, &directory);
        Ok(flying::leave(ending, verdict, (&directory, crew, commander)))
    }
}
