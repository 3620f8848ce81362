//! What a person has settled once and for all: `config.toml` in goaround's config folder.

use super::bad;
use crate::app::live::Notify;
use crate::cockpit::{Change, Keymap};
use crate::text::line_of;
use color_eyre::eyre::Result;
use etcetera::BaseStrategy;
use indexmap::IndexMap;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::PathBuf;
use toml::Spanned;

/// The settings of whoever sits at this terminal; a flag goes before each of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The version of this file's shape.
    format: u32,
    /// The cockpit's theme.
    pub theme: Option<String>,
    /// How a person is called on a breach, a read-back that disagrees, a hold that is met: `full` (the bell and a
    /// desktop notification), `bell`, `off`.
    #[serde(default)]
    pub notify: Notify,
    /// Whether the mouse selects and scrolls in the cockpit from the start; `m` turns it on and off.
    #[serde(default)]
    pub mouse: bool,
    /// Keys of one's own, by the names that `goaround keys` lists: `"main.levers" = ["w", "Ctrl-K"]`. They stand in for
    /// ours.
    #[serde(default)]
    keys: IndexMap<String, Spanned<Keys>>,
    /// The file, and what is in it.
    #[serde(skip)]
    file: (String, String),
}

/// What `[keys]` holds under a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "keys are a list of words: \"main.levers\" = [\"w\", \"Ctrl-K\"]")]
enum Keys {
    /// The keys of one row.
    Row(Vec<String>),
    /// Of a name that was written without quotes: rows of a place.
    Place(IndexMap<String, Vec<String>>),
}

impl Config {
    /// What was settled; a file that is not there settles nothing.
    pub fn load() -> Result<Self> {
        let Some(folder) = folder() else { return Ok(Self::default()) };
        let path = folder.join("config.toml");
        let name = path.display();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return bad(format!("{name}: {error}; make it readable, or take it away")),
        };
        let mut config: Self = toml::from_str(&text).or_else(|error| {
            let line = line_of(&text, error.span().map_or(0, |span| span.start));
            bad(format!("{name}:{line}: {}; mend that line, or take it away", error.message().trim()))
        })?;
        if config.format != 1 {
            return bad(format!("{name}: format {} is not known here, only 1 is", config.format));
        }
        config.file = (name.to_string(), text);
        Ok(config)
    }

    /// The keys as they are here; every change that cannot be, with its line.
    pub fn keymap(&self) -> Result<Keymap> {
        let (file, text) = &self.file;
        let mut changes = Vec::new();
        for (name, keys) in &self.keys {
            let line = line_of(text, keys.span().start);
            match keys.get_ref() {
                Keys::Row(keys) => changes.push(Change { name: name.clone(), keys: keys.clone(), line }),
                Keys::Place(rows) => changes.extend(rows.iter().map(|(act, keys)| {
                    let name = format!("{name}.{act}");
                    // All rows of a place are one table, which has one place in the file: its own line is looked for.
                    let own = text.lines().position(|written| written.trim_start().starts_with(&name));
                    Change { keys: keys.clone(), line: own.map_or(line, |place| place + 1), name }
                })),
            }
        }
        Keymap::changed(&changes).or_else(|wrong| {
            let told: Vec<String> = wrong.iter().map(|wrong| format!("{file}:{wrong}")).collect();
            bad(told.join("\n"))
        })
    }
}

/// The folder of `config.toml` and of a person's own themes.
pub fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("GOAROUND_CONFIG").filter(|folder| !folder.is_empty()) {
        return Some(folder.into());
    }
    etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir().join("goaround"))
}
