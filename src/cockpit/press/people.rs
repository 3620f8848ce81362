//! Observers and the commander: an objection, an asking for command, and its answer.

use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::menu::Menu;
use crate::cockpit::scene::{Mode, Scene};
use crate::cockpit::ui::{Dialog, Ui};

impl Ui {
    /// Asks an observer what is wrong.
    pub(super) fn ask_objection(&mut self) -> Vec<Intent> {
        let hint = "one line; the commander sees it, and it stands in the journal and the report";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::Object, "OBJECTION  what is wrong?", hint))))
    }

    /// An observer asks for command or takes that back; the commander answers.
    pub(super) fn turn_to_command(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if scene.mode == Mode::Watch {
            return vec![Intent::AskCommand];
        }
        let first = scene.state.people.open_asks().into_iter().next();
        let Some((id, ask)) = first else { return Vec::new() };
        self.open(Dialog::Menu(Menu::command(id, &ask.by, human_ms)))
    }
}

/// Why an observer's objection has no place here.
pub(super) fn object_why_not(scene: &Scene) -> Option<String> {
    let commands = scene.mode != Mode::Watch;
    commands.then(|| "you command: <main.note> writes a note; observers object".to_owned())
}

/// Why command cannot change hands now.
pub(super) fn command_why_not(scene: &Scene) -> Option<String> {
    let people = &scene.state.people;
    if let Some(handed) = &people.handed_over {
        return Some(format!("command goes to {} already", handed.to));
    }
    if scene.mode == Mode::Watch {
        return None;
    }
    if people.open_asks().is_empty() {
        return Some("nobody asks for command; an observer does, with the same key".into());
    }
    scene.armed.is_some().then(|| "a lever is armed: <arm.disarm> disarms it first".to_owned())
}
