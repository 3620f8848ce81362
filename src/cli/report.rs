//! `goaround report`: the postmortem, a pure function of the directory.

use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::incident::{Event, Record};
use crate::report::Dossier;
use crate::{journal, report};
use clap::Args;
use color_eyre::eyre::{Result, WrapErr};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The incident's directory
    directory: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let dossier = match journal::load_dossier(&arguments.directory) {
        Ok(dossier) => dossier,
        Err(error) => return bad(error.to_string()),
    };
    say(write(&arguments.directory, &dossier)?.display());
    Ok(Verdict::Yes)
}

/// Writes the postmortem into the directory; where it is then.
pub(super) fn write(directory: &Path, dossier: &Dossier) -> Result<PathBuf> {
    let path = directory.join("report.md");
    replace(&path, &report::markdown(dossier)).wrap_err_with(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
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
