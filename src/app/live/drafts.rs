//! Drafts on their way to the disk: what is not kept is spoken of while it can still be sent or copied, and once more,
//! with its words, when the program ends.

use crate::journal::draft_path;
use crate::playbook::Id;
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Drafts whose newest words are not on disk as they should be, a handful: one per message of the playbook. The loop and
/// the journal's thread share them; nobody holds them while a disk is asked for anything.
#[derive(Clone, Default)]
pub(super) struct Drafts(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    handed_over: u64,
    by_message: BTreeMap<Id, Draft>,
}

struct Draft {
    /// Which of all that were handed over: an older one of this message that is kept late is not this one.
    turn: u64,
    /// `None`, where the file of words that were sent is to be taken away.
    words: Option<String>,
    /// Why the disk has not taken it; nothing, while it may still do so.
    why: Option<Text>,
    told: bool,
}

impl Drafts {
    /// Notes newest words; answers with their turn.
    pub(super) fn hand_over(&self, comm: &Id, words: Option<String>) -> u64 {
        let mut open = self.lock();
        open.handed_over += 1;
        let turn = open.handed_over;
        open.by_message.insert(comm.clone(), Draft { turn, words, why: None, told: false });
        turn
    }

    /// Notes what became of the words of this turn, unless there are newer ones.
    pub(super) fn settle(&self, comm: &Id, turn: u64, kept: Result<(), Text>) {
        let mut open = self.lock();
        let Some(draft) = open.by_message.get_mut(comm).filter(|draft| draft.turn == turn) else { return };
        match kept {
            Ok(()) => drop(open.by_message.remove(comm)),
            Err(why) => draft.why = Some(why),
        }
    }

    /// Which draft was not kept, and why, each once.
    pub(super) fn complaint(&self) -> Option<Text> {
        let mut open = self.lock();
        let (comm, draft) = open.by_message.iter_mut().find(|(_, draft)| draft.why.is_some() && !draft.told)?;
        draft.told = true;
        let why = draft.why.as_ref()?;
        let said = match draft.words {
            Some(_) => format!("draft of {comm} NOT kept: {why}; it is here until you leave, so send or copy it"),
            None => format!("old draft of {comm} not taken away: {why}; do not send it again after a resume"),
        };
        Some(said.into())
    }

    /// What is lost when the program ends now, line by line: what it is, where it would be, and its words, which are
    /// nowhere else.
    pub(super) fn lost(&self) -> Vec<Text> {
        let open = self.lock();
        let lost = open.by_message.iter().flat_map(|(comm, draft)| {
            let why = draft.why.as_ref().map_or("the disk does not answer", Text::as_str);
            let path = draft_path(comm.as_str());
            let first = match draft.words {
                Some(_) => {
                    format!("draft of {comm} NOT kept: {why}; {path} is not what it should be: copy it from here")
                }
                None => format!("old draft of {comm} not taken away: {why}; remove {path}, or do not send it again"),
            };
            let words = draft.words.iter().flat_map(|words| words.lines());
            std::iter::once(Text::from(first)).chain(words.map(Text::from)).collect::<Vec<_>>()
        });
        lost.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
