//! The metrics: now, limits, state, trend, age; and one of them over time.

use super::{Lines, View, cut};
use crate::cockpit::chart::{Chart, Limit, SCALE};
use crate::cockpit::theme::Token;
use crate::cockpit::trend::trend;
use crate::cockpit::ui::Panel;
use crate::cockpit::words;
use crate::cockpit::{facts, groups};
use crate::incident::Event;
use crate::metrics::VerdictState;
use crate::playbook::{Id, Metric};
use ratatui::style::Modifier;
use ratatui::text::Line;

/// How far back the chart looks, in ms.
const WINDOW_MS: i64 = 300_000;

/// Where the columns begin.
struct Columns {
    title: usize,
    now: usize,
    /// 0 where no metric has a baseline: the others have its room.
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

fn columns(view: &View, width: usize) -> &'static Columns {
    let has_base = view.scene.playbook.metrics.values().any(|metric| metric.baseline.is_some());
    match (width >= 76, has_base) {
        (true, false) => &WIDE,
        (true, true) => &WIDE_BASE,
        (false, false) => &NARROW,
        (false, true) => &NARROW_BASE,
    }
}

/// The table, in `height` rows with its heading.
pub(in crate::cockpit) fn table(view: &View, width: usize, height: usize) -> Lines {
    let columns = columns(view, width);
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
    let place = metrics.iter().position(|metric| chosen.is_some_and(|chosen| chosen.id == metric.id)).unwrap_or(0);
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
    let row = view.row().strong(token, emphasis(state), &state.glyph().to_string()).to(2);
    let row = view.mark(row, selected, name, columns.title);
    let row = row.cell(value_token(state), &facts::now_words(view.scene, metric), columns.now);
    let (base, base_token) = facts::baseline_words(view.scene, metric);
    let row = if columns.base == 0 { row } else { row.cell(base_token, &base, columns.base) };
    let row = row.cell(Token::Muted, &limit(&metric.stop), columns.stop);
    let row = row.cell(Token::Muted, &limit(&metric.exit), columns.exit);
    let end = row.used() + columns.state;
    let row = row.strong(token, emphasis(state), state.word()).to(end);
    let row = row.cell(Token::Fg, trend(view.scene.board.points(&metric.id), view.scene.now.wall_ms), columns.trend);
    row.put(age_token(state), &age_words(view, metric)).line()
}

/// The rows of the group that a metric belongs to, worst first; none where there is no group.
pub(in crate::cockpit) fn group(view: &View, metric: &Metric, width: usize) -> Lines {
    groups::members(view.scene, metric)
        .into_iter()
        .map(|member| line(view, member, &member.title, columns(view, width)))
        .collect()
}

/// The row of one metric alone.
pub(in crate::cockpit) fn one(view: &View, metric: &Metric, width: usize) -> Line<'static> {
    let columns = columns(view, width);
    line(view, metric, &groups::short(view.scene, metric, columns.title), columns)
}

/// BREACH is reversed and ERROR underlined, so that no state is told by colour alone.
fn emphasis(state: VerdictState) -> Modifier {
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

/// A metric over time: its name and state, the bars, its limits and the pulls.
pub(in crate::cockpit) fn chart(view: &View, metric: &Metric, width: usize, height: usize) -> Lines {
    if height < 4 {
        return Vec::new();
    }
    let points: Vec<_> = view.scene.board.points(&metric.id).collect();
    let marks = marks(view);
    let legend = legend(view, &marks).filter(|_| height > 5);
    let chart = Chart {
        theme: view.theme,
        points: &points,
        unit: metric.unit,
        limits: limits(view, metric),
        marks,
        now_ms: view.scene.now.wall_ms,
        window_ms: WINDOW_MS,
    };
    let state = facts::state_of(view.scene, &metric.id);
    let title = format!("{} {} {} ", state.glyph(), metric.title, facts::now_words(view.scene, metric));
    let heading = view.row().put(Token::Fg, &title).strong(facts::token_of(state), emphasis(state), state.word());
    let heading = heading.put(Token::Muted, &format!("  age {}", age_words(view, metric)));
    let says = facts::band(view.scene, metric).map_or(String::new(), |say| format!("  {say}"));
    let mut lines = vec![heading.fit(Token::Fg, &says, width).line()];
    let bars = chart.lines(width, height - 1 - usize::from(legend.is_some()));
    let legend = legend.filter(|_| bars.len() > 1);
    lines.extend(bars);
    lines.extend(legend);
    lines
}

fn limits(view: &View, metric: &Metric) -> Vec<Limit> {
    let base = facts::baseline(view.scene, metric);
    let bound = |limit: &Option<crate::playbook::Limit>| limit.as_ref().and_then(|limit| limit.bound_at(base));
    let stop = bound(&metric.stop).map(|bound| Limit { word: "stop", bound, stroke: '-' });
    let exit = bound(&metric.exit).map(|bound| Limit { word: "exit", bound, stroke: '=' });
    stop.into_iter().chain(exit).filter(|limit| limit.bound.is_finite()).collect()
}

/// Below the bars: a step's number where it was begun, `D` where the rollback was declared, `^` where a lever was fired.
/// Where two fall on one place, the later kind in this order is shown.
fn marks(view: &View) -> Vec<(i64, char)> {
    let number = |id: &Id| {
        let place = view.scene.playbook.steps.iter().position(|step| step.id == *id)?;
        char::from_digit(u32::try_from(place + 1).ok()?, 36)
    };
    let mut marks: Vec<(i64, char)> = Vec::new();
    for record in view.scene.records.iter() {
        if let Event::StepStarted { step, .. } = &record.event {
            marks.extend(number(step).map(|number| (record.at.wall_ms, number)));
        }
    }
    let declared = view.scene.state.marks.declared.iter().map(|at| (at.wall_ms, DECLARED));
    let pulls = view.scene.state.pulls.values().map(|pull| (pull.started.wall_ms, PULL));
    marks.extend(declared.chain(pulls));
    marks
}

const DECLARED: char = 'D';
const PULL: char = '^';

/// What the marks mean, where there are any.
fn legend(view: &View, marks: &[(i64, char)]) -> Option<Line<'static>> {
    let has = |letter: char| marks.iter().any(|(_, mark)| *mark == letter);
    let steps = marks.iter().any(|(_, mark)| ![DECLARED, PULL].contains(mark));
    let known = [(has(DECLARED), "D declared"), (steps, "1-9 step begun"), (has(PULL), "^ pull")];
    let words: Vec<&str> = known.into_iter().filter_map(|(seen, words)| seen.then_some(words)).collect();
    (!words.is_empty()).then(|| view.row().to(SCALE).put(Token::Muted, &words.join("   ")).line())
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
