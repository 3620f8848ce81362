//! The numbers of a run: one table, each with the values it is made of and what they come to.

use super::answer::{Lack, Part, Reply, Run};
use super::measure::{mean, p50, p95};
use crate::kind::{Reading, Seen, look};
use serde_json::{Map, Value};

/// What shows every number at once, as JSON.
const ALL: &str = "all";

/// One number of a run.
struct Show {
    name: &'static str,
    /// One value for each answer that counts.
    values: fn(&Run) -> Vec<Part<f64>>,
    /// What they come to.
    sum: fn(&[f64]) -> Option<f64>,
}

const SHOWS: &[Show] = &[
    // B13, C6: 0.70 or more. A2: below 0.60 is a trigger.
    Show { name: "coverage", values: covered, sum: mean },
    // B12, C5: 0.45 or less. A1: a p95 that drifts by more than 0.15.
    Show { name: "ds_question", values: ds_question, sum: mean },
    Show { name: "ds_question_p95", values: ds_question, sum: p95 },
    Show { name: "ds_anchor", values: ds_anchor, sum: mean },
    Show { name: "ds_anchor_p95", values: ds_anchor, sum: p95 },
    // A3: more than 0.20 is a trigger. B14, C7: convergent on two seeds.
    Show { name: "lambda", values: flips, sum: mean },
    Show { name: "p50", values: took, sum: p50 },
    Show { name: "p95", values: took, sum: p95 },
    // C39: p50 and p95 of each stage.
    Show { name: "retrieve_p50", values: stage::<0>, sum: p50 },
    Show { name: "retrieve_p95", values: stage::<0>, sum: p95 },
    Show { name: "rerank_p50", values: stage::<1>, sum: p50 },
    Show { name: "rerank_p95", values: stage::<1>, sum: p95 },
    Show { name: "reason_p50", values: stage::<2>, sum: p50 },
    Show { name: "reason_p95", values: stage::<2>, sum: p95 },
];

/// What a call may show.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHOWS.iter().map(|show| show.name).chain([ALL])
}

/// The numbers that a metric or a probe may show, `all` among them.
pub fn shows() -> Vec<&'static str> {
    names().collect()
}

/// What a look saw.
pub(super) fn seen(name: &str, run: &Run) -> Seen {
    if name == ALL {
        return all(run);
    }
    match value(name, run) {
        Ok(value) => Seen::Value(rounded(value).to_string().into()),
        Err(Lack::Nothing(why)) => look::absent(why),
        Err(Lack::Wrong(why)) => look::failed(why),
    }
}

/// What a metric read.
pub(super) fn reading(name: &str, run: &Run, now_ms: i64) -> Reading {
    match value(name, run) {
        Ok(value) => Reading::Value { value, sampled_ms: now_ms },
        Err(Lack::Nothing(why)) => Reading::NoData(why.into()),
        Err(Lack::Wrong(why)) => Reading::Error(why.into()),
    }
}

/// Every number; null where there is no verdict. Without the least coverage nothing was answered.
fn all(run: &Run) -> Seen {
    if let Err(lack) = value("coverage", run) {
        return match lack {
            Lack::Nothing(why) => look::absent(why),
            Lack::Wrong(why) => look::failed(why),
        };
    }
    let number =
        |show: &Show| (show.name.to_owned(), sum(show, run).map_or(Value::Null, |value| rounded(value).into()));
    let numbers: Map<String, Value> = SHOWS.iter().map(number).collect();
    Seen::Value(Value::Object(numbers).to_string().into())
}

/// Four decimals: what is smaller is noise, and every change of a probe is written down.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn value(name: &str, run: &Run) -> Part<f64> {
    let Some(show) = SHOWS.iter().find(|show| show.name == name) else {
        return Err(Lack::Wrong(format!("`{name}` is no number; it is one of {}", shows().join(", "))));
    };
    sum(show, run)
}

fn sum(show: &Show, run: &Run) -> Part<f64> {
    let usable = usable((show.values)(run), run.at_least)?;
    (show.sum)(&usable).ok_or_else(|| Lack::Nothing("there is nothing to reckon with".to_owned()))
}

/// The values that are there, if enough of them are: a verdict never comes of a part that nobody asked for.
#[expect(clippy::cast_precision_loss, reason = "a run has a few hundred answers")]
fn usable(parts: Vec<Part<f64>>, at_least: f64) -> Part<Vec<f64>> {
    let all = parts.len();
    let (usable, lacking): (Vec<_>, Vec<_>) = parts.into_iter().partition(Result::is_ok);
    let usable: Vec<f64> = usable.into_iter().flatten().collect();
    match lacking.into_iter().find_map(Result::err) {
        None => Ok(usable),
        Some(lack) if usable.is_empty() => Err(lack),
        Some(_) if usable.len() as f64 >= all as f64 * at_least => Ok(usable),
        Some(lack) => Err(Lack::Nothing(format!("{} of {all} answers can be used; {}", usable.len(), lack.why()))),
    }
}

/// Whether each question's own answer holds what is expected.
fn covered(run: &Run) -> Vec<Part<f64>> {
    let own = run.rows.iter().filter(|row| row.is_own);
    own.map(|row| of(&row.reply, |reply| Ok(f64::from(u8::from(reply.covers))))).collect()
}

fn ds_question(run: &Run) -> Vec<Part<f64>> {
    run.rows.iter().map(|row| of(&row.reply, |reply| reply.ds_question.clone())).collect()
}

/// Where a question has an anchor.
fn ds_anchor(run: &Run) -> Vec<Part<f64>> {
    let anchored = run.rows.iter().filter(|row| row.reply.as_ref().map_or(true, |reply| reply.ds_anchor.is_some()));
    let none = || Err(Lack::Nothing("no question has an anchor".to_owned()));
    anchored.map(|row| of(&row.reply, |reply| reply.ds_anchor.clone().unwrap_or_else(none))).collect()
}

/// Whether each paraphrase and each further seed changes the best hit.
fn flips(run: &Run) -> Vec<Part<f64>> {
    let own = |question| run.rows.iter().find(|row| row.is_own && row.question == question);
    let variants = run.rows.iter().filter(|row| !row.is_own);
    let flip = |row: &super::answer::Row| {
        let own = own(row.question).ok_or_else(|| Lack::Wrong("the question itself was not asked".to_owned()))?;
        // Of nothing nobody knows whether it flips; what a paraphrase has lost has flipped.
        let nothing = || Lack::Nothing("nothing was retrieved".to_owned());
        let theirs = of(&own.reply, |reply| reply.top.clone().ok_or_else(nothing))?;
        of(&row.reply, |reply| Ok(f64::from(u8::from(reply.top.as_ref() != Some(&theirs)))))
    };
    variants.map(flip).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no request takes longer than a day of milliseconds")]
fn took(run: &Run) -> Vec<Part<f64>> {
    run.rows.iter().map(|row| of(&row.reply, |reply| Ok(reply.took_ms as f64))).collect()
}

fn stage<const STAGE: usize>(run: &Run) -> Vec<Part<f64>> {
    run.rows.iter().map(|row| of(&row.reply, |reply| reply.stages[STAGE].clone())).collect()
}

/// A value of an answer, or why there is no answer.
fn of<T>(reply: &Part<Reply>, value: impl Fn(&Reply) -> Part<T>) -> Part<T> {
    reply.as_ref().map_err(Clone::clone).and_then(value)
}
