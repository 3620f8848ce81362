//! What a person has settled once and for all: `config.toml` in goaround's config folder.

use super::bad;
use crate::app::live::Notify;
use color_eyre::eyre::Result;
use etcetera::BaseStrategy;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::PathBuf;

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
        let config: Self =
            toml::from_str(&text).or_else(|error| bad(format!("{name}: {}", error.to_string().trim())))?;
        if config.format != 1 {
            return bad(format!("{name}: format {} is not known here, only 1 is", config.format));
        }
        Ok(config)
    }
}

/// The folder of `config.toml` and of a person's own themes.
pub fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("GOAROUND_CONFIG").filter(|folder| !folder.is_empty()) {
        return Some(folder.into());
    }
    etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir().join("goaround"))
}
