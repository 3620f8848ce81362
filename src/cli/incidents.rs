//! Where incidents are kept, and how a new one is named.

use super::bad;
use crate::journal::Journal;
use chrono::Utc;
use clap::Args;
use color_eyre::eyre::Result;
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};

/// The most incidents of one service begun within one second.
const SAME_SECOND_MAX: u32 = 20;

/// What goaround keeps of its own on this machine.
pub(super) fn state_folder() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok()?.state_dir().map(|state| state.join("goaround"))
}

/// Where incidents are kept.
#[derive(Args, Clone, Debug)]
pub struct Incidents {
    /// The folder that incident directories are made in [default: the XDG state folder]
    #[arg(long = "incidents", value_name = "DIR", env = "GOAROUND_INCIDENTS")]
    folder: Option<PathBuf>,
}

impl Incidents {
    /// In this folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// Where incidents are kept when no argument says otherwise.
    pub fn from_environment() -> Self {
        Self { folder: std::env::var_os("GOAROUND_INCIDENTS").map(PathBuf::from) }
    }

    /// The folder itself.
    pub fn folder(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.folder {
            return Ok(folder.clone());
        }
        match state_folder() {
            Some(state) => Ok(state.join("incidents")),
            None => bad("no folder for incidents is known: set HOME, or name one with --incidents DIR"),
        }
    }

    /// Makes a new incident directory named after now and `what`.
    pub fn create(&self, what: &str, playbook: &str) -> Result<Journal> {
        let folder = self.folder()?;
        let name = format!("{}-{what}", Utc::now().format("%Y%m%d-%H%M%S"));
        let mut tries = (1..=SAME_SECOND_MAX).map(|n| if n == 1 { name.clone() } else { format!("{name}-{n}") });
        let free = tries.find(|name| folder.join(name).symlink_metadata().is_err()).unwrap_or(name);
        match Journal::create(&folder, &free, playbook) {
            Ok(journal) => Ok(journal),
            Err(error) => bad(format!("{error}; --incidents DIR names another folder")),
        }
    }
}
