//! What a person has settled once and for all: `config.toml` in goaround's config folder.

use super::bad;
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
    /// Keys of one's own, by the names that `goaround keys` lists: `"main.levers" = ["w", "Ctrl-K"]`. They stand in for
    /// ours.
    #[serde(default)]
    keys: IndexMap<String, Spanned<Vec<String>>>,
    /// The file, and what is in it.
    #[serde(skip)]
    file: (String, String),
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
        let change = |(name, keys): (&String, &Spanned<Vec<String>>)| Change {
            name: name.clone(),
            keys: keys.get_ref().clone(),
            line: line_of(text, keys.span().start),
        };
        let changes: Vec<Change> = self.keys.iter().map(change).collect();
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
