//! The simulated Prometheus: instant queries, single or batched, over the playbook's own metrics.
//!
//! It understands no query language. It knows the queries of the playbook by their text, which is all a drill asks.

use super::questions::Question;
use super::world::{World, http};
use crate::kind::prometheus::{parts, query_of};
use crate::kind::{Answer, HttpAsk};
use serde_json::{Value, json};

impl World {
    /// Answers a request as Prometheus 2.42 does.
    pub(super) fn prometheus(&self, backend: &str, ask: &HttpAsk, now: i64) -> Answer {
        answer(self, backend, ask, now)
    }
}

fn answer(world: &World, backend: &str, ask: &HttpAsk, now: i64) -> Answer {
    let base = world.base(backend).unwrap_or_default();
    let path = ask.url.strip_prefix(base).unwrap_or_default();
    if path.split('?').next() != Some("/api/v1/query") {
        return http(404, "404 page not found\n");
    }
    let Some(query) = query_of(ask).filter(|query| !query.is_empty()) else {
        let error = "invalid parameter \"query\": unknown position: parse error: no expression found in input";
        return http(400, &json!({ "status": "error", "errorType": "bad_data", "error": error }).to_string());
    };
    let asked_for = time_of(ask).map(|wall| wall - world.scenario.epoch_ms);
    // Nothing has been scraped in the future.
    let at = asked_for.unwrap_or(now).min(now);
    let result: Vec<Value> =
        parts(&query).iter().filter_map(|(label, expression)| series(world, label, expression, at)).collect();
    let data = json!({ "resultType": "vector", "result": result });
    http(200, &json!({ "status": "success", "data": data }).to_string())
}

/// One series, or nothing for a query that matches none: an unknown metric is empty, not an error.
fn series(world: &World, label: &str, expression: &str, at: i64) -> Option<Value> {
    let sampled = World::scraped(at);
    let value = match world.questions.get(expression)? {
        Question::Value(metric) => world.sample(metric, sampled)?.to_string(),
        Question::Fresh(metric) => {
            world.sample(metric, sampled)?;
            seconds(world.scenario.epoch_ms + sampled).to_string()
        }
    };
    let metric = if label.is_empty() { json!({}) } else { json!({ "goaround": label }) };
    Some(json!({ "metric": metric, "value": [seconds(world.scenario.epoch_ms + at), value] }))
}

/// The `time` of a request, in milliseconds since 1970.
fn time_of(ask: &HttpAsk) -> Option<i64> {
    let asked = ask.url.split_once('?').map(|(_, asked)| asked);
    let pairs = asked.into_iter().chain(ask.body.as_deref()).flat_map(|asked| asked.split('&'));
    let written = pairs.into_iter().find_map(|pair| pair.strip_prefix("time="))?;
    let (seconds, millis) = written.split_once('.').unwrap_or((written, "0"));
    let millis: i64 = format!("{millis:0<3}").get(..3)?.parse().ok()?;
    Some(seconds.parse::<i64>().ok()?.checked_mul(1000)?.saturating_add(millis))
}

/// Milliseconds as the seconds with a fraction that Prometheus writes.
#[expect(clippy::cast_precision_loss, reason = "times until the year 285,000 are exact in an f64")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
