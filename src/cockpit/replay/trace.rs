//! A metric over the whole tape in one row: how it stood to its limits in each column, and where nothing was measured.

use crate::metrics::stale_after_ms;
use crate::playbook::{Limit, Metric};

/// One column, the worse the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cockpit) enum Cell {
    /// Before the first sample.
    Before,
    /// Nothing was measured.
    Gap,
    /// Within every limit.
    Fine,
    /// Not recovered yet, or beyond its warning.
    Short,
    /// Beyond its stop limit.
    Beyond,
}

/// The columns of `values` on a tape of `end_ms`. A value stands until the next one or until it is stale; what is missing
/// is never joined.
pub(in crate::cockpit) fn trace(
    metric: &Metric,
    baseline: Option<f64>,
    (values, end_ms): (&[(u64, Option<f64>)], u64),
    columns: usize,
) -> Vec<Cell> {
    let mut cells = vec![Cell::Before; columns];
    if columns == 0 {
        return cells;
    }
    let stale_ms = u64::try_from(stale_after_ms(metric)).unwrap_or(0);
    let first = values.first().map_or(end_ms, |(at, _)| *at);
    for cell in cells.iter_mut().skip(column(first, end_ms, columns)) {
        *cell = if values.is_empty() { Cell::Before } else { Cell::Gap };
    }
    for (place, (at, value)) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        let next = values.get(place + 1).map_or(end_ms, |(next, _)| *next);
        let until = next.min(at.saturating_add(stale_ms)).min(end_ms);
        let judged = judge(metric, *value, baseline);
        for cell in &mut cells[column(*at, end_ms, columns)..=column(until, end_ms, columns)] {
            *cell = judged.max(*cell);
        }
    }
    cells
}

/// The column of a time, of so many on a tape of `end_ms`.
pub(in crate::cockpit) fn column(at_ms: u64, end_ms: u64, columns: usize) -> usize {
    let most = columns.saturating_sub(1);
    let place = u128::from(at_ms) * most as u128 / u128::from(end_ms.max(1));
    usize::try_from(place).unwrap_or(most).min(most)
}

fn judge(metric: &Metric, value: f64, baseline: Option<f64>) -> Cell {
    let holds = |limit: &Option<Limit>| limit.as_ref().and_then(|limit| limit.holds(value, baseline));
    match (holds(&metric.stop), holds(&metric.warn), holds(&metric.exit)) {
        (Some(true), _, _) => Cell::Beyond,
        (_, Some(true), _) | (_, _, Some(false)) => Cell::Short,
        (_, _, _) => Cell::Fine,
    }
}
