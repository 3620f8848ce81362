//! What people say after a drill: the three answers and the findings, as `debrief.toml` holds them.

use crate::text::Text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};

/// The newest format of `debrief.toml` that is understood here.
const FORMAT: u32 = 1;

/// What opens a new file: its format, and how it is added to by hand.
const HEAD: &str =
    "# What was said after this drill. `goaround debrief` adds to it, and changes nothing but a finding.\nformat = 1\n";

/// One of the three questions that come before any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What surprised you?
    Surprised,
    /// What would you keep?
    Keep,
    /// What would you change?
    Change,
}

impl Question {
    /// All of them, in the order they are asked.
    pub const ALL: [Self; 3] = [Self::Surprised, Self::Keep, Self::Change];

    /// As it is asked.
    pub fn words(self) -> &'static str {
        match self {
            Self::Surprised => "surprised by?",
            Self::Keep => "keep?",
            Self::Change => "change?",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Surprised => "surprised",
            Self::Keep => "keep",
            Self::Change => "change",
        }
    }
}

/// One answer, or the word that there will be none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question.
    pub to: Question,
    /// What was answered; left out when it was declined.
    pub says: Option<Text>,
    /// Who answered, or declined to.
    pub by: Text,
}

/// Something found, who sees to it, and when it is drilled again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What was found.
    pub finding: Text,
    /// Who sees to it.
    pub owner: Text,
    /// When it is drilled again, as `2026-12-01`.
    pub redrill: NaiveDate,
}

impl Finding {
    /// A finding as typed; an error says which part is missing or wrong.
    pub fn new(finding: &str, owner: &str, redrill: &str) -> Result<Self, String> {
        let (finding, owner) = (Text::new(finding.trim()), Text::new(owner.trim()));
        if finding.is_empty() || owner.is_empty() {
            return Err("a finding says what was found and who sees to it".into());
        }
        match redrill.trim().parse() {
            Ok(redrill) => Ok(Self { finding, owner, redrill }),
            Err(_) => Err(format!("`{}` is no date: write the re-drill as 2026-12-01", Text::new(redrill.trim()))),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", self.finding, self.owner, self.redrill)
    }
}

/// Everything said after a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    format: u32,
    /// The answers, in the order they were given.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// The findings, in the order they were written down.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

impl Answers {
    /// Reads `debrief.toml`; an error is one sentence with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text[..start.min(text.len())].matches('\n').count() + 1;
            let why = Text::new(error.message().trim());
            format!("debrief.toml:{line}: {why}; mend the file by hand, nothing in it is written over")
        })?;
        if read.format != FORMAT {
            return Err(format!(
                "debrief.toml has format {}; this goaround reads {FORMAT}: use a newer one",
                read.format
            ));
        }
        Ok(read)
    }

    /// Adds what was said later.
    pub fn add(&mut self, said: &Self) {
        self.answers.extend(said.answers.iter().cloned());
        self.findings.extend(said.findings.iter().cloned());
    }

    /// What of this is not among `known` already, word for word.
    #[must_use]
    pub fn beyond(&self, known: &Self) -> Self {
        let answers = self.answers.iter().filter(|answer| !known.answers.contains(answer)).cloned().collect();
        let findings = self.findings.iter().filter(|found| !known.findings.contains(found)).cloned().collect();
        Self { format: self.format, answers, findings }
    }

    /// Whether the numbers may be seen: every question was answered, or declined.
    pub fn unlock(&self) -> bool {
        Question::ALL.iter().all(|question| self.to(*question).next().is_some())
    }

    /// What was said to a question.
    pub fn to(&self, question: Question) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.to == question)
    }

    /// The questions that nobody has answered or declined yet.
    pub fn open(&self) -> impl Iterator<Item = Question> {
        Question::ALL.into_iter().filter(|question| self.to(*question).next().is_none())
    }

    /// The text that adds this to a file which holds `before`; nothing of it is written over.
    pub fn added_to(&self, before: &str) -> String {
        let mut text = String::new();
        if before.is_empty() {
            text.push_str(HEAD);
        } else if !before.ends_with('\n') {
            text.push('\n');
        }
        for Answer { to, says, by } in &self.answers {
            let says = says.as_ref().map(|says| format!("says = {}\n", quoted(says))).unwrap_or_default();
            let _infallible = write!(text, "\n[[answers]]\nto = \"{}\"\n{says}by = {}\n", to.key(), quoted(by));
        }
        for Finding { finding, owner, redrill } in &self.findings {
            let (finding, owner) = (quoted(finding), quoted(owner));
            let _infallible =
                write!(text, "\n[[findings]]\nfinding = {finding}\nowner = {owner}\nredrill = \"{redrill}\"\n");
        }
        text
    }
}

/// Words as a TOML string.
pub(super) fn quoted(words: &Text) -> String {
    toml::Value::String(words.as_str().to_owned()).to_string()
}
