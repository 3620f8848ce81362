//! Words for people: declaring, sizing up, notes, acknowledging, closing.

use super::submit;
use crate::cockpit::facts::{self, Alert};
use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::TalkAct;
use crate::cockpit::menu::Menu;
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::Command;
use crate::metrics::VerdictState;

impl Ui {
    pub(super) fn perform_talk(&mut self, act: TalkAct, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match act {
            TalkAct::Declare if scene.state.marks.declared.is_none() => {
                self.open(Dialog::Menu(Menu::severity(&scene.playbook.declares, human_ms)))
            }
            TalkAct::Declare => {
                let field = Field::new(Purpose::SizeUp, "SIZE-UP  how do things stand?", "one line, shown on top");
                self.open_field(field.holding(scene.state.size_up.as_str()))
            }
            TalkAct::Note => self.open_field(Field::new(Purpose::Note, "NOTE", "one line into the journal")),
            TalkAct::Edit => self.edit_message(scene, human_ms),
            TalkAct::Save => self.save_words(human_ms),
            TalkAct::NextBlank => self.next_blank(),
            TalkAct::NextReceiver => self.next_receiver(scene, human_ms),
            TalkAct::NextStage => self.next_stage(scene, human_ms),
            TalkAct::LeaveWords => self.leave_words(human_ms),
            TalkAct::Preview => self.preview(scene, human_ms),
            TalkAct::Send => self.send(scene, human_ms),
            TalkAct::Withdraw => self.withdraw(),
            TalkAct::Raise => self.raise_symptom(scene),
            TalkAct::EditReason => {
                if let Some(Dialog::Field(field)) = self.stack.last_mut() {
                    field.open();
                }
                Vec::new()
            }
            TalkAct::Acknowledge => match facts::top_alert(scene) {
                Some(Alert::Reverted(probe)) => submit(Command::AcknowledgeReversion { probe: probe.clone() }),
                Some(Alert::Objection(objection, _)) => submit(Command::AcknowledgeObjection { objection }),
                Some(Alert::Metric(metric)) => submit(Command::Acknowledge { metric: metric.clone() }),
                None => Vec::new(),
            },
            TalkAct::Close => self.close(scene, human_ms),
            TalkAct::Object => self.ask_objection(),
            TalkAct::Command => self.turn_to_command(scene, human_ms),
        }
    }

    fn open_field(&mut self, field: Field) -> Vec<Intent> {
        self.open(Dialog::Field(Box::new(field)))
    }

    /// Asks for the size-up; the broken stop limits are ready as it, and no key gets into it before it is opened.
    pub(super) fn ask_declaration(&mut self, severity: u8, scene: &Scene) -> Vec<Intent> {
        let metrics = scene.playbook.metrics.values();
        let broken = metrics.filter(|metric| facts::state_of(scene, &metric.id) == VerdictState::Breach);
        let words: Vec<String> = broken.map(|metric| format!("{} BREACH", metric.title)).collect();
        let asked = if scene.playbook.declares.is_rollback() { "what is wrong?" } else { "what is it about?" };
        let title = format!("DECLARE SEV{severity}  {asked}");
        let hint = "one line, shown on top; declaring starts the checklist";
        self.open_field(Field::new(Purpose::Declare(severity), title, hint).ready(&words.join(", ")))
    }

    fn close(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let open = facts::open_before_closing(scene);
        if open.is_empty() {
            return self.open(Dialog::Menu(Menu::close(human_ms)));
        }
        // Its question is made as it is drawn: things may turn while it is open.
        self.open_field(Field::new(Purpose::Close, "CLOSE", ""))
    }
}
