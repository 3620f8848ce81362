//! The metrics: now, limits, state, trend, age.

use super::{Lines, View, cut};
use crate::cockpit::row::Row;
use crate::cockpit::theme::Token;
use crate::cockpit::trend::trend;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::cockpit::{facts, groups};
use crate::metrics::VerdictState;
use crate::playbook::Metric;
use ratatui::style::Modifier;
use ratatui::text::Line;

/// How wide the columns are; 0 where there is none.
#[derive(Clone)]
struct Columns {
    title: usize,
    now: usize,
    base: usize,
    stop: usize,
    exit: usize,
    state: usize,
    trend: usize,
}

const WIDE: Columns = Columns { title: 15, now: 10, base: 0, stop: 10, exit: 11, state: 11, trend: 11 };
const NARROW: Columns = Columns { title: 14, now: 9, base: 0, stop: 9, exit: 9, state: 8, trend: 9 };
/// The same with value, baseline and limits side by side.
const WIDE_BASE: Columns = Columns { title: 14, now: 9, base: 9, stop: 9, exit: 10, state: 9, trend: 10 };
const NARROW_BASE: Columns = Columns { title: 13, now: 8, base: 7, stop: 8, exit: 9, state: 7, trend: 9 };
/// What the least screen has room for.
const TIGHT: Columns = Columns { title: 14, now: 9, base: 0, stop: 0, exit: 0, state: 8, trend: 0 };
/// In front of the columns, and behind them for the age.
const ENDS: (usize, usize) = (2, 5);

impl Columns {
    /// The columns that fit into `width`. What none of them needs goes to titles that are longer than their column.
    fn of(view: &View, width: usize) -> Self {
        let has_base = view.scene.playbook.metrics.values().any(|metric| metric.baseline.is_some());
        let mut columns = match (width, has_base) {
            (76.., false) => WIDE,
            (76.., true) => WIDE_BASE,
            (68.., false) => NARROW,
            (68.., true) => NARROW_BASE,
            (_, _) => Self::tight(width),
        };
        let titles = groups::rows(view.scene).into_iter().map(|metric| groups::short(view.scene, metric, usize::MAX));
        let longest = titles.map(|title| words::columns(&title) + 1).max().unwrap_or(0);
        columns.title += longest.saturating_sub(columns.title).min(width.saturating_sub(columns.used()));
        columns
    }

    /// On a screen narrower than the whole table: first the limit that ends it, then where it goes, then the target.
    fn tight(width: usize) -> Self {
        let mut columns = TIGHT;
        let fits = |columns: &Self, more: usize| if columns.used() + more <= width { more } else { 0 };
        columns.stop = fits(&columns, NARROW.stop);
        columns.trend = fits(&columns, NARROW.trend);
        columns.exit = fits(&columns, NARROW.exit);
        columns
    }

    fn used(&self) -> usize {
        let Self { title, now, base, stop, exit, state, trend } = self;
        ENDS.0 + title + now + base + stop + exit + state + trend + ENDS.1
    }
}

/// The table, in `height` rows with its heading.
pub(in crate::cockpit) fn table(view: &View, width: usize, height: usize) -> Lines {
    let columns = &Columns::of(view, width);
    let heading = view.heading(Panel::Metrics, "METRICS").to(2 + columns.title);
    let words = [
        ("now", columns.now),
        ("base", columns.base),
        ("stop", columns.stop),
        ("exit", columns.exit),
        ("state", columns.state),
        ("trend", columns.trend),
        ("age", 8),
    ];
    let heading = words
        .iter()
        .filter(|(_, width)| *width > 0)
        .fold(heading, |row, (word, width)| row.cell(Token::Muted, word, *width));
    let chosen = view.ui.selected.metric.as_ref().filter(|_| view.ui.focus == Panel::Metrics);
    let metrics = groups::rows(view.scene);
    let rows = metrics
        .iter()
        .map(|metric| line(view, metric, &groups::short(view.scene, metric, columns.title), columns))
        .collect();
    let chosen =
        chosen.and_then(|id| view.scene.playbook.metrics.get(id)).map(|metric| groups::shown(view.scene, metric));
    // Where not all have room, the one selected is there, or else the worst.
    let kept = chosen.or_else(|| metrics.iter().copied().min_by_key(|metric| facts::worst_rank(view.scene, metric)));
    let place = metrics.iter().position(|metric| kept.is_some_and(|kept| kept.id == metric.id)).unwrap_or(0);
    let mut lines = vec![heading.line()];
    lines.extend(cut(view, rows, height.saturating_sub(1), place));
    lines
}

fn line(view: &View, metric: &Metric, name: &str, columns: &Columns) -> Line<'static> {
    let state = facts::state_of(view.scene, &metric.id);
    let token = facts::token_of(state);
    let base = facts::baseline(view.scene, metric);
    let limit = |limit: &Option<crate::playbook::Limit>| {
        limit.as_ref().map_or("-".to_owned(), |limit| words::limit(limit, metric.unit, base))
    };
    let focused = view.ui.focus == Panel::Metrics && view.ui.stack.is_empty();
    let chosen = view.ui.selected.metric.as_ref().and_then(|id| view.scene.playbook.metrics.get(id));
    let chosen = chosen.or_else(|| view.scene.playbook.metrics.values().next());
    let selected = focused && chosen.is_some_and(|chosen| groups::shown(view.scene, chosen).id == metric.id);
    let row = view.row().strong(token, emphasis(state), &state.glyph().to_string());
    let row = view.mark(row.pointed(selected), selected, name, columns.title);
    let row = row.cell(value_token(state), &facts::now_words(view.scene, metric), columns.now);
    let (base, base_token) = facts::baseline_words(view.scene, metric);
    let row = cell(row, base_token, &base, columns.base);
    let row = cell(row, Token::Muted, &limit(&metric.stop), columns.stop);
    let row = cell(row, Token::Muted, &limit(&metric.exit), columns.exit);
    let end = row.used() + columns.state;
    let row = row.strong(token, emphasis(state), state.word()).to(end);
    let trend = trend(view.scene.board.points(&metric.id), view.scene.now.wall_ms);
    let row = cell(row, Token::Fg, trend, columns.trend);
    row.put(age_token(state), &age_words(view, metric)).line()
}

/// A cell in a column, if there is one.
fn cell<'t>(row: Row<'t>, token: Token, text: &str, width: usize) -> Row<'t> {
    if width == 0 { row } else { row.cell(token, text, width) }
}

/// The rows of the group that a metric belongs to, worst first; none where there is no group. A large group stands in two
/// columns, the worst at the top of the first.
pub(in crate::cockpit) fn group(view: &View, metric: &Metric, width: usize) -> Lines {
    let columns = Columns::of(view, width);
    let members = groups::members(view.scene, metric);
    if members.len() <= GROUP_MAX || width < 2 * MEMBER {
        return members.into_iter().map(|member| line(view, member, &member.title, &columns)).collect();
    }
    let (left, right) = members.split_at(members.len().div_ceil(2));
    let beside = |place: usize| right.get(place).copied();
    let row = |(place, left): (usize, &&Metric)| {
        let row = member(view, view.row(), left).to(MEMBER);
        match beside(place) {
            Some(right) => member(view, row, right).line(),
            None => row.line(),
        }
    };
    left.iter().enumerate().map(row).collect()
}

/// A group larger than this stands in two columns, each so wide.
const GROUP_MAX: usize = 6;
const MEMBER: usize = 40;

/// One of a large group: what tells it from the others, its value, state and trend.
fn member<'t>(view: &View<'t>, row: Row<'t>, metric: &Metric) -> Row<'t> {
    let state = facts::state_of(view.scene, &metric.id);
    let token = facts::token_of(state);
    let start = row.used();
    let row = row.strong(token, emphasis(state), &state.glyph().to_string()).to(start + 2);
    let row = row.cell(Token::Fg, groups::member(metric), 14);
    let row = row.cell(value_token(state), &facts::now_words(view.scene, metric), 8);
    let end = row.used() + 7;
    let row = row.strong(token, emphasis(state), state.word()).to(end);
    row.put(Token::Fg, trend(view.scene.board.points(&metric.id), view.scene.now.wall_ms))
}

/// The row of one metric alone.
pub(in crate::cockpit) fn one(view: &View, metric: &Metric, width: usize) -> Line<'static> {
    let columns = &Columns::of(view, width);
    line(view, metric, &groups::short(view.scene, metric, columns.title), columns)
}

/// BREACH is reversed and ERROR underlined, so that no state is told by colour alone.
pub(super) fn emphasis(state: VerdictState) -> Modifier {
    match state {
        VerdictState::Breach => Modifier::REVERSED,
        VerdictState::Error => Modifier::UNDERLINED,
        VerdictState::Ok | VerdictState::Warn | VerdictState::NoData | VerdictState::Stale => Modifier::empty(),
    }
}

fn value_token(state: VerdictState) -> Token {
    if state.is_fresh() { Token::Fg } else { Token::Stale }
}

fn age_token(state: VerdictState) -> Token {
    if state.is_fresh() { Token::Muted } else { facts::token_of(state) }
}

pub(in crate::cockpit) fn age_words(view: &View, metric: &Metric) -> String {
    facts::sample_age(view.scene, &metric.id).map_or("-".into(), words::age)
}

/// Name, value, state and age, for the column that stays live beside a view.
pub(in crate::cockpit) fn beside(view: &View, width: usize) -> Lines {
    let mut lines = vec![view.row().put(Token::Muted, "METRICS").line()];
    for metric in groups::rows(view.scene) {
        let state = facts::state_of(view.scene, &metric.id);
        let token = facts::token_of(state);
        let row = view.row().strong(token, emphasis(state), &state.glyph().to_string()).to(2);
        let row = row.cell(Token::Fg, &groups::short(view.scene, metric, 13), 13).cell(
            value_token(state),
            &facts::now_words(view.scene, metric),
            9,
        );
        let row = row.strong(token, emphasis(state), state.word()).to(31);
        lines.push(row.fit(age_token(state), &age_words(view, metric), width).line());
    }
    lines
}
