//! One key: how a person writes it, and whether it is the one that was pressed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, with or without Shift.
    Char(char),
    /// The same character twice in a row.
    Twice(char),
    /// Control and a letter.
    Ctrl(char),
    /// Any digit from 1 to this.
    Digit(u8),
    /// Any letter from `a` to this; they count on from 10.
    Letter(char),
    /// A key without a character.
    Code(KeyCode),
    /// The same with Shift.
    Shift(KeyCode),
}

/// The keys without a character, as people write them.
const CODES: [(&str, KeyCode); 14] = [
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("S-Tab", KeyCode::BackTab),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Ins", KeyCode::Insert),
    ("Del", KeyCode::Delete),
];

/// What a terminal sends for Control and these letters is another key.
const SAME_AS: [(char, &str); 4] = [('h', "Backspace"), ('i', "Tab"), ('j', "Enter"), ('m', "Enter")];

impl Key {
    /// Reads a key as a person writes it: `l`, `gg`, `Space`, `Ctrl-L`, `F5`, `PgDn`.
    pub fn parse(written: &str) -> Result<Self, String> {
        let unknown =
            || format!("there is no key `{written}`: write it like l, gg, Space, Enter, Esc, Ctrl-L, F5, PgDn");
        let shifted = written.strip_prefix("S-").filter(|_| !written.eq_ignore_ascii_case("S-Tab"));
        if let Some((_, code)) =
            CODES.iter().find(|(name, _)| shifted.is_some_and(|key| name.eq_ignore_ascii_case(key)))
        {
            return Ok(Self::Shift(*code));
        }
        if let Some((_, code)) = CODES.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)) {
            return Ok(Self::Code(*code));
        }
        if written.eq_ignore_ascii_case("space") {
            return Ok(Self::Char(' '));
        }
        let number = written.strip_prefix('F').and_then(|number| number.parse().ok());
        if let Some(number) = number.filter(|number| (1..=12).contains(number)) {
            return Ok(Self::Code(KeyCode::F(number)));
        }
        if let Some(letter) = written.strip_prefix("Ctrl-") {
            return Self::control(letter).ok_or_else(unknown)?;
        }
        let mut each = written.chars();
        match (each.next(), each.next(), each.next()) {
            (Some(one), None, None) if is_seen(one) => Ok(Self::Char(one)),
            (Some(one), Some(two), None) if one == two && is_seen(one) => Ok(Self::Twice(one)),
            _ => Err(unknown()),
        }
    }

    fn control(letter: &str) -> Option<Result<Self, String>> {
        let letter = letter.parse::<char>().ok().filter(char::is_ascii_alphabetic)?.to_ascii_lowercase();
        let same = SAME_AS.iter().find(|(other, _)| *other == letter);
        Some(same.map_or(Ok(Self::Ctrl(letter)), |(_, name)| {
            Err(format!("a terminal cannot tell Ctrl-{} from {name}", letter.to_ascii_uppercase()))
        }))
    }

    /// Whether `event` is this key, or half of it.
    pub(super) fn is(self, event: KeyEvent) -> bool {
        let held = event.modifiers.difference(KeyModifiers::SHIFT);
        match (self, event.code) {
            (Self::Ctrl(letter), KeyCode::Char(pressed)) => {
                held == KeyModifiers::CONTROL && letter == pressed.to_ascii_lowercase()
            }
            (Self::Char(letter) | Self::Twice(letter), KeyCode::Char(pressed)) => held.is_empty() && letter == pressed,
            (Self::Digit(_), KeyCode::Char(pressed)) => held.is_empty() && self.digit(pressed).is_some(),
            (Self::Letter(last), KeyCode::Char(pressed)) => held.is_empty() && ('a'..=last).contains(&pressed),
            (Self::Code(code), pressed) => held.is_empty() && code == pressed,
            (Self::Shift(code), pressed) => event.modifiers == KeyModifiers::SHIFT && code == pressed,
            (Self::Ctrl(_) | Self::Char(_) | Self::Twice(_) | Self::Digit(_) | Self::Letter(_), _) => false,
        }
    }

    fn digit(self, pressed: char) -> Option<u8> {
        let digit = number_of(pressed)?;
        matches!(self, Self::Digit(most) if (1..=most).contains(&digit)).then_some(digit)
    }

    /// Whether a person who types text types this.
    pub(super) fn is_typed(self) -> bool {
        match self {
            Self::Char(_) | Self::Twice(_) | Self::Digit(_) | Self::Letter(_) => true,
            Self::Ctrl(_) | Self::Code(_) | Self::Shift(_) => false,
        }
    }

    /// Whether one press could mean either.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let (mine, theirs) = (self.each(), other.each());
        mine.iter().any(|key| theirs.contains(key))
    }

    /// Every single key that this is, or begins with.
    fn each(self) -> Vec<Self> {
        match self {
            Self::Digit(most) => ('1'..='9').take(usize::from(most)).map(Self::Char).collect(),
            Self::Letter(last) => ('a'..=last).map(Self::Char).collect(),
            Self::Twice(letter) => vec![Self::Char(letter)],
            Self::Char(_) | Self::Ctrl(_) | Self::Code(_) | Self::Shift(_) => vec![self],
        }
    }
}

fn is_seen(c: char) -> bool {
    c != ' ' && crate::text::Text::keeps(c)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(' ') => f.write_str("Space"),
            Self::Char(letter) => write!(f, "{letter}"),
            Self::Twice(letter) => write!(f, "{letter}{letter}"),
            Self::Ctrl(letter) => write!(f, "Ctrl-{}", letter.to_ascii_uppercase()),
            Self::Digit(most) => write!(f, "1-{most}"),
            Self::Letter(last) => write!(f, "a-{last}"),
            Self::Shift(code) => write!(f, "S-{}", Self::Code(*code)),
            Self::Code(KeyCode::F(number)) => write!(f, "F{number}"),
            Self::Code(code) => {
                let name = CODES.iter().find(|(_, known)| known == code).map_or("?", |(name, _)| *name);
                f.write_str(name)
            }
        }
    }
}

/// The number a character stands for: `1` to `9`, then `a` is 10.
pub(super) fn number_of(pressed: char) -> Option<u8> {
    u8::try_from(pressed.to_digit(36)?).ok()
}

/// The character that stands for a number, if there is one.
pub(in crate::cockpit) fn character_of(number: usize) -> Option<char> {
    char::from_digit(u32::try_from(number).ok()?, 26)
}
