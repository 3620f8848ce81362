//! Levers: arm, fire, read back. Arming sends nothing; only F fires, and only once it is live.

use crate::cockpit::arming::{Arming, Fired};
use crate::cockpit::facts;
use crate::cockpit::field::{Approving, Field, Purpose};
use crate::cockpit::intent::Intent;
use crate::cockpit::keymap::LeverAct;
use crate::cockpit::scene::{Armed, Scene, Sight};
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::{ReadBack, Way, derive, same_person};
use crate::playbook::{Debt, Id, StepKind};
use crate::text::Text;

impl Ui {
    pub(super) fn perform_on_lever(&mut self, act: LeverAct, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        match act {
            LeverAct::ArmNumber => {
                let lever = scene.playbook.levers.get_index(usize::from(digit) - 1).map(|(lever, _)| lever.clone());
                match lever {
                    Some(lever) => self.arm_for(lever, Way::Do, scene, human_ms),
                    None => self.complain(human_ms, format!("there is no lever {digit}")),
                }
            }
            LeverAct::PayDebt => self.pay(scene, human_ms),
            LeverAct::Fire => self.fire(scene, human_ms),
            LeverAct::ByHand => {
                let override_reason = self.mark_fired(scene, human_ms);
                vec![Intent::ByHand { override_reason }]
            }
            LeverAct::ReRead => self.reread(scene, human_ms),
            LeverAct::Copy => self.copy(scene, human_ms),
            LeverAct::FireAnyway => self.ask_override(scene),
            LeverAct::TypeTarget => self.ask_target(scene),
            LeverAct::Approve => {
                let hint = "the second person's name, not the commander's; then they type the target";
                let lever = self.arming().and_then(|arming| scene.playbook.levers.get(&arming.lever));
                let role =
                    lever.and_then(|lever| lever.approver.as_ref()).map_or_else(String::new, |r| format!(" {r}"));
                let title = format!("APPROVE  who approves?{role}");
                self.open(Dialog::Field(Box::new(Field::new(Purpose::Approver, title, hint))))
            }
            LeverAct::AttestDone => self.ask_attestation(ReadBack::Agrees, scene),
            LeverAct::AttestNotDone => self.ask_attestation(ReadBack::Disagrees, scene),
            LeverAct::Disarm => self.disarm(),
        }
    }

    /// Asks for a lever to be prepared, and opens its dialog.
    pub(super) fn arm(&mut self, lever: Id, way: Way, step: Option<Id>, human_ms: u64) -> Vec<Intent> {
        let intent = Intent::Arm { lever: lever.clone(), way, step: step.clone() };
        self.open(Dialog::Arm(Box::new(Arming::new(lever, way, step, human_ms))));
        vec![intent]
    }

    pub(super) fn arm_selected(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let lever = self.selected.lever.clone().or_else(|| scene.playbook.levers.keys().next().cloned());
        lever.map(|lever| self.arm_for(lever, Way::Do, scene, human_ms)).unwrap_or_default()
    }

    /// Arms a lever for the step under way that holds it, if there is one.
    fn arm_for(&mut self, lever: Id, way: Way, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let running = |step: &&crate::playbook::Step| {
            let open = scene.state.steps.get(&step.id).is_some_and(|state| !state.status.is_settled());
            let pulls = match &step.kind {
                StepKind::Pull(levers) | StepKind::Sequence(levers) => levers.contains(&lever),
                StepKind::Capture(_) | StepKind::Pick(_) | StepKind::Wait(_) | StepKind::Watch | StepKind::Ask(_) => {
                    false
                }
            };
            open && pulls && derive::is_flown(&scene.state, step)
        };
        let step = scene.playbook.steps.iter().find(running).filter(|_| way == Way::Do).map(|step| step.id.clone());
        self.arm(lever, way, step, human_ms)
    }

    fn pay(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if matches!(self.stack.last(), Some(Dialog::Levers)) {
            let lever = self.selected.lever.clone().or_else(|| scene.playbook.levers.keys().next().cloned());
            return lever.map(|lever| self.arm_for(lever, Way::Undo, scene, human_ms)).unwrap_or_default();
        }
        let lever = self.debt(scene).map(|debt| debt.lever.clone());
        lever.map(|lever| self.arm_for(lever, Way::Undo, scene, human_ms)).unwrap_or_default()
    }

    /// The debt that U pays: the one selected in the list, or the first open one of the playbook.
    pub(in crate::cockpit) fn debt<'a>(&self, scene: &'a Scene) -> Option<&'a Debt> {
        let is_open = |id: &Id| scene.state.debts.get(id).is_some_and(|debt| debt.paid.is_none());
        if let (Some(Dialog::Debts), Some(chosen)) = (self.stack.last(), &self.selected.debt) {
            return scene.playbook.debts.get(chosen).filter(|debt| is_open(&debt.id));
        }
        scene.playbook.debts.values().find(|debt| is_open(&debt.id))
    }

    fn fire(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let override_reason = self.mark_fired(scene, human_ms);
        vec![Intent::Fire { override_reason }]
    }

    /// Notes that it was fired, and answers with the reason given for that.
    fn mark_fired(&mut self, scene: &Scene, human_ms: u64) -> Option<Text> {
        let after = scene.state.pulls.keys().next_back().copied().unwrap_or(0);
        self.keep_in_arming(|arming| arming.fired = Some(Fired { after, at_ms: human_ms }));
        let arming = self.arming()?;
        arming.reason(arming.armed(scene)?).cloned()
    }

    /// Changes the lever on its way.
    pub(super) fn keep_in_arming(&mut self, change: impl FnOnce(&mut Arming)) -> Vec<Intent> {
        let arming = self.stack.iter_mut().rev().find_map(|dialog| {
            let Dialog::Arm(arming) = dialog else { return None };
            Some(arming)
        });
        if let Some(arming) = arming {
            change(arming);
        }
        Vec::new()
    }

    /// Looks again; a pull that is known not to have worked is armed anew.
    fn reread(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(arming) = self.arming().cloned() else { return Vec::new() };
        let locked = scene.state.locking_pull(&arming.lever).is_some();
        let gone = arming.fired.is_none() && arming.armed(scene).is_none() && arming.armed_ms.is_some();
        if (arming.fired.is_some() && !locked) || gone {
            return self.arm(arming.lever, arming.way, arming.step, human_ms);
        }
        self.keep_in_arming(|arming| arming.reread_ms = human_ms);
        vec![Intent::ReRead]
    }

    fn copy(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let request = |lines: &[Text]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let text = match (self.arming(), self.posting()) {
            (Some(arming), _) => {
                arming.armed(scene).map(|armed| armed.pasted.clone().unwrap_or_else(|| request(&armed.request)))
            }
            (None, Some(posting)) => posting.letter(scene).map(|letter| match (&letter.pasted, &letter.request[..]) {
                (Some(line), _) => line.clone(),
                (None, []) => letter.words.clone(),
                (None, lines) => request(lines),
            }),
            (None, None) => self.step(scene).and_then(|step| facts::by_hand(scene, step)),
        };
        match text {
            Some(text) => {
                self.say(human_ms, "copied");
                vec![Intent::Copy(text)]
            }
            None => self.complain(human_ms, "there is nothing to copy".into()),
        }
    }

    /// Asks why it is fired although an interlock does not hold; the reason is good for what is seen now.
    fn ask_override(&mut self, scene: &Scene) -> Vec<Intent> {
        let Some(sight) = self.arming().and_then(|arming| arming.armed(scene)).map(Armed::sight) else {
            return Vec::new();
        };
        let lost = self.arming().and_then(|arming| arming.armed(scene)).is_some_and(|armed| armed.position.is_some());
        let title = if lost {
            "OVERRIDE  fire although its position was not seen lately: why?"
        } else {
            "OVERRIDE  fire although an interlock does not hold: why?"
        };
        let hint = "one line; <arm.fire> fires afterwards, <text.accept> does not";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::FireAnyway(sight), title, hint))))
    }

    /// Keeps a reason, unless what is armed is no longer what it was given for.
    pub(super) fn keep_reason(&mut self, sight: Sight, reason: Text, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let same = self.arming().and_then(|arming| arming.armed(scene)).is_some_and(|armed| sight.covers(armed));
        if !same {
            return self
                .complain(human_ms, "what is armed has changed meanwhile: look, then <arm.fire-anyway> again".into());
        }
        self.keep_in_arming(|arming| arming.override_reason = Some((sight, reason)))
    }

    fn ask_target(&mut self, scene: &Scene) -> Vec<Intent> {
        let Some(want) = self.arming().and_then(|arming| arming.armed(scene)).map(|armed| armed.want.clone()) else {
            return Vec::new();
        };
        let title = format!("IRREVERSIBLE  type the target: {want}");
        let hint = "exactly as shown; <arm.fire> fires afterwards, <text.accept> does not";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::TypeTarget(want), title, hint))))
    }

    /// Lets the one who approves type the target of what is armed now.
    pub(super) fn ask_approval(&mut self, approver: Text, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let Some(armed) = self.arming().and_then(|arming| arming.armed(scene)) else { return Vec::new() };
        if same_person(approver.as_str(), scene.commander.as_str()) {
            return self.complain(human_ms, format!("{approver} commands: somebody else must approve"));
        }
        let (lever, way, want) = (armed.lever.clone(), armed.way, armed.want.clone());
        let title = format!("APPROVE  {approver} types the target: {want}");
        let approving = Approving { approver, lever, way, want, request_sha256: armed.request_sha256.clone() };
        let hint = "exactly as shown; it counts for this request and 15 minutes";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::Approve(Box::new(approving)), title, hint))))
    }

    /// Asks what was seen of a pull that nothing can read back.
    fn ask_attestation(&mut self, result: ReadBack, scene: &Scene) -> Vec<Intent> {
        let Some(attempt) = self.arming().and_then(|arming| facts::to_attest(scene, &arming.lever)) else {
            return Vec::new();
        };
        let title = match result {
            ReadBack::Agrees => format!("ATTEST  pull {attempt} is as wanted: what did you SEE?"),
            ReadBack::Disagrees | ReadBack::Unknown => {
                format!("ATTEST  pull {attempt} is NOT as wanted: what did you SEE?")
            }
        };
        let hint = "a sentence; it stands in the journal and in the report with your name";
        self.open(Dialog::Field(Box::new(Field::new(Purpose::Attest(attempt, result), title, hint))))
    }

    fn disarm(&mut self) -> Vec<Intent> {
        let fired = self.arming().is_some_and(|arming| arming.fired.is_some());
        self.stack.pop();
        if fired { Vec::new() } else { vec![Intent::Disarm] }
    }

    fn complain(&mut self, human_ms: u64, sentence: String) -> Vec<Intent> {
        self.say(human_ms, sentence);
        Vec::new()
    }
}
