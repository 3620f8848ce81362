//! Which folder of incidents is looked at, and which of them.

use super::incidents::Incidents;
use super::{asked, bad};
use crate::app::printer::complain;
use crate::journal::{Error, Folder, is_incident};
use crate::report::{Mode, Row, Standing, Summary};
use crate::text::Text;
use chrono::{DateTime, Utc};
use clap::Args;
use color_eyre::eyre::Result;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

/// Which folder, and which of what it holds.
#[derive(Args, Debug)]
pub(super) struct Wanted {
    /// The folder, instead of the one that incidents are kept in
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    #[command(flatten)]
    incidents: Incidents,
    #[command(flatten)]
    filter: Filter,
    /// Read every journal, and keep no index of them in the folder
    #[arg(long)]
    no_index: bool,
}

/// What is asked of an incident to be shown.
#[derive(Args, Debug)]
struct Filter {
    /// Only drills and rehearsals
    #[arg(long, conflicts_with = "live")]
    drills: bool,
    /// Only what was flown in production
    #[arg(long)]
    live: bool,
    /// Only what was declared and not closed
    #[arg(long)]
    open: bool,
    /// Only this service
    #[arg(long, value_name = "ID")]
    service: Option<String>,
    /// Only what was flown with this playbook: the name that `goaround init` takes, its title, or a part of that
    #[arg(long, value_name = "NAME")]
    playbook: Option<String>,
    /// Only from then on, in UTC: 2026-11-21, 2026-11-21T03:12:00Z, today, yesterday, 7d or 12h
    #[arg(long, value_name = "WHEN", value_parser = asked::since)]
    since: Option<DateTime<Utc>>,
    /// Only these severities, as in 1,2 or SEV1,SEV2
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = asked::severity)]
    severity: Vec<u8>,
}

/// How many of the directories that are left out are named.
const NAMED_MAX: usize = 3;

/// What was found and is wanted.
pub(super) struct Found {
    /// The folder that was read.
    pub(super) folder: PathBuf,
    /// The rows that are wanted, by name.
    pub(super) rows: Vec<Row>,
    /// How many there are in all.
    pub(super) all: usize,
    /// The directories that hold no journal.
    pub(super) foreign: Vec<Text>,
}

impl Wanted {
    /// Reads the folder. One that was not made yet is empty, unless it was named here.
    pub(super) fn find(&self) -> Result<Found> {
        let folder = match &self.directory {
            Some(directory) => directory.clone(),
            None => self.incidents.folder()?,
        };
        if is_incident(&folder) {
            return bad(format!("{0} is one incident, not a folder of them; `goaround report {0}`", folder.display()));
        }
        let read = if self.no_index { Folder::read(&folder) } else { Folder::read_indexed(&folder) };
        let Folder { rows, foreign, read: _ } = match read {
            Ok(read) => read,
            Err(Error::Io { source, .. }) if self.directory.is_none() && source.kind() == io::ErrorKind::NotFound => {
                Folder::default()
            }
            Err(error) => return bad(format!("{error}; name a folder of incidents that you may read")),
        };
        let all = rows.len();
        let titles = self.filter.playbook.as_deref().map(|asked| asked::titles(asked, &rows)).transpose()?;
        let keeps = |row: &Row| self.filter.keeps(row, titles.as_ref());
        Ok(Found { folder, rows: rows.into_iter().filter(keeps).collect(), all, foreign })
    }
}

impl Filter {
    /// A damaged directory is shown unless something is asked of it that nobody can know.
    fn keeps(&self, row: &Row, titles: Option<&BTreeSet<String>>) -> bool {
        let late = self.since.is_none_or(|since| row.when.is_some_and(|when| when >= since));
        late && row.incident().map_or(self.asks_nothing(), |summary| self.fits(summary, titles))
    }

    fn asks_nothing(&self) -> bool {
        let asks = self.drills || self.live || self.open;
        !asks && self.service.is_none() && self.playbook.is_none() && self.severity.is_empty()
    }

    fn fits(&self, summary: &Summary, titles: Option<&BTreeSet<String>>) -> bool {
        let is_live = summary.mode == Mode::Live;
        let title = summary.playbook.as_ref().map(Text::as_str);
        (!self.drills || !is_live)
            && (!self.live || is_live)
            && (!self.open || summary.state == Standing::Open)
            && self.service.as_ref().is_none_or(|service| summary.service.as_str() == service)
            && titles.is_none_or(|titles| title.is_some_and(|title| titles.contains(title)))
            && (self.severity.is_empty() || summary.severity.is_some_and(|severity| self.severity.contains(&severity)))
    }
}

impl Found {
    /// What to say instead of a table, where there is nothing to show.
    pub(super) fn nothing(&self) -> Option<String> {
        let folder = Text::from(self.folder.display().to_string());
        match (self.rows.len(), self.all) {
            (0, 0) => Some(format!(
                "no incident and no drill in {folder} yet; `goaround drill` flies one, --incidents DIR names another folder"
            )),
            (0, all) => Some(format!("none of the {all} in {folder} is like that")),
            (_, _) => None,
        }
    }

    /// How many are shown, and where they lie.
    pub(super) fn place(&self) -> String {
        let folder = Text::from(self.folder.display().to_string());
        match (self.rows.len(), self.all) {
            (shown, all) if shown == all => format!("{all} in {folder}"),
            (shown, all) => format!("{shown} of {all} in {folder}"),
        }
    }

    /// Says on standard error what was left out.
    pub(super) fn tell_foreign(&self) {
        let named: Vec<&str> = self.foreign.iter().take(NAMED_MAX).map(Text::as_str).collect();
        let more = if self.foreign.len() > NAMED_MAX { ", .." } else { "" };
        let directories = match self.foreign.len() {
            0 => return,
            1 => "1 directory".to_owned(),
            n => format!("{n} directories"),
        };
        complain(format_args!("skipped: {directories} without a journal ({}{more})", named.join(", ")));
    }
}
