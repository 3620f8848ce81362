//! The pilot in a drill: the cast answers for it, and on demand it makes one mistake on purpose.
//!
//! The pilot itself stays as it is in live. A mistake is a playbook that only it sees (steps in another order, no
//! choice where it insists on one lever) and a few moves exchanged; the incident is decided on the real playbook.

use super::scenario::{CAST, Cast};
use super::written::MistakeTable;
use super::{Recording, Scenario};
use crate::incident::{Actor, Command, Moment, Move, State, StepStatus, Way, derive, pilot, rehearse};
use crate::metrics::VerdictState;
use crate::playbook::{DebtAfter, Id, Playbook, Step, StepKind};
use crate::text::Text;

/// The severity of what is declared because it is due: nothing is wrong.
const PLANNED: u8 = 4;

/// The pilot's manners in one drill.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What is flown.
    playbook: Playbook,
    /// What the pilot sees of it.
    eyes: Playbook,
    crew: Crew,
    mistake: Option<Mistake>,
    rehearsal: Option<Rehearsal>,
    false_alarm_ms: Option<u64>,
}

/// Who answers questions and approves pulls in a drill.
#[derive(Clone, Debug, Default)]
pub struct Crew(Cast);

/// What is pulled and taken back instead of a flight.
#[derive(Clone, Debug)]
struct Rehearsal {
    levers: Vec<Id>,
    /// Why a debt is paid before the hold was met.
    reason: Text,
}

/// A mistake that is made on purpose.
#[derive(Clone, Debug)]
struct Mistake {
    table: MistakeTable,
    /// The reason that the journal keeps wherever one is asked for.
    reason: Text,
}

/// What is asked of a second person: exactly this pull.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The lever.
    pub lever: &'a Id,
    /// Which way.
    pub way: Way,
    /// The target.
    pub want: &'a Text,
    /// The SHA-256 of the exchange, in hex; empty where there is none yet.
    pub request_sha256: &'a str,
}

/// What the cast says: who, what it asks for, and how that is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who the journal names.
    pub actor: Actor,
    /// What is asked for.
    pub command: Command,
    /// In words.
    pub words: Text,
}

impl Crew {
    /// The cast of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        Self(scenario.cast.clone())
    }

    /// Whether somebody here approves pulls of this lever.
    pub fn approves(&self, lever: &Id) -> bool {
        self.0.approvals.contains_key(lever.as_str())
    }

    /// The answer to the question that is open, and who gives it.
    pub fn answer(&self, playbook: &Playbook, state: &State) -> Option<Line> {
        // Also out of order: whoever flies the checklist wrongly is answered all the same.
        let asks = |step: &&Step| matches!(step.kind, StepKind::Ask(_));
        let running = |step: &&Step| derive::status(state, &step.id) == Some(StepStatus::Running);
        let step = playbook.steps.iter().filter(asks).find(running)?;
        let StepKind::Ask(ask) = &step.kind else { return None };
        let saw = Text::from(self.0.answers.get(step.id.as_str())?.as_str());
        // Where a second person is asked for, the cast plays that role.
        let approver = ask.approver.as_deref().map(Text::from);
        let words = format!("{} answers: {saw}", ask.approver.as_deref().unwrap_or(CAST)).into();
        let command = Command::Confirm { step: step.id.clone(), saw, took_ms: 0, approver };
        Some(Line { actor: CAST.into(), command, words })
    }

    /// The next message to send once a rollback is declared, and who sends it.
    pub fn message(&self, playbook: &Playbook, state: &State) -> Option<(Actor, Id)> {
        let declared = state.marks.declared.is_some() && state.closed.is_none();
        let own = |name: &String| playbook.comms.keys().find(|id| id.as_str() == name.as_str());
        let mut unsent = self.0.sends.iter().filter_map(own).filter(|id| !state.messages.contains_key(*id));
        unsent.next().filter(|_| declared).map(|id| (CAST.into(), id.clone()))
    }

    /// The approval of a pull that needs one and has none for exactly this request.
    pub fn approval(&self, playbook: &Playbook, state: &State, asked: &Asked<'_>) -> Option<Line> {
        let Asked { lever, way, want, request_sha256 } = *asked;
        let role = self.0.approvals.get(lever.as_str())?;
        let needed = playbook.levers.get(lever).is_some_and(|lever| lever.second_person);
        let given = state.approvals.get(&(lever.clone(), way)).is_some_and(|it| it.request_sha256 == request_sha256);
        if !needed || given || request_sha256.is_empty() {
            return None;
        }
        let (approver, request_sha256) = (Text::from(role.as_str()), request_sha256.to_owned());
        let (want, typed) = (want.clone(), want.clone());
        let words = format!("{approver} approves: {want}").into();
        let command = Command::Approve { approver, lever: lever.clone(), way, want, typed, request_sha256 };
        Some(Line { actor: CAST.into(), command, words })
    }
}

impl Policy {
    /// How the pilot flies this scenario; with the id of a pitfall, how it falls into it. An error names the pitfalls
    /// there are.
    pub fn new(scenario: &Scenario, playbook: &Playbook, mistake: Option<&str>) -> Result<Self, String> {
        let mistake = match mistake {
            None => None,
            Some(id) => {
                let known: Vec<&str> = scenario.pitfalls.iter().map(|pitfall| pitfall.id.as_str()).collect();
                let pitfall = scenario.pitfalls.iter().find(|pitfall| pitfall.id.as_str() == id).ok_or_else(|| {
                    let them = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                    format!("`{}` has no pitfall `{id}`; it has {them}", scenario.id)
                })?;
                let reason = format!("on purpose: {}", pitfall.title).into();
                Some(Mistake { table: pitfall.mistake.clone(), reason })
            }
        };
        let crew = Crew::of(scenario);
        let eyes = eyes(playbook, &crew, mistake.as_ref().map(|mistake| &mistake.table));
        Ok(Self {
            playbook: playbook.clone(),
            eyes,
            crew,
            mistake,
            rehearsal: None,
            false_alarm_ms: scenario.false_alarm_ms,
        })
    }

    /// The pilot that pulls each of these levers and takes it back, in this scenario's world.
    pub fn rehearsal(scenario: &Scenario, playbook: &Playbook, levers: Vec<Id>) -> Self {
        let (crew, reason) = (Crew::of(scenario), "a rehearsal takes back what it has pulled".into());
        let rehearsal = Some(Rehearsal { levers, reason });
        let (playbook, eyes) = (playbook.clone(), eyes(playbook, &crew, None));
        Self { playbook, eyes, crew, mistake: None, rehearsal, false_alarm_ms: None }
    }

    /// How the pilot flies an incident again: whoever declared, answered and approved then does so again.
    pub fn recorded(recording: &Recording, playbook: &Playbook) -> Self {
        let crew = Crew(recording.cast().clone());
        let (playbook, eyes) = (playbook.clone(), eyes(playbook, &crew, None));
        let false_alarm_ms = recording.left_alone_ms();
        Self { playbook, eyes, crew, mistake: None, false_alarm_ms, rehearsal: None }
    }

    /// Who answers for the pilot.
    pub fn crew(&self) -> &Crew {
        &self.crew
    }

    /// When the alarm is over, in ms after the drill's start, if it was false.
    pub fn false_alarm_ms(&self) -> Option<u64> {
        self.false_alarm_ms
    }

    /// The reason for firing although an interlock does not hold, where that is the mistake.
    pub fn reason(&self) -> Option<&Text> {
        let rehearsed = self.rehearsal.as_ref().map(|rehearsal| &rehearsal.reason);
        rehearsed.or_else(|| self.mistake.as_ref().map(|mistake| &mistake.reason))
    }

    /// The next move, and who makes it.
    pub fn next(&self, state: &State, now: &Moment) -> (Actor, Move) {
        let by_pilot = |next| (Actor::from("pilot"), next);
        if let Some(Rehearsal { levers, .. }) = &self.rehearsal {
            return by_pilot(rehearse(&self.playbook, state, levers));
        }
        let next = pilot(&self.eyes, state);
        if let (Move::Wait, Some(Line { actor, command, .. })) = (&next, self.crew.answer(&self.playbook, state)) {
            return (actor, Move::Submit(command));
        }
        let due = state.marks.opened.as_ref().is_some_and(|opened| now.since(opened).ms >= self.crew.0.declares_ms);
        if let (Move::Wait, Some(size_up), None, true) = (&next, &self.crew.0.declares, &state.marks.declared, due) {
            let (severity, size_up) = (self.crew.0.severity.unwrap_or(PLANNED), size_up.as_str().into());
            return by_pilot(Move::Submit(Command::Declare { severity, size_up }));
        }
        by_pilot(match &self.mistake {
            Some(mistake) => self.mistaken(mistake, next, state, now),
            None => next,
        })
    }

    fn mistaken(&self, mistake: &Mistake, next: Move, state: &State, now: &Moment) -> Move {
        let Mistake { table, reason } = mistake;
        match next {
            Move::Submit(Command::StartStep { step, .. }) if table.skip.iter().any(|id| *id == step.as_str()) => {
                Move::Submit(Command::Skip { step, reason: reason.clone() })
            }
            Move::Submit(Command::StartStep { step, out_of_order }) => {
                let early = derive::open_before(&self.playbook, state, &step).is_some();
                let out_of_order = out_of_order.or_else(|| early.then(|| reason.clone()));
                Move::Submit(Command::StartStep { step, out_of_order })
            }
            Move::Wait if table.declare && state.marks.declared.is_none() && alarmed(state) => {
                Move::Submit(Command::Declare { severity: 2, size_up: reason.clone() })
            }
            Move::Wait if self.is_out_of_patience(state, now) => give_up(reason),
            // Nobody is left to call: who flies into a pitfall closes over what it has done.
            Move::Stop(_)
                if state.marks.declared.is_some() && state.pulls.values().all(|pull| pull.outcome.is_some()) =>
            {
                give_up(reason)
            }
            other => other,
        }
    }

    /// Whether the hold is overdue: who made a mistake and does not see it closes at last over what is red.
    fn is_out_of_patience(&self, state: &State, now: &Moment) -> bool {
        let started = state.marks.hold_started.as_ref().filter(|_| derive::hold_runs(state));
        started.is_some_and(|started| now.since(started).ms > derive::hold_max_ms(&self.playbook, state))
    }
}

fn give_up(reason: &Text) -> Move {
    Move::Submit(Command::Close { override_reason: Some(reason.clone()) })
}

/// Whether anything warns or is worse.
fn alarmed(state: &State) -> bool {
    let bad = |state| matches!(state, VerdictState::Warn | VerdictState::Breach);
    state.verdicts.values().any(|slot| bad(slot.verdict.state))
}

/// The playbook as the pilot sees it. A question looks like a step that somebody else ends; a lever whose approval the
/// cast gives looks like any other.
fn eyes(playbook: &Playbook, crew: &Crew, mistake: Option<&MistakeTable>) -> Playbook {
    let mut eyes = playbook.clone();
    for step in &mut eyes.steps {
        if matches!(step.kind, StepKind::Ask(_)) && crew.0.answers.contains_key(step.id.as_str()) {
            step.kind = StepKind::Watch;
        }
    }
    for lever in eyes.levers.values_mut().filter(|lever| crew.approves(&lever.id)) {
        lever.second_person = false;
        lever.irreversible = false;
    }
    if let Some(mistake) = mistake {
        mislead(&mut eyes, mistake);
    }
    eyes
}

/// Shows the pilot a wrong order, one lever instead of a choice, and no debt that it leaves behind.
fn mislead(eyes: &mut Playbook, mistake: &MistakeTable) {
    if let Some(lever) = &mistake.pull {
        for step in &mut eyes.steps {
            if let StepKind::Pull(levers) | StepKind::Pick(levers) = &mut step.kind
                && levers.iter().any(|held| held.as_str() == lever)
            {
                levers.retain(|held| held.as_str() == lever);
            }
        }
    }
    reorder(eyes, &mistake.order);
    for debt in eyes.debts.values_mut() {
        if matches!(&debt.after, DebtAfter::Debt(other) if mistake.leave.iter().any(|id| *id == other.as_str())) {
            debt.after = DebtAfter::Hold;
        }
    }
    eyes.debts.retain(|id, _| !mistake.leave.iter().any(|left| left == id.as_str()));
}

/// Each named step comes behind the one named before it; what must hold before its levers counts no more.
fn reorder(eyes: &mut Playbook, order: &[String]) {
    let place = |eyes: &Playbook, id: &str| eyes.steps.iter().position(|step| step.id.as_str() == id);
    for pair in order.windows(2) {
        let (Some(first), Some(second)) = (place(eyes, &pair[0]), place(eyes, &pair[1])) else { continue };
        if second < first {
            let step = eyes.steps.remove(second);
            eyes.steps.insert(first, step);
        }
        let early = eyes.steps.iter().find(|step| step.id.as_str() == pair[0]);
        for lever in early.map(|step| derive::levers_of(step).to_vec()).unwrap_or_default() {
            eyes.levers[&lever].precheck.clear();
        }
    }
}
