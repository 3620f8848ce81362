//! `goaround recipes`: what systems it knows how to act on, and what that sends.

use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::playbook::{self, Documented, Param, Recipe};
use crate::text::nearest;
use clap::Args;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Show this one: its parameters, an example, and what it will send
    name: Option<String>,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
    /// Print how to write one
    #[arg(long, exclusive = true)]
    guide: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    if arguments.guide {
        say(playbook::RECIPE_GUIDE.trim_end());
        return Ok(Verdict::Yes);
    }
    match (&arguments.name, arguments.json) {
        (None, false) => list(),
        (None, true) => say(serde_json::to_string_pretty(&playbook::recipes().collect::<indexmap::IndexMap<_, _>>())?),
        (Some(name), json) => {
            let recipe = named(name)?;
            if json { say(serde_json::to_string_pretty(recipe)?) } else { show(name, recipe)? }
        }
    }
    Ok(Verdict::Yes)
}

fn named(name: &str) -> color_eyre::Result<&'static Recipe> {
    if let Some(recipe) = playbook::recipe(name) {
        return Ok(recipe);
    }
    let meant = nearest(name, playbook::recipes().map(|(name, _)| name));
    let hint = meant.map_or_else(|| "`goaround recipes` lists them".into(), |meant| format!("did you mean `{meant}`?"));
    bad(format!("there is no recipe `{name}`; {hint}"))
}

/// All of them, a line each, below what they are for.
fn list() {
    let width = playbook::recipes().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut family = None;
    for (name, recipe) in playbook::recipes() {
        if family.replace(recipe.family) != Some(recipe.family) {
            say(recipe.family.name());
        }
        let mark = if recipe.run_against.is_some() { ' ' } else { '*' };
        say(format_args!("  {name:width$} {mark} {}", recipe.title));
    }
    say("* tried against documented shapes only, never against the real system");
    say("`goaround recipes NAME` shows its parameters, an example and what it sends");
}

fn show(name: &str, recipe: &Recipe) -> color_eyre::Result<()> {
    say(format_args!("{name}: {}", recipe.title));
    match &recipe.run_against {
        Some(system) => say(format_args!("for {}; run against {system}", recipe.family.name())),
        None => say(format_args!("for {}; tried against documented shapes only", recipe.family.name())),
    }
    paragraph("docs", recipe.docs.iter().cloned());
    paragraph("know before", recipe.risks.iter().cloned());
    let width = recipe.params.keys().map(String::len).max().unwrap_or_default();
    paragraph("parameters", recipe.params.iter().map(|(key, param)| format!("{key:width$}  {}", told(param))));
    let rehearsal = match recipe.rehearse(name) {
        Ok(rehearsal) => rehearsal,
        Err(why) => return bad(format!("{name} has no example: {why}")),
    };
    paragraph("a playbook that uses it", rehearsal.playbook.lines().map(str::to_owned));
    paragraph("sends", rehearsal.sends.iter().map(|line| line.as_str().to_owned()));
    paragraph("takes back by", rehearsal.undo_sends.iter().map(|line| line.as_str().to_owned()));
    let answers = recipe.example.iter().flat_map(|example| &example.answers);
    paragraph("answers", answers.map(Documented::told));
    Ok(())
}

/// A heading and its lines, indented; nothing when there are none.
fn paragraph(heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        say(format_args!("\n{heading}"));
        lines.for_each(|line| say(format_args!("  {line}").to_string().trim_end()));
    }
}

/// A parameter in one line.
fn told(param: &Param) -> String {
    let shape = match param.backend_kind() {
        Some(kind) => format!("{kind} backend"),
        None => param.shape().to_owned(),
    };
    let default = param.default.as_ref().map_or_else(String::new, |default| format!(" [default: {default}]"));
    format!("({shape}) {}{default}", param.doc)
}
