//! What can be wrong with a count as written.

use super::{Call, file, window};
use crate::kind::{Complaint, Use, written};
use chrono::DateTime;
use chrono::format::{Fixed, Item, StrftimeItems};

/// A time that a sound format writes and reads back the same, a whole minute: seconds may be left out.
const SAMPLE_S: i64 = 1_795_230_720;

/// Faults of a call.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let act = (r#use == Use::Act).then(|| {
        Complaint::new("", "counting lines changes nothing", "a lever needs a kind that can change something")
    });
    let time_hint = "write for instance `time = '^(\\S+)'`";
    let found = [
        act,
        file::bad_path("file", &call.file),
        written::regex("count", Some(&call.count)),
        written::regex("ratio_of", call.ratio_of.as_deref()),
        written::grouped("time", call.time.as_deref()),
        written::exactly_one(&[("lines", call.lines.is_some()), ("minutes", call.minutes.is_some())]),
        nothing("lines", call.lines),
        nothing("minutes", call.minutes),
        (call.minutes.is_some() && call.time.is_none())
            .then(|| Complaint::new("minutes", "cannot be told without `time`", time_hint)),
        (call.time_format.is_some() && call.time.is_none())
            .then(|| Complaint::new("time_format", "does nothing without `time`", time_hint)),
        call.time_format.as_deref().and_then(bad_format),
    ];
    found.into_iter().flatten().collect()
}

fn nothing(key: &str, window: Option<u32>) -> Option<Complaint> {
    (window == Some(0)).then(|| Complaint::new(key, "is nothing", "write 1 or more"))
}

/// A format that cannot read back the time it has written.
fn bad_format(format: &str) -> Option<Complaint> {
    let named = |item: &Item<'_>| matches!(item, Item::Fixed(Fixed::TimezoneName));
    if StrftimeItems::new(format).any(|item| named(&item)) {
        let hint = "write `UTC` if that is what stands there, or `%z` for an offset";
        return Some(Complaint::new("time_format", "has a zone's name, by which nobody can reckon", hint));
    }
    let sound = StrftimeItems::new(format).all(|item| item != Item::Error);
    let sample = DateTime::from_timestamp(SAMPLE_S, 0).filter(|_| sound);
    let read = sample.and_then(|sample| window::time_of(&sample.format(format).to_string(), Some(format)));
    (read != Some(SAMPLE_S * 1000)).then(|| {
        let hint = "it needs year, month, day, hour and minute, for instance `%Y-%m-%d %H:%M:%S`";
        Complaint::new("time_format", "says no whole time", hint)
    })
}
