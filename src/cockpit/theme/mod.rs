//! What each meaning looks like. Themes are TOML in `themes/`; a colour never stands without a word or a glyph.

mod depth;
mod look;
mod shelf;
mod token;
mod written;
mod xterm;

pub use depth::Depth;
pub use shelf::Shelf;
pub use token::{STATES, TOKENS, Token, TokenRow};
pub use written::Source;

use look::Look;
use ratatui::style::Style;
use std::collections::BTreeMap;

/// A look for every meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name.
    pub name: String,
    looks: BTreeMap<Token, Look>,
    styles: BTreeMap<Token, Style>,
}

impl Theme {
    /// What a meaning looks like.
    pub fn of(&self, token: Token) -> Style {
        self.styles[&token]
    }

    /// What is written for a meaning, and the index that stands for it among 256 colours, if one was chosen.
    pub fn written(&self, token: Token) -> String {
        self.looks[&token].to_string()
    }

    /// A meaning on the ground it stands on in the cockpit.
    pub fn preview(&self, token: Token) -> Style {
        match token {
            Token::SelBg | Token::SelFg => self.selection(),
            Token::ArmedBg | Token::ArmedFg => self.armed(),
            _ => self.base().patch(self.of(token)),
        }
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
