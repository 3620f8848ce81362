//! Arguments, and one small file per subcommand.

mod aftermath;
mod asked;
mod brief;
mod bundle;
mod check;
mod colours;
mod columns;
mod config;
mod confined;
mod debrief;
mod drill;
mod drills;
mod explain;
mod flying;
mod follow_up;
mod incidents;
mod init;
mod keys;
mod list;
mod live;
mod months;
mod named;
mod note;
mod preflight;
mod questions;
mod recipes;
mod rehearse;
mod replay;
mod report;
mod resume;
mod retrace;
mod schema;
mod sheet;
mod take;
mod template;
mod themes;
mod trends;
mod verify;
mod wanted;
mod watch;
mod welcome;
mod world;

use clap::{Parser, Subcommand};
use std::fmt;
use std::process::ExitCode;

/// Rollbacks in one terminal: metrics against limits, the 60-second checklist, levers with read-back,
/// a truthful journal and the postmortem.
#[derive(Debug, Parser)]
#[command(name = "goaround", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fly a rollback in a simulated world
    Drill(drill::Arguments),
    /// List who flew which drill when, and which levers are due for one
    Drills(drills::Arguments),
    /// Pull each lever of a playbook and take it back, in a simulated world, and time the way back
    Rehearse(rehearse::Arguments),
    /// Fly a rollback in production
    Live(live::Arguments),
    /// Go on with an incident that was left open
    Resume(resume::Arguments),
    /// Look over the commander's shoulder: the same cockpit, read-only, over the same journal
    Watch(watch::Arguments),
    /// Ask the commander of an incident for command, and take it once it is handed over
    Take(take::Arguments),
    /// Play an incident again as its cockpit stood at any time; nothing of it is changed
    Replay(replay::Arguments),
    /// Note something in an incident's journal after it was closed
    Note(note::Arguments),
    /// Write the postmortem of an incident
    Report(report::Arguments),
    /// Say what a drill was like, then see what was measured
    Debrief(debrief::Arguments),
    /// List incidents and drills, a line each, with the times that every rollback has
    List(list::Arguments),
    /// Say what incidents and drills have in common, by month and by playbook
    Trends(trends::Arguments),
    /// Pack an incident's directory into one file for a ticket
    Bundle(bundle::Arguments),
    /// Say whether an incident's journal and evidence are untouched
    Verify(verify::Arguments),
    /// List what is due after an incident was closed, or tick it off
    FollowUp(follow_up::Arguments),
    /// Write out a playbook of ours, to be edited
    Init(init::Arguments),
    /// Report every fault of a playbook, and with --probe which levers could be flown now
    Check(check::Arguments),
    /// List ready levers and messages for known systems, or show one
    Recipes(recipes::Arguments),
    /// List every key of the cockpit, and what a config.toml changes of them
    Keys(keys::Arguments),
    /// Print the JSON Schema of playbooks, or of reports
    Schema(schema::Arguments),
    /// List the cockpit's themes, each token in its own colours
    Themes(themes::Arguments),
    /// Serve a scenario's simulated world on loopback
    World(world::Arguments),
}

/// How a command ended.
#[derive(Debug)]
pub enum Verdict {
    /// 0
    Yes,
    /// 1
    No,
    /// 2
    BadInput,
    /// 3: an incident was left open.
    LeftOpen,
    /// 0, and before that whoever commanded goes on as an observer.
    HandedOver(Box<flying::HandedOver>),
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Yes | Verdict::HandedOver(_) => Self::from(0),
            Verdict::No => Self::from(1),
            Verdict::BadInput => Self::from(2),
            Verdict::LeftOpen => Self::from(3),
        }
    }
}

/// Input that cannot be used: one sentence that says what is wrong, where, and what to do.
#[derive(Debug)]
pub struct Bad(pub String);

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Bad {}

type Outcome = color_eyre::Result<Verdict>;

/// A complaint about the input.
fn bad<T>(sentence: impl Into<String>) -> color_eyre::Result<T> {
    Err(Bad(sentence.into()).into())
}

/// Parses the arguments, runs the command, and turns its end into an exit code.
pub fn main() -> ExitCode {
    explain::install();
    let Some(command) = Arguments::parse().command else { return welcome::page().into() };
    let mut outcome = match command {
        Command::Drill(arguments) => drill::run(&arguments),
        Command::Drills(arguments) => drills::run(&arguments),
        Command::Rehearse(arguments) => rehearse::run(&arguments),
        Command::Live(arguments) => live::run(&arguments),
        Command::Resume(arguments) => resume::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Take(arguments) => take::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Note(arguments) => note::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Debrief(arguments) => debrief::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Trends(arguments) => trends::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::FollowUp(arguments) => follow_up::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Recipes(arguments) => recipes::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Themes(arguments) => themes::run(&arguments),
        Command::World(arguments) => world::run(&arguments),
    };
    // Whoever hands command over observes, and may be handed it again.
    while let Ok(Verdict::HandedOver(handed)) = outcome {
        outcome = watch::stay(*handed);
    }
    outcome.unwrap_or_else(|error| explain::explain(&error)).into()
}
