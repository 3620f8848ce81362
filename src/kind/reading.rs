//! From what a look saw to a reading: a number, and when it was sampled.

use super::look::{self, Wanted};
use super::{Body, Content, Reading, Seen};
use crate::text::Text;
use chrono::DateTime;

/// Values beyond this are errors: drawing and arithmetic are sound only well inside an `f64`.
pub(super) const VALUE_MAX: f64 = 1e15;

/// A time in seconds beyond this (the year 5138) is one in milliseconds.
const SECONDS_MAX: f64 = 1e11;

/// The number that a look saw, sampled at `sampled_ms`. No data is never a value, and a unit is never guessed.
pub(super) fn number(seen: &Seen, sampled_ms: i64) -> Reading {
    let text = match seen {
        Seen::Value(text) => text.as_str(),
        Seen::Absent(why) => return Reading::NoData(why.clone()),
        Seen::Failed(why) => return Reading::Error(why.clone()),
    };
    match text.parse::<f64>() {
        Ok(value) if value.is_nan() => Reading::NoData("NaN".into()),
        Ok(value) if value.is_infinite() => error(format!("the value is infinite ({text})")),
        Ok(value) if value.abs() > VALUE_MAX => error(format!("the value {value:e} is beyond 1e15")),
        Ok(value) => Reading::Value { value, sampled_ms },
        Err(_) => error(format!("`{}` is no number; a metric takes one without a unit", look::shorten(text))),
    }
}

/// The number that a look saw, sampled when the JSON pointer `fresh` into the same answer says.
pub(super) fn dated(seen: &Seen, body: &Body, fresh: &str) -> Reading {
    let said = match (seen, (Wanted { at: Some(fresh), find: None }).in_body(body)) {
        (Seen::Absent(_) | Seen::Failed(_), _) => return number(seen, 0),
        (Seen::Value(_), Seen::Absent(why)) => return Reading::NoData(told(why.as_str())),
        (Seen::Value(_), Seen::Failed(why)) => return Reading::Error(told(why.as_str())),
        (Seen::Value(_), Seen::Value(said)) => said,
    };
    match instant(said.as_str()) {
        Some(sampled_ms) => number(seen, sampled_ms),
        None => Reading::Error(told(&format!("`{}` is no time", look::shorten(said.as_str())))),
    }
}

/// The number that a look at a file saw, sampled when the file was last written.
pub(super) fn written(seen: &Seen, content: &Content) -> Reading {
    match (seen, content.modified_ms) {
        (Seen::Value(_), None) => Reading::NoData("when the file was last written is not known".into()),
        (Seen::Value(_) | Seen::Absent(_) | Seen::Failed(_), at) => number(seen, at.unwrap_or_default()),
    }
}

/// A time as answers write it, in milliseconds since 1970: seconds or milliseconds since 1970, or RFC 3339.
pub(super) fn instant(text: &str) -> Option<i64> {
    match text.parse::<f64>() {
        Ok(seconds) if (1.0..SECONDS_MAX).contains(&seconds) => Some(whole(seconds * 1000.0)),
        Ok(ms) if (SECONDS_MAX..SECONDS_MAX * 1000.0).contains(&ms) => Some(whole(ms)),
        Ok(_) => None,
        Err(_) => DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "times are checked to be below 1e14 milliseconds before")]
fn whole(ms: f64) -> i64 {
    ms.round() as i64
}

fn error(why: impl Into<Text>) -> Reading {
    Reading::Error(why.into())
}

fn told(why: &str) -> Text {
    format!("the time of the sample (`fresh`): {why}").into()
}
