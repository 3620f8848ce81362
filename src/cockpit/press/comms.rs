//! Messages: edited, looked at as they would leave, sent. Looking sends nothing; only F does, and only once it is live.

use crate::cockpit::draft::Draft;
use crate::cockpit::intent::Intent;
use crate::cockpit::menu::Menu;
use crate::cockpit::posting::Posting;
use crate::cockpit::scene::Scene;
use crate::cockpit::theme::Token;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::{fill_known, message};
use crate::kind::Outcome;
use crate::playbook::{Comm, Id};
use ratatui::style::{Modifier, Style};

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
        let blank = self.blank();
        self.learn(&comm.id, scene);
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

    /// Fills into the words of a message what has become known since they were written.
    fn learn(&mut self, comm: &Id, scene: &Scene) {
        if let Some(draft) = self.drafts.get_mut(comm) {
            draft.learn(|words| fill_known(&scene.playbook, &scene.state, &scene.board, words));
        }
    }

    pub(super) fn save_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        let said = self.save(&comm, "saved; <edit.leave-words>, then <comms.preview> shows exactly what would be sent");
        self.say(human_ms, said);
        if said == EMPTY { Vec::new() } else { vec![self.keep_draft(comm)] }
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

    /// The saved words of a message, to be kept with the incident; nothing where they are as nobody would have to keep.
    fn keep_draft(&self, comm: Id) -> Intent {
        let words = self.drafts.get(&comm).and_then(Draft::saved).map(str::to_owned);
        Intent::KeepDraft { comm, words }
    }

    /// Saves what was edited and not saved, to be kept with the incident: whoever is made to leave has thrown none of it
    /// away.
    pub fn save_all(&mut self) -> Vec<Intent> {
        let unsaved = self.drafts.iter().filter(|(_, draft)| draft.is_unsaved()).map(|(comm, _)| comm.clone());
        let mut unsaved: Vec<Id> = unsaved.collect();
        unsaved.retain(|comm| self.save(comm, "") != EMPTY);
        unsaved.into_iter().map(|comm| self.keep_draft(comm)).collect()
    }

    /// Takes back the words of a message that were saved before goaround was begun again.
    pub fn recall_draft(&mut self, comm: Id, words: &str) {
        let blank = self.blank();
        self.drafts.insert(comm, Draft::recalled(words, blank));
    }

    /// How what a person must fill stands out.
    fn blank(&self) -> Style {
        self.theme.of(Token::Warn).add_modifier(Modifier::REVERSED)
    }

    /// What was sent lies in a file of the incident: the draft of a message that was taken is no draft any more; one that
    /// was not taken can still be sent otherwise, and newer words than the ones sent are a draft of their own. While
    /// somebody is at the words, nothing is taken from under their hands.
    pub(in crate::cockpit) fn let_go_of_drafts(&mut self, scene: &Scene) -> Vec<Intent> {
        let mut intents = Vec::new();
        for (comm, posting) in std::mem::take(&mut self.posted) {
            let outcome = posting.made(scene).and_then(|message| message.outcome.as_ref());
            let open = self.stack.iter().any(|dialog| matches!(dialog, Dialog::Edit(edited) if *edited == comm));
            match (outcome, self.drafts.get(&comm)) {
                (_, None) => {}
                (Some((Outcome::Applied, _)), Some(draft)) if draft.saved() != posting.sent_words() => {}
                (Some((Outcome::Applied, _)), Some(draft)) if !open && !draft.is_unsaved() => {
                    self.drafts.remove(&comm);
                    intents.push(Intent::KeepDraft { comm, words: None });
                }
                (None | Some((Outcome::Applied, _)), Some(_)) => drop(self.posted.insert(comm, posting)),
                (Some((Outcome::Rejected | Outcome::NotSent | Outcome::Unknown, _)), Some(_)) => {}
            }
        }
        intents
    }

    pub(super) fn next_blank(&mut self) -> Vec<Intent> {
        if let Some(Dialog::Edit(comm)) = self.stack.last() {
            self.drafts.get_mut(comm).map(Draft::next_blank);
        }
        Vec::new()
    }

    /// Whether the words being edited hold a blank that a person must fill.
    pub(super) fn has_blank(&self) -> bool {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return false };
        self.drafts.get(comm).is_some_and(Draft::has_blank)
    }

    /// The next message of the same stage, in the playbook's order and from the start again: another receiver.
    pub(in crate::cockpit) fn next_of_stage<'a>(scene: &'a Scene, comm: &Comm) -> Option<&'a Comm> {
        let comms = &scene.playbook.comms;
        let behind = comms.get_index_of(&comm.id)? + 1;
        let mut around = comms.values().cycle().skip(behind).take(comms.len() - 1);
        around.find(|other| other.stage == comm.stage)
    }

    /// The first message of the next stage that has any, and after the last of the first again.
    fn of_next_stage<'a>(scene: &'a Scene, comm: &Comm) -> Option<&'a Comm> {
        let others = || scene.playbook.comms.values().filter(|other| other.stage != comm.stage);
        let later = others().filter(|other| other.stage > comm.stage).min_by_key(|other| other.stage);
        later.or_else(|| others().min_by_key(|other| other.stage))
    }

    /// Edits the message for the other receiver instead.
    pub(super) fn next_receiver(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        self.edit_instead(self.other_receiver(scene), scene, human_ms)
    }

    /// The message for another receiver in the stage of the one being edited.
    pub(super) fn other_receiver<'a>(&self, scene: &'a Scene) -> Option<&'a Comm> {
        self.edited(scene).and_then(|comm| Self::next_of_stage(scene, comm))
    }

    /// Edits the message of the next stage instead.
    pub(super) fn next_stage(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        self.edit_instead(self.other_stage(scene), scene, human_ms)
    }

    /// The message of the stage behind that of the one being edited.
    pub(super) fn other_stage<'a>(&self, scene: &'a Scene) -> Option<&'a Comm> {
        self.edited(scene).and_then(|comm| Self::of_next_stage(scene, comm))
    }

    /// The message whose words are being edited.
    fn edited<'a>(&self, scene: &'a Scene) -> Option<&'a Comm> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return None };
        scene.playbook.comms.get(comm)
    }

    /// Edits `next`; what was typed into this one is still there.
    fn edit_instead(&mut self, next: Option<&Comm>, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let (Some(next), Some(here)) = (next, self.edited(scene)) else { return Vec::new() };
        if self.drafts.get(&here.id).is_some_and(|draft| !draft.is_unsaved()) {
            self.forget_untouched(&here.id);
        }
        self.stack.pop();
        self.selected.comm = Some(next.id.clone());
        self.edit_message(scene, human_ms)
    }

    /// Leaves a marked blank, else the words; unsaved ones are asked about.
    pub(super) fn leave_words(&mut self, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        if let Some(draft) = self.drafts.get_mut(&comm).filter(|draft| draft.is_marked()) {
            draft.unmark();
            return Vec::new();
        }
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
        let said = self.save(comm, "saved; <comms.preview> shows exactly what would be sent");
        self.say(human_ms, said);
        if said == EMPTY {
            return Vec::new();
        }
        self.stack.pop_if(|dialog| matches!(dialog, Dialog::Edit(_)));
        self.forget_untouched(comm);
        vec![self.keep_draft(comm.clone())]
    }

    /// Drops what was typed since the words were saved last, and leaves.
    pub(in crate::cockpit) fn drop_words(&mut self, comm: &Id) -> Vec<Intent> {
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
        self.learn(&comm, scene);
        let words = self.drafts.get(&comm).and_then(Draft::saved).map(str::to_owned);
        // What was said of the way here is no news any more.
        self.notice = None;
        self.open(Dialog::Preview(Box::new(Posting::new(comm.clone(), human_ms))));
        vec![Intent::ArmComm { comm, words }]
    }

    /// Sends the message in exactly the words that were shown; with a blank in them, only when that is said once more.
    pub(super) fn send(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Preview(posting)) = self.stack.last_mut() else { return Vec::new() };
        let Some(letter) = posting.letter(scene) else { return Vec::new() };
        if posting.asks_about_blanks(letter) {
            posting.warned_ms = Some(human_ms);
            return Vec::new();
        }
        let saved = self.drafts.get(&letter.comm).and_then(Draft::saved).map(str::to_owned);
        posting.post(saved, scene, human_ms);
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
