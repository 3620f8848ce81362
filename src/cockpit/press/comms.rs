//! Messages: edited, looked at as they would leave, sent. Looking sends nothing; only F does, and only once it is live.

use crate::cockpit::draft::Draft;
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::TalkAct;
use crate::cockpit::menu::Menu;
use crate::cockpit::posting::Posting;
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::message;
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};
use ratatui::style::Modifier;

/// Why words are not saved.
const EMPTY: &str = "not saved: an empty message says nothing";

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
        if !self.drafts.contains_key(&comm.id) {
            let written = message(&scene.playbook, &scene.state, &scene.board, comm);
            if let Err(why) = &written {
                // A template that cannot be rendered keeps nobody from writing.
                self.say(human_ms, format!("write it yourself: {why}"));
            }
            let blank = self.theme.of(Token::Warn).add_modifier(Modifier::REVERSED);
            self.drafts.insert(comm.id.clone(), Draft::new(&written.unwrap_or_default(), blank));
        }
        self.open(Dialog::Edit(comm.id.clone()))
    }

    pub(super) fn save_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        let said = self.save(&comm, "saved; Esc, then P shows exactly what would be sent");
        self.say(human_ms, said);
        Vec::new()
    }

    /// Saves the words of a message, and answers what to say of it: `done`, or why there is nothing to save.
    fn save(&mut self, comm: &Id, done: &'static str) -> &'static str {
        match self.drafts.get_mut(comm).filter(|draft| !draft.words().trim().is_empty()) {
            None => EMPTY,
            Some(draft) => {
                draft.save();
                if draft.saved().is_some() { done } else { "as goaround writes it: it goes on being written anew" }
            }
        }
    }

    /// What was sent lies in a file of the incident: the draft of a message that was taken is no draft any more; one that
    /// was not taken can still be sent otherwise.
    pub(in crate::cockpit) fn let_go_of_drafts(&mut self, scene: &Scene) {
        let posted = std::mem::take(&mut self.posted);
        for (comm, posting) in posted {
            let Some(message) = posting.made(scene) else {
                self.posted.insert(comm, posting);
                continue;
            };
            let open = self.stack.iter().any(|dialog| matches!(dialog, Dialog::Edit(edited) if *edited == comm));
            let Some(draft) = self.drafts.get_mut(&comm) else { continue };
            draft.keep();
            let done = !open && !draft.is_unsaved();
            match message.outcome {
                Some((Outcome::Applied, _)) if done => drop(self.drafts.remove(&comm)),
                Some(_) => {}
                None => drop(self.posted.insert(comm, posting)),
            }
        }
    }

    pub(super) fn next_blank(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        if !self.drafts.get_mut(comm).is_some_and(Draft::next_blank) {
            self.say(human_ms, "no blank is left open");
        }
        Vec::new()
    }

    /// The next message of the same stage, in the playbook's order and from the start again: another receiver.
    pub(in crate::cockpit) fn next_of_stage<'a>(&self, scene: &'a Scene, comm: &Comm) -> Option<&'a Comm> {
        let comms = &scene.playbook.comms;
        let behind = comms.get_index_of(&comm.id)? + 1;
        let around = comms.values().cycle().skip(behind).take(comms.len() - 1);
        around.into_iter().find(|other| other.stage == comm.stage)
    }

    /// The first message of the next stage that has any, and after the last of the first again.
    fn of_next_stage<'a>(scene: &'a Scene, comm: &Comm) -> Option<&'a Comm> {
        let others = || scene.playbook.comms.values().filter(|other| other.stage != comm.stage);
        let later = others().filter(|other| other.stage > comm.stage).min_by_key(|other| other.stage);
        later.or_else(|| others().min_by_key(|other| other.stage))
    }

    /// Edits another message instead; what was typed into this one is still there.
    pub(super) fn edit_another(&mut self, act: TalkAct, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(here)) = self.stack.last() else { return Vec::new() };
        let (here, comm) = (here.clone(), scene.playbook.comms.get(here));
        let (next, none) = match act {
            TalkAct::NextStage => {
                (comm.and_then(|comm| Self::of_next_stage(scene, comm)), "no message of another stage")
            }
            _ => (comm.and_then(|comm| self.next_of_stage(scene, comm)), "no other message of this stage"),
        };
        let Some(next) = next.map(|next| next.id.clone()) else {
            self.say(human_ms, none);
            return Vec::new();
        };
        if self.drafts.get(&here).is_some_and(|draft| !draft.is_unsaved()) {
            self.forget_untouched(&here);
        }
        self.stack.pop();
        self.selected.comm = Some(next);
        self.edit_message(scene, human_ms)
    }

    /// Leaves the words; unsaved ones are asked about.
    pub(super) fn leave_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        if self.drafts.get(&comm).is_some_and(Draft::is_unsaved) {
            return self.open(Dialog::Menu(Menu::unsaved(&comm, human_ms)));
        }
        self.forget_untouched(&comm);
        self.stack.pop();
        Vec::new()
    }

    /// Words that nobody has touched go on being written from what is known.
    fn forget_untouched(&mut self, comm: &Id) {
        if self.drafts.get(comm).is_some_and(|draft| draft.saved().is_none()) {
            self.drafts.remove(comm);
        }
    }

    /// Saves what was typed and leaves.
    pub(super) fn save_and_leave(&mut self, comm: &Id, human_ms: u64) -> Vec<Intent> {
        let said = self.save(comm, "saved; P shows exactly what would be sent");
        self.say(human_ms, said);
        if said != EMPTY {
            self.stack.pop_if(|dialog| matches!(dialog, Dialog::Edit(_)));
            self.forget_untouched(comm);
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
        // What was said of the way here is no news any more.
        self.notice = None;
        self.open(Dialog::Preview(Box::new(Posting::new(comm.clone(), human_ms))));
        vec![Intent::ArmComm { comm, words }]
    }

    /// Sends the message in exactly the words that were shown.
    pub(super) fn send(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Preview(posting)) = self.stack.last_mut() else { return Vec::new() };
        let Some(letter) = posting.letter(scene) else { return Vec::new() };
        posting.post(scene, human_ms);
        self.posted.insert(letter.comm.clone(), posting.as_ref().clone());
        vec![Intent::SendComm { comm: letter.comm.clone(), words: letter.words.clone() }]
    }

    /// Leaves a message; one that was not sent is disarmed.
    pub(super) fn withdraw(&mut self) -> Vec<Intent> {
        let posted = self.posting().is_some_and(|posting| posting.posted.is_some());
        self.stack.pop();
        if posted { Vec::new() } else { vec![Intent::Disarm] }
    }
}
