//! Where a metric goes, in one word.

use crate::metrics::Point;

/// A value older than this has no part in a trend, in ms.
const WINDOW_MS: i64 = 60_000;
/// Of those, this many of the newest are judged: a metric that turned a moment ago goes where it goes now.
const VALUES_MAX: usize = 12;
/// Fewer values than this have no trend.
const VALUES_MIN: usize = 4;
/// A change smaller than this part of the size is none.
const STILL: f64 = 0.05;
/// A change must be this many times the usual step from one value to the next, or else it is noise.
const OVER_NOISE: f64 = 2.0;
/// A step as large as this part of the size is no noise.
const LEAP: f64 = 0.20;
/// This many turns from one leap to a leap back are flapping; a lone spike is one turn.
const TURNS: usize = 3;

/// `rising`, `falling`, `static`, `flapping`, or `-` where too little is known.
pub(super) fn trend(points: impl DoubleEndedIterator<Item = Point>, now_ms: i64) -> &'static str {
    let recent = points.rev().filter(|point| now_ms.saturating_sub(point.sampled_ms) <= WINDOW_MS);
    let mut recent = recent.peekable();
    // What cannot be seen now goes nowhere that anybody knows of.
    if recent.peek().is_some_and(|newest| newest.value.is_none()) {
        return "-";
    }
    let finite = recent.filter_map(|point| point.value).filter(|value| value.is_finite());
    let mut values: Vec<f64> = finite.take(VALUES_MAX).collect();
    if values.len() < VALUES_MIN {
        return "-";
    }
    values.reverse();
    let size = values.iter().fold(0.0_f64, |size, value| size.max(value.abs())).max(f64::MIN_POSITIVE);
    // Scaled first, so that no sum of huge values overflows.
    values.iter_mut().for_each(|value| *value /= size);
    let third = values.len() / 3;
    // Medians: one spike moves neither.
    let change = median(&values[values.len() - third..]) - median(&values[..third]);
    let steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let least = (OVER_NOISE * mean_size(&steps)).max(STILL);
    match change {
        _ if turns(&steps) >= TURNS => "flapping",
        change if change > least => "rising",
        change if change < -least => "falling",
        _ => "static",
    }
}

/// The middle value, or between the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
}

#[expect(clippy::cast_precision_loss, reason = "at most VALUES_MAX steps")]
fn mean_size(steps: &[f64]) -> f64 {
    steps.iter().map(|step| step.abs()).sum::<f64>() / steps.len() as f64
}

/// How often the values leap there and back.
fn turns(steps: &[f64]) -> usize {
    let leaps: Vec<f64> = steps.iter().copied().filter(|step| step.abs() >= LEAP).collect();
    leaps.windows(2).filter(|pair| pair[0].is_sign_positive() != pair[1].is_sign_positive()).count()
}
