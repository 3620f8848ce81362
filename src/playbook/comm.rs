//! Messages to people: where each goes, what it says, and which stage of an incident it speaks of.

use super::Id;
use crate::kind::Call;

/// A message to people.
#[derive(Clone, Debug)]
pub struct Comm {
    /// Its id.
    pub id: Id,
    /// In words.
    pub title: String,
    /// Where it goes; a file in the incident directory when nowhere else. `${text}` in its texts is the message.
    pub send: Option<Call>,
    /// The message: a minijinja template over `service`, `environment`, `incident`, `started`, `triggers`, `lever`, `metrics`.
    /// What is not known when it is written stands there as a blank, `[[time declared]]`, and is filled once it is known.
    pub body: String,
    /// Overdue this long after the incident was declared, in milliseconds.
    pub due_ms: Option<u64>,
    /// The stage of the incident that it speaks of, if it speaks of one.
    pub stage: Option<MessageStage>,
    /// Whether people outside read it: its words are looked through for what is inside.
    pub public: bool,
}

/// What a message says of how far an incident is, in the words that status pages use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageStage {
    /// Something is wrong, and what is not known yet.
    Investigating,
    /// What is wrong is known.
    Identified,
    /// Something was done, and is watched.
    Monitoring,
    /// It is over.
    Resolved,
}

impl MessageStage {
    /// Every stage, in its order, as it is written.
    pub const ALL: [(Self, &str); 4] = [
        (Self::Investigating, "investigating"),
        (Self::Identified, "identified"),
        (Self::Monitoring, "monitoring"),
        (Self::Resolved, "resolved"),
    ];

    /// The stage that is written so.
    pub fn named(written: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == written).map(|(stage, _)| stage)
    }
}
