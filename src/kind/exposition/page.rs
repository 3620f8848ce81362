//! One sample out of a page. Two regular expressions read a line; like a Prometheus, one line that is no sample
//! spoils the page, for nobody knows what else it is.

use super::Call;
use crate::kind::{Seen, look};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A line: name, labels, value, time. What follows a `#` is an exemplar.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let labels = r#"[ \t]*\{(?<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\}[ \t]*"#;
    let line = format!(
        r"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:{labels}|[ \t]+)(?<value>[^\s#]+)(?:[ \t]+(?<time>[^\s#]+))?[ \t]*(?:#.*)?$"
    );
    Regex::new(&line).expect("a literal pattern")
});

/// One label at the beginning of what is left of them.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"(?<value>(?:[^"\\]|\\.)*)"\s*(?:,|$)"#)
        .expect("a literal pattern")
});

/// A time beyond this many milliseconds (the year 5138) was given in another unit.
const TIME_MAX_MS: f64 = 1e14;

/// The value of a call's series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// The value, as the page writes it; a sum as we do.
    pub text: String,
    /// When it was sampled, in milliseconds since 1970, if its line says so.
    pub sampled_ms: Option<i64>,
}

/// One line of a page.
struct Line<'a> {
    text: &'a str,
    value: f64,
    sampled_ms: Option<i64>,
}

/// Whether this can be a metric's name.
pub(super) fn is_metric(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':'));
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
}

/// Whether this can be a label's name.
pub(super) fn is_label(name: &str) -> bool {
    is_metric(name) && !name.contains(':')
}

/// The sample of a call's series, or of all its series together.
pub(super) fn sample(call: &Call, page: &str) -> Result<Sample, Seen> {
    let found = lines(call, page).map_err(look::failed)?;
    if let Some(nan) = found.iter().find(|line| line.value.is_nan()) {
        return Err(look::absent(nan.text));
    }
    if let Some(infinite) = found.iter().find(|line| line.value.is_infinite()) {
        return Err(look::failed(format!("the value is infinite ({})", infinite.text)));
    }
    match &found[..] {
        [] => Err(look::absent(format!("the page has no series {}", series_of(call)))),
        [one] => Ok(Sample { text: one.text.to_owned(), sampled_ms: one.sampled_ms }),
        many if call.sum => Ok(Sample {
            text: many.iter().map(|line| line.value).sum::<f64>().to_string(),
            sampled_ms: many.iter().filter_map(|line| line.sampled_ms).min(),
        }),
        many => Err(look::failed(format!(
            "the page has {} series {}; name more `labels`, or write `sum = true`",
            many.len(),
            series_of(call)
        ))),
    }
}

/// The lines of a call's series.
fn lines<'a>(call: &Call, page: &'a str) -> Result<Vec<Line<'a>>, String> {
    // OpenMetrics ends in this line, and its times are seconds.
    let time_unit_ms = if page.trim_end().ends_with("# EOF") { 1000.0 } else { 1.0 };
    let mut found = Vec::new();
    for (number, line) in (1..).zip(page.lines()).filter(|(_, line)| !is_blank(line)) {
        let odd = |what: &str| format!("line {number} of the page {what}: {}", look::shorten(line));
        let parts = LINE.captures(line.trim()).ok_or_else(|| odd("is no sample"))?;
        if parts["name"] != call.metric {
            continue;
        }
        let labels = parts.name("labels").map_or(Some(BTreeMap::new()), |labels| labels_in(labels.as_str()));
        let labels = labels.ok_or_else(|| odd("has labels that cannot be read"))?;
        let has = |(name, wanted): (&String, &String)| labels.get(name.as_str()).map_or("", String::as_str) == wanted;
        if !call.labels.iter().all(has) {
            continue;
        }
        let text = parts.name("value").map_or("", |value| value.as_str());
        let value = text.parse().map_err(|_| odd("has a value that is no number"))?;
        let time = parts.name("time").map(|time| milliseconds(time.as_str(), time_unit_ms));
        let sampled_ms = time.map(|time| time.ok_or_else(|| odd("has a time that is none"))).transpose()?;
        found.push(Line { text, value, sampled_ms });
    }
    Ok(found)
}

fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The labels between the braces; nothing when they cannot be read.
fn labels_in(mut rest: &str) -> Option<BTreeMap<&str, String>> {
    let mut labels = BTreeMap::new();
    while !rest.trim().is_empty() {
        let found = LABEL.captures(rest)?;
        let name = found.name("name")?.as_str();
        labels.insert(name, unescaped(found.name("value")?.as_str()));
        rest = &rest[found.get(0)?.end()..];
    }
    Some(labels)
}

/// A label's value without its escapes: `\\`, `\"` and `\n`.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(chars.next().map(|escaped| if escaped == 'n' { '\n' } else { escaped }));
        } else {
            out.push(c);
        }
    }
    out
}

#[expect(clippy::cast_possible_truncation, reason = "a time within the bound fits")]
fn milliseconds(text: &str, unit_ms: f64) -> Option<i64> {
    let ms = text.parse::<f64>().ok()? * unit_ms;
    (ms.abs() < TIME_MAX_MS).then(|| ms.round() as i64)
}

/// A call's series as it is written on a page.
fn series_of(call: &Call) -> String {
    let labels: Vec<String> = call.labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    if labels.is_empty() { call.metric.clone() } else { format!("{}{{{}}}", call.metric, labels.join(",")) }
}
