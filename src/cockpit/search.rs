//! Searching where one is: what was typed, which rows hold it, and the mark on each of them.

use super::item::{Item, List};
use super::typed::Typed;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// A search, in the list it was begun in.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) list: List,
    pub(super) typed: Typed,
    /// Whether keys are still text.
    pub(super) typing: bool,
    /// What was selected before, to come back to when nothing is found.
    pub(super) before: Option<Item>,
    /// Which of the lines found, in what is only read; it counts on round the end.
    pub(super) at: usize,
}

/// How many rows hold what is searched for, and which of them is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) at: Option<usize>,
    pub(super) of: usize,
}

/// Where `text` holds `words`, whatever their case, in characters.
pub(super) fn places(text: &str, words: &str) -> Vec<Range<usize>> {
    let wanted: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    // One character may become two in lower case: each remembers where it came from.
    let folded: Vec<(usize, char)> =
        text.chars().enumerate().flat_map(|(at, c)| c.to_lowercase().map(move |c| (at, c))).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    if wanted.is_empty() {
        return found;
    }
    for window in folded.windows(wanted.len()) {
        let start = window[0].0;
        let free = found.last().is_none_or(|last| last.end <= start);
        if free && window.iter().map(|(_, c)| c).eq(&wanted) {
            found.push(start..window[window.len() - 1].0 + 1);
        }
    }
    found
}

/// Whether a drawn line holds `words`.
pub(super) fn holds(line: &Line, words: &str) -> bool {
    !places(&text_of(line), words).is_empty()
}

fn text_of(line: &Line) -> String {
    line.spans.iter().map(|span| span.content.as_ref()).collect()
}

/// The line with every place that holds `words` reversed and underlined: a mark that needs no colour.
pub(super) fn mark(line: Line<'static>, words: &str) -> Line<'static> {
    let found = places(&text_of(&line), words);
    if found.is_empty() {
        return line;
    }
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut at = 0;
    for span in line.spans {
        let (mut plain, mut marked) = (String::new(), false);
        for c in span.content.chars() {
            let hit = found.iter().any(|range| range.contains(&at));
            if hit != marked && !plain.is_empty() {
                spans.push(styled(std::mem::take(&mut plain), span.style, marked));
            }
            marked = hit;
            plain.push(c);
            at += 1;
        }
        spans.push(styled(plain, span.style, marked));
    }
    Line { spans, ..line }
}

fn styled(text: String, style: ratatui::style::Style, marked: bool) -> Span<'static> {
    if !marked {
        return Span::styled(text, style);
    }
    // Where all is reversed already, a mark that only reverses would not be seen.
    let mark = if style.add_modifier.contains(Modifier::REVERSED) {
        style.remove_modifier(Modifier::REVERSED).add_modifier(Modifier::UNDERLINED | Modifier::BOLD)
    } else {
        style.add_modifier(Modifier::REVERSED)
    };
    Span::styled(text, mark)
}
