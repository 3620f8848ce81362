//! The panels of the main screen: each turns a scene into lines of a given width.

pub(super) mod alerts;
pub(super) mod backends;
pub(super) mod charts;
pub(super) mod checklist;
pub(super) mod debts;
pub(super) mod foot;
pub(super) mod head;
pub(super) mod journal;
pub(super) mod levers;
mod links;
pub(super) mod metrics;
pub(super) mod observers;
pub(super) mod size_up;
pub(super) mod strip;
pub(super) mod symptoms;

use super::keymap::{Act, Place};
use super::row::Row;
use super::scene::Scene;
use super::theme::{Theme, Token};
use super::ui::{Panel, Ui};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// Lines of one panel or view.
pub(super) type Lines = Vec<Line<'static>>;

/// What panels and views are drawn from.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) ui: &'a Ui,
    pub(super) scene: &'a Scene,
    pub(super) theme: &'a Theme,
    pub(super) human_ms: u64,
}

impl<'a> View<'a> {
    pub(super) fn row(&self) -> Row<'a> {
        Row::new(self.theme).with_keys(&self.ui.keymap)
    }

    /// A row for what is shown exactly as it is: nothing in it names a key.
    pub(super) fn exact(&self) -> Row<'a> {
        Row::new(self.theme)
    }

    /// Where a page of `len` lines begins that shows `rows` of them: as far down as one has scrolled, and no further than
    /// its end, so that the first key back goes back.
    pub(super) fn scrolled(&self, len: usize, rows: usize) -> usize {
        let most = len.saturating_sub(rows);
        self.ui.shown.most.set(most);
        self.ui.selected.help_down.min(most)
    }

    /// A panel's heading; the focused one is marked.
    pub(super) fn heading(&self, panel: Panel, title: &str) -> Row<'a> {
        let number = Panel::ALL.iter().position(|known| *known == panel).map_or(0, |place| place + 1);
        let focused = self.ui.focus == panel && self.ui.stack.is_empty();
        let row = self.row();
        if focused {
            row.styled(self.theme.of(Token::Focus).add_modifier(Modifier::UNDERLINED), &format!("{number} {title}"))
        } else {
            row.put(Token::Muted, &format!("{number} ")).put(Token::Fg, title)
        }
    }

    /// The lines of the panel or view with the keys, what is searched for marked in them.
    pub(super) fn sought(&self, lines: Lines) -> Lines {
        match self.ui.sought() {
            Some(words) => lines.into_iter().map(|line| super::search::mark(line, words)).collect(),
            None => lines,
        }
    }

    /// The key that does this there, as it is bound here.
    pub(super) fn key(&self, place: Place, act: Act) -> &'a str {
        self.ui.keymap.key(place, act)
    }

    /// A sentence with the keys it names as they are bound here.
    pub(super) fn spell(&self, text: &str) -> String {
        self.ui.keymap.spell(text)
    }

    /// A word in a first column of `indent` and its text beside it, in as many lines as it needs.
    pub(super) fn titled(&self, indent: usize, word: &str, text: &str, width: usize) -> Lines {
        let row = |(place, line): (usize, &String)| {
            self.row().cell(Token::Muted, if place == 0 { word } else { "" }, indent).put(Token::Fg, line).line()
        };
        super::words::wrap(&self.spell(text), width.saturating_sub(indent)).iter().enumerate().map(row).collect()
    }

    /// A cell that is marked when its row is the selected one of the focused list.
    pub(super) fn mark(&self, row: Row<'a>, selected: bool, text: &str, width: usize) -> Row<'a> {
        if !selected {
            return row.cell(Token::Fg, text, width);
        }
        let end = row.used() + width;
        row.styled(self.theme.selection(), &super::words::clip(text, width.saturating_sub(1))).to(end)
    }
}

/// The part of a list of `len` rows that fits into `height` with `selected` in it.
pub(super) fn window(len: usize, height: usize, selected: usize) -> std::ops::Range<usize> {
    let start = selected.saturating_sub(height.saturating_sub(1)).min(len.saturating_sub(height));
    start..len.min(start + height)
}

/// `rows` cut to `height`, the selected one kept; what is cut is said.
pub(super) fn cut(view: &View, rows: Lines, height: usize, selected: usize) -> Lines {
    let len = rows.len();
    if len <= height {
        return rows;
    }
    if height < 2 {
        return rows.into_iter().skip(window(len, height, selected).start).take(height).collect();
    }
    let shown = window(len, height - 1, selected);
    let hidden = len - shown.len();
    let mut rows: Lines = rows.into_iter().skip(shown.start).take(shown.len()).collect();
    rows.push(view.row().to(2).put(Token::Muted, &format!(".. {hidden} more; <main.down> <main.up>")).line());
    rows
}

/// As many lines of what is only read as fit: from where one has scrolled to, and with the line found in sight.
pub(super) fn paged(view: &View, body: Lines, height: usize) -> Lines {
    let ui = view.ui;
    let mut top = view.scrolled(body.len(), height);
    if let Some((search, words)) = ui.search().zip(ui.sought()) {
        let hits: Vec<usize> = (0..body.len()).filter(|at| super::search::holds(&body[*at], words)).collect();
        ui.shown.hits.set(hits.len());
        let at = search.at.checked_rem(hits.len()).and_then(|at| hits.get(at));
        if let Some(at) = at.filter(|at| !(top..top + height).contains(at)) {
            top = at.saturating_sub(height / 2).min(ui.shown.most.get());
        }
    }
    ui.shown.top.set(top);
    body.into_iter().skip(top).take(height).collect()
}

/// As much of `body` as has room, from where one has scrolled to: that there is more is said, with the keys that reach it.
pub(super) fn scrolling(view: &View, body: Lines, height: usize) -> Lines {
    let of = body.len();
    if of <= height {
        return body;
    }
    let shown = height.saturating_sub(1);
    let mut lines = paged(view, body, shown);
    let from = view.ui.shown.top.get();
    let here = |act: Act| view.ui.places().iter().map(|place| view.key(*place, act)).find(|key| !key.is_empty());
    let key = |act: Act| here(act).unwrap_or(view.key(Place::Main, act));
    let place = format!(".. lines {}-{} of {of}; {} {} scroll", from + 1, from + shown, key(Act::Down), key(Act::Up));
    lines.push(view.row().to(2).put(Token::Warn, &place).line());
    lines
}

/// The first `height` of `lines`; what is cut is said.
pub(super) fn first(view: &View, mut lines: Lines, height: usize) -> Lines {
    if lines.len() > height {
        lines.truncate(height.saturating_sub(1));
        let hidden = ".. and more: a higher window shows it";
        lines.extend((height > 0).then(|| view.row().to(2).put(Token::Muted, hidden).line()));
    }
    lines
}
