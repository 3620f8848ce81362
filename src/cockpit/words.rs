//! Numbers as people read them: clocks, ages, values with their unit, limits that fit a column.

use crate::playbook::{Bound, Limit, Op, Unit};
use crate::text::Text;
use unicode_width::UnicodeWidthChar;

/// A running time: `00:48`, `12:05`, `1:02:05`.
pub(super) fn clock(ms: u64) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes:02}:{seconds:02}") }
}

/// An age: `3s`, `3m20s`, `2h05m`.
pub(super) fn age(ms: u64) -> String {
    match ms / 1000 {
        s @ 0..=99 => format!("{s}s"),
        s @ 100..=3599 => format!("{}m{:02}s", s / 60, s % 60),
        s => format!("{}h{:02}m", s / 3600, s / 60 % 60),
    }
}

/// About how long something takes: `~30s`, and `<1s` for what nobody waits for.
pub(super) fn about(ms: u64) -> String {
    if ms < 1000 { "<1s".into() } else { format!("~{}", age(ms)) }
}

/// A value in its unit, short enough for a column; what is not finite is no value.
pub(super) fn value(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return "--".into();
    }
    let (times, sign) = shown_in(unit);
    format!("{}{sign}", number(value * times))
}

/// A value on a scale whose rows are `step` apart: as many digits as tell one row from the next.
pub(super) fn scaled(value: f64, unit: Unit, step: f64) -> String {
    let (times, sign) = shown_in(unit);
    let (value, step) = (value * times, step * times);
    let digits = (0..=5_usize).find(|digits| step * 10_f64.powi(i32::try_from(*digits).unwrap_or(0)) >= 1.0);
    match digits {
        _ if value == 0.0 => format!("0{sign}"),
        Some(digits) if value.abs() < 1e6 => format!("{value:.digits$}{sign}"),
        Some(_) | None => format!("{value:.1e}{sign}"),
    }
}

/// What a value is multiplied with to be shown, and what is put behind it.
fn shown_in(unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Number => (1.0, ""),
        Unit::Ratio => (100.0, "%"),
        Unit::Percent => (1.0, "%"),
        Unit::Seconds => (1.0, "s"),
        Unit::Millis => (1.0, "ms"),
        Unit::PerSecond => (1.0, "/s"),
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e6 {
        format!("{value:.1e}")
    } else if size >= 100.0 || size == 0.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 0.01 {
        format!("{value:.2}")
    } else if size >= 0.001 {
        format!("{value:.4}")
    } else {
        // What is not nothing is never shown as 0.00.
        format!("{value:.1e}")
    }
}

/// A limit as a column shows it: `>1%`, `<=57.5ms`; its duration is left to the detail.
pub(super) fn limit(limit: &Limit, unit: Unit, baseline: Option<f64>) -> String {
    let op = match limit.op {
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Eq => "=",
    };
    let written = limit.written.split(" for ").next().unwrap_or_default();
    match (limit.bound, limit.bound_at(baseline)) {
        (Bound::Times(_) | Bound::Plus(_) | Bound::Part { .. }, Some(bound)) => format!("{op}{}", value(bound, unit)),
        (Bound::Value(_) | Bound::Times(_) | Bound::Plus(_) | Bound::Part { .. }, _) => {
            written.split_whitespace().collect()
        }
    }
}

/// `text` made inert and cut to `width` columns; a cut ends in `..`.
pub(super) fn clip(text: &str, width: usize) -> String {
    let inert = Text::new(text);
    if columns(inert.as_str()) <= width {
        return inert.to_string();
    }
    let mut out = String::new();
    let mut used = 0;
    let room = width.saturating_sub(2);
    for c in inert.as_str().chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        out.push(c);
    }
    out.push_str(&".."[..width.min(2)]);
    out
}

/// How many columns `text` takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// `text` in lines of at most `width` columns, broken between words where it can be; nothing of it is cut away.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = vec![String::new()];
    for word in Text::new(text).as_str().split(' ') {
        let line = lines.last_mut().expect("there is always a last line");
        if line.is_empty() || columns(line) + 1 + columns(word) <= width {
            let gap = if line.is_empty() { "" } else { " " };
            *line = format!("{line}{gap}{word}");
        } else {
            lines.push(word.to_owned());
        }
        break_last(&mut lines, width);
    }
    lines
}

/// The same in at most `rows` lines; what has no room in the last one is cut from it.
pub(super) fn wrap_in(text: &str, width: usize, rows: usize) -> Vec<String> {
    let mut wrapped = wrap(text, width);
    if wrapped.len() > rows {
        let last = wrapped.split_off(rows.saturating_sub(1)).join(" ");
        wrapped.push(clip(&last, width));
    }
    wrapped
}

/// Breaks the last line as often as it is wider than `width`.
fn break_last(lines: &mut Vec<String>, width: usize) {
    while let Some(last) = lines.pop_if(|last| columns(last) > width) {
        let (mut head, mut used) = (String::new(), 0);
        let mut rest = last.chars().peekable();
        while let Some(c) = rest.next_if(|c| used + c.width().unwrap_or(0) <= width) {
            used += c.width().unwrap_or(0);
            head.push(c);
        }
        lines.push(head);
        lines.push(rest.collect());
    }
}
