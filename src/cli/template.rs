//! `goaround report --template`, `--print-template`: a report in a form of one's own.

use super::confined::Sheet;
use super::{Verdict, bad};
use crate::app::printer::say;
use crate::report::{HTML_TEMPLATE, MARKDOWN_TEMPLATE, TEMPLATE_MAX};
use clap::ValueEnum;
use color_eyre::eyre::Result;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A template of ours, to begin one's own with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Ours {
    /// What `report.md` is made with
    Md,
    /// What `report.html` is made with, style, charts and all
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

/// The report as a person's template has it.
pub(super) fn rendered(directory: &Path, template: &Path) -> Result<String> {
    Sheet { directory, file: template, source: &read(template)? }.rendered()
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
