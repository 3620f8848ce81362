//! What a chart has in each of its columns: the span of the values in that time, and where nothing was measured.

use crate::metrics::Point;

/// The largest value drawn; beyond it sums and differences would lose their meaning.
pub(super) const VALUE_MAX: f64 = 1e15;
/// A value smaller than this is drawn as zero, so that no difference of two is too small to divide by.
const VALUE_MIN: f64 = 1e-290;
/// A sample this far ahead of our clock is drawn as the newest; one further ahead is not believed, in ms.
const AHEAD_MS: i64 = 30_000;

/// Where a time is, among columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) start_ms: i64,
    pub(super) bucket_ms: i64,
    pub(super) now_ms: i64,
    pub(super) count: usize,
}

impl Axis {
    /// `count` columns for the last `window_ms`. They end on whole spans of time, so that a value does not wander from
    /// one column to the next and back as time goes on.
    pub(super) fn new(now_ms: i64, window_ms: i64, count: usize) -> Self {
        let columns = i64::try_from(count).unwrap_or(i64::MAX).max(1);
        let bucket_ms = (window_ms / columns).max(1);
        let end = now_ms.div_euclid(bucket_ms).saturating_add(1).saturating_mul(bucket_ms);
        Self { start_ms: end.saturating_sub(bucket_ms.saturating_mul(columns)), bucket_ms, now_ms, count }
    }

    /// The column of a time; none for what was before the first or is too far ahead.
    pub(super) fn column_of(&self, at_ms: i64) -> Option<usize> {
        let believed = at_ms <= self.now_ms.saturating_add(AHEAD_MS);
        let into = at_ms.min(self.now_ms).checked_sub(self.start_ms).filter(|into| believed && *into >= 0)?;
        usize::try_from(into / self.bucket_ms).ok().filter(|column| *column < self.count)
    }
}

/// The values of one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The value before the first of them, if nothing is missing between.
    pub(super) from: Option<f64>,
}

/// All columns of a chart.
#[derive(Debug)]
pub(super) struct Columns {
    axis: Axis,
    /// What was measured; `None` where nothing was.
    pub(super) cells: Vec<Option<Column>>,
    /// Where something is missing.
    pub(super) gaps: Vec<bool>,
}

/// A value as it can be drawn; none for what is no number.
fn drawable(value: Option<f64>) -> Option<f64> {
    let value = value.filter(|value| value.is_finite())?.clamp(-VALUE_MAX, VALUE_MAX);
    Some(if value.abs() < VALUE_MIN { 0.0 } else { value })
}

impl Columns {
    /// The points in the order in which they came. A value stands until the next one, if that comes within `stale_ms`;
    /// whatever is later than that, or is no number, leaves a gap. What is too far ahead is not there.
    pub(super) fn of(points: &[Point], axis: Axis, stale_ms: i64) -> Self {
        let mut columns = Self { axis, cells: vec![None; axis.count], gaps: vec![false; axis.count] };
        let mut before: Option<(i64, f64)> = None;
        for point in points.iter().filter(|point| point.sampled_ms <= axis.now_ms.saturating_add(AHEAD_MS)) {
            let at = point.sampled_ms;
            let near = before.filter(|(then, _)| *then <= at && at.saturating_sub(*then) <= stale_ms);
            if let Some((then, value)) = near {
                columns.hold(
                    then,
                    axis.column_of(at).unwrap_or(if at < axis.start_ms { 0 } else { axis.count }),
                    value,
                );
            }
            let value = drawable(point.value);
            before = value.map(|value| (at, value));
            if let Some(value) = value {
                columns.put(at, value, near.map(|(_, value)| value));
            } else if let Some(column) = axis.column_of(at) {
                columns.gaps[column] = true;
            }
        }
        if let Some((then, value)) = before.filter(|(then, _)| axis.now_ms.saturating_sub(*then) <= stale_ms) {
            columns.hold(then, axis.count, value);
        }
        let first = points.iter().any(|point| point.sampled_ms < axis.start_ms).then_some(0);
        columns.note_gaps(first);
        columns
    }

    /// A value from behind its own column up to column `to`, where nothing else is.
    fn hold(&mut self, then: i64, to: usize, value: f64) {
        let from = self.axis.column_of(then).map_or(0, |column| column + 1);
        for cell in self.cells.iter_mut().take(to).skip(from) {
            cell.get_or_insert(Column { low: value, high: value, from: Some(value) });
        }
    }

    fn put(&mut self, at: i64, value: f64, from: Option<f64>) {
        let Some(column) = self.axis.column_of(at) else { return };
        let cell = self.cells[column].get_or_insert(Column { low: value, high: value, from });
        (cell.low, cell.high) = (cell.low.min(value), cell.high.max(value));
    }

    /// From the first column that anything is known of, whatever is empty is a gap.
    fn note_gaps(&mut self, first: Option<usize>) {
        let known = (0..self.cells.len()).find(|column| self.cells[*column].is_some() || self.gaps[*column]);
        for column in first.or(known).into_iter().flat_map(|first| first..self.axis.count) {
            self.gaps[column] |= self.cells[column].is_none();
        }
    }
}
