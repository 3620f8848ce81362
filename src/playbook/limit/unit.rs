//! Units: how a metric's values are written, limited and shown.

use super::Unit;

/// Every way to write a unit; the first of each is the one to show.
const NAMES: &[(&str, Unit)] = &[
    ("number", Unit::Number),
    ("ratio", Unit::Ratio),
    ("percent", Unit::Percent),
    ("s", Unit::Seconds),
    ("ms", Unit::Millis),
    ("/s", Unit::PerSecond),
];

/// Which suffix a limit may carry under which unit, and what it is worth in that unit.
const SUFFIXES: &[(Unit, &str, f64)] = &[
    (Unit::Ratio, "%", 0.01),
    (Unit::Percent, "%", 1.0),
    (Unit::Seconds, "s", 1.0),
    (Unit::Seconds, "ms", 0.001),
    (Unit::Seconds, "m", 60.0),
    (Unit::Seconds, "min", 60.0),
    (Unit::Millis, "ms", 1.0),
    (Unit::Millis, "s", 1000.0),
    (Unit::Millis, "m", 60_000.0),
    (Unit::Millis, "min", 60_000.0),
    (Unit::PerSecond, "/s", 1.0),
];

impl Unit {
    /// The names a playbook may use, in the order in which they are explained.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The unit of this name.
    pub fn parse(name: &str) -> Result<Self, String> {
        let row = NAMES.iter().find(|(known, _)| *known == name);
        row.map(|(_, unit)| *unit).ok_or_else(|| {
            let known: Vec<_> = Self::names().map(|name| format!("`{name}`")).collect();
            format!("`{name}` is no unit; there are {}", known.join(", "))
        })
    }

    /// Its name, as playbooks write it.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, unit)| *unit == self).map_or("number", |(name, _)| name)
    }

    /// What one of `suffix` is worth in this unit; a bare number is already in it.
    pub(super) fn worth(self, suffix: &str) -> Option<f64> {
        if suffix.is_empty() {
            return Some(1.0);
        }
        SUFFIXES.iter().find(|(unit, known, _)| *unit == self && *known == suffix).map(|(_, _, worth)| *worth)
    }

    /// What a percentage point is worth in this unit.
    pub(super) fn point(self) -> Option<f64> {
        match self {
            Self::Ratio => Some(0.01),
            Self::Percent => Some(1.0),
            Self::Number | Self::Seconds | Self::Millis | Self::PerSecond => None,
        }
    }

    /// A value as people read it: `0.41%`, `1840ms`, `1.84s`, `3.2/s`, `0.617`. Any value, also one that is no number.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Number => significant(value),
            Self::Ratio => format!("{}%", significant(value * 100.0)),
            Self::Percent => format!("{}%", significant(value)),
            Self::Seconds => format!("{}s", significant(value)),
            Self::Millis => format!("{}ms", significant(value)),
            Self::PerSecond => format!("{}/s", significant(value)),
        }
    }
}

/// Three significant digits, whole numbers whole, no trailing zeros, never wider than nine letters.
fn significant(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    let size = value.abs();
    if value.is_infinite() || size >= 1e7 || (size > 0.0 && size < 1e-4) {
        return if value.is_infinite() { format!("{value}") } else { format!("{value:.2e}") };
    }
    let places = match size {
        s if s >= 99.95 => 0,
        s if s >= 9.995 => 1,
        s if s >= 0.9995 || s == 0.0 => 2,
        s if s >= 0.099_95 => 3,
        _ => 4,
    };
    let digits = format!("{value:.places$}");
    let short = if places > 0 { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    if short == "-0" { "0".into() } else { short.into() }
}
