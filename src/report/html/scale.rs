//! Places on a drawing: shares of its width in per cent, so that it fits a phone and a printed page alike.

use crate::report::axis::Axis;

/// A share of the width in per cent, to two digits: the same bytes each time.
pub(super) fn percent(share: f64) -> String {
    trimmed(&format!("{:.2}", (share * 100.0).clamp(0.0, 100.0)))
}

/// A place in thousandths, to one digit.
pub(super) fn thousandth(share: f64) -> String {
    trimmed(&format!("{:.1}", (share * 1000.0).clamp(-1000.0, 2000.0)))
}

fn trimmed(digits: &str) -> String {
    let short = digits.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// How far along the axis a time is, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a drawing has a thousand places, not 2^52")]
pub(super) fn along(axis: Axis, at_ms: i64) -> f64 {
    let width = axis.to_ms as f64 - axis.from_ms as f64;
    if width <= 0.0 { 0.0 } else { ((at_ms as f64 - axis.from_ms as f64) / width).clamp(0.0, 1.0) }
}

/// What a chart's height shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    low: f64,
    high: f64,
}

impl Range {
    /// Room for all of these, and a little more.
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            return Self { low: 0.0, high: 1.0 };
        }
        // What is never negative is not drawn as if it could be.
        let floor = if low >= 0.0 { 0.0 } else { f64::MIN };
        let room = if low < high { (high / 2.0 - low / 2.0) * 0.2 } else { (high.abs() * 0.1).max(0.5) };
        Self { low: (low - room).max(floor), high: (high + room).min(f64::MAX) }
    }

    /// How far below the top a value is, from 0 to 1. By halves, because a whole span may be no number.
    pub(super) fn down(self, value: f64) -> f64 {
        let span = self.high / 2.0 - self.low / 2.0;
        if span > 0.0 { (self.high / 2.0 - value / 2.0) / span } else { 0.5 }
    }

    /// Round values to write at the side.
    pub(super) fn ticks(self) -> Vec<f64> {
        let step = round_step((self.high / 2.0 - self.low / 2.0) / 2.0);
        let first = (self.low / step).ceil();
        if !(step.is_finite() && first.is_finite()) {
            return Vec::new();
        }
        let ticks = (0..10_u32).map(|n| (first + f64::from(n)) * step);
        ticks.take_while(|tick| *tick <= self.high).collect()
    }
}

/// The least of 1, 2 or 5 times a power of ten that is no less.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.abs().max(f64::MIN_POSITIVE).log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|digit| digit * power).find(|step| *step >= least).unwrap_or(10.0 * power)
}

/// Spans between time marks that people read easily, in milliseconds.
const TIME_STEPS: [i64; 16] = [
    1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
    7_200_000, 21_600_000, 86_400_000,
];

/// The most time marks on an axis: a phone has no room for more.
const TIMES_MAX: i64 = 4;

/// Round times to write below, in milliseconds since zero.
pub(super) fn times(axis: Axis) -> Vec<i64> {
    let width = axis.to_ms.saturating_sub(axis.from_ms);
    let fits = |step: &i64| width / step <= TIMES_MAX;
    let days = (width / 86_400_000 / TIMES_MAX + 1).saturating_mul(86_400_000);
    let step = TIME_STEPS.into_iter().find(fits).unwrap_or(days);
    let first = axis.from_ms.div_euclid(step) + i64::from(axis.from_ms.rem_euclid(step) != 0);
    let times = (0..=TIMES_MAX).map(|n| first.saturating_add(n).saturating_mul(step));
    times.take_while(|at| *at <= axis.to_ms).collect()
}

/// A time since zero: `T+1:05`, `T-0:30`, `T+26:03:00`.
pub(super) fn time(at_ms: i64) -> String {
    let (sign, s) = (if at_ms < 0 { '-' } else { '+' }, at_ms.unsigned_abs() / 1000);
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 { format!("T{sign}{h}:{m:02}:{s:02}") } else { format!("T{sign}{m}:{s:02}") }
}

/// The same to the tenth of a second, for tables.
pub(super) fn exact_time(at_ms: i64) -> String {
    format!("{}.{}", time(at_ms), at_ms.unsigned_abs() % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_read_easily_and_fit_a_phone() {
        let axis = |from_ms, to_ms| Axis { from_ms, to_ms };
        assert_eq!(times(axis(-17_000, 174_000)), [0, 60_000, 120_000]);
        assert_eq!(times(axis(0, 3_000)), [0, 1_000, 2_000, 3_000]);
        assert_eq!(times(axis(5, 5)), [] as [i64; 0]);
        assert_eq!(
            (time(65_000), time(-500), time(93_780_000)),
            ("T+1:05".into(), "T-0:00".into(), "T+26:03:00".into())
        );
    }

    #[test]
    fn a_flat_line_lies_within_its_chart_and_so_does_none() {
        for values in [vec![], vec![0.0], vec![1840.0, 1840.0], vec![-3.0]] {
            let range = Range::of(values.iter().copied());
            assert!(values.iter().all(|value| (0.0..=1.0).contains(&range.down(*value))), "{range:?}");
            assert!(!range.ticks().is_empty(), "{range:?}");
        }
    }

    proptest! {
        #[test]
        fn every_value_lies_within_its_chart(values in prop::collection::vec(any::<f64>(), 1..50)) {
            let range = Range::of(values.iter().copied());
            for value in values.into_iter().filter(|value| value.is_finite()) {
                prop_assert!((-0.001..=1.001).contains(&range.down(value)), "{value} in {range:?}");
            }
            prop_assert!(range.ticks().len() <= 10);
        }

        #[test]
        fn every_time_is_on_the_axis(from_ms in any::<i64>(), to_ms in any::<i64>()) {
            let axis = Axis { from_ms: from_ms.min(to_ms), to_ms: from_ms.max(to_ms) };
            prop_assert!(times(axis).iter().all(|at| (axis.from_ms..=axis.to_ms).contains(at)));
            prop_assert!((0.0..=1.0).contains(&along(axis, 0)));
        }
    }
}
