//! Limits as people write them: `> 1%`, `< 0.60 for 30s`, `> baseline * 2`, `<= baseline + 15%`, `< baseline - 5pp`.

mod grammar;
mod unit;

use std::fmt;

/// The unit of a metric's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    #[default]
    Number,
    /// 0 to 1, shown and limited in per cent.
    Ratio,
    /// 0 to 100.
    Percent,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Per second.
    PerSecond,
}

/// How a value is compared with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `=`
    Eq,
}

/// What a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This value, in the metric's unit.
    Value(f64),
    /// The baseline times this (`baseline * 2` is 2, `baseline + 15%` is 1.15).
    Times(f64),
    /// The baseline plus this, in the metric's unit (`baseline - 5pp`).
    Plus(f64),
    /// This share of the way from the baseline to a value (`80%` of the way to `> 1%`).
    Part {
        /// The value, in the metric's unit.
        of: f64,
        /// From 0 to 1.
        share: f64,
    },
}

/// One checked limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// How to compare.
    pub op: Op,
    /// With what.
    pub bound: Bound,
    /// How long it must hold before it counts, in milliseconds.
    pub for_ms: u64,
    /// As the author wrote it.
    pub written: String,
}

impl Limit {
    /// The bound as a number, if the baseline it needs is known.
    pub fn bound_at(&self, baseline: Option<f64>) -> Option<f64> {
        match self.bound {
            Bound::Value(value) => Some(value),
            Bound::Times(factor) => baseline.map(|b| b * factor),
            Bound::Plus(add) => baseline.map(|b| b + add),
            Bound::Part { of, share } => baseline.map(|b| b + share * (of - b)),
        }
    }

    /// Whether `value` is on the limit's side of the bound; `None` without the baseline it needs.
    pub fn holds(&self, value: f64, baseline: Option<f64>) -> Option<bool> {
        let bound = self.bound_at(baseline)?;
        Some(match self.op {
            Op::Gt => value > bound,
            Op::Ge => value >= bound,
            Op::Lt => value < bound,
            Op::Le => value <= bound,
            Op::Eq => (value - bound).abs() < f64::EPSILON,
        })
    }

    /// Whether the limit is relative to a baseline.
    pub fn needs_baseline(&self) -> bool {
        !matches!(self.bound, Bound::Value(_))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written)
    }
}
