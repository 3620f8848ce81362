//! Flying by itself: pure, and seeing only what a commander sees.

use super::command::Command;
use super::event::Way;
use super::ready::{Readiness, bound, readiness};
use super::state::{State, StepStatus};
use super::{PullState, ReadBack, branches, derive, rank};
use crate::kind::Outcome;
use crate::playbook::{Id, Lever, Playbook, Step, StepKind};
use crate::text::Text;

/// The pilot's next move.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Ask for this.
    Submit(Command),
    /// Arm this lever and fire it.
    Pull {
        /// The lever.
        lever: Id,
        /// Which way.
        way: Way,
        /// The step it is for.
        step: Option<Id>,
    },
    /// Nothing to do until something changes.
    Wait,
    /// A person is needed; the incident is left for `resume`.
    Stop(String),
    /// The incident is closed.
    Landed,
}

/// What the pilot does next. It declares only on a broken stop limit, takes the steps in order, tries another
/// lever only after `Rejected` or `NotSent`, and never skips or overrides.
pub fn pilot(playbook: &Playbook, state: &State) -> Move {
    if state.closed.is_some() {
        return Move::Landed;
    }
    if let Some(hold) = unsettled_pull(playbook, state) {
        return hold;
    }
    if state.marks.declared.is_none() {
        return declare(playbook, state);
    }
    if let Some(reverted) = derive::reversions(playbook, state).into_iter().next() {
        return Move::Stop(reverted);
    }
    match derive::next_step(playbook, state) {
        Some(step) => fly_step(playbook, state, step),
        None => pay(playbook, state),
    }
}

/// Waits for what is under way; stops at what nobody knows.
fn unsettled_pull(playbook: &Playbook, state: &State) -> Option<Move> {
    let title = |lever: &Id| playbook.levers.get(lever).map_or(lever.as_str(), |lever| lever.title.as_str()).to_owned();
    for (attempt, pull) in &state.pulls {
        let superseded = state.last_pull(&pull.lever).is_some_and(|(last, _)| last != *attempt);
        match (&pull.outcome, pull.read_back) {
            (Some((Outcome::Applied, _)), None) if !superseded && is_for_a_person(playbook, pull) => {
                let title = title(&pull.lever);
                return Some(Move::Stop(format!("pull {attempt} ({title}): a person must say what they see")));
            }
            (None, _) | (Some((Outcome::Applied, _)), None) => return Some(Move::Wait),
            (Some((Outcome::Unknown, why)), _) if !superseded => {
                return Some(Move::Stop(format!("pull {attempt} ({}) is UNKNOWN: {why}", title(&pull.lever))));
            }
            (Some((Outcome::Applied, _)), Some(result @ (ReadBack::Disagrees | ReadBack::Unknown))) if !superseded => {
                return Some(Move::Stop(format!(
                    "pull {attempt} ({}): its read-back is {}",
                    title(&pull.lever),
                    result.word()
                )));
            }
            (Some(_), _) => {}
        }
    }
    None
}

/// Whether nothing can read this pull back.
fn is_for_a_person(playbook: &Playbook, pull: &PullState) -> bool {
    playbook.levers.get(&pull.lever).is_some_and(|lever| derive::verify_of(lever, pull.way).is_none())
}

fn declare(playbook: &Playbook, state: &State) -> Move {
    let broken: Vec<&str> = derive::breaches(state).map(|id| playbook.metrics[id].title.as_str()).collect();
    if broken.is_empty() {
        return Move::Wait;
    }
    let size_up = Text::from(format!("stop limit broken: {}", broken.join(", ")));
    Move::Submit(Command::Declare { severity: 2, size_up })
}

fn fly_step(playbook: &Playbook, state: &State, step: &Step) -> Move {
    let id = step.id.clone();
    match (&step.kind, derive::status(state, &step.id)) {
        (_, Some(StepStatus::Failed)) if branches::is_remedied(playbook, state, step) => {
            Move::Submit(Command::StartStep { step: id, out_of_order: None })
        }
        (StepKind::Ask(ask), _) => {
            let who = ask.approver.as_deref().unwrap_or("a person");
            Move::Stop(format!("`{}` asks {who}: {}", step.title, ask.question))
        }
        (_, Some(StepStatus::Failed)) => Move::Stop(format!("`{}` failed", step.title)),
        (_, Some(StepStatus::Reopened)) => Move::Stop(format!("`{}` is open again; a person must look", step.title)),
        (_, None) => Move::Submit(Command::StartStep { step: id, out_of_order: None }),
        (StepKind::Capture(_) | StepKind::Wait(_) | StepKind::Watch, Some(_)) => Move::Wait,
        (StepKind::Sequence(_), Some(_)) => pull_next(playbook, state, step),
        (StepKind::Pick(_), Some(_)) => pick(playbook, state, step),
        (StepKind::Pull(_), Some(_)) => pull(playbook, state, step),
    }
}

fn pick(playbook: &Playbook, state: &State, step: &Step) -> Move {
    // To choose what no raised symptom lists is a person's decision, with a reason.
    let fits = |lever: &Id| !rank::goes_past_ranking(playbook, state, step, lever);
    let mut ready =
        rank::candidates(playbook, state, step).into_iter().filter(|lever| is_ready(playbook, state, lever));
    match ready.find(fits) {
        Some(lever) => Move::Submit(Command::Pick { step: step.id.clone(), lever, took_ms: 0, reason: None }),
        None => Move::Stop(format!("no lever of `{}` is ready", step.title)),
    }
}

fn pull(playbook: &Playbook, state: &State, step: &Step) -> Move {
    let levers = rank::candidates(playbook, state, step);
    // Pulled for this step and not refused: it is waited for, also when another one ranks higher by now.
    let refused = |pull: &PullState| matches!(pull.outcome, Some((Outcome::Rejected | Outcome::NotSent, _)));
    let mut pulled = state.pulls.values().filter(|pull| pull.way == Way::Do && pull.step.as_ref() == Some(&step.id));
    if pulled.any(|pull| !refused(pull)) {
        return Move::Wait;
    }
    let mut why = format!("no lever of `{}` is ready", step.title);
    for lever in levers {
        let last = state.pulls.values().rev().find(|pull| pull.lever == lever && pull.way == Way::Do);
        match last.map(|pull| pull.outcome.as_ref()) {
            None if !is_ready(playbook, state, &lever) => {
                why = why_not(playbook, state, &playbook.levers[&lever]).unwrap_or(why);
            }
            None if playbook.levers[&lever].irreversible => {
                return Move::Stop(format!(
                    "`{}` cannot be taken back; a person must fire it",
                    playbook.levers[&lever].title
                ));
            }
            None if playbook.levers[&lever].second_person => return needs_second_person(playbook, &lever),
            None => return Move::Pull { lever, way: Way::Do, step: Some(step.id.clone()) },
            Some(Some((Outcome::Rejected | Outcome::NotSent, detail))) => {
                why = format!("`{}`: {detail}", playbook.levers[&lever].title);
            }
            // Pulled and read back, and the step's own sensor has not followed yet.
            Some(_) => return Move::Wait,
        }
    }
    Move::Stop(why)
}

/// The next of a sequence, as it stands: it has no other order, and none of it is left out.
fn pull_next(playbook: &Playbook, state: &State, step: &Step) -> Move {
    let Some(lever) = derive::next_in_sequence(state, step) else { return Move::Wait };
    let Lever { title, irreversible, second_person, .. } = &playbook.levers[lever];
    match () {
        () if !is_ready(playbook, state, lever) => {
            let why = why_not(playbook, state, &playbook.levers[lever]);
            Move::Stop(why.unwrap_or_else(|| format!("`{title}` is not ready")))
        }
        () if *irreversible => Move::Stop(format!("`{title}` cannot be taken back; a person must fire it")),
        () if *second_person => needs_second_person(playbook, lever),
        () => Move::Pull { lever: lever.clone(), way: Way::Do, step: Some(step.id.clone()) },
    }
}

fn needs_second_person(playbook: &Playbook, lever: &Id) -> Move {
    let lever = &playbook.levers[lever];
    Move::Stop(format!("`{}` needs approval of {}", lever.title, lever.second()))
}

fn is_ready(playbook: &Playbook, state: &State, lever: &Id) -> bool {
    let lever = &playbook.levers[lever];
    let (vars, _) = bound(state, lever);
    lever.precheck.iter().all(|check| derive::holds_now(state, check, &vars) == Some(true))
        && state.locking_pull(&lever.id).is_none()
}

/// Why a lever is not pulled, in words for whoever has to go on.
fn why_not(playbook: &Playbook, state: &State, lever: &Lever) -> Option<String> {
    let title = &lever.title;
    match readiness(playbook, state, lever) {
        Readiness::Ready => None,
        Readiness::There => Some(format!("`{title}` is where it would go, and its prechecks do not hold")),
        Readiness::After(others) => {
            let others: Vec<_> = others.iter().map(|id| format!("`{}`", playbook.levers[id].title)).collect();
            Some(format!("`{title}` is ready only after {}", others.join(", ")))
        }
        Readiness::Not(reason) => Some(format!("`{title}` is not ready: {reason}")),
    }
}

/// Pays every debt in its order, then closes.
fn pay(playbook: &Playbook, state: &State) -> Move {
    let mut open = state.open_debts().peekable();
    if open.peek().is_none() {
        if state.messages.values().any(|message| message.outcome.is_none()) {
            return Move::Wait;
        }
        return if state.marks.hold_met.is_some() {
            Move::Submit(Command::Close { override_reason: None })
        } else {
            Move::Stop("every step is settled and the hold was not met".into())
        };
    }
    let debts: Vec<&Id> = open.map(|(id, _)| id).collect();
    let payable = debts.iter().find_map(|id| {
        let debt = playbook.debts.get(*id)?;
        derive::not_yet_payable(playbook, state, debt).is_none().then_some(debt)
    });
    match payable {
        Some(debt) => match state.last_pull(&debt.lever) {
            // A try that was answered no is a person's business.
            Some((_, pull)) if pull.way == Way::Undo => Move::Stop(format!("`{}` could not be paid", debt.title)),
            Some(_) | None if playbook.levers[&debt.lever].second_person => needs_second_person(playbook, &debt.lever),
            Some(_) | None => Move::Pull { lever: debt.lever.clone(), way: Way::Undo, step: None },
        },
        None => Move::Stop(format!(
            "a person must pay: {}",
            debts.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ")
        )),
    }
}
