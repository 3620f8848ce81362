//! Steps: run, confirm, skip, override, defer, reopen. Leaving the order costs a reason, typed first.

use super::submit;
use crate::cockpit::field::{Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::Act;
use crate::cockpit::menu::{Chosen, Menu};
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::derive::candidates;
use crate::incident::{Command, StepStatus, Way, derive::open_before};
use crate::playbook::{Id, Step, StepKind};
use crate::text::Text;

impl Ui {
    pub(super) fn perform_on_step(&mut self, act: Act, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match act {
            Act::Choose => return self.choose(digit, scene, human_ms),
            Act::Accept => return self.accept(scene, human_ms),
            _ => {}
        }
        let Some(step) = self.step(scene) else { return Vec::new() };
        if self.moved_on(human_ms) {
            self.say(human_ms, format!("the checklist has just moved on to {}: press again", step.title));
            return Vec::new();
        }
        match act {
            Act::Run => self.in_order(step, Purpose::RunOutOfOrder(step.id.clone()), scene, human_ms),
            Act::Confirm => self.in_order(step, Purpose::AskOutOfOrder(step.id.clone()), scene, human_ms),
            _ => self.ask_reason(act, step),
        }
    }

    /// Goes on at once where the order is kept; otherwise asks why it is left.
    fn in_order(&mut self, step: &Step, purpose: Purpose, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let begun = scene.state.steps.contains_key(&step.id);
        let open = open_before(&scene.playbook, &scene.state, &step.id).filter(|_| !begun);
        if let Some(open) = open {
            let title = format!("OUT OF ORDER  {} is still open. Why {} first?", open.title, step.title);
            return self.open(Dialog::Field(Box::new(Field::new(purpose, title, REASON_HINT))));
        }
        match purpose {
            Purpose::AskOutOfOrder(_) => self.ask(step, None, scene, human_ms),
            _ => self.run(step, None, scene, human_ms),
        }
    }

    /// Begins a step, and arms or asks what belongs to it.
    fn run(&mut self, step: &Step, out_of_order: Option<Text>, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match &step.kind {
            StepKind::Pick(_) | StepKind::Ask(_) => self.ask(step, out_of_order, scene, human_ms),
            StepKind::Capture(_) | StepKind::Watch => start(step, out_of_order, scene),
            StepKind::Pull(_) => {
                let mut intents = start(step, out_of_order, scene);
                if let Some(lever) = candidates(&scene.playbook, &scene.state, step).into_iter().next() {
                    intents.extend(self.arm(lever, Way::Do, Some(step.id.clone()), human_ms));
                }
                intents
            }
        }
    }

    /// Begins a step and opens its numbered choice.
    fn ask(&mut self, step: &Step, out_of_order: Option<Text>, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let menu = match &step.kind {
            StepKind::Pick(_) => Menu::levers(scene, step, human_ms),
            StepKind::Ask(ask) => Menu::question(step, ask, human_ms),
            StepKind::Capture(_) | StepKind::Pull(_) | StepKind::Watch => {
                Menu::unsensed(step, &crate::cockpit::facts::done_when(scene, step), human_ms)
            }
        };
        self.open(Dialog::Menu(menu));
        start(step, out_of_order, scene)
    }

    fn ask_reason(&mut self, act: Act, step: &Step) -> Vec<Intent> {
        let (purpose, word): (fn(Id) -> Purpose, _) = match act {
            Act::Skip => (Purpose::Skip, "SKIP"),
            Act::Override => (Purpose::Override, "OVERRIDE"),
            Act::Defer => (Purpose::Defer, "DEFER"),
            Act::Reopen => (Purpose::Reopen, "OPEN AGAIN"),
            _ => return Vec::new(),
        };
        let question = if act == Act::Defer { "until when, or what?" } else { "why?" };
        let title = format!("{word}  {}: {question}", step.title);
        self.open(Dialog::Field(Box::new(Field::new(purpose(step.id.clone()), title, REASON_HINT))))
    }

    /// Takes the choice with this number.
    fn choose(&mut self, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Menu(menu)) = self.stack.last() else { return Vec::new() };
        let Some((_, chosen)) = menu.choices.get(usize::from(digit).wrapping_sub(1)) else { return Vec::new() };
        let (chosen, took_ms) = (chosen.clone(), human_ms.saturating_sub(menu.opened_ms));
        self.stack.pop();
        match chosen {
            Chosen::Lever { step, lever } => submit(Command::Pick { step, lever, took_ms }),
            Chosen::Saw { step, saw } => submit(Command::Confirm { step, saw, took_ms }),
            Chosen::NotDone { step, saw } => {
                let title = scene.playbook.step(&step).map_or("step", |step| step.title.as_str());
                self.say(human_ms, format!("{title} stays open: r runs it, o overrides, d defers"));
                submit(Command::Note { text: format!("{title}: a person saw {saw}").into() })
            }
            Chosen::Severity(severity) => self.ask_declaration(severity, scene),
            Chosen::Close => submit(Command::Close { override_reason: None }),
        }
    }

    /// Takes the typed line; an empty one is refused.
    fn accept(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Field(field)) = self.stack.last() else { return Vec::new() };
        let (purpose, text) = (field.purpose.clone(), field.text());
        if text.is_empty() {
            self.say(human_ms, "an empty line says nothing: type it, or Esc");
            return Vec::new();
        }
        if let Purpose::TypeTarget(want) = &purpose
            && *want != text
        {
            self.say(human_ms, format!("that is not the target: type `{want}` exactly"));
            return Vec::new();
        }
        self.stack.pop();
        match purpose {
            Purpose::RunOutOfOrder(step) => self.resume_run(&step, text, scene, human_ms),
            Purpose::AskOutOfOrder(step) => match scene.playbook.step(&step) {
                Some(step) => self.ask(step, Some(text), scene, human_ms),
                None => Vec::new(),
            },
            Purpose::Skip(step) => submit(Command::Skip { step, reason: text }),
            Purpose::Override(step) => submit(Command::Override { step, reason: text }),
            Purpose::Defer(step) => submit(Command::Defer { step, trigger: text }),
            Purpose::Reopen(step) => submit(Command::Reopen { step, why: text }),
            Purpose::Declare(severity) => {
                // The offered beginning ends in `; `, so that a person can type on.
                let size_up = Text::from(text.as_str().trim_end_matches([';', ' ']));
                submit(Command::Declare { severity, size_up })
            }
            Purpose::SizeUp => submit(Command::SizeUp { size_up: text }),
            Purpose::Note => submit(Command::Note { text }),
            Purpose::Close => submit(Command::Close { override_reason: Some(text) }),
            Purpose::FireAnyway => self.keep_in_arming(|arming| arming.override_reason = Some(text)),
            Purpose::TypeTarget(_) => self.keep_in_arming(|arming| arming.typed = true),
        }
    }

    fn resume_run(&mut self, step: &Id, reason: Text, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match scene.playbook.step(step) {
            Some(step) => self.run(step, Some(reason), scene, human_ms),
            None => Vec::new(),
        }
    }
}

const REASON_HINT: &str = "one line; it stands in the journal and in the report";

/// The command that begins a step, unless it has begun; a capture may be made again.
fn start(step: &Step, out_of_order: Option<Text>, scene: &Scene) -> Vec<Intent> {
    let status = scene.state.steps.get(&step.id).map(|state| state.status);
    let again = matches!(step.kind, StepKind::Capture(_));
    if status == Some(StepStatus::Running) && !again {
        return Vec::new();
    }
    submit(Command::StartStep { step: step.id.clone(), out_of_order })
}
