//! Claims about the one word for where a metric goes.

use crate::cockpit::trend::trend;
use crate::metrics::Point;

/// One value every `every_ms`, the newest now.
fn of(values: &[f64], every_ms: i64) -> &'static str {
    let last = i64::try_from(values.len()).expect("few values") - 1;
    let points = (0..).zip(values).map(|(place, value)| Point { sampled_ms: place * every_ms, value: Some(*value) });
    trend(points.collect::<Vec<_>>().into_iter(), last * every_ms)
}

/// `count` values of a function of their place.
fn made(count: i32, value: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..count).map(|place| value(f64::from(place))).collect()
}

#[test]
fn a_metric_that_recovers_is_rising_though_it_fell_within_the_minute() {
    let mut values = made(40, |place| 0.80 - place * 0.01);
    values.extend(made(12, |place| 0.40 + place * 0.03));
    assert_eq!(of(&values, 1000), "rising");
    assert_eq!(of(&values[..40], 1000), "falling");
}

#[test]
fn noise_is_neither_flapping_nor_a_direction() {
    // A tenth up and down around a level, in no order.
    let noise = [0.3, -0.8, 0.9, -0.2, 0.6, -1.0, 0.1, 0.7, -0.5, 0.4, -0.9, 1.0, -0.3, 0.8, -0.7];
    for shift in 0..noise.len() {
        let values = noise.iter().cycle().skip(shift).take(30).map(|noise| 100.0 + 10.0 * noise);
        assert_eq!(of(&values.collect::<Vec<_>>(), 1000), "static", "from {shift}");
    }
}

#[test]
fn a_lone_spike_changes_nothing_and_many_are_flapping() {
    for spike in 0..12 {
        let lone = made(12, |place| if (place - f64::from(spike)).abs() < 0.5 { 4.0 } else { 1.0 });
        assert_eq!(of(&lone, 1000), "static", "a spike at {spike}");
    }
    let many = made(12, |place| if place % 3.0 < 0.5 { 4.0 } else { 1.0 });
    assert_eq!(of(&many, 1000), "flapping");
}

#[test]
fn steady_series_keep_their_word() {
    assert_eq!(of(&made(30, |_| 5.0), 1000), "static");
    assert_eq!(of(&made(30, |_| 0.0), 1000), "static");
    assert_eq!(of(&made(30, |place| 1.0 + place * 0.05), 1000), "rising");
    assert_eq!(of(&made(5, |place| 50.0 - place * 10.0), 15_000), "falling");
    assert_eq!(of(&made(12, |place| if place < 9.0 { 0.81 } else { 0.51 }), 1000), "falling", "all at once");
    assert_eq!(of(&made(12, |place| place - 9.0), 1000), "rising", "through zero");
}

#[test]
fn too_little_or_too_old_has_no_trend() {
    assert_eq!(of(&[1.0, 2.0, 3.0], 1000), "-");
    assert_eq!(of(&[], 1000), "-");
    assert_eq!(of(&made(30, |place| place), 30_000), "-", "three values in a minute");
    assert_eq!(of(&[f64::NAN, f64::INFINITY, 1.0, 2.0, f64::NEG_INFINITY, 3.0], 1000), "-");
    assert_eq!(of(&[f64::MAX, f64::MIN, f64::MAX, f64::MIN, f64::MAX], 1000), "flapping");
}
