//! `goaround check`: every fault of a playbook at once, and whether it could be flown.

use super::preflight::{self, Manner};
use super::{Outcome, Verdict, bad, flying, retrace};
use crate::app::printer::{complain, say};
use crate::playbook::{self, Playbook};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The playbook
    file: PathBuf,
    /// The profile to check it under [default: the playbook's own default]
    #[arg(long)]
    profile: Option<String>,
    /// Also say what of the playbook this drill scenario does not answer
    #[arg(long, value_name = "ID")]
    scenario: Option<String>,
    /// Look at every system once, changing nothing, and say which levers could be flown
    ///
    /// Every probe and every metric is asked once, at most two at a time at one backend, each with its own deadline.
    /// A lever is READY, THERE (its target is in place), AFTER another one, or NOT READY and why. Exit code 1 when one
    /// of them could not be flown.
    #[arg(long, conflicts_with = "scenario")]
    probe: bool,
    /// Print the answer as JSON
    ///
    /// One object: `format` (1), `service`, `environment`, `profile`, `ready`; `levers` (`number`, `lever`, `title`,
    /// `recipe`, `now`, `target`, `state`, `can_fly`, `after`, `why`, `takes_ms`, `look_ms`); `probes`, `metrics` and
    /// `baselines` (`id`, `backend`, `state` ok/nodata/failed, `value`, `why`, `took_ms`); `backends` (`backend`,
    /// `kind`, `state` up/refuses/down/unseen, `slowest_ms`, `why`).
    #[arg(long, requires = "probe")]
    json: bool,
    /// Look at a world served by `goaround world`, instead of the playbook's own backends
    #[arg(long, value_name = "ADDR", requires = "probe")]
    world: Option<SocketAddr>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let name = arguments.file.display().to_string();
    let text = match std::fs::read_to_string(&arguments.file) {
        Ok(text) => text,
        Err(error) => return bad(format!("{name}: {error}; name a playbook that can be read")),
    };
    let folder = |file: &str| flying::beside(&arguments.file, file);
    match Playbook::parse_in(&folder, &name, &text, arguments.profile.as_deref()) {
        Ok(playbook) if arguments.probe => {
            preflight::run(playbook, Manner { world: arguments.world, json: arguments.json })
        }
        Ok(playbook) => {
            say(format_args!(
                "{name}: sound ({} steps, {} levers, {} metrics, {} probes)",
                playbook.steps.len(),
                playbook.levers.len(),
                playbook.metrics.len(),
                playbook.probes.len()
            ));
            match &arguments.scenario {
                Some(id) => against(&playbook, id),
                None => Ok(Verdict::Yes),
            }
        }
        Err(flaws) => {
            complain(playbook::render(&name, &text, &flaws).trim_end());
            complain(format_args!("{name}: {}", flying::count(flaws.len())));
            Ok(Verdict::BadInput)
        }
    }
}

/// Says which calls of the playbook the scenario's world would not know.
fn against(playbook: &Playbook, id: &str) -> Outcome {
    let undeclared = retrace::scenario(id)?.undeclared(playbook);
    for what in &undeclared {
        complain(what);
    }
    Ok(if undeclared.is_empty() { Verdict::Yes } else { Verdict::BadInput })
}
