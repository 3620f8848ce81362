//! What can be wrong with a retrieval endpoint and its questions as written.

use super::ask::ASKS_MAX;
use super::{Backend, Embed, set};
use crate::kind::{Complaint, Use, holes, http, written};

/// The most requests that may be in the air at once: a check must not be an attack.
const AT_ONCE_MAX: u32 = 16;

/// The names that may stand in a question's request.
const HOLES: &[&str] = &["question", "anchor", "seed"];

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let mut found = http::check_backend(&backend.at);
    found.extend(questions(backend));
    found.extend(request(backend));
    found.extend(bounds(backend));
    found.extend(pointers(backend));
    found.extend(backend.embed.iter().flat_map(embed));
    found
}

fn questions(backend: &Backend) -> Option<Complaint> {
    if backend.file.is_none() && backend.questions.is_empty() {
        let hint = "write `file = \"gold.json\"`, or `[[….gold.questions]]`";
        return Some(Complaint::new("", "has neither a `file` nor `questions`", hint));
    }
    if backend.questions.is_empty() {
        // Why the file could not be read is said where it was.
        return None;
    }
    if backend.file.is_none()
        && let Some(why) = set::fault(&backend.questions)
    {
        return Some(Complaint::new("questions", format!("cannot be used: {why}"), "one question, one expectation"));
    }
    let asks = backend.asks();
    (asks > ASKS_MAX).then(|| {
        let what = format!("needs {asks} requests a run, and {ASKS_MAX} are the most");
        Complaint::new("", what, "40 questions with three paraphrases and two seeds are 320; take some out")
    })
}

fn request(backend: &Backend) -> Vec<Complaint> {
    let mut found = http::check_call(&backend.request(Some(1)), Use::Look);
    let open = backend.request(None);
    let texts: Vec<&str> =
        open.get.iter().chain(&open.post).chain(&open.body).chain(open.headers.values()).map(String::as_str).collect();
    let used: Vec<&str> = texts.iter().flat_map(|text| holes(text)).collect();
    for hole in used.iter().filter(|hole| !HOLES.contains(hole) && !is_secret(backend, hole)) {
        let what = format!("asks with `${{{hole}}}`, which nothing fills");
        found.push(Complaint::new("", what, "known here: `${question}`, `${anchor}`, `${seed}`"));
    }
    let is_asked = backend.get.is_some() || backend.post.is_some();
    if is_asked && !used.contains(&"question") {
        let what = "asks the same every time: `${question}` stands nowhere";
        found.push(Complaint::new("", what, "put it into the path or the body"));
    }
    found.extend(
        match (used.contains(&"seed"), backend.seeds.is_empty()) {
            (true, true) => Some(("", "asks with `${seed}` and has no `seeds`", "write for instance `seeds = [1, 2]`")),
            (false, false) => {
                Some(("seeds", "does nothing: `${seed}` stands nowhere", "put it into the path or the body"))
            }
            (true, false) | (false, true) => None,
        }
        .map(|(key, what, hint)| Complaint::new(key, what, hint)),
    );
    let without = backend.questions.iter().find(|gold| gold.anchor_text().is_none());
    found.extend(without.filter(|_| used.contains(&"anchor")).map(|gold| {
        let what = format!("asks with `${{anchor}}`, and `{}` has no text as its anchor", gold.question);
        Complaint::new("", what, "give every question an `anchor`")
    }));
    found
}

fn is_secret(backend: &Backend, hole: &str) -> bool {
    hole.strip_prefix("secret.").is_some_and(|name| backend.at.secrets.contains_key(name))
}

fn bounds(backend: &Backend) -> Vec<Complaint> {
    let mut found = Vec::new();
    if backend.at_once.is_some_and(|at_once| !(1..=AT_ONCE_MAX).contains(&at_once)) {
        found.push(Complaint::new("at_once", "is out of bounds", format!("write 1 to {AT_ONCE_MAX}")));
    }
    if backend.each_ms == Some(0) {
        found.push(Complaint::new("each_ms", "is no time at all", "write for instance 2000"));
    }
    if backend.at_least.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
        found.push(Complaint::new("at_least", "is no share", "write more than 0 and at most 1, for instance 0.95"));
    }
    let mut seeds = backend.seeds.clone();
    seeds.sort_unstable();
    seeds.dedup();
    if seeds.len() < backend.seeds.len() {
        found.push(Complaint::new("seeds", "holds a seed twice", "take one out"));
    }
    found
}

fn pointers(backend: &Backend) -> Vec<Complaint> {
    let stages = backend.stages.clone().unwrap_or_default();
    let found = [
        written::pointer("hits", backend.hits.as_deref()),
        written::pointer("id", backend.id.as_deref()),
        written::pointer("section", backend.section.as_deref()),
        written::pointer("score", backend.score.as_deref()),
        written::pointer("anchor_score", backend.anchor_score.as_deref()),
        written::pointer("vector", backend.vector.as_deref()),
        written::pointer("question_vector", backend.question_vector.as_deref()),
        written::pointer("stages.retrieve", stages.retrieve.as_deref()),
        written::pointer("stages.rerank", stages.rerank.as_deref()),
        written::pointer("stages.reason", stages.reason.as_deref()),
    ];
    found.into_iter().flatten().collect()
}

fn embed(embed: &Embed) -> Vec<Complaint> {
    let call = embed.request();
    let mut found = embed.server.as_ref().map(http::check_backend).unwrap_or_default();
    for fault in &mut found {
        fault.key = format!("server.{}", fault.key);
    }
    found.extend(http::check_call(&call, Use::Look));
    found.extend(written::pointer("vector", embed.vector.as_deref()));
    let texts = || call.post.iter().chain(&call.body).flat_map(|text| holes(text));
    if !texts().any(|hole| hole == "text") || texts().any(|hole| hole != "text") {
        found.push(Complaint::new(
            "body",
            "must hold `${text}` and no other hole",
            "for instance `{\"text\": \"${text}\"}`",
        ));
    }
    for fault in &mut found {
        fault.key = format!("embed.{}", fault.key);
    }
    found
}
