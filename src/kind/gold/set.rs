//! The gold questions as written, and what can be wrong with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most questions of a set.
pub(super) const QUESTIONS_MAX: usize = 64;

/// The largest file read, in bytes.
const FILE_MAX_BYTES: usize = 256 << 10;

/// One question, and what its answer must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The same in other words: the answer must stay the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paraphrases: Vec<String>,
    /// What must be retrieved for it.
    #[serde(default)]
    pub expected: Expected,
    /// What the answer should be near: a text or an id, put where `${anchor}` stands and embedded, or a vector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
}

/// What must be retrieved: every one of the ids, and the section.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// These ids, wherever they stand in the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Something of this section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
}

/// What an answer should be near.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Anchor {
    /// A text or an id.
    Text(String),
    /// A vector.
    Vector(Vec<f64>),
}

impl Question {
    /// The question, then its paraphrases.
    pub(super) fn wordings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.question).chain(&self.paraphrases).map(String::as_str)
    }

    /// The anchor's text, if it is one.
    pub(super) fn anchor_text(&self) -> Option<&str> {
        match &self.anchor {
            Some(Anchor::Text(text)) => Some(text),
            Some(Anchor::Vector(_)) | None => None,
        }
    }
}

/// The questions in a file; an error says what is wrong and where in the file.
pub(super) fn parse(content: &str) -> Result<Vec<Question>, String> {
    if content.len() > FILE_MAX_BYTES {
        return Err("is larger than 256 KiB; a gold set is 20 to 40 questions".to_owned());
    }
    let questions: Vec<Question> = serde_json::from_str(content).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why);
        format!("line {line}, column {column}: {why}")
    })?;
    match fault(&questions) {
        Some(why) => Err(why),
        None => Ok(questions),
    }
}

/// What is wrong with a set, and with which question.
pub(super) fn fault(questions: &[Question]) -> Option<String> {
    if questions.is_empty() {
        return Some("has no questions; write 20 to 40".to_owned());
    }
    if questions.len() > QUESTIONS_MAX {
        return Some(format!("has {} questions, and {QUESTIONS_MAX} are the most; 20 to 40 do", questions.len()));
    }
    let mut asked = BTreeSet::new();
    questions.iter().enumerate().find_map(|(place, question)| {
        let why = unsound(question).or_else(|| {
            let twice = question.wordings().find(|wording| !asked.insert(wording.trim().to_lowercase()))?;
            Some(format!("`{twice}` is asked twice"))
        })?;
        Some(format!("question {}: {why}", place + 1))
    })
}

fn unsound(question: &Question) -> Option<String> {
    let Question { question: text, expected, anchor, .. } = question;
    if question.wordings().any(|wording| wording.trim().is_empty()) {
        return Some(format!("`{text}` or one of its paraphrases is empty"));
    }
    let empty = expected.ids.iter().chain(&expected.section).any(|name| name.trim().is_empty());
    if empty || (expected.ids.is_empty() && expected.section.is_none()) {
        return Some(format!("`{text}` does not say what is expected; write `expected` with `ids` or a `section`"));
    }
    match anchor {
        Some(Anchor::Vector(vector)) if vector.iter().all(|part| *part == 0.0) => {
            Some(format!("`{text}` has a vector of nothing but zeros as its anchor, which points nowhere"))
        }
        Some(Anchor::Text(anchor)) if anchor.trim().is_empty() => Some(format!("`{text}` has an empty anchor")),
        Some(_) | None => None,
    }
}
