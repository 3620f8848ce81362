//! What each meaning looks like. Themes are TOML in `themes/`; a colour never stands without a word or a glyph.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A meaning that a theme gives a look to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// The screen behind everything.
    Bg,
    /// Behind a panel.
    Panel,
    /// Behind a dialog.
    Modal,
    /// Plain text.
    Fg,
    /// What matters less.
    Muted,
    /// Lines between things.
    Rule,
    /// Where keys go.
    Focus,
    /// Behind the selected row.
    SelBg,
    /// The selected row.
    SelFg,
    /// Fresh, inside its limits; done.
    Ok,
    /// Getting bad.
    Warn,
    /// A stop limit is broken; failed.
    Breach,
    /// Nothing is known.
    Nodata,
    /// Known, but too old.
    Stale,
    /// Under way.
    Running,
    /// Declared done against its sensor.
    Override,
    /// Put off.
    Deferred,
    /// Behind an armed lever.
    ArmedBg,
    /// An armed lever.
    ArmedFg,
    /// A drill, not production.
    Drill,
    /// A recording, not now.
    Replay,
    /// A chart's bars.
    Chart,
    /// A chart's limits.
    Limit,
    /// A chart's event marks.
    Event,
}

/// Every token, and its name in theme files.
const TOKENS: [(Token, &str); 24] = [
    (Token::Bg, "bg"),
    (Token::Panel, "panel"),
    (Token::Modal, "modal"),
    (Token::Fg, "fg"),
    (Token::Muted, "muted"),
    (Token::Rule, "rule"),
    (Token::Focus, "focus"),
    (Token::SelBg, "sel_bg"),
    (Token::SelFg, "sel_fg"),
    (Token::Ok, "ok"),
    (Token::Warn, "warn"),
    (Token::Breach, "breach"),
    (Token::Nodata, "nodata"),
    (Token::Stale, "stale"),
    (Token::Running, "running"),
    (Token::Override, "override"),
    (Token::Deferred, "deferred"),
    (Token::ArmedBg, "armed_bg"),
    (Token::ArmedFg, "armed_fg"),
    (Token::Drill, "drill"),
    (Token::Replay, "replay"),
    (Token::Chart, "chart"),
    (Token::Limit, "limit"),
    (Token::Event, "event"),
];

/// The themes that come with goaround: name and file.
const EMBEDDED: [(&str, &str); 2] =
    [("dark", include_str!("../../themes/dark.toml")), ("ansi16", include_str!("../../themes/ansi16.toml"))];

/// The names of terminals' own colours.
const COLOURS: [(&str, Color); 9] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::White),
];

/// What a colour may be joined with by `+`.
const MODIFIERS: [(&str, Modifier); 4] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// The names of the themes that come with goaround.
pub fn theme_names() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().map(|(name, _)| *name)
}

/// A look for every meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    styles: BTreeMap<Token, Style>,
}

/// A theme as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    tokens: BTreeMap<String, String>,
}

impl Theme {
    /// A theme that comes with goaround.
    pub fn embedded(name: &str) -> Option<Self> {
        let (name, toml) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(name, toml).expect("a test parses every embedded theme"))
    }

    /// Reads a theme; an error is a sentence that names the token.
    pub fn parse(name: &str, toml: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(toml).map_err(|error| format!("theme {name}: {error}"))?;
        if written.format != 1 {
            return Err(format!("theme {name}: format {} is not known here, only 1 is", written.format));
        }
        if let Some(unknown) = written.tokens.keys().find(|key| TOKENS.iter().all(|(_, known)| known != key)) {
            return Err(format!("theme {name}: `{unknown}` is no token"));
        }
        let mut styles = BTreeMap::new();
        for (token, key) in TOKENS {
            let look = written.tokens.get(key).ok_or_else(|| format!("theme {name}: token `{key}` is missing"))?;
            let style = style(token, look).map_err(|error| format!("theme {name}: `{key}`: {error}"))?;
            styles.insert(token, style);
        }
        Ok(Self { name: name.to_owned(), styles })
    }

    /// What a meaning looks like.
    pub fn of(&self, token: Token) -> Style {
        self.styles[&token]
    }

    /// Plain text on the screen.
    pub fn base(&self) -> Style {
        self.of(Token::Bg).patch(self.of(Token::Fg))
    }

    /// The selected row.
    pub fn selection(&self) -> Style {
        self.of(Token::SelBg).patch(self.of(Token::SelFg))
    }

    /// An armed lever.
    pub fn armed(&self) -> Style {
        self.of(Token::ArmedBg).patch(self.of(Token::ArmedFg))
    }
}

/// The style of `look`: `#a5fcb3`, `cyan+bold`, `dim+underline`.
fn style(token: Token, look: &str) -> Result<Style, String> {
    let mut colour = None;
    let mut modifiers = Modifier::empty();
    for word in look.split('+') {
        if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
            modifiers |= *modifier;
        } else {
            colour = Some(parse_colour(word)?);
        }
    }
    let behind = matches!(token, Token::Bg | Token::Panel | Token::Modal | Token::SelBg | Token::ArmedBg);
    let mut style = Style::new().add_modifier(modifiers);
    match colour {
        // Reversed, the terminal swaps the two: what is to stand behind must be set in front.
        Some(colour) if behind && !modifiers.contains(Modifier::REVERSED) => style.bg = Some(colour),
        Some(colour) => style.fg = Some(colour),
        None => {}
    }
    Ok(style)
}

fn parse_colour(word: &str) -> Result<Color, String> {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == word) {
        return Ok(*colour);
    }
    let hex = word.strip_prefix('#').filter(|hex| hex.len() == 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    hex.map(Color::from_u32).ok_or_else(|| format!("`{word}` is no colour: use `#rrggbb`, or words like `red+reverse`"))
}
