//! What a Prometheus server answered: one value, or the readings of a batch. No data is never a value.

use super::batch::{Named, fresh_label, fresh_of};
use crate::kind::reading::VALUE_MAX;
use crate::kind::{Answer, Body, Fault, Reading, Seen, look};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A sample time beyond this many seconds (the year 5138) was given in another unit.
const SECONDS_MAX: f64 = 1e11;

/// The server's envelope.
#[derive(Deserialize)]
struct Envelope {
    status: String,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    data: Option<Data>,
}

/// What was answered: a vector's series, or a scalar's or string's one pair.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    result_type: String,
    result: Value,
}

/// One series of a vector. A native histogram has no `value`.
#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    value: Option<(f64, String)>,
}

impl Series {
    /// What it says, as the server wrote it.
    fn text(&self) -> Result<&str, String> {
        self.value
            .as_ref()
            .map(|(_, text)| text.as_str())
            .ok_or_else(|| "answered a histogram; take a quantile of it".to_owned())
    }
}

/// The series of an answer; an error is a sentence with the server's own words.
fn series(answer: &Answer) -> Result<Vec<Series>, String> {
    let (status, body) = match answer {
        Answer::Http { status, body, .. } => (*status, body),
        foreign => return Err(look::misfit(foreign)),
    };
    let data = data(status, body)?;
    match data.result_type.as_str() {
        "vector" => serde_json::from_value(data.result).map_err(|error| format!("the answer cannot be read: {error}")),
        "scalar" | "string" => {
            let value =
                serde_json::from_value(data.result).map_err(|error| format!("the answer cannot be read: {error}"))?;
            Ok(vec![Series { metric: BTreeMap::new(), value: Some(value) }])
        }
        "matrix" => Err("answered a range of samples; an instant query answers one".to_owned()),
        other => Err(format!("answered a {other}, which cannot be read")),
    }
}

/// The data of an answer that is whole, successful and without a warning.
fn data(status: u16, body: &Body) -> Result<Data, String> {
    if body.truncated {
        return Err(format!(
            "HTTP {status}, but the answer is longer than the {} bytes kept; aggregate it",
            body.bytes.len()
        ));
    }
    let envelope: Envelope = match serde_json::from_slice(&body.bytes) {
        Ok(envelope) => envelope,
        Err(_) if (200..=299).contains(&status) => {
            return Err(format!("HTTP {status}, but that is no answer of Prometheus: {}", look::quote(body)));
        }
        Err(_) => return Err(look::saying(&format!("HTTP {status}"), &look::quote(body))),
    };
    if let Some(error) = envelope.error.as_deref().or((envelope.status != "success").then_some("it gave no reason")) {
        return Err(format!("HTTP {status}: {}", look::shorten(error)));
    }
    if !(200..=299).contains(&status) {
        return Err(format!("HTTP {status}: {}", look::quote(body)));
    }
    if let Some(warning) = envelope.warnings.first() {
        return Err(format!("it warns, so the answer may be partial: {}", look::shorten(warning)));
    }
    envelope.data.ok_or_else(|| "the answer holds no data".to_owned())
}

/// What a look saw.
pub(super) fn see(answer: &Answer) -> Seen {
    let found = match series(answer) {
        Ok(found) => found,
        Err(why) => return look::failed(why),
    };
    match &found[..] {
        [] => look::absent("the query answered nothing"),
        [one] => match one.text() {
            Ok("") => look::absent("the answer is empty"),
            Ok("NaN") => look::absent("NaN"),
            Ok(infinite @ ("+Inf" | "-Inf")) => look::failed(format!("the value is infinite ({infinite})")),
            Ok(text) => Seen::Value(text.into()),
            Err(why) => look::failed(why),
        },
        many => look::failed(format!("answered {} series; aggregate it", many.len())),
    }
}

/// The readings of a batch, one per call in the same order; an error says why the whole batch failed,
/// and each query must then be asked for by itself.
pub fn readings(calls: &[Named<'_>], result: &Result<Answer, Fault>) -> Result<Vec<Reading>, String> {
    let answer = result.as_ref().map_err(Fault::to_string)?;
    let mut by_label: BTreeMap<String, Vec<Series>> = BTreeMap::new();
    for mut one in series(answer)? {
        let label = one.metric.remove("goaround").unwrap_or_default();
        by_label.entry(label).or_default().push(one);
    }
    let none = Vec::new();
    let of = |label: &str| by_label.get(label).unwrap_or(&none).as_slice();
    let reading = |(id, call): &Named<'_>| {
        let asked = fresh_of(call).is_some();
        read(of(id), asked.then(|| of(&fresh_label(id)))).unwrap_or_else(|refusal| refusal)
    };
    Ok(calls.iter().map(reading).collect())
}

/// The reading of a query that was asked by itself.
pub(super) fn read_alone(result: &Result<Answer, Fault>) -> Reading {
    let found = result.as_ref().map_err(Fault::to_string).and_then(series);
    match found {
        Ok(found) => read(&found, None).unwrap_or_else(|refusal| refusal),
        Err(why) => error(why),
    }
}

/// One reading out of a value's series and those of its newest sample's time, `None` if that was not asked for.
fn read(values: &[Series], times: Option<&[Series]>) -> Result<Reading, Reading> {
    let value = number("the query", values)?;
    if value.abs() > VALUE_MAX {
        return Err(error(format!("the value {value:e} is beyond 1e15")));
    }
    let Some(times) = times else {
        return Err(no_data("no time of the newest sample is asked for; write `fresh`"));
    };
    if times.is_empty() {
        return Err(no_data("no time of the newest sample was answered (`fresh`)"));
    }
    let seconds = number("`fresh`", times)?;
    if !(0.0..SECONDS_MAX).contains(&seconds) || seconds == 0.0 {
        return Err(error(format!("`fresh` answered {seconds}, which is no time in seconds since 1970")));
    }
    Ok(Reading::Value { value, sampled_ms: milliseconds(seconds) })
}

/// The one finite number that `series` holds, or what their lack means.
fn number(asked: &str, series: &[Series]) -> Result<f64, Reading> {
    let one = match series {
        [] => return Err(no_data(format!("{asked} answered nothing"))),
        [one] => one,
        many => return Err(error(format!("{asked} answered {} series; aggregate it", many.len()))),
    };
    let text = one.text().map_err(|why| error(format!("{asked} {why}")))?;
    match text.parse::<f64>() {
        Ok(number) if number.is_nan() => Err(no_data(format!("{asked} answered NaN"))),
        Ok(number) if number.is_infinite() => Err(error(format!("{asked} answered {text}, which is infinite"))),
        Ok(number) => Ok(number),
        Err(_) => Err(error(format!("{asked} answered {}, which is no number", look::shorten(text)))),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "times are checked to be below 1e11 seconds before")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn no_data(why: impl Into<crate::text::Text>) -> Reading {
    Reading::NoData(why.into())
}

fn error(why: impl Into<crate::text::Text>) -> Reading {
    Reading::Error(why.into())
}
