//! The whole screen: the main screen or a view over it, questions on the lower rows, the keys in the last.

use super::layout::{self, STACKED, WIDE, put, rows, size};
use super::panels::{Lines, View, charts, checklist, debts, foot, head, metrics, strip};
use super::scene::Scene;
use super::theme::Token;
use super::ui::{Dialog, Panel, Ui};
use super::{groups, views};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear};

/// What stands above and below a view, in rows.
const ON_TOP: usize = 7;
/// A view on a wide screen has this much; what is beside it stays live.
const VIEW: u16 = 80;
/// A line longer than this is hard to read: a question is no wider, and stands in the middle.
const QUESTION_MAX: u16 = 120;
/// What stands above and below the brief on the lowest screen: the header, and the key that puts it away.
const BRIEF_BESIDE: usize = 6;
/// A screen lower than this shows a view with only this many rows of what is always said above it.
const LOW: (u16, usize) = (16, 3);

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
        // A replay's tape stands over the keys; what is above it is drawn as on a lower screen.
        let whole = area;
        let tape = strip::lines(&view, size(area));
        let area = Rect { height: area.height - u16::try_from(tape.len()).unwrap_or(0).min(area.height), ..area };
        self.shown.rows.set(usize::from(area.height).saturating_sub(ON_TOP));
        // What scrolls says how far it can.
        self.shown.most.set(0);
        self.resized((whole.width, whole.height), human_ms);
        if self.is_blind() {
            return put(frame, layout::too_small(&view, whole), whole);
        }
        match self.stack.last() {
            None => {
                draw_main(&view, frame, area);
                if self.shows_brief(scene) {
                    draw_brief(&view, frame, area);
                }
            }
            Some(dialog @ (Dialog::Menu(_) | Dialog::Field(_) | Dialog::Palette(_) | Dialog::Quit)) => {
                self.draw_behind(&view, frame, area);
                draw_question(&view, dialog, frame, area);
            }
            Some(dialog) => draw_view(&view, dialog, frame, area),
        }
        put(frame, tape, rows(whole, usize::from(area.height) - 1, usize::from(whole.height) - 1));
        draw_feet(&view, frame, whole);
    }

    /// What a question stands over: the view it was asked from, or the main screen.
    fn draw_behind(&self, view: &View, frame: &mut Frame, area: Rect) {
        let asks =
            |dialog: &&Dialog| matches!(dialog, Dialog::Menu(_) | Dialog::Field(_) | Dialog::Palette(_) | Dialog::Quit);
        match self.stack.iter().rev().find(|dialog| !asks(dialog)) {
            Some(dialog) => draw_view(view, dialog, frame, area),
            None => draw_main(view, frame, area),
        }
    }
}

fn draw_main(view: &View, frame: &mut Frame, area: Rect) {
    if view.ui.zoomed {
        draw_zoomed(view, frame, area);
    } else {
        layout::draw(view, frame, area);
    }
}

/// The focused panel on all that the header, alerts and debts leave.
fn draw_zoomed(view: &View, frame: &mut Frame, area: Rect) {
    let dialog = match view.ui.focus {
        Panel::Metrics | Panel::Checklist => None,
        Panel::Levers => Some(Dialog::Levers),
        Panel::Comms => Some(Dialog::Comms),
        Panel::Journal => Some(Dialog::Journal),
        Panel::Hold => Some(Dialog::Hold),
    };
    if let Some(dialog) = dialog {
        return draw_view(view, &dialog, frame, area);
    }
    let body = draw_top(view, frame, area);
    let (width, height) = size(body);
    let lines = if view.ui.focus == Panel::Metrics {
        let rows = (groups::rows(view.scene).len() + 1).min(height.div_ceil(2));
        let mut lines = metrics::table(view, width, rows);
        lines.push(Line::default());
        let room = height.saturating_sub(lines.len());
        lines.extend(charts::stack(view, width, room));
        lines
    } else {
        checklist::list(view, width, height)
    };
    put(frame, view.sought(lines), body);
}

/// Header, alerts and debts; answers with what they leave to a view.
fn draw_top(view: &View, frame: &mut Frame, area: Rect) -> Rect {
    let (width, height) = size(area);
    let mut top = head::always(view, width);
    top.push(debts::strip(view, width));
    if area.height < LOW.0 {
        top.truncate(LOW.1);
    }
    let start = if area.height >= STACKED.1 { top.len() + 1 } else { top.len() };
    put(frame, top, area);
    // On a low screen the row of the toast is the view's while nothing is said there.
    let below = if area.height < LOW.0 && foot::toast(view, width).is_none() { 1 } else { 2 };
    rows(area, start, height.saturating_sub(below))
}

/// On a wide screen the metrics live beside a view.
fn draw_view(view: &View, dialog: &Dialog, frame: &mut Frame, area: Rect) {
    let body = draw_top(view, frame, area);
    let beside = area.width >= WIDE.0 && !view.ui.zoomed;
    let left = if beside { Rect { width: VIEW, ..body } } else { body };
    let lines = views::lines(view, dialog, usize::from(left.width), usize::from(left.height));
    put(frame, view.sought(lines), left);
    if let Dialog::Edit(comm) = dialog
        && let Some(draft) = view.ui.drafts.get(comm)
    {
        let text = views::edit::text_area(left).intersection(left);
        draft.draw(frame, text);
    }
    if beside {
        layout::draw_beside(view, frame, Rect { x: left.right() + 1, width: body.width - VIEW - 1, ..body });
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
        if field.shut {
            let words = field.area.lines().join(" ");
            frame.render_widget(view.row().fit(Token::Fg, &words, usize::from(typed.width)).line(), typed);
        } else {
            frame.render_widget(&field.area, typed);
        }
    }
}

/// What the person who flies a drill is told, until the first key.
fn draw_brief(view: &View, frame: &mut Frame, area: Rect) {
    let width = usize::from(ground_width(area)).saturating_sub(2);
    let mut lines = views::help::brief(view, width);
    // How it is put away is never cut; what is, the help shows again.
    lines.truncate(usize::from(area.height).saturating_sub(BRIEF_BESIDE + 1));
    let declares = "to declare: <main.declare>, a severity, <ready.accept>; then <steps.run> on each step";
    lines.push(view.row().put(Token::Muted, declares).line());
    lines.push(view.row().put(Token::Muted, "any key puts this away; <main.help> shows it again").line());
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
    // A blank column at each side keeps its rule apart from the lines of a chart.
    let apart = Rect { x: ground.x.saturating_sub(1), width: ground.width + 2, ..ground };
    frame.render_widget(Clear, apart.intersection(area));
    frame.render_widget(Block::new().style(view.theme.base()), apart.intersection(area));
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
    let stacked_main = (view.ui.stack.is_empty() && area.height < WIDE.1) || view.ui.reel.is_some();
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
