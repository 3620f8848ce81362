//! The rows of a chart: which value is in which, and what they are called.

use super::columns::{Column, VALUE_MAX};
use super::{Limit, Rows};

/// How much room is left beyond what is drawn, as a part of it.
const AIR: f64 = 0.05;

/// The values at the top and the bottom of a chart, both finite, the top above the bottom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    /// The highest of what is drawn; above it there is air.
    peak: f64,
    rows: usize,
}

impl Scale {
    /// A scale with everything on it. Where zero is near it begins there, so that twice as much looks it.
    pub(super) fn of(cells: &[Option<Column>], limits: &[Limit], rows: usize) -> Self {
        let values = cells.iter().flatten().flat_map(|cell| [cell.low, cell.high]);
        let all = values.chain(limits.iter().map(|limit| limit.bound.clamp(-VALUE_MAX, VALUE_MAX)));
        let (low, high) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (span, peak) = (high - low, high);
        let (low, high) = if span > high.abs().max(low.abs()) * 1e-9 {
            let bottom = if (0.0..=span).contains(&low) { 0.0 } else { low - span * AIR };
            (if low >= 0.0 { bottom.max(0.0) } else { bottom }, high + span * AIR)
        } else if high == 0.0 {
            (0.0, 1.0)
        } else {
            (low - low.abs() * 0.1, high + high.abs() * 0.1)
        };
        Self { low, high, peak, rows: rows.max(1) }
    }

    /// How much one row stands for.
    pub(super) fn step(&self) -> f64 {
        (self.high - self.low) / as_f64(self.rows)
    }

    /// The row of a value, the top one 0; what is beyond the scale is on its edge.
    pub(super) fn row_of(&self, value: f64) -> usize {
        let part = ((self.high - value) / (self.high - self.low)).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of the rows, from 0 to all"
        )]
        let row = (part * as_f64(self.rows)) as usize;
        row.min(self.rows - 1)
    }

    /// What a row is called: the value in its middle; the highest of what is drawn where that is, and at the very bottom
    /// of a scale from zero 0.
    pub(super) fn value_of(&self, row: usize) -> f64 {
        match row {
            _ if row + 1 == self.rows && self.low == 0.0 => 0.0,
            _ if row == self.row_of(self.peak) => self.peak,
            _ => self.high - (as_f64(row) + 0.5) * self.step(),
        }
    }

    /// The rows that a column is drawn in: its own values, and the way there from the value before.
    pub(super) fn rows_of(&self, column: &Column) -> Rows {
        let (top, bottom) = (self.row_of(column.high), self.row_of(column.low));
        let from = column.from.map_or(top, |from| self.row_of(from));
        // The row of the value before is drawn in its own column.
        let top = if from < top { from + 1 } else { top };
        let bottom = if from > bottom { from - 1 } else { bottom };
        top..=bottom
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of screen rows")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
