//! Messages: edited, looked at as they would leave, sent. Looking sends nothing; only F does, and only once it is live.

use crate::cockpit::draft::Draft;
use crate::cockpit::intent::Intent;
use crate::cockpit::menu::Menu;
use crate::cockpit::posting::Posting;
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::message;
use crate::playbook::{Comm, Id};
use ratatui::style::Modifier;

impl Ui {
    /// The message that keys act on: the one open, the one selected, or the first.
    pub(in crate::cockpit) fn comm<'a>(&self, scene: &'a Scene) -> Option<&'a Comm> {
        let open = self.posting().map(|posting| &posting.comm);
        let chosen = open.or(self.selected.comm.as_ref()).and_then(|comm| scene.playbook.comms.get(comm));
        chosen.or_else(|| scene.playbook.comms.values().next())
    }

    /// The message on its way, if its view is open.
    pub(in crate::cockpit) fn posting(&self) -> Option<&Posting> {
        self.stack.iter().rev().find_map(|dialog| {
            let Dialog::Preview(posting) = dialog else { return None };
            Some(posting.as_ref())
        })
    }

    /// Opens the words of a message; what was typed earlier is still there.
    pub(super) fn edit_message(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(comm) = self.comm(scene) else { return Vec::new() };
        let blank = self.theme.of(Token::Warn).add_modifier(Modifier::REVERSED);
        if let Some(draft) = self.drafts.get_mut(&comm.id) {
            // The theme may be another than when it was begun.
            draft.area.set_search_style(blank);
        } else {
            let written = message(&scene.playbook, &scene.state, &scene.board, comm);
            if let Err(why) = &written {
                // A template that cannot be rendered keeps nobody from writing.
                self.say(human_ms, format!("write it yourself: {why}"));
            }
            self.drafts.insert(comm.id.clone(), Draft::new(&written.unwrap_or_default(), blank));
        }
        self.open(Dialog::Edit(comm.id.clone()))
    }

    pub(super) fn save_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        if self.save(&comm) {
            self.say(human_ms, "saved; Esc, then P shows exactly what would be sent");
        } else {
            self.say(human_ms, "not saved: an empty message says nothing");
        }
        Vec::new()
    }

    /// Saves the words of a message; empty ones are not.
    fn save(&mut self, comm: &Id) -> bool {
        let draft = self.drafts.get_mut(comm).filter(|draft| !draft.words().trim().is_empty());
        draft.map(Draft::save).is_some()
    }

    pub(super) fn next_blank(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        if !self.drafts.get_mut(comm).is_some_and(Draft::next_blank) {
            self.say(human_ms, "no blank is left open");
        }
        Vec::new()
    }

    /// Leaves the words; unsaved ones are asked about.
    pub(super) fn leave_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        if self.drafts.get(&comm).is_some_and(Draft::is_unsaved) {
            return self.open(Dialog::Menu(Menu::unsaved(&comm, human_ms)));
        }
        // Words that nobody has touched go on being written from what is known.
        if self.drafts.get(&comm).is_some_and(|draft| draft.saved().is_none()) {
            self.drafts.remove(&comm);
        }
        self.stack.pop();
        Vec::new()
    }

    /// Saves what was typed and leaves.
    pub(super) fn save_and_leave(&mut self, comm: &Id, human_ms: u64) -> Vec<Intent> {
        if self.save(comm) {
            self.stack.pop_if(|dialog| matches!(dialog, Dialog::Edit(_)));
            self.say(human_ms, "saved; P shows exactly what would be sent");
        } else {
            self.say(human_ms, "not saved: an empty message says nothing");
        }
        Vec::new()
    }

    /// Drops what was typed since the words were saved last, and leaves.
    pub(super) fn drop_words(&mut self, comm: &Id) -> Vec<Intent> {
        if let Some(draft) = self.drafts.remove(comm)
            && let Some(restored) = draft.restored()
        {
            self.drafts.insert(comm.clone(), restored);
        }
        self.stack.pop_if(|dialog| matches!(dialog, Dialog::Edit(_)));
        Vec::new()
    }

    /// Asks for a message to be prepared in the words it has, and opens it as it would leave.
    pub(super) fn preview(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(comm) = self.comm(scene).map(|comm| comm.id.clone()) else { return Vec::new() };
        let words = self.drafts.get(&comm).and_then(Draft::saved).map(str::to_owned);
        self.open(Dialog::Preview(Box::new(Posting::new(comm.clone(), human_ms))));
        vec![Intent::ArmComm { comm, words }]
    }

    /// Sends the message in exactly the words that were shown.
    pub(super) fn send(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Preview(posting)) = self.stack.last_mut() else { return Vec::new() };
        let Some(letter) = posting.letter(scene) else { return Vec::new() };
        posting.post(scene, human_ms);
        vec![Intent::SendComm { comm: letter.comm.clone(), words: letter.words.clone() }]
    }

    /// Leaves a message; one that was not sent is disarmed.
    pub(super) fn withdraw(&mut self) -> Vec<Intent> {
        let posted = self.posting().is_some_and(|posting| posting.posted.is_some());
        self.stack.pop();
        if posted { Vec::new() } else { vec![Intent::Disarm] }
    }
}
