//! From the answers of a run to what each of them says.

use super::ask::Wording;
use super::measure::{self, Undefined};
use super::{Anchor, Backend, Question};
use crate::kind::{Seen, Timed, http, look};
use serde_json::Value;
use std::collections::BTreeMap;

/// How far beyond 1 a cosine may lie that was reckoned in few digits.
const COSINE_SLACK: f64 = 1e-3;

/// The stages of an answer.
pub(super) const STAGES: usize = 3;

/// Why there is no value. Neither of them is ever replaced by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// There is none.
    Nothing(String),
    /// What is there cannot be right.
    Wrong(String),
}

impl Lack {
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Nothing(why) | Self::Wrong(why) => why,
        }
    }
}

/// A value, or why there is none.
pub(super) type Part<T> = Result<T, Lack>;

/// What came of a run.
pub(super) struct Run {
    /// The share of usable answers below which there is no data.
    pub(super) at_least: f64,
    /// Every wording of every question.
    pub(super) rows: Vec<Row>,
}

/// What came of one wording of a question.
pub(super) struct Row {
    /// Which question of the set.
    pub(super) question: usize,
    /// Whether it is the question's own words with the first seed.
    pub(super) is_own: bool,
    /// Its answer.
    pub(super) reply: Part<Reply>,
}

/// What an answer says.
pub(super) struct Reply {
    /// Whether it holds what is expected.
    pub(super) covers: bool,
    /// The best hit: its id, else its section.
    pub(super) top: Option<String>,
    /// ΔS(question, retrieved).
    pub(super) ds_question: Part<f64>,
    /// ΔS(retrieved, anchor); `None` where the question has no anchor.
    pub(super) ds_anchor: Option<Part<f64>>,
    /// How long the whole request took, in milliseconds.
    pub(super) took_ms: u64,
    /// How long the stages retrieve, rerank and reason took, in milliseconds.
    pub(super) stages: [Part<f64>; STAGES],
}

/// The vectors that the embedding endpoint gave.
type Vectors<'a> = BTreeMap<&'a str, Part<Vec<f64>>>;

/// Reads all answers of a run; they come in the order of its plan.
pub(super) fn run(backend: &Backend, parts: &[Timed]) -> Run {
    let plan = backend.plan();
    let (asked, embedded) = parts.split_at(plan.wordings.len().min(parts.len()));
    let vector = |timed: &Timed| embedding(backend, timed);
    let vectors: Vectors<'_> = plan.texts.iter().copied().zip(embedded.iter().map(vector)).collect();
    let rows = plan.wordings.iter().enumerate().map(|(place, wording)| {
        let missing = || Err(Lack::Wrong("there is no answer to it".to_owned()));
        let reply = asked.get(place).map_or_else(missing, |timed| reply(backend, wording, timed, &vectors));
        let told =
            |why: String| format!("question {} (`{}`): {why}", wording.question + 1, look::shorten(wording.text));
        Row { question: wording.question, is_own: wording.is_own, reply: reply.map_err(|lack| placed(lack, told)) }
    });
    Run { at_least: backend.at_least.unwrap_or(1.0), rows: rows.collect() }
}

/// The same lack, its sentence made into another.
fn placed(lack: Lack, told: impl Fn(String) -> String) -> Lack {
    match lack {
        Lack::Nothing(why) => Lack::Nothing(told(why)),
        Lack::Wrong(why) => Lack::Wrong(told(why)),
    }
}

/// The JSON of an answer.
fn json(timed: &Timed) -> Part<Value> {
    let body = http::api_body(&timed.result).map_err(|seen| match seen {
        Seen::Failed(why) | Seen::Absent(why) | Seen::Value(why) => Lack::Wrong(why.to_string()),
    })?;
    if body.truncated {
        return Err(Lack::Wrong(format!("the answer is longer than the {} bytes kept", body.bytes.len())));
    }
    let quoted = || look::quote(body);
    serde_json::from_slice(&body.bytes).map_err(|error| Lack::Wrong(format!("no JSON ({error}): {}", quoted())))
}

fn embedding(backend: &Backend, timed: &Timed) -> Part<Vec<f64>> {
    let at = backend.embed.as_ref().and_then(|embed| embed.vector.as_deref()).unwrap_or("/embedding");
    let found = json(timed).and_then(|json| vector(&json, at));
    let missing = || Lack::Nothing(format!("nothing is at {at}"));
    found.and_then(|vector| vector.ok_or_else(missing)).map_err(|lack| placed(lack, |why| format!("embedding: {why}")))
}

fn reply(backend: &Backend, wording: &Wording<'_>, timed: &Timed, vectors: &Vectors<'_>) -> Part<Reply> {
    let json = json(timed)?;
    let at = backend.hits.as_deref().unwrap_or("/results");
    let hits = match json.pointer(at) {
        Some(Value::Array(hits)) => hits,
        Some(_) => return Err(Lack::Wrong(format!("what is at {at} is no list"))),
        None => return Err(Lack::Wrong(format!("nothing is at {at}: {}", look::shorten(&json.to_string())))),
    };
    let names: Vec<Name> =
        hits.iter().enumerate().map(|(place, hit)| name(backend, place, hit)).collect::<Result<_, _>>()?;
    let gold = &backend.questions[wording.question];
    let near = Nearness { backend, json: &json, top: hits.first(), vectors };
    let top = names.first().and_then(|name| name.id.clone().or_else(|| name.section.clone()));
    let (covers, ds_anchor) = (covers(gold, &names), gold.anchor.as_ref().map(|anchor| near.anchor(anchor)));
    let (ds_question, stages) = (near.question(wording.text), stages(backend, &json));
    Ok(Reply { covers, top, ds_question, ds_anchor, took_ms: timed.took_ms, stages })
}

/// How a hit is called.
struct Name {
    id: Option<String>,
    section: Option<String>,
}

fn name(backend: &Backend, place: usize, hit: &Value) -> Part<Name> {
    let (id_at, section_at) =
        (backend.id.as_deref().unwrap_or("/id"), backend.section.as_deref().unwrap_or("/section"));
    let text = |at: &str| match hit.pointer(at)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let name = Name { id: text(id_at), section: text(section_at) };
    if name.id.is_none() && name.section.is_none() {
        let what = look::shorten(&hit.to_string());
        return Err(Lack::Wrong(format!(
            "hit {} has neither an id at {id_at} nor a section at {section_at}: {what}",
            place + 1
        )));
    }
    Ok(name)
}

/// Whether everything expected is among the hits.
fn covers(gold: &Question, names: &[Name]) -> bool {
    let has_id = |id: &String| names.iter().any(|name| name.id.as_ref() == Some(id));
    let has_section = |section: &String| names.iter().any(|name| name.section.as_ref() == Some(section));
    gold.expected.ids.iter().all(has_id) && gold.expected.section.as_ref().is_none_or(has_section)
}

fn stages(backend: &Backend, json: &Value) -> [Part<f64>; STAGES] {
    let written = backend.stages.clone().unwrap_or_default();
    let stages = [("retrieve", written.retrieve), ("rerank", written.rerank), ("reason", written.reason)];
    stages.map(|(stage, at)| {
        let at = at.unwrap_or_else(|| format!("/timings/{stage}_ms"));
        match json.pointer(&at).map(|value| (value, value.as_f64())) {
            None | Some((Value::Null, _)) => Err(Lack::Nothing(format!("no time is at {at}"))),
            Some((_, Some(ms))) if ms >= 0.0 => Ok(ms),
            Some((value, _)) => Err(Lack::Wrong(format!("`{value}` at {at} is no number of milliseconds"))),
        }
    })
}

/// What is needed to say how near the best hit is to something.
struct Nearness<'a> {
    backend: &'a Backend,
    json: &'a Value,
    top: Option<&'a Value>,
    vectors: &'a Vectors<'a>,
}

impl Nearness<'_> {
    /// ΔS(question, retrieved).
    fn question(&self, text: &str) -> Part<f64> {
        let at = self.backend.question_vector.as_deref().unwrap_or("/question_vector");
        let own = vector(self.json, at).transpose().or_else(|| self.vectors.get(text).cloned());
        self.delta(own, self.backend.score.as_deref().unwrap_or("/score"))
    }

    /// ΔS(retrieved, anchor).
    fn anchor(&self, anchor: &Anchor) -> Part<f64> {
        let own = match anchor {
            Anchor::Vector(vector) => Some(Ok(vector.clone())),
            Anchor::Text(text) => self.vectors.get(text.as_str()).cloned(),
        };
        self.delta(own, self.backend.anchor_score.as_deref().unwrap_or("/anchor_score"))
    }

    /// From the two vectors where both are there, else from the score of the best hit.
    fn delta(&self, other: Option<Part<Vec<f64>>>, score_at: &str) -> Part<f64> {
        let Some(top) = self.top else { return Err(Lack::Nothing("nothing was retrieved".to_owned())) };
        let vector_at = self.backend.vector.as_deref().unwrap_or("/vector");
        if let (Some(other), Some(own)) = (other, vector(top, vector_at)?) {
            return measure::delta_s(&own, &other?).map_err(|undefined| match undefined {
                Undefined::Lengths(a, b) => {
                    Lack::Wrong(format!("a vector of {a} numbers beside one of {b}: other models"))
                }
                Undefined::NoDirection => Lack::Nothing("a vector points nowhere".to_owned()),
            });
        }
        match top.pointer(score_at).map(|value| (value, value.as_f64())) {
            None | Some((Value::Null, _)) => {
                Err(Lack::Nothing(format!("the best hit has no score at {score_at}, and there are no two vectors")))
            }
            Some((_, Some(score))) if score.abs() <= 1.0 + COSINE_SLACK => {
                Ok(measure::from_cosine(score.clamp(-1.0, 1.0)))
            }
            Some((value, _)) => Err(Lack::Wrong(format!("the score {value} at {score_at} is no cosine similarity"))),
        }
    }
}

/// The vector at a JSON pointer; `None` where nothing is.
fn vector(json: &Value, at: &str) -> Part<Option<Vec<f64>>> {
    let items = match json.pointer(at) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(Lack::Wrong(format!("what is at {at} is no vector"))),
    };
    let numbers: Option<Vec<f64>> = items.iter().map(Value::as_f64).collect();
    numbers.map(Some).ok_or_else(|| Lack::Wrong(format!("the vector at {at} holds what is no number")))
}
