//! One token's look, as written: `#a5fcb3`, `cyan+bold`, `dim+underline`.

use super::token::Token;
use ratatui::style::{Color, Modifier, Style};
use std::collections::BTreeMap;
use std::fmt;

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

/// A colour, and how the text stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) colour: Option<Color>,
    /// The index of a terminal's 256 colours to be used there, where somebody has chosen one.
    pub(super) index: Option<u8>,
    pub(super) modifiers: Modifier,
}

impl Look {
    /// Reads a look; an error says what can be written.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        let mut look = Self { colour: None, index: None, modifiers: Modifier::empty() };
        for word in written.split('+') {
            match MODIFIERS.iter().find(|(name, _)| *name == word) {
                Some((_, modifier)) => look.modifiers |= *modifier,
                None if look.colour.is_some() => return Err(format!("`{written}` has two colours; keep one of them")),
                None => look.colour = Some(colour(word)?),
            }
        }
        Ok(look)
    }

    pub(super) fn is_true_colour(self) -> bool {
        matches!(self.colour, Some(Color::Rgb(..)))
    }

    /// How a token with this look is drawn.
    pub(super) fn style(self, token: Token) -> Style {
        let mut style = Style::new().add_modifier(self.modifiers);
        match self.colour {
            // Reversed, the terminal swaps the two: what is to stand behind must be set in front.
            Some(colour) if token.is_behind() && !self.modifiers.contains(Modifier::REVERSED) => {
                style.bg = Some(colour);
            }
            Some(colour) => style.fg = Some(colour),
            None => {}
        }
        style
    }
}

impl fmt::Display for Look {
    /// As it is written: `#f5cc1a+bold`, with ` [220]` behind it where an index was chosen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |colour| COLOURS.iter().find(|(_, known)| *known == colour).map(|(name, _)| (*name).to_owned());
        let colour = self.colour.map(|colour| named(colour).unwrap_or_else(|| colour.to_string().to_lowercase()));
        let carried = MODIFIERS.iter().filter(|(_, modifier)| self.modifiers.contains(*modifier));
        let words: Vec<String> = colour.into_iter().chain(carried.map(|(name, _)| (*name).to_owned())).collect();
        f.write_str(&words.join("+"))?;
        self.index.map_or(Ok(()), |index| write!(f, " [{index}]"))
    }
}

/// The styles of these looks.
pub(super) fn styles(looks: &BTreeMap<Token, Look>) -> BTreeMap<Token, Style> {
    looks.iter().map(|(token, look)| (*token, look.style(*token))).collect()
}

fn colour(word: &str) -> Result<Color, String> {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == word) {
        return Ok(*colour);
    }
    let hex = word.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let hex = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
    hex.map(Color::from_u32).ok_or_else(|| format!("`{word}` is no colour: use `#rrggbb`, or words like `red+reverse`"))
}
