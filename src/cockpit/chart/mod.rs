//! A metric over time as a line of plain characters, with its limits, and gaps that are never joined.
//!
//! Drawn by hand and not by ratatui's `Chart`: its Braille, block and dot markers are of ambiguous width or unreadable to
//! a screen reader, it joins what is not joined, and it has no words at its limits. Bounds are finite and fixed before
//! anything is drawn; hostile values are clamped into them.

mod columns;
mod scale;

use super::row::Row;
use super::theme::{Theme, Token};
use super::words;
use crate::metrics::Point;
use crate::playbook::Unit;
use columns::{Axis, Column, Columns};
use ratatui::text::Line;
use scale::Scale;
use std::ops::RangeInclusive;

/// What a chart is drawn from.
pub(super) struct Chart<'a> {
    pub(super) theme: &'a Theme,
    pub(super) points: &'a [Point],
    pub(super) unit: Unit,
    /// Horizontal lines; where two share a row the first is drawn.
    pub(super) limits: Vec<Limit>,
    /// Marks below the line: when, and one letter.
    pub(super) marks: Vec<(i64, char)>,
    pub(super) now_ms: i64,
    pub(super) window_ms: i64,
    /// A value stands this long, if no other comes.
    pub(super) stale_ms: i64,
}

/// One horizontal line.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) word: &'static str,
    /// Where it is; finite.
    pub(super) bound: f64,
    pub(super) stroke: char,
    pub(super) token: Token,
}

/// A chart as drawn.
pub(super) struct Plot {
    pub(super) lines: Vec<Line<'static>>,
    /// Whether something is missing in it.
    pub(super) has_gap: bool,
}

type Rows = RangeInclusive<usize>;

/// Columns of the scale at the left.
pub(super) const SCALE: usize = 10;
/// The fewest columns and rows that show anything.
const LEAST: (usize, usize) = (12, 2);
/// A chart this high names times below, and not every row at its left.
const TALL: usize = 9;
/// A mark whose place is taken is put this many columns later at most.
const NUDGE: usize = 4;
/// What times may be named below a tall chart, in ms.
const TICKS_MS: [i64; 10] =
    [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000];
/// The fewest columns from one named time to the next.
const TICK_LEAST: i64 = 9;

impl Chart<'_> {
    /// The chart in at most `height` rows; none where there is no room for one.
    pub(super) fn plot(&self, width: usize, height: usize) -> Plot {
        let said = self.limits.iter().map(|limit| words::columns(limit.word) + 1).sum::<usize>();
        // Should all limits share a row, their words have room behind it.
        let room = width.saturating_sub(SCALE + said.max(4));
        let below = if height >= TALL { 1 + usize::from(!self.marks.is_empty()) } else { 1 };
        let rows = height.saturating_sub(below);
        if room < LEAST.0 || rows < LEAST.1 {
            return Plot { lines: Vec::new(), has_gap: false };
        }
        let axis = Axis::new(self.now_ms, self.window_ms, room);
        let columns = Columns::of(self.points, axis, self.stale_ms);
        if columns.cells.iter().all(Option::is_none) {
            let none = Row::new(self.theme).to(SCALE).fit(Token::Muted, "no samples in this window", width);
            return Plot { lines: vec![none.line()], has_gap: false };
        }
        let scale = Scale::of(&columns.cells, &self.limits, rows);
        let mut lines: Vec<Line> = (0..rows).map(|row| self.row(&columns, &scale, (row, rows))).collect();
        if height < TALL {
            lines.push(self.compact(&axis));
        } else {
            let marks = Row::new(self.theme).to(SCALE).put(Token::Event, &self.marks_of(&axis));
            lines.extend((!self.marks.is_empty()).then(|| marks.line()));
            lines.push(self.times(&axis));
        }
        Plot { lines, has_gap: columns.gaps.contains(&true) }
    }

    fn row(&self, columns: &Columns, scale: &Scale, (row, rows): (usize, usize)) -> Line<'static> {
        let here: Vec<&Limit> = self.limits.iter().filter(|limit| scale.row_of(limit.bound) == row).collect();
        let limit = here.first().copied();
        let named = rows + 1 < TALL || row.is_multiple_of(2) || row + 1 == rows;
        let label = match limit {
            Some(limit) => words::value(limit.bound, self.unit),
            None if named => words::scaled(scale.value_of(row), self.unit, scale.step()),
            None => String::new(),
        };
        let mut line = Row::new(self.theme).put(Token::Muted, &format!("{:>8} |", words::clip(&label, 8)));
        let cell = |(column, gap): (&Option<Column>, &bool)| {
            let drawn = column.as_ref().filter(|column| scale.rows_of(column).contains(&row));
            match (drawn, limit) {
                (Some(column), limit) => (Token::Chart, ink(column, limit)),
                (None, _) if *gap && row + 1 == rows => (Token::Nodata, '?'),
                (None, Some(limit)) => (limit.token, limit.stroke),
                (None, None) => (Token::Muted, ' '),
            }
        };
        let cells: Vec<(Token, char)> = columns.cells.iter().zip(&columns.gaps).map(cell).collect();
        for run in cells.chunk_by(|a, b| a.0 == b.0) {
            line = line.put(run[0].0, &run.iter().map(|(_, ink)| ink).collect::<String>());
        }
        let said: Vec<&str> = here.iter().map(|limit| limit.word).collect();
        line.put(limit.map_or(Token::Muted, |limit| limit.token), &format!(" {}", said.join("+"))).line()
    }

    /// The marks in their columns, in the order of their times. One whose place is taken moves on a little; one that would
    /// be far from its time then is left out.
    fn marks_of(&self, axis: &Axis) -> String {
        let in_column = |(at_ms, letter): &(i64, char)| Some((*at_ms, axis.column_of(*at_ms)?, *letter));
        let mut marks: Vec<(i64, usize, char)> = self.marks.iter().filter_map(in_column).collect();
        marks.sort_by_key(|(at_ms, ..)| *at_ms);
        let (mut letters, mut free) = (vec![' '; axis.count], 0);
        for (_, column, letter) in marks {
            let place = column.max(free);
            if place < axis.count && place - column <= NUDGE {
                (letters[place], free) = (letter, place + 1);
            }
        }
        letters.into_iter().collect()
    }

    /// Where the chart begins, the marks and where it ends, in one row.
    fn compact(&self, axis: &Axis) -> Line<'static> {
        let start = words::age(u64::try_from(self.now_ms.saturating_sub(axis.start_ms)).unwrap_or(0));
        let row = Row::new(self.theme).put(Token::Muted, &format!("{:>9} ", words::clip(&format!("-{start}"), 9)));
        row.put(Token::Event, &self.marks_of(axis)).put(Token::Muted, " now").line()
    }

    /// Times by name; each begins in its column.
    fn times(&self, axis: &Axis) -> Line<'static> {
        let wide = axis.bucket_ms.saturating_mul(TICK_LEAST);
        let tick = TICKS_MS.into_iter().find(|tick| *tick >= wide).unwrap_or(i64::MAX);
        let mut row = Row::new(self.theme).to(SCALE);
        let most = self.now_ms.saturating_sub(axis.start_ms) / tick;
        for back in (1..=most).rev().map(|count| count.saturating_mul(tick)) {
            let Some(column) = axis.column_of(self.now_ms.saturating_sub(back)) else { continue };
            let name = if back % 60_000 == 0 { format!("|-{}m", back / 60_000) } else { format!("|-{}s", back / 1000) };
            if SCALE + column >= row.used() && column + words::columns(&name) <= axis.count {
                row = row.to(SCALE + column).put(Token::Muted, &name);
            }
        }
        row.to(SCALE + axis.count).put(Token::Muted, " now").line()
    }
}

/// How a column is drawn in a row: on a limit's row above it or below it, if it is all on one side.
fn ink(column: &Column, limit: Option<&Limit>) -> char {
    match limit {
        Some(limit) if column.low > limit.bound && column.from.is_none_or(|from| from > limit.bound) => '\'',
        Some(limit) if column.high < limit.bound && column.from.is_none_or(|from| from < limit.bound) => '.',
        Some(_) | None => '#',
    }
}
