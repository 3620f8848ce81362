//! Fewer points for a chart, so that every spike and every gap is still there.

use super::axis::Axis;

/// Into how many columns the time shown is divided; a printed page has no more to tell apart.
pub(super) const COLUMNS: usize = 360;

/// When, and what; no value is a break in the line.
type Point = (i64, Option<f64>);

/// Of each column the least and the greatest value, with the first and the last of all; a break stays wherever one was
/// between two values that stay. Few enough points stay as they are.
pub(super) fn thinned(points: &[Point], axis: Axis) -> Vec<Point> {
    if points.len() <= 2 * COLUMNS {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(2 * COLUMNS + 2);
    kept.extend(points.iter().position(|(_, value)| value.is_some()));
    let mut begin = 0;
    for column in points.chunk_by(|(a, _), (b, _)| column_of(axis, *a) == column_of(axis, *b)) {
        kept.extend(outstanding(column).into_iter().map(|at| begin + at));
        begin += column.len();
    }
    kept.extend(points.iter().rposition(|(_, value)| value.is_some()));
    kept.sort_unstable();
    kept.dedup();
    with_breaks(points, &kept)
}

fn column_of(axis: Axis, at_ms: i64) -> usize {
    let width = i128::from(axis.to_ms) - i128::from(axis.from_ms);
    let along = (i128::from(at_ms) - i128::from(axis.from_ms)) * COLUMNS as i128 / width.max(1);
    usize::try_from(along.clamp(0, COLUMNS as i128)).unwrap_or(0)
}

/// Where the least and the greatest value of a column are.
fn outstanding(column: &[Point]) -> Vec<usize> {
    let values = || column.iter().enumerate().filter_map(|(at, (_, value))| Some((at, (*value)?)));
    let least = values().min_by(|(_, a), (_, b)| a.total_cmp(b));
    let greatest = values().max_by(|(_, a), (_, b)| a.total_cmp(b));
    least.into_iter().chain(greatest).map(|(at, _)| at).collect()
}

/// The points at these places, and a break between two of them that had one between them.
fn with_breaks(points: &[Point], kept: &[usize]) -> Vec<Point> {
    let mut thin = Vec::with_capacity(kept.len());
    let mut next = 0;
    for &at in kept {
        thin.extend(points[next..at].iter().find(|(_, value)| value.is_none()));
        thin.push(points[at]);
        next = at + 1;
    }
    thin.extend(points[next..].iter().find(|(_, value)| value.is_none()));
    thin
}
