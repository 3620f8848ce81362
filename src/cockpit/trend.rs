//! Where a metric goes, in one word.

use crate::metrics::Point;

/// How far back a trend looks, in ms.
const WINDOW_MS: i64 = 60_000;
/// Fewer values than this have no trend.
const VALUES_MIN: usize = 4;
/// A change smaller than this part of the size is none.
const STILL: f64 = 0.05;
/// This many turns back and forth are flapping.
const TURNS: usize = 4;

/// `rising`, `falling`, `static`, `flapping`, or `-` where too little is known.
pub(super) fn trend(points: impl DoubleEndedIterator<Item = Point>, now_ms: i64) -> &'static str {
    let recent = points.filter(|point| now_ms.saturating_sub(point.sampled_ms) <= WINDOW_MS);
    let values: Vec<f64> = recent.filter_map(|point| point.value).filter(|value| value.is_finite()).collect();
    if values.len() < VALUES_MIN {
        return "-";
    }
    let size = values.iter().fold(0.0_f64, |size, value| size.max(value.abs())).max(f64::MIN_POSITIVE);
    // Scaled first, so that no sum of huge values overflows.
    let scaled: Vec<f64> = values.iter().map(|value| value / size).collect();
    let third = (scaled.len() / 3).max(1);
    let change = mean(&scaled[scaled.len() - third..]) - mean(&scaled[..third]);
    match change {
        change if change > STILL => "rising",
        change if change < -STILL => "falling",
        _ if turns(&scaled) >= TURNS => "flapping",
        _ => "static",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ring holds at most 2000 values")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// How often the values turn by more than noise.
fn turns(values: &[f64]) -> usize {
    let moves: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| step.abs() > STILL).collect();
    moves.windows(2).filter(|pair| pair[0].is_sign_positive() != pair[1].is_sign_positive()).count()
}
