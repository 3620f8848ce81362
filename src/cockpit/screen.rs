//! Which panel stands where: stacked at 80 columns, two columns at 120, the least below.

use super::panels::{Lines, View, charts, checklist, debts, foot, head, journal, levers, metrics, size_up};
use super::scene::Scene;
use super::theme::Token;
use super::ui::{Dialog, Ui};
use super::{facts, views};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph};

/// Below this nothing can be told honestly.
const LEAST: (u16, u16) = (40, 10);
/// The whole main screen, stacked.
const STACKED: (u16, u16) = (80, 24);
/// Two columns.
const WIDE: (u16, u16) = (120, 32);
/// A stacked screen higher than this gives every sentence the rows it needs.
const ROOMY: u16 = 26;
/// Metrics stay live beside a view on a wide screen: they take this much, the view takes the rest.
const BESIDE: u16 = 40;
/// A line longer than this is hard to read: a question is no wider, and stands in the middle.
const QUESTION_MAX: u16 = 120;
/// The left of two columns: what its tables need at least, and what they can use at most.
const LEFT: (u16, u16) = (68, 84);
/// What the right of two columns can use before the left gets more than it needs.
const RIGHT: u16 = 80;

impl Ui {
    /// Draws the scene.
    pub fn draw(&self, frame: &mut Frame, scene: &Scene, human_ms: u64) {
        let area = frame.area();
        if area.is_empty() {
            return;
        }
        if let Some(sheet) = &self.sheet {
            return sheet.draw(frame, &self.theme);
        }
        frame.render_widget(Block::new().style(self.theme.base()), area);
        let view = View { ui: self, scene, theme: &self.theme, human_ms };
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let words = "goaround needs 40x10 or more. Everything goes on; make this larger.";
            let wrap = ratatui::widgets::Wrap { trim: true };
            frame.render_widget(Paragraph::new(words).style(self.theme.base()).wrap(wrap), area);
            return;
        }
        match self.stack.last() {
            None => {
                draw_main(&view, frame, area);
                if self.shows_brief(scene) {
                    draw_brief(&view, frame, area);
                }
            }
            Some(dialog @ (Dialog::Menu(_) | Dialog::Field(_) | Dialog::Quit)) => {
                self.draw_behind(&view, frame, area);
                draw_question(&view, dialog, frame, area);
            }
            Some(dialog) => draw_view(&view, dialog, frame, area),
        }
        draw_feet(&view, frame, area);
    }

    /// What a question stands over: the view it was asked from, or the main screen.
    fn draw_behind(&self, view: &View, frame: &mut Frame, area: Rect) {
        let asks = |dialog: &&Dialog| matches!(dialog, Dialog::Menu(_) | Dialog::Field(_) | Dialog::Quit);
        match self.stack.iter().rev().find(|dialog| !asks(dialog)) {
            Some(dialog) => draw_view(view, dialog, frame, area),
            None => draw_main(view, frame, area),
        }
    }
}

fn put(frame: &mut Frame, lines: Lines, area: Rect) {
    frame.render_widget(Paragraph::new(lines), area);
}

/// The rows from `top` to `bottom` of `area`.
fn rows(area: Rect, top: usize, bottom: usize) -> Rect {
    let y = |row: usize| area.y + u16::try_from(row).unwrap_or(u16::MAX).min(area.height);
    Rect { y: y(top), height: y(bottom).saturating_sub(y(top)), ..area }
}

fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width), usize::from(area.height))
}

fn draw_main(view: &View, frame: &mut Frame, area: Rect) {
    if area.width < STACKED.0 || area.height < STACKED.1 {
        put(frame, small(view, area), area);
    } else if area.width < WIDE.0 || area.height < WIDE.1 {
        put(frame, stacked(view, area), area);
    } else {
        draw_wide(view, frame, area);
    }
}

/// What must not be missing on the smallest screen.
fn small(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut lines = head::always(view, width);
    let worst = facts::worst(view.scene);
    lines.extend(worst.map(|metric| metrics::one(view, metric, width)));
    let debt = debts::strip(view, width);
    let room = height.saturating_sub(lines.len() + 3);
    lines.extend(checklist::list(view, width, room));
    lines.push(debt);
    lines
}

/// Everything below everything; what room is left goes to the worst metric's chart, then to air.
fn stacked(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut top = head::always(view, width);
    top.extend(size_up::lines(view, width, if area.height > ROOMY { 2 } else { 1 }));
    let strip = levers::strip(view, width, 2);
    let bottom = vec![debts::strip(view, width), debts::comms_strip(view, width)];
    // One row for the keys; the toast takes the last free one, or covers the keys.
    let room = height.saturating_sub(top.len() + strip.len() + bottom.len() + 1);
    let (metric_rows, step_rows) = shares(view, width, room);
    let mut spare = room.saturating_sub(metric_rows + step_rows);
    let mut lines = top;
    let mut air = |lines: &mut Lines| {
        if spare > 1 {
            spare -= 1;
            lines.push(Line::default());
        }
    };
    air(&mut lines);
    lines.extend(metrics::table(view, width, metric_rows));
    air(&mut lines);
    let mut rest = checklist::list(view, width, step_rows);
    air(&mut rest);
    rest.extend(strip);
    air(&mut rest);
    rest.extend(bottom);
    if spare > 7 {
        lines.extend(charts::stack(view, width, spare - 2));
        lines.push(Line::default());
    }
    lines.extend(rest);
    lines
}

/// How many rows the metrics and the steps get, headings included.
fn shares(view: &View, width: usize, room: usize) -> (usize, usize) {
    let metrics = super::groups::rows(view.scene).len() + 1;
    let least = view.scene.playbook.steps.len() + 1;
    let steps = checklist::wanted(view, width).min(room.saturating_sub(metrics)).max(least);
    if metrics + steps <= room {
        return (metrics, steps);
    }
    let half = room / 2;
    if metrics <= half {
        (metrics, room - metrics)
    } else if steps <= room - half {
        (room - steps, steps)
    } else {
        (half, room - half)
    }
}

fn draw_wide(view: &View, frame: &mut Frame, area: Rect) {
    let (width, height) = size(area);
    let mut top = head::always(view, width);
    top.extend(size_up::lines(view, width, 2));
    let body = rows(area, top.len() + 1, height.saturating_sub(2));
    put(frame, top, area);
    let wide = body.width.saturating_sub(RIGHT + 2).clamp(LEFT.0, LEFT.1);
    let left = Rect { width: wide.min(body.width), ..body };
    let right = Rect { x: body.x + wide + 2, width: body.width.saturating_sub(wide + 2), ..body };
    put(frame, left_column(view, left), left);
    put(frame, right_column(view, right), right);
}

fn left_column(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let table = levers::table(view, width, 11);
    let debts = debts::list(view, width, 6);
    let metrics_rows = (super::groups::rows(view.scene).len() + 1).min(height / 2);
    let taken = metrics_rows + table.len() + debts.len() + 2;
    let mut lines = metrics::table(view, width, metrics_rows);
    lines.push(Line::default());
    let spare = height.saturating_sub(taken);
    if spare > 6 {
        lines.extend(charts::stack(view, width, spare - 1));
        lines.push(Line::default());
    }
    lines.extend(table);
    lines.push(Line::default());
    lines.extend(debts);
    lines
}

fn right_column(view: &View, area: Rect) -> Lines {
    let (width, height) = size(area);
    let mut lines = checklist::list(view, width, checklist::wanted(view, width).min(height / 2));
    lines.push(Line::default());
    lines.extend(debts::comms(view, width, 5));
    lines.push(Line::default());
    let room = height.saturating_sub(lines.len());
    lines.extend(journal::list(view, width, room));
    lines
}

/// A view takes what the metrics beside it leave; header, alerts and debts stay above it, metrics live beside it.
fn draw_view(view: &View, dialog: &Dialog, frame: &mut Frame, area: Rect) {
    let (width, height) = size(area);
    let mut top = head::always(view, width);
    top.push(debts::strip(view, width));
    let start = if area.height >= STACKED.1 { top.len() + 1 } else { top.len() };
    put(frame, top, area);
    let body = rows(area, start, height.saturating_sub(2));
    let beside = area.width >= WIDE.0;
    let left = if beside { Rect { width: body.width - BESIDE, ..body } } else { body };
    put(frame, views::lines(view, dialog, usize::from(left.width), usize::from(left.height)), left);
    if let Dialog::Edit(comm) = dialog
        && let Some(draft) = view.ui.drafts.get(comm)
    {
        let text = views::edit::text_area(left).intersection(left);
        if !text.is_empty() {
            frame.render_widget(&draft.area, text);
        }
    }
    if beside {
        let right = Rect { x: left.right() + 1, width: BESIDE - 1, ..body };
        put(frame, metrics::beside(view, usize::from(right.width)), right);
    }
}

/// A question stands on the lower rows, on its own ground, over what it is about.
fn draw_question(view: &View, dialog: &Dialog, frame: &mut Frame, area: Rect) {
    let width = usize::from(ground_width(area)).saturating_sub(2);
    let inner = draw_ground(view, views::lines(view, dialog, width, usize::from(area.height)), frame, area);
    if let Dialog::Field(field) = dialog {
        let row = views::ask::typed_row(view, field, width);
        let typed = rows(inner, row, row + 1);
        let typed = Rect { x: typed.x + 2, width: typed.width.saturating_sub(2), ..typed };
        frame.render_widget(&field.area, typed);
    }
}

/// What the person who flies a drill is told, until the first key.
fn draw_brief(view: &View, frame: &mut Frame, area: Rect) {
    let width = usize::from(ground_width(area)).saturating_sub(2);
    let mut lines = views::help::brief(view, width);
    lines.push(view.row().put(Token::Muted, "any key puts this away; ? shows it again").line());
    draw_ground(view, lines, frame, area);
}

fn ground_width(area: Rect) -> u16 {
    area.width.min(QUESTION_MAX)
}

/// Puts lines on the lower rows, in the middle, on a ground of their own; answers where they are. The toast and the keys
/// stay below them.
fn draw_ground(view: &View, lines: Lines, frame: &mut Frame, area: Rect) -> Rect {
    let (wide, bottom) = (ground_width(area), usize::from(area.height).saturating_sub(1));
    let ground = rows(area, bottom.saturating_sub(lines.len() + 2), bottom);
    let ground = Rect { x: area.x + (area.width - wide) / 2, width: wide, ..ground };
    frame.render_widget(Clear, ground);
    let style = view.theme.base().patch(view.theme.of(Token::Modal));
    frame.render_widget(Block::new().style(style), ground);
    let rule = Rect { height: ground.height.min(1), ..ground };
    put(frame, vec![view.row().put(Token::Rule, &"-".repeat(usize::from(wide))).line()], rule);
    let inner = Rect {
        x: ground.x + 1,
        y: ground.y + 1,
        width: ground.width.saturating_sub(2),
        height: ground.height.saturating_sub(1),
    };
    let inner = inner.intersection(area);
    put(frame, lines, inner);
    inner
}

/// The toast over the keys.
fn draw_feet(view: &View, frame: &mut Frame, area: Rect) {
    let (width, height) = size(area);
    let stacked_main = view.ui.stack.is_empty() && area.height < WIDE.1;
    let toast = foot::toast(view, width);
    let keys = foot::keys(view, width);
    let last = rows(area, height - 1, height);
    match toast {
        // On a full screen the news stands in for the keys while it is news.
        Some(toast) if stacked_main => put(frame, vec![toast], last),
        Some(toast) => put(frame, vec![toast, keys], rows(area, height - 2, height)),
        None => put(frame, vec![keys], last),
    }
}
