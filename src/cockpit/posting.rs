//! A message on its way: asked for, armed, sent.

use super::scene::{Armed, Letter, Scene};
use crate::incident::{MessageState, Moment, blanks_in};
use crate::playbook::Id;

/// A message on its way.
#[derive(Clone, Debug)]
pub(super) struct Posting {
    pub(super) comm: Id,
    pub(super) asked_ms: u64,
    /// When F was pressed although a blank is left: the next one sends it as it is.
    pub(super) warned_ms: Option<u64>,
    pub(super) posted: Option<Posted>,
}

/// That F was pressed: the message it made is the one that was not queued at `before`.
#[derive(Clone, Debug)]
pub(super) struct Posted {
    before: Option<Moment>,
    /// A person's saved words as they were then: newer ones may be saved while these are on their way.
    words: Option<String>,
    pub(super) at_ms: u64,
}

impl Posting {
    pub(super) fn new(comm: Id, human_ms: u64) -> Self {
        Self { comm, asked_ms: human_ms, warned_ms: None, posted: None }
    }

    /// The scene's message under arms, if it is this one and was not sent.
    pub(super) fn letter<'a>(&self, scene: &'a Scene) -> Option<&'a Letter> {
        scene.letter.as_ref().filter(|letter| letter.comm == self.comm && self.posted.is_none())
    }

    /// Whether it was armed, or asked about once more, too short a time ago for a key to be meant for it.
    pub(super) fn is_guarded(&self, scene: &Scene, human_ms: u64) -> bool {
        let since = |letter: &Letter| self.warned_ms.unwrap_or(0).max(letter.armed_at_ms);
        let guarded = |letter: &Letter| human_ms < since(letter).saturating_add(Armed::GUARD_MS);
        self.letter(scene).is_some_and(guarded)
    }

    /// Whether it was armed so long ago that nobody means it any more.
    pub(super) fn is_expired(&self, scene: &Scene, human_ms: u64) -> bool {
        let expired = |letter: &Letter| human_ms.saturating_sub(letter.armed_at_ms) >= Armed::EXPIRES_MS;
        self.letter(scene).is_some_and(expired)
    }

    /// Whether a blank is left in it that nobody has said to send so.
    pub(super) fn asks_about_blanks(&self, letter: &Letter) -> bool {
        self.warned_ms.is_none() && blanks_in(&letter.words).next().is_some()
    }

    /// Notes that it was sent, and which words of a person it was sent in.
    pub(super) fn post(&mut self, words: Option<String>, scene: &Scene, human_ms: u64) {
        let before = scene.state.messages.get(&self.comm).map(|message| message.queued.clone());
        self.posted = Some(Posted { before, words, at_ms: human_ms });
    }

    /// A person's saved words that were sent; `None` where goaround's own were.
    pub(super) fn sent_words(&self) -> Option<&str> {
        self.posted.as_ref()?.words.as_deref()
    }

    /// What became of it, once it is written down.
    pub(super) fn made<'a>(&self, scene: &'a Scene) -> Option<&'a MessageState> {
        let posted = self.posted.as_ref()?;
        scene.state.messages.get(&self.comm).filter(|message| Some(&message.queued) != posted.before.as_ref())
    }
}
