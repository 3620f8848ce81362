//! `goaround themes`: which there are, where each comes from, and every token as it will look here.

use super::colours::{Environment, shelf};
use super::{Outcome, Verdict, bad};
use crate::app::printer::{complain, say};
use crate::cockpit::{Depth, Source, TOKENS, Theme, TokenRow};
use clap::Args;
use crossterm::style::{ContentStyle, StyledContent};
use ratatui::backend::IntoCrossterm;
use ratatui::style::Style;
use std::fmt::Write;
use std::io::{IsTerminal, stdout};

/// How wide a token's preview is.
const CELL: usize = 19;
/// How many previews stand on a line.
const ACROSS: usize = 4;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Show this one, a token a line, with what is written for it
    name: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let paint = Paint::here();
    let Some(name) = &arguments.name else { return Ok(list(paint)) };
    let theme = shelf().named(name).or_else(bad)?;
    let drawn = paint.theme(&theme);
    for row in &TOKENS {
        let (token, written) = (row.name, theme.written(row.token));
        say(format_args!("{token:9} {written:26} {}", paint.cell(&drawn, row)));
    }
    Ok(Verdict::Yes)
}

/// Every theme with its preview; a broken one with its fault.
fn list(paint: Paint) -> Verdict {
    let mut verdict = Verdict::Yes;
    for (source, theme) in shelf().all() {
        match theme {
            Ok(theme) => {
                say(format_args!("{}  ({})", source.name, origin(source)));
                preview(paint, &paint.theme(&theme));
            }
            Err(fault) => {
                verdict = Verdict::No;
                say(format_args!("{}  BROKEN", source.name));
                complain(format_args!("goaround: {fault}"));
            }
        }
    }
    say("`goaround themes NAME` shows what is written; `--theme NAME` or `theme = \"NAME\"` in config.toml takes it");
    verdict
}

fn origin(source: &Source) -> &str {
    source.place.as_deref().unwrap_or("goaround's own")
}

fn preview(paint: Paint, theme: &Theme) {
    for rows in TOKENS.chunks(ACROSS) {
        let cells = rows.iter().fold(String::new(), |line, row| line + &paint.cell(theme, row));
        say(format_args!("  {}", cells.trim_end()));
    }
    say("");
}

/// With how many colours to paint; none at all where nobody would see them.
#[derive(Clone, Copy)]
struct Paint(Option<Depth>);

impl Paint {
    /// What standard output and the environment allow.
    fn here() -> Self {
        let environment = Environment::read();
        // The environment has been read: crossterm need not heed NO_COLOR once more.
        crossterm::style::force_color_output(true);
        Self((stdout().is_terminal() && !environment.no_color).then(|| environment.depth()))
    }

    fn theme(self, theme: &Theme) -> Theme {
        theme.at(self.0.unwrap_or(Depth::Mono))
    }

    /// A token's word in its own colours, on the ground it will stand on.
    fn cell(self, theme: &Theme, row: &TokenRow) -> String {
        let text = if row.is_state() { row.sample.to_owned() } else { format!("{} {}", row.name, row.sample) };
        let text: String = format!(" {text:width$}", width = CELL - 1).chars().take(CELL).collect();
        if self.0.is_none() {
            return text;
        }
        painted(theme.preview(row.token), &text)
    }
}

fn painted(style: Style, text: &str) -> String {
    let style: ContentStyle = style.into_crossterm();
    let mut line = String::new();
    write!(line, "{}", StyledContent::new(style, text)).expect("a string takes every write");
    line
}
