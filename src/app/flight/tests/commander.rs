//! A commander who does anything, at any time: sometimes what the pilot would do, often not.

use super::sky::Sky;
use crate::app::flight::Input;
use crate::incident::{Actor, Command, Move, Way, pilot};
use crate::playbook::{Id, StepKind};
use crate::text::Text;

impl Sky {
    /// One move.
    pub(super) fn command_something(&mut self, sober: u64) {
        if !self.dice.percent(sober) {
            return self.command_anything();
        }
        match pilot(&self.playbook, self.flight.state()) {
            Move::Submit(command) => self.command(command),
            Move::Pull { lever, way, step } => {
                self.flight.arm(&self.now(), &lever, way, step, 0);
                self.fire(None, false);
            }
            Move::Stop(_) => self.command_anything(),
            Move::Wait | Move::Landed => {}
        }
    }

    fn command_anything(&mut self) {
        match self.dice.below(17) {
            0 => self.declare(),
            1..=6 => self.step(),
            7 => self.arm(),
            8..=9 => self.arm_and_fire(),
            10 => self.fire_whatever_is_armed(),
            11 => self.re_read(),
            12 => self.say(),
            13 => self.send(),
            14 => self.symptom(),
            15 => self.open_branch(),
            _ => self.close(),
        }
    }

    fn declare(&mut self) {
        let (severity, size_up) = (u8::try_from(self.dice.below(6)).unwrap(), self.words());
        self.command(Command::Declare { severity, size_up });
    }

    /// Nothing, a word, or a hostile one.
    fn words(&mut self) -> Text {
        let words = ["", "because I say so", "gr\u{fc}n \"}\\\n{", "\u{1b}]52;c;AAAA\u{7} \u{202e}"];
        Text::from(*self.dice.pick(&words))
    }

    fn some_step(&mut self) -> Id {
        let place = self.dice.place(self.playbook.steps.len());
        self.playbook.steps[place].id.clone()
    }

    fn some_lever(&mut self) -> Id {
        let place = self.dice.place(self.playbook.levers.len());
        self.playbook.levers[place].id.clone()
    }

    fn step(&mut self) {
        let (step, text) = (self.some_step(), self.words());
        let command = match self.dice.below(8) {
            0 | 1 => Command::StartStep { step, out_of_order: Some(text) },
            2 => Command::Confirm { step, saw: text, took_ms: 9, approver: None },
            3 => Command::Skip { step, reason: text },
            4 => Command::Override { step, reason: text },
            5 => Command::Defer { step, trigger: text },
            6 => Command::Reopen { step, why: text },
            _ => {
                let reason = Some(text);
                Command::Pick { step: self.a_step_that_picks(), lever: self.some_lever(), took_ms: 9, reason }
            }
        };
        self.command(command);
    }

    fn a_step_that_picks(&self) -> Id {
        let picks = self.playbook.steps.iter().find(|step| matches!(step.kind, StepKind::Pick(_)));
        picks.expect("the playbook has one").id.clone()
    }

    fn arm(&mut self) {
        let lever = self.some_lever();
        let way = if self.dice.percent(50) { Way::Do } else { Way::Undo };
        let step = if self.dice.percent(50) { Some(self.some_step()) } else { None };
        self.flight.arm(&self.now(), &lever, way, step, 0);
    }

    fn arm_and_fire(&mut self) {
        self.arm();
        let by_hand = self.dice.percent(15);
        let reason = if self.dice.percent(60) { Some(self.words()) } else { None };
        self.fire(reason, by_hand);
    }

    fn fire_whatever_is_armed(&mut self) {
        let reason = self.words();
        self.fire(Some(reason), false);
    }

    /// Fires what is armed, and in a third of the cases presses twice before anything is on disk.
    fn fire(&mut self, reason: Option<Text>, by_hand: bool) {
        let Ok(fire) = self.flight.fire_armed(&self.now(), reason, by_hand) else { return };
        let presses = if self.dice.percent(33) { 2 } else { 1 };
        for _ in 0..presses {
            self.command(Command::Fire(fire.clone()));
        }
        if self.dice.percent(50) {
            self.flight.disarm();
        }
    }

    fn re_read(&mut self) {
        let locked: Vec<u32> =
            self.flight.state().pulls.iter().filter(|(_, pull)| pull.locks()).map(|(id, _)| *id).collect();
        let now = self.now();
        locked.into_iter().for_each(|attempt| self.flight.read_back_again(&now, attempt));
        self.flight.rearm(&now, 0);
        self.feed(Input::Tick);
    }

    fn say(&mut self) {
        let text = self.words();
        let command = if self.dice.percent(50) { Command::Note { text } } else { Command::SizeUp { size_up: text } };
        self.command(command);
    }

    fn send(&mut self) {
        let comm = self.playbook.comms[0].id.clone();
        drop(self.flight.send_comm(&self.now(), Actor::from("commander"), &comm));
        self.feed(Input::Tick);
    }

    fn open_branch(&mut self) {
        let place = self.dice.place(self.playbook.branches.len());
        let (branch, reason) = (self.playbook.branches[place].id.clone(), self.words());
        self.command(Command::OpenBranch { branch, reason });
    }

    fn symptom(&mut self) {
        let place = self.dice.place(self.playbook.symptoms.len());
        let symptom = self.playbook.symptoms[place].id.clone();
        let metric = self.playbook.metrics[0].id.clone();
        self.command(Command::DeclareSymptom { symptom });
        self.command(Command::Acknowledge { metric });
    }

    /// Closing for no reason is refused while anything is open; closing for one happens seldom enough to fly on.
    fn close(&mut self) {
        let override_reason = if self.dice.percent(15) { Some(self.words()) } else { None };
        self.command(Command::Close { override_reason });
    }
}
