//! Steps: run, confirm, skip, override, defer, reopen. Leaving the order costs a reason, typed first.

use super::submit;
use crate::cockpit::field::{Answering, Approving, Begin, Field, Picking, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::StepAct;
use crate::cockpit::menu::{Chosen, Menu};
use crate::cockpit::scene::Scene;
use crate::cockpit::ui::{Dialog, Output, Ui};
use crate::incident::{Command, StepStatus, Way, derive::open_before, says_something};
use crate::incident::{candidates, goes_past_ranking, same_person};
use crate::playbook::{Ask, Id, Step, StepKind};
use crate::text::Text;

impl Ui {
    pub(super) fn perform_on_step(&mut self, act: StepAct, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(step) = self.step(scene) else { return Vec::new() };
        if self.scroll_output(act, scene) {
            return Vec::new();
        }
        if self.moved_on(human_ms) {
            self.say(human_ms, format!("the checklist has just moved on to {}: press again", step.title));
            return Vec::new();
        }
        let id = step.id.clone();
        let why = |word: &str| format!("{word}  {}: why?", step.title);
        match act {
            StepAct::Run => self.in_order(step, Begin::Run, scene, human_ms),
            StepAct::Confirm => self.in_order(step, Begin::Ask, scene, human_ms),
            StepAct::Skip => self.ask_reason(Purpose::Skip(id), why("SKIP")),
            StepAct::Override => self.ask_reason(Purpose::Override(id), why("OVERRIDE")),
            StepAct::Reopen => self.ask_reason(Purpose::Reopen(id), why("OPEN AGAIN")),
            StepAct::Defer => {
                self.ask_reason(Purpose::Defer(id), format!("DEFER  {}: until when, or what?", step.title))
            }
            StepAct::Follow | StepAct::OutputUp | StepAct::OutputDown => Vec::new(),
        }
    }

    /// Whether `act` only moves what is shown of the step's output; then it is moved. Scrolling up holds it still, and at
    /// its end it follows again.
    fn scroll_output(&mut self, act: StepAct, scene: &Scene) -> bool {
        let output = &mut self.selected.output;
        match act {
            StepAct::Follow if output.until.is_some() => *output = Output::default(),
            StepAct::Follow => output.until = Some(scene.state.seq),
            StepAct::OutputUp => {
                output.until.get_or_insert(scene.state.seq);
                output.back = output.back.saturating_add(SCROLLS).min(OUTPUT_MAX);
            }
            StepAct::OutputDown if output.back <= SCROLLS => *output = Output::default(),
            StepAct::OutputDown => output.back -= SCROLLS,
            StepAct::Run | StepAct::Confirm | StepAct::Skip | StepAct::Override | StepAct::Defer | StepAct::Reopen => {
                return false;
            }
        }
        true
    }

    fn ask_reason(&mut self, purpose: Purpose, title: String) -> Vec<Intent> {
        self.open(Dialog::Field(Box::new(Field::new(purpose, title, REASON_HINT))))
    }

    /// Goes on at once where the order is kept; otherwise asks why it is left.
    fn in_order(&mut self, step: &Step, begin: Begin, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let begun = scene.state.steps.contains_key(&step.id);
        let open = open_before(&scene.playbook, &scene.state, &step.id).filter(|_| !begun);
        if let Some(open) = open {
            let title = format!("OUT OF ORDER  {} is still open. Why {} first?", open.title, step.title);
            return self.ask_reason(Purpose::OutOfOrder(step.id.clone(), begin), title);
        }
        self.begin(step, begin, None, scene, human_ms)
    }

    fn begin(
        &mut self,
        step: &Step,
        begin: Begin,
        out_of_order: Option<Text>,
        scene: &Scene,
        human_ms: u64,
    ) -> Vec<Intent> {
        match begin {
            Begin::Run => self.run(step, out_of_order, scene, human_ms),
            Begin::Ask => self.ask(step, out_of_order, scene, human_ms),
        }
    }

    /// Begins a step, and arms or asks what belongs to it.
    fn run(&mut self, step: &Step, out_of_order: Option<Text>, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match &step.kind {
            StepKind::Pick(_) | StepKind::Ask(_) => self.ask(step, out_of_order, scene, human_ms),
            StepKind::Capture(_) | StepKind::Wait(_) | StepKind::Watch => start(step, out_of_order, scene),
            StepKind::Pull(_) | StepKind::Sequence(_) => {
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
            StepKind::Capture(_) | StepKind::Pull(_) | StepKind::Sequence(_) | StepKind::Wait(_) | StepKind::Watch => {
                Menu::unsensed(step, &crate::cockpit::waits::done_when(scene, step), human_ms)
            }
        };
        self.open(Dialog::Menu(menu));
        start(step, out_of_order, scene)
    }

    /// Takes the choice with this number.
    pub(super) fn choose(&mut self, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Menu(menu)) = self.stack.last() else { return Vec::new() };
        let Some(choice) = menu.choices.iter().find(|choice| choice.number == usize::from(digit)) else {
            return Vec::new();
        };
        let (chosen, took_ms) = (choice.chosen.clone(), human_ms.saturating_sub(menu.opened_ms));
        self.stack.pop();
        match chosen {
            Chosen::Lever { step, lever } => self.pick(Picking { step, lever, took_ms }, scene),
            Chosen::Saw { step, saw } => self.answer(Answering { step, saw, took_ms }, scene),
            Chosen::NotDone { step, saw } => {
                let title = scene.playbook.step(&step).map_or("step", |step| step.title.as_str());
                self.say(
                    human_ms,
                    format!(
                        "{title} stays open: <steps.run> runs it, <steps.override> overrides, <steps.defer> defers"
                    ),
                );
                submit(Command::Note { text: format!("{title}: a person saw {saw}").into() })
            }
            Chosen::Severity(severity) => self.ask_declaration(severity, scene),
            Chosen::SaveWords(comm) => self.save_and_leave(&comm, human_ms),
            Chosen::DropWords(comm) => self.drop_words(&comm),
            Chosen::Close => submit(Command::Close { override_reason: None }),
            Chosen::HandOver(id) => submit(Command::HandOver { id }),
            Chosen::KeepCommand(id) => submit(Command::DeclineCommand { id }),
        }
    }

    /// Picks a lever; where others fit what is wrong and it does not, only with a reason.
    fn pick(&mut self, picking: Picking, scene: &Scene) -> Vec<Intent> {
        let past = |step| goes_past_ranking(&scene.playbook, &scene.state, step, &picking.lever);
        if !scene.playbook.step(&picking.step).is_some_and(past) {
            let Picking { step, lever, took_ms } = picking;
            return submit(Command::Pick { step, lever, took_ms, reason: None });
        }
        let lever = scene.playbook.levers.get(&picking.lever).map_or(picking.lever.as_str(), |lever| &lever.title);
        let title = format!("AGAINST THE RANKING  no raised symptom lists {lever}. Why this one?");
        self.ask_reason(Purpose::PickAnyway(Box::new(picking)), title)
    }

    /// Answers a step's question; where a second person is asked, only with their name.
    fn answer(&mut self, answering: Answering, scene: &Scene) -> Vec<Intent> {
        let Some(role) = role_asked(scene, &answering.step) else {
            let Answering { step, saw, took_ms } = answering;
            return submit(Command::Confirm { step, saw, took_ms, approver: None });
        };
        let title = format!("ANSWER  `{}`: who says so? {role}", answering.saw);
        let hint = "the second person's name, not the commander's; it stands in the journal with the answer";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::Answer(Box::new(answering)), title, hint))))
    }

    /// Takes the typed line; an empty one is refused.
    pub(super) fn accept(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(Dialog::Field(field)) = self.stack.last() else { return Vec::new() };
        let (purpose, text) = (field.purpose.clone(), field.text());
        if let Some(why) = typed_why_not(&purpose, &text, scene) {
            self.say(human_ms, why);
            return Vec::new();
        }
        self.stack.pop();
        match purpose {
            Purpose::OpenBranch(branch) => submit(Command::OpenBranch { branch, reason: text }),
            Purpose::Answer(answering) => {
                let Answering { step, saw, took_ms } = *answering;
                submit(Command::Confirm { step, saw, took_ms, approver: Some(text) })
            }
            Purpose::PickAnyway(picking) => {
                let Picking { step, lever, took_ms } = *picking;
                submit(Command::Pick { step, lever, took_ms, reason: Some(text) })
            }
            Purpose::Approver => self.ask_approval(text, scene, human_ms),
            Purpose::Approve(approving) => {
                let Approving { approver, lever, way, want, request_sha256 } = *approving;
                submit(Command::Approve { approver, lever, way, want, typed: text, request_sha256 })
            }
            Purpose::Attest(attempt, result) => submit(Command::Attest { attempt, result, saw: text }),
            Purpose::OutOfOrder(step, begin) => match scene.playbook.step(&step) {
                Some(step) => self.begin(step, begin, Some(text), scene, human_ms),
                None => Vec::new(),
            },
            Purpose::Skip(step) => submit(Command::Skip { step, reason: text }),
            Purpose::Override(step) => submit(Command::Override { step, reason: text }),
            Purpose::Defer(step) => submit(Command::Defer { step, trigger: text }),
            Purpose::Reopen(step) => submit(Command::Reopen { step, why: text }),
            Purpose::Declare(severity) => {
                // The ready words end in `; ` once they are opened, so that a person can type on.
                let size_up = Text::from(text.as_str().trim_end_matches([';', ' ']));
                submit(Command::Declare { severity, size_up })
            }
            Purpose::SizeUp => submit(Command::SizeUp { size_up: text }),
            Purpose::Note => submit(Command::Note { text }),
            Purpose::Object => vec![Intent::Object(text)],
            Purpose::FindEvent => self.find_event(text.as_str(), human_ms),
            Purpose::Close => submit(Command::Close { override_reason: Some(text) }),
            Purpose::FireAnyway(sight) => self.keep_reason(sight, text, scene, human_ms),
            Purpose::TypeTarget(want) => self.keep_in_arming(|arming| arming.typed = Some(want)),
        }
    }
}

/// How many lines one key scrolls a step's output.
const SCROLLS: usize = 5;
/// The most lines it is scrolled back.
const OUTPUT_MAX: usize = 2_000;
const REASON_HINT: &str = "one line; it stands in the journal and in the report";

/// Why a typed line is not taken.
fn typed_why_not(purpose: &Purpose, text: &Text, scene: &Scene) -> Option<String> {
    if text.is_empty() && matches!(purpose, Purpose::Declare(_)) {
        return Some("no reason is ready: <ready.edit-reason> lets you type it".into());
    }
    if text.is_empty() {
        return Some("an empty line says nothing: type it, or <text.cancel>".into());
    }
    if let Some(want) = purpose.target()
        && want != text
    {
        return Some(format!("that is not the target: type `{want}` exactly"));
    }
    if matches!(purpose, Purpose::Attest(..)) && !says_something(text.as_str()) {
        return Some("say what you saw, in words: `ok` is no answer".into());
    }
    let own = matches!(purpose, Purpose::Answer(_)) && same_person(text.as_str(), scene.commander.as_str());
    own.then(|| format!("{text} commands: somebody else must answer"))
}

/// The role of the second person whom a step asks.
fn role_asked<'a>(scene: &'a Scene, step: &Id) -> Option<&'a str> {
    let StepKind::Ask(Ask { approver, .. }) = &scene.playbook.step(step)?.kind else { return None };
    approver.as_deref()
}

/// The command that begins a step, unless it has begun; a capture may be made again.
fn start(step: &Step, out_of_order: Option<Text>, scene: &Scene) -> Vec<Intent> {
    let status = scene.state.steps.get(&step.id).map(|state| state.status);
    let again = matches!(step.kind, StepKind::Capture(_));
    if status == Some(StepStatus::Running) && !again {
        return Vec::new();
    }
    submit(Command::StartStep { step: step.id.clone(), out_of_order })
}
