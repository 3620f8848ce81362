//! Gold questions: a retrieval endpoint asked what is known, and how well it answers.

mod answer;
mod ask;
mod check;
mod measure;
mod set;
mod show;

pub use measure::{Undefined, delta_s, mean, p50, p95};
pub use set::{Anchor, Expected, Question};
pub use show::shows;

use super::{Answer, Complaint, Exchange, Fault, Kind, Outcome, Pace, Reading, Seen, Settled, Use, Vars, http, look};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind `gold`.
#[derive(Clone, Copy, Debug)]
pub struct Gold;

/// A retrieval endpoint and its gold questions: `[backends.docs.gold]` with `url = "http://127.0.0.1:17085"`,
/// `post = "/retrieve"` and `file = "gold.json"`. All its metrics of one pace are read from one run of the questions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// Its address and authentication.
    #[serde(flatten)]
    pub at: http::Backend,
    /// The questions, a JSON file relative to the playbook's folder: a list of `{"question": "…", "paraphrases": ["…"],
    /// "expected": {"ids": ["…"], "section": "…"}, "anchor": "…"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The questions, written here instead of in a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Path of a GET that asks one question; `${question}`, `${anchor}` and `${seed}` may stand in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// Path of a POST that asks one question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The body of the POST, JSON; `{"question": "${question}"}` by default. `${seed}` is a number, in quotes or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Headers that hold no secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Every question is asked once with each of these as `${seed}`; the first is the question's own answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u32>,
    /// How many requests may be in the air at once; 4 by default, 16 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u32>,
    /// The deadline of each request in milliseconds; 2000 by default. All of them share the metric's `timeout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each_ms: Option<u32>,
    /// The share of the answers that must be usable, else there is no data; 1 by default, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// JSON pointer to the list of what was retrieved, the best first; `/results` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hits: Option<String>,
    /// JSON pointer within one of the list to its id; `/id` by default, empty when the list holds bare ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// JSON pointer within one of the list to its section; `/section` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// JSON pointer within one of the list to its cosine similarity to the question; `/score` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// JSON pointer within one of the list to its cosine similarity to the anchor; `/anchor_score` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_score: Option<String>,
    /// JSON pointer within one of the list to its vector; `/vector` by default. Vectors come before scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector: Option<String>,
    /// JSON pointer to the question's vector in the answer; `/question_vector` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question_vector: Option<String>,
    /// JSON pointers to how long each stage took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
    /// Who turns questions and anchors into vectors, where the answer does not bring them along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embed: Option<Embed>,
}

/// Where an answer says how long each stage took, in milliseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Stages {
    /// JSON pointer to the time of the search; `/timings/retrieve_ms` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrieve: Option<String>,
    /// JSON pointer to the time of the reranking; `/timings/rerank_ms` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerank: Option<String>,
    /// JSON pointer to the time of the reasoning; `/timings/reason_ms` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An embedding endpoint: each question, paraphrase and anchor text is sent to it once a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Embed {
    /// Its server, written like an `http` backend; the backend's own without it. A drill answers for the own one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<http::Backend>,
    /// Path of a POST that answers one vector.
    pub post: String,
    /// The body, JSON; `{"text": "${text}"}` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// JSON pointer to the vector in the answer; `/embedding` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector: Option<String>,
}

/// One number of a run: `{ backend = "docs", show = "coverage" }`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// Which number of the run.
    #[schemars(extend("enum" = show::names().collect::<Vec<_>>()))]
    pub show: String,
    /// The endpoint and its questions, taken over from the checked backend.
    #[serde(skip)]
    #[schemars(skip)]
    pub run: Option<Arc<Backend>>,
}

impl Kind for Gold {
    const NAME: &'static str = "gold";
    const DOC: &'static str = "\
Gold questions put to a retrieval endpoint, a few at once, and one number of what came back. It changes nothing: a \
lever cannot use this kind. Metrics of one backend and one pace are read from one run; a probe makes a run of its own.
Numbers (`show`): `coverage`, the share of questions whose answer holds every expected id and the expected section; \
`ds_question` and `ds_anchor`, the mean of 1 - cosine similarity between the best hit and the question, or the anchor, \
over all questions and paraphrases, and `…_p95`; `lambda`, the share of paraphrases and seeds whose best hit is not the \
question's own; `p50` and `p95` of a request, and of its stages `retrieve`, `rerank` and `reason`, in milliseconds; \
`all`, for a probe, all of them as a JSON object.
Look: the number, to four decimals. Fewer usable answers than `at_least` are absent, and it is said how many there were: \
no verdict comes of a part. No usable answer at all, a score that is no cosine and vectors of different lengths are \
failures; a vector of zeros and a missing score are absent.
Metric: the number that a look saw, as old as the run.";
    /// Forty questions are no light look.
    const PACE: Option<Pace> = Some(Pace { every_ms: 15_000, timeout_ms: 10_000 });
    const SHARED: bool = true;
    type Backend = Box<Backend>;
    type Call = Call;

    fn check_backend(backend: &Self::Backend) -> Vec<Complaint> {
        check::check_backend(backend)
    }

    fn check_call(_call: &Call, r#use: Use) -> Vec<Complaint> {
        let act = (r#use == Use::Act).then(|| {
            Complaint::new(
                "",
                "asking gold questions changes nothing",
                "a lever needs a kind that can change something",
            )
        });
        act.into_iter().collect()
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Self::Backend) -> Vec<SecretRef> {
        let elsewhere = backend.embed.as_ref().and_then(|embed| embed.server.as_ref());
        http::secrets(&backend.at).into_iter().chain(elsewhere.into_iter().flat_map(http::secrets)).collect()
    }

    fn templates(_call: &Call) -> Vec<&str> {
        Vec::new()
    }

    fn encode(backend: &Self::Backend, _call: &Call, r#use: Use, _vars: &Vars) -> Result<Exchange, String> {
        match r#use {
            Use::Act => Err("asking gold questions changes nothing, so it is no lever".to_owned()),
            Use::Look => ask::encode(backend),
        }
    }

    fn settle(_call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(_) => Settled::new(Outcome::Rejected, "asking gold questions changes nothing"),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match run(call, result) {
            Ok(run) => show::seen(&call.show, &run),
            Err(blind) => blind,
        }
    }

    /// The answers are gone through once, however many numbers are read from them.
    fn read_all(calls: &[Call], result: &Result<Answer, Fault>, now_ms: i64) -> Vec<Reading> {
        let Some(first) = calls.first() else { return Vec::new() };
        let run = run(first, result);
        let read = |call: &Call| match &run {
            Ok(run) => show::reading(&call.show, run, now_ms),
            Err(blind) => super::reading::number(blind, now_ms),
        };
        calls.iter().map(read).collect()
    }

    fn read(call: &Call, result: &Result<Answer, Fault>, now_ms: i64) -> Reading {
        match run(call, result) {
            Ok(run) => show::reading(&call.show, &run, now_ms),
            Err(blind) => super::reading::number(&blind, now_ms),
        }
    }

    fn url(backend: &Self::Backend) -> Option<&str> {
        Some(backend.at.url.trim_end_matches('/'))
    }

    fn file(backend: &Self::Backend) -> Option<&str> {
        backend.file.as_deref()
    }

    fn take_file(backend: &mut Self::Backend, content: &str) -> Result<(), String> {
        backend.questions = set::parse(content)?;
        Ok(())
    }

    fn meet(call: &mut Call, backend: &Self::Backend) {
        call.run = Some(Arc::new(Backend::clone(backend)));
    }
}

/// What came of a run, or why it cannot be told.
fn run(call: &Call, result: &Result<Answer, Fault>) -> Result<answer::Run, Seen> {
    let backend = call.run.as_deref().ok_or_else(|| look::failed("this call was not checked with its backend"))?;
    match result {
        Err(fault) => Err(look::blinded(fault)),
        Ok(Answer::HttpMany(parts)) => Ok(answer::run(backend, parts)),
        Ok(foreign) => Err(look::misfit_look(foreign)),
    }
}

#[cfg(test)]
mod tests;
