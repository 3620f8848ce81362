//! The levers: where each stands, where it would go, whether it could be flown, what was done with it last.

use super::{Lines, View, cut, first};
use crate::cockpit::facts;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Panel};
use crate::cockpit::words;
use crate::playbook::Lever;
use ratatui::text::Line;

/// Where the levers begin, behind the heading.
const INDENT: usize = 11;
/// What parts one lever from the next: blanks, and the column that points at the selected one.
const GAP: usize = 3;
/// What `+9 more` takes at the end of the last row.
const MORE: usize = 9;

/// Number, id and position of each, in as few rows as they need, at most `height`; what has no room is counted, and the
/// selected one has room. Where there is room left, the word of the large panel stands behind, the worst first; a lever
/// without one is not said to be ready.
pub(in crate::cockpit) fn strip(view: &View, width: usize, height: usize) -> Lines {
    let levers: Vec<&Lever> = view.scene.playbook.levers.values().collect();
    let chosen = levers.iter().position(|lever| is_selected(view, lever)).unwrap_or(0);
    let mut strip = Strip { levers: &levers, words: vec![None; levers.len()], start: 0, width, height };
    let has_room = |strip: &Strip| strip.start + strip.lay(view).1 > chosen;
    // The selected lever has room at the latest where it comes first.
    while strip.start < chosen && !has_room(&strip) {
        strip.start += 1;
    }
    let (mut lines, shown) = strip.lay(view);
    for (place, (word, token)) in worst_first(view, &levers) {
        // Cut to its first word where the whole has no room: what is wrong is not left out for what is right.
        for said in [word.as_str(), word.strip_suffix(" READY").unwrap_or(&word)] {
            strip.words[place] = Some((said.to_owned(), token));
            let (with_word, still) = strip.lay(view);
            if still == shown && with_word.len() <= height {
                lines = with_word;
                break;
            }
            strip.words[place] = None;
        }
    }
    lines
}

/// What is said of each lever's readiness, by its place, in the order in which words are given room.
fn worst_first(view: &View, levers: &[&Lever]) -> Vec<(usize, (String, Token))> {
    /// Not ready, after others, there already; what is ready comes last.
    const ORDER: [Token; 3] = [Token::Breach, Token::Warn, Token::Muted];
    let word = |(place, lever): (usize, &&Lever)| {
        let (word, token, _) = facts::ready(view.scene, lever);
        (place, (word, token))
    };
    let mut words: Vec<_> = levers.iter().enumerate().map(word).collect();
    let rank = |token: Token| ORDER.iter().position(|known| *known == token).unwrap_or(ORDER.len());
    words.sort_by_key(|(_, (_, token))| rank(*token));
    words
}

/// The levers from `start` on, and what is said of the readiness of each.
struct Strip<'a> {
    levers: &'a [&'a Lever],
    words: Vec<Option<(String, Token)>>,
    start: usize,
    width: usize,
    height: usize,
}

impl Strip<'_> {
    /// The rows, and how many levers had room in them.
    fn lay(&self, view: &View) -> (Lines, usize) {
        let mut row = view.heading(Panel::Levers, "LEVERS").to(INDENT - 1);
        let (mut lines, mut shown) = (Lines::new(), 0);
        for (place, lever) in self.levers.iter().enumerate().skip(self.start) {
            let (position, token) = position(view, lever);
            let number =
                format!("{} {} ", facts::lever_number(view.scene, &lever.id), words::clip(lever.id.as_str(), 14));
            let position = words::clip(&position, 12);
            let ready = self.words[place].as_ref().map(|(word, token)| (format!(" {word}"), *token));
            let wide = words::columns(&number) + words::columns(&position) + GAP;
            let wide = wide + ready.as_ref().map_or(0, |(word, _)| words::columns(word));
            if row.used() + wide >= self.room(place, lines.len()) && row.used() >= INDENT {
                if lines.len() + 1 >= self.height {
                    break;
                }
                lines.push(row.line());
                row = view.row().to(INDENT - 1);
            }
            let selected = view.ui.focus == Panel::Levers && is_selected(view, lever);
            row = row.pointed(selected);
            row = if selected { row.styled(view.theme.selection(), &number) } else { row.put(Token::Muted, &number) };
            row = row.put(token, &position);
            row = ready.iter().fold(row, |row, (word, token)| row.put(*token, word)).put(Token::Fg, "  ");
            shown += 1;
        }
        let hidden = self.levers.len() - shown;
        let row = if hidden > 0 { row.put(Token::Muted, &format!(" +{hidden} more")) } else { row };
        lines.push(row.line());
        (lines, shown)
    }

    /// Up to where this row may be filled: the last one says what is hidden, if anything is.
    fn room(&self, place: usize, row: usize) -> usize {
        let whole = self.start == 0 && place + 1 == self.levers.len();
        if whole || row + 1 < self.height { self.width } else { self.width.saturating_sub(MORE) }
    }
}

/// How wide a position or a target is where the table is narrow.
const POSITION: usize = 11;
/// … and what the longest of them gets where there is room.
const POSITION_MAX: usize = 24;
const AGE: usize = 6;
const READY: usize = 10;
/// What the last column needs for an outcome and its time.
const LAST: usize = 13;

/// The table, in `height` rows with its heading.
pub(in crate::cockpit) fn table(view: &View, width: usize, height: usize) -> Lines {
    let wide = Widths::of(view, width);
    let heading = view.heading(Panel::Levers, "LEVERS").to(2 + wide.name);
    let words = [("position", wide.position), ("target", wide.target), ("age", AGE), ("ready", READY), ("last act", 9)];
    let heading = words.iter().fold(heading, |row, (word, width)| row.cell(Token::Muted, word, *width));
    let levers: Vec<&Lever> = view.scene.playbook.levers.values().collect();
    let place = levers.iter().position(|lever| is_selected(view, lever)).unwrap_or(0);
    let rows = levers.iter().map(|lever| line(view, lever, &wide, width)).collect();
    let mut lines = vec![heading.line()];
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

/// How wide the columns are that follow what stands in them.
struct Widths {
    name: usize,
    position: usize,
    target: usize,
}

impl Widths {
    /// Titles where they have room, else ids; what is left goes to targets and then to positions that would be cut.
    fn of(view: &View, width: usize) -> Self {
        let levers = || view.scene.playbook.levers.values();
        let room = width.saturating_sub(2 + 2 * POSITION + AGE + READY + LAST);
        let longest = levers().map(|lever| words::columns(lever.id.as_str()) + 1).max().unwrap_or(0);
        let name = if room >= TITLE_LEAST { room.min(36) } else { longest.clamp(7, 14) };
        let spare = room.saturating_sub(name);
        let more = |wanted: usize, spare: usize| wanted.min(POSITION_MAX).saturating_sub(POSITION).min(spare);
        let target = levers().map(|lever| words::columns(&facts::target(lever)) + 1).max().unwrap_or(0);
        let target = more(target, spare);
        let position = levers().map(|lever| words::columns(&position(view, lever).0) + 1).max().unwrap_or(0);
        let position = more(position, spare - target);
        Self { name, position: POSITION + position, target: POSITION + target }
    }

    /// Where the last column begins.
    fn last(&self) -> usize {
        2 + self.name + self.position + self.target + AGE + READY
    }
}

/// Where the notes below the table begin.
const NOTE: usize = 12;
/// The narrowest column that titles are put in.
const TITLE_LEAST: usize = 24;

/// The table with, below it, the order in which the levers fit and all that keeps one from being flown.
pub(in crate::cockpit) fn list(view: &View, width: usize, height: usize) -> Lines {
    let mut notes = best_first(view, width);
    let all = || view.scene.playbook.levers.values();
    notes.extend(all().flat_map(|lever| why_not(view, lever, width)));
    notes.extend(all().flat_map(|lever| in_full(view, lever, width)));
    let levers = view.scene.playbook.levers.len();
    let mut lines = table(view, width, height);
    // A row of air, and never a reason cut in its middle without saying so.
    let room = height.saturating_sub(levers + 2);
    if room > 0 && !notes.is_empty() {
        lines.push(Line::default());
        lines.extend(first(view, notes, room));
    }
    lines
}

fn best_first(view: &View, width: usize) -> Lines {
    let (first, there) = facts::advised(view.scene);
    let named = |levers: Vec<&Lever>| {
        let names = levers.iter().map(|lever| format!("{} {}", facts::lever_number(view.scene, &lever.id), lever.id));
        names.collect::<Vec<_>>().join(", ")
    };
    let best = if first.is_empty() { "none: each is in place".to_owned() } else { named(first) };
    let mut lines = view.titled(NOTE, "BEST FIRST", &best, width);
    if !there.is_empty() {
        lines.extend(view.titled(NOTE, "IN PLACE", &named(there), width));
    }
    lines
}

fn why_not(view: &View, lever: &Lever, width: usize) -> Lines {
    let (_, _, why) = facts::ready(view.scene, lever);
    let Some(why) = why else { return Lines::new() };
    let number = facts::lever_number(view.scene, &lever.id);
    view.titled(NOTE, "NOT READY", &format!("{number} {}: {why}", lever.id), width)
}

/// What was done with a lever last, where the table has no room for it.
fn in_full(view: &View, lever: &Lever, width: usize) -> Lines {
    let room = width.saturating_sub(Widths::of(view, width).last());
    let last = last_act(view, lever).filter(|(last, _)| words::columns(last) > room);
    let number = facts::lever_number(view.scene, &lever.id);
    last.map_or(Lines::new(), |(last, _)| {
        view.titled(NOTE, "LAST ACT", &format!("{number} {}: {last}", lever.id), width)
    })
}

fn line(view: &View, lever: &Lever, wide: &Widths, width: usize) -> Line<'static> {
    let number = facts::lever_number(view.scene, &lever.id);
    let (position, token) = position(view, lever);
    let focused = view.ui.focus == Panel::Levers && view.ui.stack.is_empty();
    let listed = matches!(view.ui.stack.last(), Some(Dialog::Levers));
    let called = if wide.name >= TITLE_LEAST { lever.title.as_str() } else { lever.id.as_str() };
    let here = (focused || listed) && is_selected(view, lever);
    let row = view.row().put(Token::Muted, &number.to_string()).pointed(here);
    let row = view.mark(row, here, called, wide.name);
    let row = row.cell(token, &position, wide.position).cell(Token::Muted, &facts::target(lever), wide.target);
    let age = lever.verify.as_ref().and_then(|verify| facts::looked_age(view.scene, &verify.condition));
    let row = row.cell(Token::Muted, &age.map_or("-".into(), words::age), AGE);
    let (ready, token, why) = facts::ready(view.scene, lever);
    let row = row.cell(token, &ready, READY);
    // What was done with it last, or else why nothing can be.
    let (last, token) = last_act(view, lever).or(why.map(|why| (why, Token::Fg))).unwrap_or(("-".into(), Token::Muted));
    row.fit(token, &last, width).line()
}

/// What its probe sees now; where it is already where it would go, that is good to know.
fn position(view: &View, lever: &Lever) -> (String, Token) {
    let (saw, token) = facts::position(view.scene, lever);
    let there = token == Token::Fg && saw == facts::target(lever);
    (saw, if there { Token::Ok } else { token })
}

fn last_act(view: &View, lever: &Lever) -> Option<(String, Token)> {
    let (_, pull) = view.scene.state.last_pull(&lever.id)?;
    Some(facts::pull_words(view.scene, pull))
}

fn is_selected(view: &View, lever: &Lever) -> bool {
    let first = view.scene.playbook.levers.keys().next();
    view.ui.selected.lever.as_ref().or(first) == Some(&lever.id)
}
