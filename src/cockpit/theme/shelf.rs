//! Every theme there is: goaround's own, and those of the person at the terminal.

use super::Theme;
use super::written::{Source, read};
use crate::text::nearest;

/// The themes that come with goaround: name and file. The first two are for dark and for light backgrounds.
const EMBEDDED: [(&str, &str); 5] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../../themes/colour-blind.toml")),
    ("ansi16", include_str!("../../../themes/ansi16.toml")),
];

/// What else people call them.
const ALIASES: [(&str, &str); 6] = [
    ("hc", "high-contrast"),
    ("contrast", "high-contrast"),
    ("cvd", "colour-blind"),
    ("colorblind", "colour-blind"),
    ("color-blind", "colour-blind"),
    ("ansi", "ansi16"),
];

/// Themes, those that come with goaround first.
#[derive(Clone, Debug)]
pub struct Shelf {
    sources: Vec<Source>,
}

impl Shelf {
    /// Goaround's own themes, and these.
    pub fn new(own: Vec<Source>) -> Self {
        let embedded = EMBEDDED.iter().map(|(name, toml)| Source {
            name: (*name).to_owned(),
            place: None,
            toml: Ok((*toml).to_owned()),
        });
        Self { sources: embedded.chain(own).collect() }
    }

    /// Each theme and where it comes from, or what is wrong with it.
    pub fn all(&self) -> impl Iterator<Item = (&Source, Result<Theme, String>)> {
        self.sources.iter().map(|source| (source, self.of(source)))
    }

    /// The theme of this name, or what is wrong with it.
    pub fn named(&self, name: &str) -> Result<Theme, String> {
        match self.find(name) {
            Some(source) => self.of(source),
            None => Err(self.unknown(name)),
        }
    }

    fn find(&self, name: &str) -> Option<&Source> {
        let meant = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, meant)| *meant);
        let called = |name: &str| self.sources.iter().find(|source| source.name == name);
        called(name).or_else(|| called(meant))
    }

    fn of(&self, source: &Source) -> Result<Theme, String> {
        if let Some(place) = &source.place
            && EMBEDDED.iter().any(|(name, _)| *name == source.name)
        {
            let name = &source.name;
            return Err(format!(
                "{place}: goaround has a theme `{name}`; give yours another name, with `inherits = \"{name}\"` in it"
            ));
        }
        read(source, &|name| self.find(name).ok_or_else(|| self.unknown(name)))
    }

    /// A sentence for who named a theme that is not there.
    fn unknown(&self, name: &str) -> String {
        let names: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        match nearest(name, names.iter().copied()) {
            Some(meant) => format!("there is no theme `{name}`; did you mean `{meant}`?"),
            None => format!("there is no theme `{name}`: use one of {}", names.join(", ")),
        }
    }
}

/// The terminal's own colours, hand-written.
pub(super) fn ansi16() -> Theme {
    Theme::embedded("ansi16").expect("it is embedded, and a test reads it")
}

impl Theme {
    /// A theme that comes with goaround.
    pub fn embedded(name: &str) -> Option<Self> {
        let shelf = Shelf::new(Vec::new());
        let source = shelf.find(name)?;
        Some(shelf.of(source).expect("a test reads every embedded theme"))
    }
}
