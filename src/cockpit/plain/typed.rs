//! What is typed where something is asked: a number, a line of text, the words of a message; and what a number names.

use super::held::Waiting;
use super::reading::open_debts;
use super::spoken::ascii;
use super::verbs::{Of, Verb};
use super::{PASTED, Plain};
use crate::cockpit::draft::Draft;
use crate::cockpit::field::TYPED_MAX;
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::{Act, TalkAct};
use crate::cockpit::scene::Scene;
use crate::cockpit::tree::{Twig, twigs};
use crate::cockpit::ui::Dialog;
use crate::playbook::Id;

impl Plain {
    /// Selects what a word's number names; answers with the number that the act itself takes.
    pub(super) fn aim(&mut self, verb: &Verb, number: Option<usize>, scene: &Scene) -> Result<u8, String> {
        let Some(number) = number else {
            return match verb.of {
                Of::Lever | Of::Undo | Of::Twig => Err(format!("{} takes a number", verb.words[0])),
                Of::Nothing | Of::Step | Of::Debt | Of::Message | Of::Metric | Of::Lines => Ok(0),
            };
        };
        let none = || format!("there is no {number} for {}", verb.words[0]);
        let place = number - 1;
        let playbook = &scene.playbook;
        match verb.of {
            Of::Step => self.ui.selected.step = Some(playbook.steps.get(place).ok_or_else(none)?.id.clone()),
            Of::Lever => {
                playbook.levers.get_index(place).ok_or_else(none)?;
                return u8::try_from(number).map_err(|_| none());
            }
            Of::Undo => {
                self.ui.selected.lever = Some(playbook.levers.get_index(place).ok_or_else(none)?.0.clone());
                self.ui.stack.push(Dialog::Levers);
            }
            Of::Debt => {
                self.ui.selected.debt = Some((*open_debts(scene).get(place).ok_or_else(none)?).clone());
                self.ui.stack.push(Dialog::Debts);
            }
            Of::Message => {
                let (comm, _) = playbook.comms.get_index(place).ok_or_else(none)?;
                // What was sent goes on by itself; left open, it would be taken for the one that the number names.
                self.ui.stack.pop_if(|dialog| matches!(dialog, Dialog::Preview(_)));
                self.ui.selected.comm = Some(comm.clone());
            }
            Of::Twig => {
                self.ui.selected.twig = Some(twig(scene, verb, place).ok_or_else(none)?);
                self.ui.stack.push(Dialog::Tree);
            }
            Of::Nothing | Of::Metric | Of::Lines => {}
        }
        Ok(0)
    }

    /// Takes the choice of this number; a paste chooses nothing that is a person's word.
    pub(super) fn choose(&mut self, number: u8, pasted: bool, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Menu(menu)) = self.ui.stack.last() else { return Vec::new() };
        if pasted && menu.choices.iter().any(|choice| choice.chosen.is_a_word()) {
            return self.refuse(PASTED);
        }
        let Some(choice) = menu.choices.iter().find(|choice| choice.number == usize::from(number)) else {
            return self.refuse(&format!("{number} is none of the choices"));
        };
        if choice.chosen.is_a_word() {
            let chosen = choice.chosen.clone();
            return self.hold(Waiting::Choice(chosen), at_ms);
        }
        self.perform(Act::Choose, number, scene, at_ms)
    }

    /// Takes a typed line as the answer; a dot alone drops the question, an equals sign takes what was offered.
    pub(super) fn fill(&mut self, line: &str, pasted: bool, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Field(field)) = self.ui.stack.last_mut() else { return Vec::new() };
        if pasted && field.purpose.is_a_word() {
            return self.refuse(PASTED);
        }
        let target = field.purpose.target();
        let typed = line.trim();
        // Where something must be typed exactly, nothing else is meant by it; and it may be typed as it was told.
        let answer = match target {
            Some(target) if typed == target.as_str() || typed == ascii(target.as_str()) => target.to_string(),
            Some(_) | None => typed.to_owned(),
        };
        let exact = target.is_some_and(|target| answer == target.as_str());
        if !exact && typed == "." {
            return self.perform(Act::Cancel, 0, scene, at_ms);
        }
        let answer = (exact || typed != "=" || field.area.is_empty()).then_some(answer);
        if answer.as_ref().is_some_and(|answer| answer.chars().count() > TYPED_MAX) {
            return self.refuse(&format!("it is longer than {TYPED_MAX} characters: say it shorter"));
        }
        if field.purpose.is_a_word() {
            let purpose = field.purpose.clone();
            return self.hold(Waiting::Answer(purpose, answer), at_ms);
        }
        if let Some(answer) = answer {
            field.replace(&answer);
        }
        self.perform(Act::Accept, 0, scene, at_ms)
    }

    /// Takes a line of a message; a dot alone keeps what was typed.
    pub(super) fn write(&mut self, line: &str, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Edit(comm)) = self.ui.stack.last() else { return Vec::new() };
        let comm = comm.clone();
        match line.trim() {
            "." => return self.keep(&comm, scene, at_ms),
            ".drop" => {
                self.writing = false;
                return self.ui.drop_words(&comm);
            }
            _ => {}
        }
        let Some(draft) = self.ui.drafts.get_mut(&comm) else { return Vec::new() };
        let taken = match line.trim().strip_prefix(".fill ") {
            Some(words) => draft.fill(words.trim()),
            None => draft.append(line, !self.writing),
        };
        self.writing |= !line.trim().starts_with(".fill ");
        match taken {
            Ok(()) if line.trim().starts_with(".fill ") => self.show(scene, at_ms),
            Ok(()) => {}
            Err(why) => self.say(why),
        }
        Vec::new()
    }

    /// Saves the words of a message and leaves them; an empty one is not saved, and stays open.
    fn keep(&mut self, comm: &Id, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let mut intents = self.perform(Act::Talk(TalkAct::Save), 0, scene, at_ms);
        self.writing = false;
        let kept = |draft: &&Draft| !draft.is_unsaved() && !draft.words().trim().is_empty();
        let Some(draft) = self.ui.drafts.get(comm).filter(kept) else { return intents };
        if draft.saved().is_some() {
            // One sentence is enough for both; that words are goaround's own is said by the notice.
            self.ui.notice = None;
            self.say("saved; preview shows exactly what would be sent");
        }
        intents.extend(self.perform(Act::Talk(TalkAct::LeaveWords), 0, scene, at_ms));
        intents
    }
}

/// What has this place in the tree, if it is of the kind that the word is for: a symptom is raised, a branch opened.
fn twig(scene: &Scene, verb: &Verb, place: usize) -> Option<Twig> {
    let twig = twigs(&scene.playbook).into_iter().nth(place)?;
    let raises = verb.words.contains(&"raise");
    matches!((raises, &twig), (true, Twig::Symptom(_)) | (false, Twig::Branch(_))).then_some(twig)
}
