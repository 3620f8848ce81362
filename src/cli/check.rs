//! `goaround check`: every fault of a playbook at once.

use super::{Outcome, Verdict, bad, drill, flying};
use crate::app::printer::{complain, say};
use crate::playbook::{self, Playbook};
use clap::Args;
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
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let name = arguments.file.display().to_string();
    let text = match std::fs::read_to_string(&arguments.file) {
        Ok(text) => text,
        Err(error) => return bad(format!("{name}: {error}; name a playbook that can be read")),
    };
    match Playbook::parse(&name, &text, arguments.profile.as_deref()) {
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
    let undeclared = drill::scenario(id)?.undeclared(playbook);
    for what in &undeclared {
        complain(what);
    }
    Ok(if undeclared.is_empty() { Verdict::Yes } else { Verdict::BadInput })
}
