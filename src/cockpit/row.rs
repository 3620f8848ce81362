//! One line of a screen, put together cell by cell; every foreign text passes through here and comes out inert.

use super::keymap::Keymap;
use super::theme::{Theme, Token};
use super::words::{clip, columns};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use std::borrow::Cow;

/// A line being written.
pub(super) struct Row<'t> {
    theme: &'t Theme,
    keymap: Option<&'t Keymap>,
    spans: Vec<Span<'static>>,
    used: usize,
}

impl<'t> Row<'t> {
    pub(super) fn new(theme: &'t Theme) -> Self {
        Self { theme, keymap: None, spans: Vec::new(), used: 0 }
    }

    /// The same, naming keys as they are bound here.
    pub(super) fn with_keys(self, keymap: &'t Keymap) -> Self {
        Self { keymap: Some(keymap), ..self }
    }

    /// What is to be shown of `text`.
    fn spell<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.keymap.filter(|_| text.contains('<')) {
            Some(keymap) => keymap.spell(text).into(),
            None => text.into(),
        }
    }

    /// Appends `text`, made inert.
    pub(super) fn put(self, token: Token, text: &str) -> Self {
        let style = self.theme.of(token);
        self.styled(style, text)
    }

    /// Appends `text` with more weight than its token has.
    pub(super) fn strong(self, token: Token, extra: Modifier, text: &str) -> Self {
        let style = self.theme.of(token).add_modifier(extra);
        self.styled(style, text)
    }

    pub(super) fn styled(mut self, style: Style, text: &str) -> Self {
        let text = clip(&self.spell(text), usize::from(u16::MAX));
        self.used += columns(&text);
        self.spans.push(Span::styled(text, style));
        self
    }

    /// Appends one column that points at what is selected in the list with the keys: colour alone says nothing.
    pub(super) fn pointed(self, selected: bool) -> Self {
        self.strong(Token::Focus, Modifier::BOLD, if selected { ">" } else { " " })
    }

    /// Appends `text` in a cell of `width` columns, at least one of them blank at its end.
    pub(super) fn cell(self, token: Token, text: &str, width: usize) -> Self {
        let end = self.used + width;
        let text = clip(&self.spell(text), width.saturating_sub(1));
        self.put(token, &text).to(end)
    }

    /// Blanks up to `column`.
    pub(super) fn to(mut self, column: usize) -> Self {
        let blanks = column.saturating_sub(self.used);
        self.used += blanks;
        self.spans.push(Span::raw(" ".repeat(blanks)));
        self
    }

    /// Appends `text` so that it ends at `width`, if there is room for it.
    pub(super) fn right(self, token: Token, text: &str, width: usize) -> Self {
        let text = &*self.spell(text);
        let wide = columns(text);
        if self.used + wide + 1 > width { self } else { self.to(width - wide).put(token, text) }
    }

    /// Appends as much of `text` as fits in front of `width`.
    pub(super) fn fit(self, token: Token, text: &str, width: usize) -> Self {
        let room = width.saturating_sub(self.used);
        let text = clip(&self.spell(text), room);
        self.put(token, &text)
    }

    /// How many columns are taken.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    pub(super) fn line(self) -> Line<'static> {
        Line::from(self.spans)
    }
}
