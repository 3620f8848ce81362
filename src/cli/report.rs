//! `goaround report`: the postmortem, a pure function of the directory.

use super::{Outcome, Verdict, bad, confined, named, questions, template};
use crate::app::printer::{complain, say};
use crate::incident::{Event, Record};
use crate::journal;
use crate::report::{Account, Dossier, Review, junk_samples, lost};
use clap::{Args, ValueEnum};
use color_eyre::eyre::{Result, WrapErr};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::NamedTempFile;

/// The page.
pub(super) const PAGE: &str = "report.html";

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// `report.md`, for people and for review tools
    Md,
    /// `report.html`, one page that needs nothing else: charts, lanes, for screens and for paper
    Html,
    /// `report.json`, for programs; `goaround schema report` says its shape
    Json,
}

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(required_unless_present = "print_template", value_name = "DIRECTORY", value_parser = named::incident())]
    directory: Option<PathBuf>,
    /// What to write, of `md`, `html` and `json`
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", default_value = "md")]
    format: Vec<Format>,
    /// Open the page in a browser; writes it if `--format` does not
    #[arg(long, conflicts_with_all = ["questions", "template"])]
    open: bool,
    /// Put what people are asked into answers.toml, to be filled in; what stands there stays as it is
    #[arg(long, conflicts_with_all = ["format", "template"])]
    questions: bool,
    /// Write a report of your own form instead: a template over what `--format json` writes; takes no --format
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    template: Option<PathBuf>,
    /// Where that goes [default: standard output]; without a template the report, as the file's ending says: .md,
    /// .html or .json
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "questions", "open"])]
    output: Option<PathBuf>,
    /// Replace a file that is there already
    #[arg(long, requires = "output")]
    force: bool,
    /// Render the template on standard input, in at most so many steps; this is how we ask ourselves
    #[arg(long, hide = true, value_delimiter = ',', value_name = "STEPS", requires = "template")]
    confined: Vec<u64>,
    /// Print a template of ours, to begin yours with
    #[arg(long, value_enum, value_name = "FORMAT", exclusive = true)]
    print_template: Option<template::Ours>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let directory = match (&arguments.directory, arguments.print_template) {
        (_, Some(ours)) => return Ok(template::print(ours)),
        (Some(directory), None) => directory,
        (None, None) => return bad("name the incident's directory"),
    };
    if let (Some(template), [_, ..]) = (&arguments.template, &arguments.confined[..]) {
        return confined::render(directory, template, &arguments.confined);
    }
    // Asked before the journal is read: whoever wrote half a line then may be done by now.
    let is_written = journal::is_held(directory).unwrap_or(false);
    let mut dossier = journal::salvage_dossier(directory).or_else(|error| bad(error.to_string()))?;
    if let Some(file) = &arguments.template {
        hand_over(&template::rendered(directory, file)?, arguments)?;
    } else {
        let account = Account::of(&dossier);
        if arguments.questions {
            return questions::ask(&account, directory);
        }
        match &arguments.output {
            Some(output) => hand_over(&in_format(&account, by_ending(output)?), arguments)?,
            None => told(&account, &dossier.review, directory, arguments)?,
        }
    }
    if is_written {
        let (lines, directory) = (dossier.records.len(), directory.display());
        complain(format_args!("goaround: {directory} is being written: this report ends with line {lines}"));
        // Half a line is a write under way then, and nothing that was lost.
        dossier.torn_bytes = 0;
    }
    Ok(complete(&dossier))
}

/// Says what the report could not be made from. It is written all the same, and whoever asked must not take it for
/// the whole.
fn complete(dossier: &Dossier) -> Verdict {
    let junk = junk_samples(dossier);
    if junk > 0 {
        complain(format_args!("goaround: {junk} lines of samples.jsonl are no readings and were left out"));
    }
    let lost = lost(dossier);
    for sentence in &lost {
        complain(format_args!("goaround: incomplete: {sentence}"));
    }
    if lost.is_empty() { Verdict::Yes } else { Verdict::No }
}

/// Writes what a template made to a file, or else to standard output.
fn hand_over(text: &str, arguments: &Arguments) -> Result<()> {
    let Some(output) = &arguments.output else {
        say(text.trim_end_matches('\n'));
        return Ok(());
    };
    let name = output.display();
    let unwritten = || format!("{name} cannot be written");
    let made = whole(output, text).wrap_err_with(unwritten)?;
    match if arguments.force { made.persist(output) } else { made.persist_noclobber(output) } {
        Ok(_) => say(name),
        Err(kept) if kept.error.kind() == ErrorKind::AlreadyExists => {
            return bad(format!("{name} exists already and was not changed; name another --output, or add --force"));
        }
        Err(kept) => return Err(kept.error).wrap_err_with(unwritten),
    }
    Ok(())
}

/// Writes the report in each of the formats asked for, and says where it is.
fn told(account: &Account, review: &Review, directory: &Path, arguments: &Arguments) -> Result<()> {
    let written = write(account, directory, &formats(arguments))?;
    for sentence in account.unasked(review) {
        complain(format_args!("goaround: {sentence}"));
    }
    questions::tell(account, directory)?;
    for path in written {
        say(path.display());
    }
    if arguments.open { opened(&directory.join(PAGE)) } else { Ok(()) }
}

fn in_format(account: &Account, format: Format) -> String {
    match format {
        Format::Md => account.markdown(),
        Format::Html => account.html(),
        Format::Json => account.json(),
    }
}

/// The format that a file's ending asks for.
fn by_ending(output: &Path) -> Result<Format> {
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("md" | "markdown") => Ok(Format::Md),
        Some("html" | "htm") => Ok(Format::Html),
        Some("json") => Ok(Format::Json),
        Some(_) | None => {
            bad(format!("{}: end its name in .md, .html or .json, or name a --template", output.display()))
        }
    }
}

/// Writes the report into the directory; where it is then.
pub(super) fn write(account: &Account, directory: &Path, formats: &[Format]) -> Result<Vec<PathBuf>> {
    let written = |format: &Format| {
        let name = match format {
            Format::Md => "report.md",
            Format::Html => PAGE,
            Format::Json => "report.json",
        };
        let text = in_format(account, *format);
        let path = directory.join(name);
        replace(&path, &text).wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    };
    formats.iter().map(written).collect()
}

/// What is asked for, each once.
fn formats(arguments: &Arguments) -> Vec<Format> {
    let mut formats = Vec::new();
    for format in arguments.format.iter().copied().chain(arguments.open.then_some(Format::Html)) {
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    formats
}

/// Hands the page to whatever the desktop opens pages with.
fn opened(page: &Path) -> Result<()> {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let asked = std::process::Command::new(opener).arg(page).stdin(Stdio::null()).status();
    match asked {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bad(format!("{opener} could not open {} ({status}): open it yourself", page.display())),
        Err(error) => bad(format!("{opener}: {error}; open {} yourself", page.display())),
    }
}

/// Writes the whole file or none of it, in place of one that is there.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    whole(path, text)?.persist(path)?;
    Ok(())
}

/// The whole text beside where it goes, under no name yet.
fn whole(path: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The profile that record 1 says was flown.
pub(super) fn profile_of(records: &[Record]) -> Option<String> {
    let Event::Opened { profile, .. } = &records.first()?.event else { return None };
    (!profile.is_empty()).then(|| profile.to_string())
}
