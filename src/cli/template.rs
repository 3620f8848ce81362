//! `goaround report --template`, `--print-template`: a report in a form of one's own.

use super::report::replace;
use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::report::{Account, HTML_TEMPLATE, MARKDOWN_TEMPLATE, TEMPLATE_MAX};
use clap::ValueEnum;
use color_eyre::eyre::{Result, WrapErr};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A template of ours, to begin one's own with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Ours {
    /// What `report.md` is made with
    Md,
    /// A plain page
    Html,
}

/// Prints it.
pub(super) fn print(ours: Ours) -> Verdict {
    let source = match ours {
        Ours::Md => MARKDOWN_TEMPLATE,
        Ours::Html => HTML_TEMPLATE,
    };
    say(source.trim_end());
    Verdict::Yes
}

/// Renders a person's template, whole or not at all.
pub(super) fn render(account: &Account, template: &Path, output: Option<&Path>) -> Outcome {
    let source = read(template)?;
    let text = account.rendered(&template.display().to_string(), &source).or_else(bad)?;
    let Some(output) = output else {
        say(text.trim_end_matches('\n'));
        return Ok(Verdict::Yes);
    };
    replace(output, &text).wrap_err_with(|| format!("{} cannot be written", output.display()))?;
    say(output.display());
    Ok(Verdict::Yes)
}

fn read(template: &Path) -> Result<String> {
    let name = template.display();
    let mut source = String::new();
    // One byte more than is allowed, so that what is too long is known to be.
    let opened = File::open(template).and_then(|file| file.take(TEMPLATE_MAX as u64 + 1).read_to_string(&mut source));
    match opened {
        Ok(_) => Ok(source),
        Err(error) => bad(format!("{name}: {error}; name a template that can be read, as UTF-8")),
    }
}
