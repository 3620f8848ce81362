//! The grammar of limits: an operator, a bound, and perhaps `for` a duration.

use super::{Bound, Limit, Op, Unit};
use crate::playbook::duration;

/// How limits read, for hints.
const EXAMPLES: &str =
    "limits read like `> 1%`, `< 0.60 for 30s`, `> baseline * 2`, `<= baseline + 15%`, `< baseline - 5pp`";

/// Operators, the longer ones first.
const OPS: &[(&str, Op)] = &[
    (">=", Op::Ge),
    ("≥", Op::Ge),
    ("<=", Op::Le),
    ("≤", Op::Le),
    ("==", Op::Eq),
    (">", Op::Gt),
    ("<", Op::Lt),
    ("=", Op::Eq),
];

/// What is wrong with a limit, and what to do about it.
pub(in crate::playbook) struct Misread {
    /// What is wrong.
    pub(in crate::playbook) what: String,
    /// What to do about it.
    pub(in crate::playbook) hint: String,
}

impl Misread {
    /// A limit that does not follow the grammar.
    fn grammar(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: EXAMPLES.into() }
    }

    /// A bound whose unit is not the metric's.
    fn unit(suffix: &str, unit: Unit) -> Self {
        let name = unit.name();
        let hint = match suffix {
            "%" | "pp" => "set the metric's `unit` to `ratio` (0 to 1) or `percent` (0 to 100)".into(),
            _ => format!("write the bound in `{name}`, or change the metric's `unit`"),
        };
        Self { what: format!("`{suffix}` does not fit a metric whose unit is `{name}`"), hint }
    }
}

impl Limit {
    /// Reads a limit on a metric of this unit; an error says what is wrong and what to write instead.
    ///
    /// `> 1%` · `< 0.60 for 30s` · `> baseline * 2` · `<= baseline + 15%` (relative) · `< baseline - 5pp` (points)
    pub fn parse(text: &str, unit: Unit) -> Result<Self, String> {
        Self::read(text, unit).map_err(|misread| format!("{}; {}", misread.what, misread.hint))
    }

    /// Reads a limit; what is wrong and what to do about it stay apart.
    pub(in crate::playbook) fn read(text: &str, unit: Unit) -> Result<Self, Misread> {
        let written = text.trim();
        let Some((sign, op)) = OPS.iter().find(|(sign, _)| written.starts_with(sign)) else {
            return Err(Misread::grammar(format!("the limit `{written}` starts with no comparison")));
        };
        let rest = &written[sign.len()..];
        let (bound, window) = match rest.split_once(" for ") {
            Some((bound, window)) => (bound, Some(window)),
            None => (rest, None),
        };
        let for_ms = match window {
            Some(window) => duration(window.trim()).map_err(Misread::grammar)?,
            None => 0,
        };
        Ok(Self { op: *op, bound: read_bound(bound.trim(), unit)?, for_ms, written: written.into() })
    }
}

impl Limit {
    /// The share in `80%`: a part of the way to another limit, and no limit of its own.
    pub(in crate::playbook) fn share(text: &str) -> Option<f64> {
        let number = text.trim().strip_suffix('%')?.trim();
        number.parse::<f64>().ok().filter(|share| share.is_finite()).map(|share| share / 100.0)
    }
}

/// A bound: a quantity, or the baseline with one.
fn read_bound(text: &str, unit: Unit) -> Result<Bound, Misread> {
    let Some(change) = text.strip_prefix("baseline") else {
        return absolute(text, unit).map(Bound::Value);
    };
    let change = change.trim_start();
    let mut letters = change.chars();
    let Some(sign) = letters.next() else { return Ok(Bound::Times(1.0)) };
    let (number, suffix) = quantity(letters.as_str().trim_start())?;
    let signed = if sign == '-' { -number } else { number };
    match (sign, suffix) {
        ('*' | '×', "") => Ok(Bound::Times(number)),
        ('*' | '×', "%") => Ok(Bound::Times(number / 100.0)),
        ('/', "") if number != 0.0 => Ok(Bound::Times(number.recip())),
        ('+' | '-', "%") => Ok(Bound::Times(1.0 + signed / 100.0)),
        ('+' | '-', "pp") => {
            unit.point().map(|worth| Bound::Plus(signed * worth)).ok_or_else(|| Misread::unit(suffix, unit))
        }
        ('+' | '-', suffix) => {
            unit.worth(suffix).map(|worth| Bound::Plus(signed * worth)).ok_or_else(|| Misread::unit(suffix, unit))
        }
        _ => Err(Misread::grammar(format!("`{text}` is no change of the baseline"))),
    }
}

/// A quantity in the metric's unit.
fn absolute(text: &str, unit: Unit) -> Result<f64, Misread> {
    let (number, suffix) = quantity(text)?;
    if suffix == "pp" {
        return Err(Misread::grammar("`pp` (percentage points) is a distance from the baseline, not a value"));
    }
    unit.worth(suffix).map(|worth| number * worth).ok_or_else(|| Misread::unit(suffix, unit))
}

/// A finite number and the suffix behind it.
fn quantity(text: &str) -> Result<(f64, &str), Misread> {
    if text.is_empty() {
        return Err(Misread::grammar("the limit has no bound"));
    }
    // The longest head that reads as a number; an exponent's `e` makes a plain scan for digits wrong.
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let heads = ends.take(32).filter(|end| text[..*end].ends_with(|c: char| c.is_ascii_digit() || c == '.'));
    let number = heads.filter_map(|end| Some((text[..end].parse::<f64>().ok()?, end))).last();
    match number {
        Some((number, end)) if number.is_finite() => Ok((number, text[end..].trim())),
        _ => Err(Misread::grammar(format!("`{text}` is no number"))),
    }
}
