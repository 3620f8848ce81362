//! What stands where on the main screen, by how much room there is, and what stays live beside a view.

mod columns;
mod small;
mod stacked;

use super::narrow::LEAST;
use super::panels::{Lines, View};
use super::ui::Panel;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

pub(super) use columns::draw_beside;
pub(super) use small::too_small;

/// Everything below everything; a narrower screen shows the same with fewer columns.
pub(super) const STACKED: (u16, u16) = (LEAST.0, 24);
/// Two columns.
pub(super) const WIDE: (u16, u16) = (120, 32);
/// Three columns.
const THREE: (u16, u16) = (200, WIDE.1);

/// Draws the main screen, all but its last line.
pub(super) fn draw(view: &View, frame: &mut Frame, area: Rect) {
    let has = |least: (u16, u16)| area.width >= least.0 && area.height >= least.1;
    if has(THREE) {
        columns::draw_three(view, frame, area);
    } else if has(WIDE) {
        columns::draw_two(view, frame, area);
    } else if has(STACKED) {
        put(frame, stacked::lines(view, area), area);
    } else {
        put(frame, small::lines(view, area), area);
    }
}

/// A panel's lines; what is searched for is marked in the one that has the keys.
fn sought(view: &View, panel: Panel, lines: Lines) -> Lines {
    if view.ui.stack.is_empty() && view.ui.focus == panel { view.sought(lines) } else { lines }
}

pub(super) fn put(frame: &mut Frame, lines: Lines, area: Rect) {
    frame.render_widget(Paragraph::new(lines), area);
}

pub(super) fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width), usize::from(area.height))
}

/// The rows from `top` to `bottom` of `area`.
pub(super) fn rows(area: Rect, top: usize, bottom: usize) -> Rect {
    let y = |row: usize| area.y + u16::try_from(row).unwrap_or(u16::MAX).min(area.height);
    Rect { y: y(top), height: y(bottom).saturating_sub(y(top)), ..area }
}

/// Blocks one below the other, a blank row between two of them, in so many rows.
struct Pile {
    lines: Lines,
    height: usize,
}

impl Pile {
    fn new(height: usize) -> Self {
        Self { lines: Lines::new(), height }
    }

    /// How many rows one more block can have.
    fn room(&self) -> usize {
        self.height.saturating_sub(self.lines.len() + usize::from(!self.lines.is_empty()))
    }

    /// Puts a block below the others, as far as there is room.
    fn put(&mut self, mut block: Lines) {
        block.truncate(self.room());
        if block.is_empty() {
            return;
        }
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        self.lines.extend(block);
    }

    /// Puts a block below the others if it has room as a whole and leaves `spare` rows.
    fn put_whole(&mut self, block: Lines, spare: usize) {
        if block.len() + spare <= self.room() {
            self.put(block);
        }
    }
}
