//! How many colours a terminal has, and a theme cut down to them.

use super::Theme;
use super::look::{Look, styles};
use super::shelf::{Shelf, ansi16};
use super::token::Token;
use super::xterm::nearest;
use ratatui::style::{Color, Modifier};

/// How many colours there are to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: weight, underlines and reversed text are left.
    Mono,
    /// The terminal's own sixteen; what they look like is its owner's choice.
    Sixteen,
    /// Those, and 240 that look the same everywhere.
    Indexed,
    /// Any.
    True,
}

impl Theme {
    /// This theme as a terminal with so many colours can show it.
    #[must_use]
    pub fn at(&self, depth: Depth) -> Self {
        let any_true = self.looks.values().any(|look| look.is_true_colour());
        let looks = match depth {
            Depth::True => self.looks.clone(),
            Depth::Indexed => self.looks.iter().map(|(token, look)| (*token, indexed(*look))).collect(),
            // Sixteen colours that nobody has seen cannot stand for chosen ones: the hand-written ones do.
            Depth::Sixteen if any_true => ansi16().looks,
            Depth::Sixteen => self.looks.clone(),
            Depth::Mono => {
                let sixteen = self.at(Depth::Sixteen).looks;
                sixteen.into_iter().map(|(token, look)| (token, colourless(token, look))).collect()
            }
        };
        Self { name: self.name.clone(), styles: styles(&looks), looks }
    }
}

impl Shelf {
    /// The themes that differ on a terminal with so many colours, `first` in front; broken ones are left out.
    pub fn round(&self, first: &Theme, depth: Depth) -> Vec<Theme> {
        let mut round = vec![first.clone()];
        for theme in self.all().filter_map(|(_, theme)| theme.ok()) {
            let theme = theme.at(depth);
            if round.iter().all(|other| other.styles != theme.styles) {
                round.push(theme);
            }
        }
        round
    }
}

fn indexed(look: Look) -> Look {
    match look.colour {
        Some(Color::Rgb(r, g, b)) => {
            let index = look.index.unwrap_or_else(|| nearest([r, g, b]));
            Look { colour: Some(Color::Indexed(index)), ..look }
        }
        Some(_) | None => look,
    }
}

/// What is selected or armed must be seen without colours too.
fn colourless(token: Token, look: Look) -> Look {
    let reversed = matches!(token, Token::SelBg | Token::ArmedBg);
    let modifiers = if reversed { look.modifiers | Modifier::REVERSED } else { look.modifiers };
    Look { colour: None, index: None, modifiers }
}
