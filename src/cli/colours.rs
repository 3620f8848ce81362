//! Which theme the cockpit has here: flag, then `config.toml`, then what the terminal says of itself.

use super::bad;
use super::config::{Config, folder};
use crate::cockpit::{Depth, Grounds, Shelf, Source, Theme};
use color_eyre::eyre::Result;
use std::path::Path;

/// The most themes of a person's own.
const OWN_MAX: usize = 64;
/// The longest theme file, in bytes.
const FILE_MAX: u64 = 64 * 1024;

/// Terminals that show every colour and, reached through SSH, have no `COLORTERM` to say so.
const TRUE_COLOUR: [&str; 6] = ["xterm-kitty", "xterm-ghostty", "alacritty", "wezterm", "foot", "contour"];

/// What the environment says of the terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    pub(super) no_color: bool,
    pub(super) colorterm: String,
    pub(super) term: String,
}

impl Environment {
    pub(super) fn read() -> Self {
        let text = |name| std::env::var(name).unwrap_or_default();
        Self {
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            colorterm: text("COLORTERM"),
            term: text("TERM"),
        }
    }

    /// How many colours the terminal has; what a person wishes is another question.
    pub(super) fn depth(&self) -> Depth {
        let term = self.term.as_str();
        let is_named = |names: &[&str]| names.iter().any(|name| term == *name || term.starts_with(&format!("{name}-")));
        if term.is_empty() || is_named(&["dumb", "vt52", "vt100", "vt102", "vt220"]) {
            Depth::Mono
        } else if matches!(self.colorterm.as_str(), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || is_named(&TRUE_COLOUR)
        {
            Depth::True
        } else if term.contains("256color") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        }
    }

    /// The theme of whoever has named none, until the terminal has told its background.
    fn unnamed(&self) -> Unnamed {
        let depth = self.depth();
        // The terminal's own colours fit whatever is behind them.
        let name = "ansi16";
        if self.no_color {
            return Unnamed { name, depth: Depth::Mono, asks: false };
        }
        Unnamed { name, depth, asks: depth > Depth::Sixteen }
    }
}

/// A theme nobody has named.
#[derive(Debug, PartialEq)]
struct Unnamed {
    name: &'static str,
    depth: Depth,
    /// Whether another fits better, which one the background tells.
    asks: bool,
}

/// The theme to begin with, those to go round, and those that wait for the terminal to tell its background.
pub(super) struct Colours {
    pub(super) first: Theme,
    pub(super) round: Vec<Theme>,
    pub(super) grounds: Option<Grounds>,
}

impl Colours {
    /// The theme that `flag` names, or the config, or else one that fits.
    pub(super) fn choose(flag: Option<&str>) -> Result<Self> {
        let (config, environment) = (Config::load()?, Environment::read());
        let named = flag.or(config.theme.as_deref());
        let unnamed = environment.unnamed();
        let (name, depth) = named.map_or((unnamed.name, unnamed.depth), |name| (name, environment.depth()));
        let shelf = shelf();
        let theme = |name| shelf.named(name).map(|theme| theme.at(depth)).or_else(bad);
        let grounds = if named.is_none() && unnamed.asks {
            Some(Grounds { dark: theme("dark")?, light: theme("light")? })
        } else {
            None
        };
        let first = theme(name)?;
        let round = shelf.round(&first, depth);
        Ok(Self { first, round, grounds })
    }
}

/// Goaround's own themes and those in the config folder.
pub(super) fn shelf() -> Shelf {
    Shelf::new(folder().map(|folder| own(&folder.join("themes"))).unwrap_or_default())
}

/// The themes in a folder, by name.
fn own(folder: &Path) -> Vec<Source> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    files.truncate(OWN_MAX);
    files.iter().map(|path| source(path)).collect()
}

fn source(path: &Path) -> Source {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let toml = if name.chars().all(is_plain) {
        contents(path)
    } else {
        Err("a theme's name has letters, digits, `-` and `_`; rename the file".to_owned())
    };
    Source { name: crate::text::Text::from(name).as_str().to_owned(), place: Some(place(path)), toml }
}

/// The file's path, inert.
fn place(path: &Path) -> String {
    crate::text::Text::from(path.display().to_string()).as_str().to_owned()
}

fn contents(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > FILE_MAX {
        return Err(format!("{size} bytes are too many for a theme; keep it below {FILE_MAX}"));
    }
    std::fs::read_to_string(path).map_err(|error| format!("{error}; make it readable, or take it away"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(no_color: bool, colorterm: &str, term: &str) -> Environment {
        Environment { no_color, colorterm: colorterm.into(), term: term.into() }
    }

    #[test]
    fn how_many_colours_a_terminal_has_is_told_by_its_environment() {
        for (colorterm, term, depth) in [
            ("truecolor", "xterm-256color", Depth::True),
            ("24bit", "tmux-256color", Depth::True),
            ("", "xterm-direct", Depth::True),
            ("", "xterm-kitty", Depth::True),
            ("", "foot-extra", Depth::True),
            ("", "xterm-256color", Depth::Indexed),
            ("yes", "screen.xterm-256color", Depth::Indexed),
            ("", "xterm", Depth::Sixteen),
            ("", "linux", Depth::Sixteen),
            ("truecolor", "dumb", Depth::Mono),
            ("truecolor", "", Depth::Mono),
            ("", "vt100", Depth::Mono),
        ] {
            assert_eq!(terminal(false, colorterm, term).depth(), depth, "{colorterm} {term}");
        }
    }

    #[test]
    fn who_names_no_theme_begins_with_the_terminals_own_and_gets_one_for_the_background() {
        let told = |no_color, colorterm, term| terminal(no_color, colorterm, term).unnamed();
        let own = |depth, asks| Unnamed { name: "ansi16", depth, asks };
        assert_eq!(told(false, "truecolor", "xterm"), own(Depth::True, true));
        assert_eq!(told(false, "", "xterm-256color"), own(Depth::Indexed, true));
    }

    #[test]
    fn a_terminal_that_cannot_show_the_difference_is_not_asked() {
        let told = |no_color, colorterm, term| terminal(no_color, colorterm, term).unnamed();
        let own = |depth| Unnamed { name: "ansi16", depth, asks: false };
        assert_eq!(told(true, "truecolor", "xterm"), own(Depth::Mono));
        assert_eq!(told(false, "", "linux"), own(Depth::Sixteen));
        assert_eq!(told(false, "", "dumb"), own(Depth::Mono));
    }
}
