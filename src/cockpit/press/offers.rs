//! Why a key does nothing now. The same sentence answers the key and stands in the help screen.

use super::people::{command_why_not, object_why_not};
use crate::cockpit::arming::Arming;
use crate::cockpit::facts;
use crate::cockpit::item::List;
use crate::cockpit::keymap::{Act, LeverAct, Sort, StepAct, TalkAct};
use crate::cockpit::scene::{Armed, Interlock, Mode, Scene};
use crate::cockpit::tree::Twig;
use crate::cockpit::ui::{Dialog, Ui};
use crate::incident::{PullState, StepStatus, candidates};
use crate::playbook::{Step, StepKind};

/// Why `act` cannot be done now; `None` if it can.
pub(in crate::cockpit) fn why_not(ui: &Ui, act: Act, scene: &Scene) -> Option<String> {
    if let Some(why) = scene.mode.why_not().filter(|_| ui.changes(act, scene.mode)) {
        return Some(why.to_owned());
    }
    match act.sort() {
        Sort::Step(act) => step_why_not(ui, act, scene),
        Sort::Lever(act) => lever_why_not(ui, act, scene),
        Sort::Talk(act) => talk_why_not(ui, act, scene),
        Sort::List(list) => list.why_empty(scene),
        Sort::ExtendHold => extend_why_not(scene),
        Sort::CopyLink => ui.link_to_copy(scene).is_none().then(|| "there is no address to copy".to_owned()),
        Sort::Search => (ui.list() == List::None).then(|| "there is no list to search here".to_owned()),
        Sort::Found => found_why_not(ui, scene),
        Sort::Acknowledged => {
            scene.state.acknowledgements.is_empty().then(|| "no alert was acknowledged yet".to_owned())
        }
        Sort::Open => open_why_not(ui, scene),
        Sort::Free => None,
    }
}

/// Why nothing is opened where one is.
fn open_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    match ui.list() {
        List::Levers if !ui.stack.is_empty() => closed(scene),
        List::Comms => ui.comm(scene).is_none().then(|| NO_MESSAGES.to_owned()),
        List::Tree => ui.branch_why_not(scene),
        List::Symptoms => {
            let pages = ui.symptom(scene).is_some_and(|symptom| !symptom.links.is_empty());
            (!pages).then(|| "no page belongs to this symptom".to_owned())
        }
        List::Metrics | List::Steps | List::Levers => None,
        List::Debts | List::Links | List::Journal | List::Palette | List::Page | List::None => {
            Some("there is nothing to open here".to_owned())
        }
    }
}

/// Why there is nothing to walk through.
fn found_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    match ui.found(scene) {
        None => Some("nothing is searched for: <main.search> begins".into()),
        Some(found) if found.of == 0 => Some(format!("no line says \"{}\"", ui.sought().unwrap_or_default())),
        Some(_) => None,
    }
}

fn extend_why_not(scene: &Scene) -> Option<String> {
    let marks = &scene.state.marks;
    let met = marks.hold_met.as_ref().map(|_| "the hold is met: it needs no more time".to_owned());
    let never = || marks.hold_started.is_none().then(|| "the hold was not started".to_owned());
    closed(scene).or(met).or_else(never)
}

fn lever_why_not(ui: &Ui, act: LeverAct, scene: &Scene) -> Option<String> {
    let arming = ui.arming();
    match act {
        LeverAct::ArmNumber => closed(scene),
        LeverAct::PayDebt => closed(scene).or_else(|| pay_why_not(ui, scene)),
        LeverAct::Fire => arming.and_then(|arming| fire_why_not(arming, scene)),
        LeverAct::ByHand => arming.and_then(|arming| by_hand_why_not(arming, scene)),
        LeverAct::FireAnyway => arming.and_then(|arming| anyway_why_not(arming, scene)),
        LeverAct::TypeTarget => arming.and_then(|arming| armed_why_not(arming, scene)),
        LeverAct::Approve => arming.and_then(|arming| approve_why_not(arming, scene)),
        LeverAct::AttestDone | LeverAct::AttestNotDone => arming.and_then(|arming| attest_why_not(arming, scene)),
        LeverAct::Copy => copy_why_not(ui, scene),
        LeverAct::ReRead => arming.and_then(|arming| reread_why_not(arming, scene)),
        LeverAct::Disarm => None,
    }
}

fn talk_why_not(ui: &Ui, act: TalkAct, scene: &Scene) -> Option<String> {
    match act {
        TalkAct::Declare => closed(scene),
        TalkAct::Send => closed(scene).or_else(|| send_why_not(ui, scene)),
        TalkAct::Close if scene.state.closed.is_none() && scene.state.marks.declared.is_none() => {
            Some("nothing is declared: <main.leave> leaves".into())
        }
        TalkAct::Close => closed(scene).or_else(|| in_flight(scene)),
        TalkAct::Object => object_why_not(scene),
        TalkAct::Command => closed(scene)
            .or_else(|| command_why_not(scene))
            .or_else(|| in_flight(scene).filter(|_| !scene.mode.only_reads())),
        TalkAct::Acknowledge => facts::top_alert(scene).is_none().then(|| "no alert is unacknowledged".to_owned()),
        TalkAct::Edit => ui.comm(scene).is_none().then(|| NO_MESSAGES.to_owned()),
        TalkAct::Preview => match ui.comm(scene) {
            None => Some(NO_MESSAGES.to_owned()),
            Some(comm) => ui.drafts.get(&comm.id).filter(|draft| draft.is_unsaved()).map(|_| UNSAVED.to_owned()),
        },
        TalkAct::Raise => closed(scene).or_else(|| raise_why_not(ui, scene)),
        TalkAct::NextBlank => (!ui.has_blank()).then(|| NO_BLANK.to_owned()),
        TalkAct::NextReceiver => {
            ui.other_receiver(scene).is_none().then(|| "no other message of this stage".to_owned())
        }
        TalkAct::NextStage => ui.other_stage(scene).is_none().then(|| "no message of another stage".to_owned()),
        TalkAct::Note | TalkAct::Save | TalkAct::EditReason | TalkAct::LeaveWords | TalkAct::Withdraw => None,
    }
}

fn send_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    let Some(letter) = ui.posting()?.letter(scene) else { return Some("it is not prepared yet".into()) };
    letter.blocked.as_ref().map(|why| format!("not sent: {why}"))
}

const NO_MESSAGES: &str = "this playbook has no messages";
const NO_BLANK: &str = "no blank is left open";
const UNSAVED: &str = "its words are edited and not saved: <comms.edit> opens them, <edit.save> saves";

fn closed(scene: &Scene) -> Option<String> {
    scene.state.closed.map(|_| CLOSED.to_owned())
}

/// Why the selected symptom cannot be raised by hand.
fn raise_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    match ui.twig(scene) {
        Some(Twig::Symptom(symptom)) if scene.state.declared_symptoms.contains(&symptom) => {
            Some(format!("{} is raised by hand already", scene.playbook.symptoms[&symptom].title))
        }
        Some(Twig::Symptom(_)) => None,
        Some(Twig::Branch(_)) => Some("a branch is selected: <main.open> opens it".into()),
        None => Some("this playbook has no symptoms".into()),
    }
}

/// Why nothing of the checklist can be done.
pub(super) fn not_flying(scene: &Scene) -> Option<String> {
    let undeclared = || scene.state.marks.declared.is_none().then(|| undeclared_why(scene));
    closed(scene).or_else(undeclared)
}

const CLOSED: &str = "the incident is closed; only notes and follow-ups can be added";
fn undeclared_why(scene: &Scene) -> String {
    format!("no {} is declared: <main.declare> declares it and starts the checklist", scene.playbook.declares)
}

fn step_why_not(ui: &Ui, act: StepAct, scene: &Scene) -> Option<String> {
    if matches!(act, StepAct::Follow | StepAct::OutputUp | StepAct::OutputDown) {
        return None;
    }
    if let Some(why) = not_flying(scene) {
        return Some(why);
    }
    let Some(step) = ui.step(scene) else { return Some("this playbook has no steps".into()) };
    if let Some(why) = facts::not_flown(scene, step) {
        return Some(why.sentence(step));
    }
    let status = scene.state.steps.get(&step.id).map(|state| state.status);
    match act {
        StepAct::Run => settled_why_not(scene, step, status).or_else(|| run_why_not(scene, step, status)),
        StepAct::Confirm => settled_why_not(scene, step, status).or_else(|| confirm_why_not(scene, step)),
        StepAct::Skip | StepAct::Override | StepAct::Defer => settled_why_not(scene, step, status),
        StepAct::Reopen => reopen_why_not(step, status),
        StepAct::Follow | StepAct::OutputUp | StepAct::OutputDown => None,
    }
}

fn settled_why_not(scene: &Scene, step: &Step, status: Option<StepStatus>) -> Option<String> {
    let settled = status.filter(|status| status.is_settled())?;
    let word = facts::face(scene, &step.id).word;
    let hint = if settled == StepStatus::Sensed { "nothing to do" } else { "<steps.reopen> opens it again" };
    Some(format!("{} is {word}: {hint}", step.title))
}

fn reopen_why_not(step: &Step, status: Option<StepStatus>) -> Option<String> {
    match status {
        Some(StepStatus::Confirmed | StepStatus::Skipped | StepStatus::Overridden | StepStatus::Deferred) => None,
        Some(StepStatus::Sensed) => Some(format!("{} is SENSED: it opens by itself when its sensor turns", step.title)),
        Some(StepStatus::Running | StepStatus::Failed | StepStatus::Reopened) | None => {
            Some(format!("{} is open", step.title))
        }
    }
}

fn run_why_not(scene: &Scene, step: &Step, status: Option<StepStatus>) -> Option<String> {
    let running = status == Some(StepStatus::Running);
    match &step.kind {
        StepKind::Watch if running => Some("it watches already: <main.hold> shows the hold".into()),
        StepKind::Ask(_) if running => Some("it asks you: <steps.confirm> answers".into()),
        StepKind::Wait(_) if running => Some("it waits already: its note says what for".into()),
        StepKind::Sequence(_) if candidates(&scene.playbook, &scene.state, step).is_empty() => {
            Some(format!("every lever of {} was pulled", step.title))
        }
        StepKind::Pull(_) if candidates(&scene.playbook, &scene.state, step).is_empty() => {
            Some(format!("{} holds no lever", step.title))
        }
        StepKind::Capture(_)
        | StepKind::Pick(_)
        | StepKind::Pull(_)
        | StepKind::Sequence(_)
        | StepKind::Wait(_)
        | StepKind::Watch
        | StepKind::Ask(_) => None,
    }
}

fn confirm_why_not(scene: &Scene, step: &Step) -> Option<String> {
    match &step.kind {
        StepKind::Ask(_) | StepKind::Pick(_) => None,
        StepKind::Watch => Some("the hold decides this step: <main.hold> shows it, <steps.override> overrides".into()),
        StepKind::Capture(_) => Some(format!("{} ticks itself once everything is captured", step.title)),
        StepKind::Wait(_) => Some(format!("{} ends by its own looks; <steps.override> overrides", step.title)),
        StepKind::Pull(_) | StepKind::Sequence(_) if facts::sensor_lost(scene, step) => None,
        StepKind::Pull(_) | StepKind::Sequence(_) if facts::sensor(scene, step).is_none() => Some(format!(
            "{} is attested at its lever: <steps.run>, then <arm.attest-done> says what you SAW",
            step.title
        )),
        StepKind::Pull(_) | StepKind::Sequence(_) => {
            Some(format!("{} is sensed: it ticks itself, <steps.override> overrides", step.title))
        }
    }
}

impl Ui {
    /// Whether `act` would change something, or begin to.
    pub(in crate::cockpit) fn changes(&self, act: Act, mode: Mode) -> bool {
        match act.sort() {
            // An observer has a say, and writes it into the inbox alone.
            Sort::Talk(TalkAct::Object | TalkAct::Command) => mode != Mode::Watch,
            Sort::Lever(LeverAct::Copy) => false,
            Sort::Step(_) | Sort::Lever(_) | Sort::Talk(_) | Sort::ExtendHold => true,
            Sort::Open => self.opens_a_change(),
            Sort::List(_) | Sort::CopyLink | Sort::Search | Sort::Found | Sort::Acknowledged | Sort::Free => false,
        }
    }

    /// The lever on its way, if its dialog is open.
    pub(in crate::cockpit) fn arming(&self) -> Option<&Arming> {
        self.stack.iter().rev().find_map(|dialog| {
            let Dialog::Arm(arming) = dialog else { return None };
            Some(arming.as_ref())
        })
    }
}

fn armed_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    if arming.fired.is_some() {
        return Some("it was fired; <fired.re-read> looks again or arms again".into());
    }
    if arming.armed(scene).is_none() {
        return Some("it is not armed yet: its position is being read".into());
    }
    None
}

/// One that has worked is never armed again by the key that looks.
fn reread_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    let worked = arming.made(scene).is_some_and(PullState::is_effective);
    worked.then(|| "it has worked, and is not fired again from here: <fired.disarm> goes on".to_owned())
}

fn approve_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    let lever = scene.playbook.levers.get(&arming.lever)?;
    let needless = (!lever.second_person).then(|| format!("{} needs no approval", lever.title));
    let given = || {
        let armed = arming.armed(scene).filter(|armed| armed.blocked.is_none())?;
        let approval = scene.state.approvals.get(&(armed.lever.clone(), armed.way))?;
        let same = approval.request_sha256 == armed.request_sha256 && approval.want == armed.want;
        same.then(|| format!("{} has approved it", approval.approver))
    };
    needless.or_else(|| armed_why_not(arming, scene)).or_else(given)
}

/// A person's word counts only where nothing can look, and only of what has been pulled.
fn attest_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    let pulled = scene.state.last_pull(&arming.lever).map(|(_, pull)| pull.way);
    if pulled.is_some_and(|way| !facts::is_attested(scene, &arming.lever, way)) {
        return Some("it is read back: what it shows is what counts".into());
    }
    facts::to_attest(scene, &arming.lever).is_none().then(|| "there is nothing to attest yet".to_owned())
}

fn fire_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    if let Some(why) = armed_why_not(arming, scene) {
        return Some(why);
    }
    let armed = arming.armed(scene)?;
    if let Some(why) = blocked(armed, scene) {
        // What is missing is said by its key: the whole sentence stands above, and is too long for one row.
        let waits = approve_why_not(arming, scene).is_none() && scene.state.locking_pull(&armed.lever).is_none();
        let waits = waits && scene.journal_saved;
        let approve = "<arm.approve> first, a second person approves it".to_owned();
        return Some(format!("not fired: {}", if waits { approve } else { why }));
    }
    if scene.playbook.levers.get(&armed.lever).is_some_and(|lever| lever.irreversible) && !arming.is_typed(armed) {
        return Some("not fired: it cannot be taken back; <arm.type-target>, then type its target".into());
    }
    unexplained(arming, armed).map(|open| format!("not fired: {open}; <arm.fire-anyway> and a reason first"))
}

fn by_hand_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    armed_why_not(arming, scene).or_else(|| {
        let armed = arming.armed(scene)?;
        if let Some(why) = blocked(armed, scene) {
            return Some(format!("not written down: {why}"));
        }
        let open = unexplained_of(arming, armed, armed.unmet_interlocks())?;
        Some(format!("{open}; <arm.fire-anyway> and a reason first"))
    })
}

/// A reason is asked for only where it lets the lever go.
fn anyway_why_not(arming: &Arming, scene: &Scene) -> Option<String> {
    armed_why_not(arming, scene).or_else(|| {
        let armed = arming.armed(scene)?;
        let blocked = blocked(armed, scene).map(|why| format!("a reason does not help: {why}"));
        let needless =
            || armed.unmet().next().is_none().then(|| "every interlock holds: no reason is needed".to_owned());
        blocked.or_else(needless)
    })
}

/// What does not hold, or cannot be seen to hold, and was given no reason for.
pub(in crate::cockpit) fn unexplained(arming: &Arming, armed: &Armed) -> Option<String> {
    unexplained_of(arming, armed, armed.unmet())
}

fn unexplained_of<'a>(arming: &Arming, armed: &Armed, unmet: impl Iterator<Item = &'a Interlock>) -> Option<String> {
    let words = |interlock: &Interlock| {
        let word = if interlock.holds.is_none() { "cannot be seen" } else { "does not hold" };
        format!("`{}` {word}", interlock.title)
    };
    let open: Vec<String> = unmet.map(words).collect();
    (!open.is_empty() && arming.reason(armed).is_none()).then(|| open.join(", "))
}

/// Why an armed lever cannot be fired at all.
pub(in crate::cockpit) fn blocked(armed: &Armed, scene: &Scene) -> Option<String> {
    let unsaved = (!scene.journal_saved).then(|| "JOURNAL NOT SAVED".to_owned());
    armed.blocked.as_ref().map(ToString::to_string).or(unsaved)
}

fn pay_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    if matches!(ui.stack.last(), Some(Dialog::Levers)) {
        let lever = ui.selected.lever.as_ref().and_then(|lever| scene.playbook.levers.get(lever));
        return match lever.or_else(|| scene.playbook.levers.values().next()) {
            Some(lever) if lever.undo.is_some() => None,
            Some(lever) => Some(format!("{} cannot be taken back", lever.title)),
            None => Some("this playbook has no levers".into()),
        };
    }
    let open = scene.state.open_debts().count();
    match (open, ui.debt(scene)) {
        (0, _) => Some("no debt is open".into()),
        (_, None) => Some("this debt is not a lever's: settle its step or message".into()),
        (_, Some(_)) => None,
    }
}

fn in_flight(scene: &Scene) -> Option<String> {
    let flying = scene.state.pulls.iter().find(|(_, pull)| pull.outcome.is_none());
    flying.map(|(attempt, _)| format!("pull {attempt} is in flight: wait for its answer"))
}

fn copy_why_not(ui: &Ui, scene: &Scene) -> Option<String> {
    let exact = match (ui.arming(), ui.posting()) {
        (Some(arming), _) => arming.armed(scene).is_some(),
        (None, Some(posting)) => posting.letter(scene).is_some(),
        (None, None) => {
            let step = ui.step(scene)?;
            let by_hand = facts::by_hand(scene, step).is_some();
            return (!by_hand).then(|| format!("{} has no by-hand command", step.title));
        }
    };
    (!exact).then(|| "there is nothing to copy yet".to_owned())
}
