//! What the mouse does: it focuses a panel, selects a row, scrolls. It wishes for nothing.
//!
//! Where a row is on the screen only drawing knows. So drawing is asked: a click takes what would be drawn as selected
//! at that place, found by the same steps that j and k take.

use super::intent::Intent;
use super::scene::Scene;
use super::ui::{Dialog, Panel, Ui};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

/// The longest list that is walked for a click.
const ROWS_MAX: usize = 500;

impl Ui {
    /// Turns the mouse on or off, and says so.
    pub(super) fn toggle_mouse(&mut self, human_ms: u64) -> Vec<Intent> {
        self.mouse = !self.mouse;
        self.say(human_ms, if self.mouse { ON } else { OFF });
        Vec::new()
    }

    /// Takes what the mouse did, on a screen of this size.
    pub fn on_mouse(&mut self, event: MouseEvent, scene: &Scene, (human_ms, size): (u64, (u16, u16))) {
        if !self.mouse() || self.shows_brief(scene) || self.asks() {
            return;
        }
        match event.kind {
            MouseEventKind::ScrollDown => drop(self.go(1, scene)),
            MouseEventKind::ScrollUp => drop(self.go(-1, scene)),
            MouseEventKind::Down(MouseButton::Left) => {
                let click = Click { scene, human_ms, size, at: (event.column, event.row) };
                click.take(self);
            }
            MouseEventKind::Down(_)
            | MouseEventKind::Up(_)
            | MouseEventKind::Drag(_)
            | MouseEventKind::Moved
            | MouseEventKind::ScrollLeft
            | MouseEventKind::ScrollRight => {}
        }
    }

    fn focused_on(&self, focus: Panel) -> Self {
        let mut ui = self.clone();
        ui.focus = focus;
        ui
    }

    /// Whether a question, a text or something under arms is open: no mouse touches those.
    pub(super) fn asks(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(
                Dialog::Arm(_)
                    | Dialog::Preview(_)
                    | Dialog::Menu(_)
                    | Dialog::Field(_)
                    | Dialog::Edit(_)
                    | Dialog::Quit
            )
        )
    }
}

const ON: &str = "mouse on: it selects and scrolls, it never acts; <main.mouse> turns it off";
const OFF: &str = "mouse off: it selects text again";
/// How far left of its name a row begins.
const BEFORE: usize = 12;
/// What a row that is elsewhere now, and one that begins right of the pointer, must be better by.
const ELSEWHERE: usize = 10_000;

/// A click, and what it was on.
struct Click<'a> {
    scene: &'a Scene,
    human_ms: u64,
    size: (u16, u16),
    at: (u16, u16),
}

impl Click<'_> {
    fn take(&self, ui: &mut Ui) {
        if let Some(panel) = self.heading(ui) {
            drop(ui.go_to_panel(panel));
        } else if let Some(found) = self.row(ui) {
            (ui.focus, ui.selected) = (found.focus, found.selected);
        }
    }

    /// The panel whose heading is here: no other is underlined at this place when it is in focus.
    fn heading(&self, ui: &Ui) -> Option<Panel> {
        let underlined = |panel: &Panel| {
            let buffer = self.draw(&ui.focused_on(*panel));
            buffer.cell(self.at).is_some_and(|cell| cell.modifier.contains(Modifier::UNDERLINED))
        };
        let mut here = Panel::ALL.into_iter().filter(|_| ui.stack.is_empty()).filter(underlined);
        here.next().filter(|_| here.next().is_none())
    }

    /// The cockpit with what is here selected.
    fn row(&self, ui: &Ui) -> Option<Ui> {
        let now = self.draw(ui);
        let focuses =
            if ui.stack.is_empty() { vec![Panel::Metrics, Panel::Checklist, Panel::Levers] } else { vec![ui.focus] };
        let walks = focuses.into_iter().map(|focus| ui.focused_on(focus));
        let found = walks.filter_map(|walk| self.nearest(walk, &now));
        found.min_by_key(|(far, _)| *far).map(|(_, ui)| ui)
    }

    /// Walks one list from its top to its end; the selection whose row is here, and how far from its name.
    fn nearest(&self, mut walk: Ui, now: &Buffer) -> Option<(usize, Ui)> {
        let mut best: Option<(usize, Ui)> = None;
        drop(walk.go(isize::MIN, self.scene));
        for _ in 0..ROWS_MAX {
            let runs = marked(&self.draw(&walk), walk.theme.base().patch(walk.theme.selection()));
            // A list that only scrolls marks nothing.
            if runs.is_empty() {
                break;
            }
            let far = runs.iter().filter_map(|run| run.distance(self.at, now)).min();
            if let Some(far) = far.filter(|far| best.as_ref().is_none_or(|(least, _)| far < least)) {
                best = Some((far, walk.clone()));
            }
            let before = walk.selected.clone();
            drop(walk.go(1, self.scene));
            if walk.selected == before {
                break;
            }
        }
        best
    }

    fn draw(&self, ui: &Ui) -> Buffer {
        let mut terminal = match Terminal::new(TestBackend::new(self.size.0, self.size.1)) {
            Ok(terminal) => terminal,
            Err(never) => match never {},
        };
        match terminal.draw(|frame| ui.draw(frame, self.scene, self.human_ms)) {
            Ok(drawn) => drawn.buffer.clone(),
            Err(never) => match never {},
        }
    }
}

/// Cells in a row that are drawn as selected.
struct Run {
    row: u16,
    start: u16,
    words: String,
}

impl Run {
    /// How far the pointer is from this run, if what is drawn as selected there stands in the pointer's row now.
    fn distance(&self, (column, row): (u16, u16), now: &Buffer) -> Option<usize> {
        let (column, start) = (usize::from(column), usize::from(self.start));
        let cells = (self.start..now.area.right()).filter_map(|x| now.cell((x, row)));
        let words: String = cells.map(ratatui::buffer::Cell::symbol).collect();
        if !words.starts_with(&self.words) || column + BEFORE < start {
            return None;
        }
        let elsewhere = if self.row == row { 0 } else { ELSEWHERE };
        Some(elsewhere + if column >= start { column - start } else { ELSEWHERE / 2 + start - column })
    }
}

fn marked(buffer: &Buffer, style: Style) -> Vec<Run> {
    let (fg, bg) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
    let mut runs: Vec<Run> = Vec::new();
    for row in 0..buffer.area.height {
        let mut open = false;
        for column in 0..buffer.area.width {
            let cell = &buffer[(column, row)];
            let here = cell.fg == fg && cell.bg == bg && cell.modifier == style.add_modifier;
            match runs.last_mut().filter(|_| open) {
                Some(run) if here => run.words.push_str(cell.symbol()),
                Some(_) | None if here => runs.push(Run { row, start: column, words: cell.symbol().to_owned() }),
                Some(_) | None => {}
            }
            open = here;
        }
    }
    runs
}
