//! `goaround report`: the postmortem, a pure function of the directory.

use super::{Outcome, Verdict, bad};
use crate::app::printer::{complain, say};
use crate::incident::{Event, Record};
use crate::journal;
use crate::report::{Account, Dossier, junk_samples, lost};
use clap::{Args, ValueEnum};
use color_eyre::eyre::{Result, WrapErr};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// `report.md`, for people and for review tools
    Md,
    /// `report.json`, for programs; `goaround schema report` says its shape
    Json,
}

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory
    directory: PathBuf,
    /// What to write, of `md` and `json`
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", default_value = "md")]
    format: Vec<Format>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let dossier = journal::salvage_dossier(&arguments.directory).or_else(|error| bad(error.to_string()))?;
    for path in write(&arguments.directory, &dossier, &arguments.format)? {
        say(path.display());
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

/// Writes the postmortem into the directory; where it is then.
pub(super) fn write(directory: &Path, dossier: &Dossier, formats: &[Format]) -> Result<Vec<PathBuf>> {
    let account = Account::of(dossier);
    let written = |format: &Format| {
        let (name, text) = match format {
            Format::Md => ("report.md", account.markdown()),
            Format::Json => ("report.json", account.json()),
        };
        let path = directory.join(name);
        replace(&path, &text).wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    };
    formats.iter().map(written).collect()
}

/// Writes the whole file or none of it.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The profile that record 1 says was flown.
pub(super) fn profile_of(records: &[Record]) -> Option<String> {
    let Event::Opened { profile, .. } = &records.first()?.event else { return None };
    (!profile.is_empty()).then(|| profile.to_string())
}
