//! `goaround keys`: every key of the cockpit, the names they are changed by, and what was changed.

use super::config::Config;
use super::{Outcome, Verdict};
use crate::app::printer::say;
use crate::cockpit::{Bound, Keymap, Place};
use clap::Args;
use serde_json::json;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let keymap = Config::load()?.keymap()?;
    if arguments.json {
        let rows: Vec<_> = keymap.rows().map(row).collect();
        say(serde_json::to_string_pretty(&rows)?);
    } else {
        list(&keymap);
    }
    Ok(Verdict::Yes)
}

/// All of them, a line each, by place.
fn list(keymap: &Keymap) {
    let width = keymap.rows().map(|row| row.binding.name().len()).max().unwrap_or_default();
    for (place, heading) in Place::ALL {
        say(heading);
        for row in keymap.of(*place) {
            say(told(row, width));
        }
    }
    say("* changed in config.toml, under [keys]: \"main.levers\" = [\"l\", \"Ctrl-K\"]");
}

fn told(row: &Bound, width: usize) -> String {
    let binding = row.binding;
    let (mark, was) = match row.changed_at {
        Some(line) => ('*', format!("  (was {}; line {line})", binding.shown)),
        None => (' ', String::new()),
    };
    format!("{mark} {:width$}  {:9} {}{was}", binding.name(), row.shown, binding.help)
}

fn row(row: &Bound) -> serde_json::Value {
    let words = |keys: &[crate::cockpit::Key]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "name": row.binding.name(),
        "keys": words(&row.keys),
        "does": row.binding.help,
        "changed": row.changed_at.is_some(),
        "ours": words(row.binding.keys),
    })
}
