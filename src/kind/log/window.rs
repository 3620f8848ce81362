//! The newest lines of a log, and how many of them match. What is counted is either all that was asked for, or nothing.

use super::Call;
use crate::kind::{Body, Seen, look};
use chrono::{DateTime, NaiveDateTime};
use regex::Regex;

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counted {
    matching: usize,
    /// How many lines match `ratio_of`, if that was asked for.
    of: Option<usize>,
    /// The newest time in the log, in milliseconds since 1970; `None` without `time`, and in an empty log.
    pub newest_ms: Option<i64>,
}

impl Counted {
    /// The count, or the share.
    #[expect(clippy::cast_precision_loss, reason = "a mebibyte has far fewer lines than 2^52")]
    pub(super) fn seen(&self) -> Seen {
        match self.of {
            None => Seen::Value(self.matching.to_string().into()),
            Some(0) => look::absent("no line in the window matches `ratio_of`"),
            Some(of) => Seen::Value((self.matching as f64 / of as f64).to_string().into()),
        }
    }
}

/// Counts the lines of a call in the end of a log; an error says why they cannot all be counted.
pub(super) fn count(call: &Call, end: &Body) -> Result<Counted, String> {
    let text = String::from_utf8_lossy(&end.bytes);
    let text: &str = match text.split_once('\n') {
        // The first line of a cut text is the rest of a line.
        Some((_, rest)) if end.truncated => rest,
        None if end.truncated => "",
        Some(_) | None => &text,
    };
    let lines: Vec<&str> = text.lines().collect();
    let times = call.time.as_deref().map(|time| times(&lines, time, call.time_format.as_deref())).transpose()?;
    let newest_ms = times.as_ref().and_then(|times| times.iter().flatten().max().copied());
    let window = match (call.lines, call.minutes, &times) {
        (Some(count), None, _) => last_lines(&lines, count, end.truncated)?,
        (None, Some(minutes), Some(times)) => last_minutes(&lines, times, minutes, end.truncated)?,
        (Some(_), Some(_), _) | (None, None, _) | (None, Some(_), None) => {
            return Err("a log has either `lines`, or `minutes` with `time`".to_owned());
        }
    };
    let matching = |pattern: &str| {
        let regex = Regex::new(pattern).map_err(|error| format!("`{pattern}` is no regular expression: {error}"))?;
        Ok::<_, String>(window.iter().filter(|line| regex.is_match(line)).count())
    };
    Ok(Counted { matching: matching(&call.count)?, of: call.ratio_of.as_deref().map(matching).transpose()?, newest_ms })
}

/// The last `count` lines, or all there are.
fn last_lines<'a>(lines: &[&'a str], count: u32, truncated: bool) -> Result<Vec<&'a str>, String> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if truncated && lines.len() < count {
        return Err(format!("only the last 1 MiB was read, which holds {} lines; ask for fewer", lines.len()));
    }
    Ok(lines[lines.len().saturating_sub(count)..].to_vec())
}

/// The lines of the last minutes before the newest line.
fn last_minutes<'a>(
    lines: &[&'a str],
    times: &[Option<i64>],
    minutes: u32,
    truncated: bool,
) -> Result<Vec<&'a str>, String> {
    let known = || times.iter().flatten().copied();
    let (Some(first), Some(newest)) = (known().next(), known().max()) else {
        return if truncated {
            Err("only the last 1 MiB was read, which is one line".to_owned())
        } else {
            Ok(Vec::new())
        };
    };
    let start = newest.saturating_sub(i64::from(minutes) * 60_000);
    if truncated && first > start {
        let reach_s = (newest - first) / 1000;
        return Err(format!("only the last 1 MiB was read, which reaches {reach_s} s back; ask for fewer minutes"));
    }
    let in_window = |(line, time): (&&'a str, &Option<i64>)| time.is_some_and(|time| time > start).then_some(*line);
    Ok(lines.iter().zip(times).filter_map(in_window).collect())
}

/// Each line's time, in milliseconds since 1970. Lines before the first time have none.
fn times(lines: &[&str], pattern: &str, format: Option<&str>) -> Result<Vec<Option<i64>>, String> {
    let regex = Regex::new(pattern).map_err(|error| format!("`{pattern}` is no regular expression: {error}"))?;
    let own = |line: &str| time_of(regex.captures(line)?.get(1)?.as_str(), format);
    let carry = |last: &mut Option<i64>, line: &&str| {
        *last = own(line).or(*last);
        Some(*last)
    };
    let times: Vec<Option<i64>> = lines.iter().scan(None, carry).collect();
    match (lines.last(), times.last()) {
        (Some(line), Some(None)) => {
            Err(format!("`time` finds no time in any of {} lines; the last is: {}", lines.len(), look::shorten(line)))
        }
        (Some(_) | None, _) => Ok(times),
    }
}

/// A time as `format` writes it, RFC 3339 without one, in milliseconds since 1970.
pub(super) fn time_of(text: &str, format: Option<&str>) -> Option<i64> {
    let Some(format) = format else {
        return DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis());
    };
    let zoned = DateTime::parse_from_str(text, format).map(|time| time.timestamp_millis());
    let plain = || NaiveDateTime::parse_from_str(text, format).map(|time| time.and_utc().timestamp_millis());
    zoned.or_else(|_| plain()).ok()
}
