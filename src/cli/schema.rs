//! `goaround schema`: so that an editor completes a playbook, and a program reads a report.

use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::{playbook, report};
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// What it is the shape of
    #[arg(value_enum, default_value_t = Of::Playbook)]
    of: Of,
}

/// What has a published shape.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// `playbook.toml`
    Playbook,
    /// `report.json`
    Report,
    /// What `goaround list --json` prints
    List,
    /// What `goaround trends --json` prints
    Trends,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let schema = match arguments.of {
        Of::Playbook => playbook::schema(),
        Of::Report => report::Account::schema(),
        Of::List => report::Roll::schema(),
        Of::Trends => report::Trends::schema(),
    };
    say(format_args!("{schema:#}"));
    Ok(Verdict::Yes)
}
