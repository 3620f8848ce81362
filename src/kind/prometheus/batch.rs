//! Many queries as one, and back.
//!
//! Each expression gets its id in the label `goaround` and all are joined by `or`, which keeps every series
//! whose labels are new. Each stands on lines of its own, so that a comment at its end ends with it. A scalar
//! cannot be given a label, so what is made of numbers, `time()` and `scalar(…)` only is put into `vector(…)`.

use super::{Backend, Call, default_fresh, promql};
use crate::kind::{Exchange, HttpAsk, escape_url, http};
use std::collections::BTreeMap;

/// One query of a batch: the metric's id and its call.
pub type Named<'a> = (&'a str, &'a Call);

/// Queries longer than this travel in a POST: servers and proxies refuse long addresses.
const GET_MAX_BYTES: usize = 6_000;

/// What a label ends in whose part is the time of the newest sample.
const FRESH: char = '@';

const OPEN: &str = "label_replace(\n";
const OPEN_SCALAR: &str = "label_replace(vector(\n";
const OR: &str = "\nor ";

/// All `calls` as one instant query: each expression and each `fresh` carries its id in the label
/// `goaround`, joined by `or`. `at_ms` evaluates in the past (baselines by offset). Refused are an id that
/// no label could carry back and an expression that would reach into the next.
pub fn batch(backend: &Backend, calls: &[Named<'_>], at_ms: Option<i64>) -> Result<Exchange, String> {
    let mut joined: Vec<String> = Vec::new();
    for (id, call) in calls {
        joined.push(part(id, &label(id)?, &call.query)?);
        if let Some(fresh) = fresh_of(call) {
            joined.push(part(id, &fresh_label(id), &fresh)?);
        }
    }
    if joined.is_empty() {
        return Err("there is nothing to ask for".to_owned());
    }
    Ok(ask(backend, &joined.join(OR), at_ms))
}

/// The expression for the time of the newest sample: the one written, else the one that follows from the query.
pub(super) fn fresh_of(call: &Call) -> Option<String> {
    call.fresh.clone().or_else(|| default_fresh(call))
}

/// The label of a metric's value.
fn label(id: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if id.is_empty() || !id.chars().all(fits) {
        return Err(format!("`{id}` cannot be a label that comes back as it went"));
    }
    Ok(id.to_owned())
}

/// The label of the time of a metric's newest sample.
pub(super) fn fresh_label(id: &str) -> String {
    format!("{id}{FRESH}")
}

/// One expression, labelled.
fn part(id: &str, label: &str, expression: &str) -> Result<String, String> {
    if let Some(why) = promql::unsound(expression) {
        return Err(format!("{id}: `{expression}` {why}"));
    }
    let close = closing(label);
    Ok(if promql::is_scalar(expression) {
        format!("{OPEN_SCALAR}{expression}\n){close}")
    } else {
        format!("{OPEN}{expression}\n{close}")
    })
}

/// What follows an expression and gives it its label.
fn closing(label: &str) -> String {
    format!(", \"goaround\", \"{label}\", \"\", \"\")")
}

/// An instant query as a request.
pub(super) fn ask(backend: &Backend, query: &str, at_ms: Option<i64>) -> Exchange {
    let time = at_ms.map(|ms| format!("&time={}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000)));
    let asked = format!("query={}{}", escape_url(query), time.unwrap_or_default());
    let long = asked.len() > GET_MAX_BYTES;
    let form = ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned());
    let address = http::address(backend, "/api/v1/query");
    Exchange::Http(HttpAsk {
        method: if long { "POST" } else { "GET" }.to_owned(),
        url: if long { address } else { format!("{address}?{asked}") },
        headers: if long { vec![form] } else { Vec::new() },
        auth: http::auth(backend),
        secrets: BTreeMap::new(),
        body: long.then_some(asked),
        ca_file: backend.ca_file.clone(),
    })
}

/// The query that a request carries, in its address or in its body.
pub fn query_of(ask: &HttpAsk) -> Option<String> {
    let in_url = ask.url.split_once('?').map(|(_, asked)| asked);
    let pairs = in_url.into_iter().chain(ask.body.as_deref()).flat_map(|asked| asked.split('&'));
    let encoded = pairs.into_iter().find_map(|pair| pair.strip_prefix("query="))?;
    decode(encoded)
}

/// The text that was percent-encoded.
fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                (u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?, after)
            }
            (b'+', _) => (b' ', after),
            (byte, _) => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// The parts of a batched query as `(label value, expression)`: what a simulated Prometheus has to answer.
/// A query that is no batch is one part with an empty label.
pub fn parts(query: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = query;
    while let Some((label, expression, after)) = first_part(rest) {
        found.push((label.to_owned(), expression.to_owned()));
        match after.strip_prefix(OR) {
            Some(next) => rest = next,
            None if after.is_empty() => return found,
            None => break,
        }
    }
    vec![(String::new(), query.to_owned())]
}

/// The label and expression that `text` begins with, and what follows them.
fn first_part(text: &str) -> Option<(&str, &str, &str)> {
    let (inside, scalar) = match (text.strip_prefix(OPEN), text.strip_prefix(OPEN_SCALAR)) {
        (Some(inside), _) => (inside, ""),
        (None, Some(inside)) => (inside, ")"),
        (None, None) => return None,
    };
    let (expression, after) = inside.split_at(promql::end_of_expression(inside)?);
    let after = after.strip_prefix(scalar)?.strip_prefix(", \"goaround\", \"")?;
    let (label, after) = after.split_once("\", \"\", \"\")")?;
    Some((label, expression.strip_suffix('\n')?, after))
}
