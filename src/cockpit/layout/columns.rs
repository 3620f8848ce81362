//! The main screen in two and three columns, and the columns beside a view.

use super::{Pile, put, rows, size, sought};
use crate::cockpit::groups;
use crate::cockpit::panels::{
    Lines, View, alerts, backends, charts, checklist, debts, head, journal, levers, metrics, observers, size_up,
    symptoms,
};
use crate::cockpit::ui::Panel;
use crate::cockpit::views::hold;
use ratatui::Frame;
use ratatui::layout::Rect;

/// What the hold takes beside the checklist: its targets scroll within.
const HOLD_ROWS: usize = 16;
/// What parts one column from the next.
const GAP: u16 = 2;
/// What the right of two columns can use before the left gets more than its table needs.
const RIGHT: u16 = 80;
/// What the tables of the left column need.
const LEFT: u16 = 68;
/// Of three columns the middle and the right one: what they need, and at most.
const MIDDLE: (u16, u16) = (66, 80);
const LAST: (u16, u16) = (62, 76);
/// The narrowest column for the table of metrics; below it names, values and states are listed.
const TABLE: u16 = 66;
/// The most rows that levers, messages, symptoms and backends take.
const ROWS_MAX: usize = 11;
/// The most rows that debts take beside the levers.
const DEBTS_MAX: usize = 7;
/// The most rows that observers take.
const OBSERVERS_MAX: usize = 6;
/// What is kept for the journal below a long checklist, with the row above it.
const JOURNAL: usize = 8;
/// A column with fewer rows to spare has no chart.
const CHART_LEAST: usize = 6;

/// Draws what is above the columns; the rest is left for them.
fn draw_top(view: &View, frame: &mut Frame, area: Rect) -> Rect {
    let (width, height) = size(area);
    let mut top = head::always(view, width);
    top.extend(size_up::lines(view, width, 2));
    let body = rows(area, top.len() + 1, height.saturating_sub(2));
    put(frame, top, area);
    body
}

/// Draws what can be measured on the left, what is done about it on the right.
pub(super) fn draw_two(view: &View, frame: &mut Frame, area: Rect) {
    let body = draw_top(view, frame, area);
    let left = body.width.saturating_sub(RIGHT + GAP).max(LEFT);
    let [left, right] = split(body, left);
    put(frame, measured(view, left), left);
    put(frame, steps_and_news(view, right), right);
}

/// Draws the metrics over time, the checklist with its end in sight, and what may be pulled with what was.
pub(super) fn draw_three(view: &View, frame: &mut Frame, area: Rect) {
    let body = draw_top(view, frame, area);
    let over = body.width.saturating_sub(LEFT + MIDDLE.0 + LAST.0 + 2 * GAP);
    let last = (LAST.0 + over / 4).min(LAST.1);
    let middle = (MIDDLE.0 + over / 4).min(MIDDLE.1);
    let [left, rest] = split(body, body.width.saturating_sub(last + middle + 2 * GAP));
    let [middle, last] = split(rest, middle);
    put(frame, metrics_and_charts(view, left), left);
    put(frame, steps_and_end(view, middle), middle);
    put(frame, levers_and_news(view, last), last);
}

/// Draws the metrics in the room beside a view, and where that is wide the steps and the journal too.
pub(in crate::cockpit) fn draw_beside(view: &View, frame: &mut Frame, area: Rect) {
    if area.width < LEFT + GAP + MIDDLE.0 / 2 {
        return put(frame, metrics_and_charts(view, area), area);
    }
    let [left, right] = split(area, LEFT);
    put(frame, metrics_and_charts(view, left), left);
    put(frame, steps_and_news(view, right), right);
}

/// The first `left` columns and, behind a gap, the others.
fn split(area: Rect, left: u16) -> [Rect; 2] {
    let left = left.min(area.width);
    let behind = (left + GAP).min(area.width);
    [Rect { width: left, ..area }, Rect { x: area.x + behind, width: area.width - behind, ..area }]
}

fn metrics_and_charts(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut pile = Pile::new(height);
    let table = groups::rows(view.scene).len() + 1;
    let table =
        if area.width < TABLE { metrics::beside(view, width) } else { metrics::table(view, width, table.min(height)) };
    pile.put(sought(view, Panel::Metrics, table));
    if pile.room() >= CHART_LEAST {
        pile.put(charts::stack(view, width, pile.room()));
    }
    pile.lines
}

/// The left of two columns: what room the tables leave goes to charts.
fn measured(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let table = metrics::table(view, width, (groups::rows(view.scene).len() + 1).min(height / 2));
    let debts = debts::list(view, width, DEBTS_MAX);
    // However many levers there are, what is owed keeps its rows below them.
    let rest = height.saturating_sub(table.len() + debts.len() + 2);
    let levers = levers::table(view, width, rest.min(ROWS_MAX));
    let alerts = alerts::strip(view, width, 2);
    let mut pile = Pile::new(height);
    let below = levers.len() + debts.len() + 2;
    pile.put(sought(view, Panel::Metrics, table));
    let room = pile.room().saturating_sub(below);
    let has_alerts = room > CHART_LEAST + alerts.len() + 1;
    let room = if has_alerts { room - alerts.len() - 1 } else { room };
    if room >= CHART_LEAST {
        pile.put(charts::stack(view, width, room));
    }
    pile.put(sought(view, Panel::Levers, levers));
    pile.put(debts);
    if has_alerts {
        pile.put(alerts);
    }
    pile.lines
}

/// The right of two columns: what room the checklist leaves goes to the journal.
fn steps_and_news(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let comms = debts::comms(view, width, 5);
    let mut pile = Pile::new(height);
    let steps = height.saturating_sub(comms.len() + 1 + JOURNAL);
    let steps = checklist::list(view, width, checklist::wanted(view, width).min(steps));
    pile.put(sought(view, Panel::Checklist, steps));
    pile.put(sought(view, Panel::Comms, comms));
    let news = journal::list(view, width, pile.room());
    pile.put(sought(view, Panel::Journal, news));
    pile.lines
}

/// The middle of three columns: the checklist, and what is between here and the end.
fn steps_and_end(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let debts = debts::list(view, width, ROWS_MAX);
    let mut pile = Pile::new(height);
    let steps = height.saturating_sub(debts.len() + 1);
    let steps = checklist::list(view, width, checklist::wanted(view, width).min(steps));
    pile.put(sought(view, Panel::Checklist, steps));
    if view.scene.state.marks.declared.is_some() {
        pile.put_whole(sought(view, Panel::Hold, hold::panel(view, width, HOLD_ROWS)), debts.len() + 1);
    }
    pile.put_whole(symptoms::list(view, width, ROWS_MAX), debts.len() + 1);
    pile.put(debts);
    pile.put_whole(alerts::list(view, width, ROWS_MAX), 0);
    pile.lines
}

/// The last of three columns: what room the tables leave goes to the journal.
fn levers_and_news(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut pile = Pile::new(height);
    pile.put(sought(view, Panel::Levers, levers::table(view, width, ROWS_MAX)));
    pile.put_whole(backends::list(view, width, ROWS_MAX), JOURNAL);
    pile.put_whole(sought(view, Panel::Comms, debts::comms(view, width, ROWS_MAX)), JOURNAL);
    pile.put_whole(observers::list(view, width, OBSERVERS_MAX), JOURNAL);
    let news = journal::list(view, width, pile.room());
    pile.put(sought(view, Panel::Journal, news));
    pile.lines
}
