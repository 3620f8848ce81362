//! What follows from playbook and state without being written down: order, sensors, symptoms, ranks.

pub use super::condition::{holds, holds_now, spread, telling, want};
use super::state::{State, StepStatus};
use super::{AttemptId, Moment, PullState, ReadBack, Way};
use crate::kind::Vars;
use crate::metrics::VerdictState;
use crate::playbook::{Bind, Branch, Condition, Debt, DebtAfter, Id, Lever, Opening, Playbook, Step, StepKind, Verify};
use crate::text::Text;

/// How a lever is read back, this way.
pub fn verify_of(lever: &Lever, way: Way) -> Option<&Verify> {
    match way {
        Way::Do => lever.verify.as_ref(),
        Way::Undo => lever.undo.as_ref().and_then(|undo| undo.verify.as_ref()),
    }
}

/// The newest pull of a lever, if it ended, may have worked, and only a person can say what became of it. One that was
/// told of already may be told of again.
pub fn to_attest<'a>(playbook: &Playbook, state: &'a State, lever: &Id) -> Option<(AttemptId, &'a PullState)> {
    let known = playbook.levers.get(lever)?;
    state.last_pull(lever).filter(|(_, pull)| pull.may_have_worked() && verify_of(known, pull.way).is_none())
}

/// A step's sensor: its own, or the read-back of the lever that was pulled for it and stands.
pub fn sensor_of<'a>(playbook: &'a Playbook, state: &State, step: &'a Step) -> Option<(&'a Condition, Vars)> {
    if let Some(done) = &step.done {
        return Some((done, Vars::new()));
    }
    if let StepKind::Sequence(levers) = &step.kind {
        return sensor_of_sequence(playbook, state, step, levers);
    }
    let (_, pull) = effective_pull(state, step)?;
    let lever = playbook.levers.get(&pull.lever)?;
    Some((&lever.verify.as_ref()?.condition, pull.bindings.clone()))
}

/// The read-back of a sequence whose levers all stand: one that does not hold, else one that is not seen, else the
/// last, so that the step is as good as the worst of them.
fn sensor_of_sequence<'a>(
    playbook: &'a Playbook,
    state: &State,
    step: &'a Step,
    levers: &[Id],
) -> Option<(&'a Condition, Vars)> {
    let standing: Option<Vec<&PullState>> = levers.iter().map(|lever| standing_pull(state, step, lever)).collect();
    let sensor =
        |pull: &PullState| Some((&playbook.levers.get(&pull.lever)?.verify.as_ref()?.condition, pull.bindings.clone()));
    let sensors: Vec<_> = standing?.into_iter().filter_map(sensor).collect();
    let rank = |(condition, vars): &(&Condition, Vars)| match holds_now(state, condition, vars) {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    };
    sensors.into_iter().rev().min_by_key(rank)
}

/// The newest pull of this lever that put its part of the step in force, and stands.
fn standing_pull<'a>(state: &'a State, step: &'a Step, lever: &Id) -> Option<&'a PullState> {
    let stands = |(attempt, pull): &(AttemptId, &PullState)| {
        pull.lever == *lever && pull.is_effective() && !is_undone(state, *attempt, pull)
    };
    pulls_of(state, step).find(stands).map(|(_, pull)| pull)
}

/// The lever of a sequence whose turn it is: the first that was not pulled, read back as wanted and left so.
pub fn next_in_sequence<'a>(state: &State, step: &'a Step) -> Option<&'a Id> {
    let StepKind::Sequence(levers) = &step.kind else { return None };
    levers.iter().find(|lever| standing_pull(state, step, lever).is_none())
}

/// The levers that are in force once the step is sensed, by whoever pulled them.
pub fn surely_in_force(step: &Step) -> &[Id] {
    match &step.kind {
        StepKind::Sequence(levers) => levers,
        StepKind::Pull(levers) if levers.len() == 1 => levers,
        StepKind::Pull(_)
        | StepKind::Capture(_)
        | StepKind::Pick(_)
        | StepKind::Wait(_)
        | StepKind::Watch
        | StepKind::Ask(_) => &[],
    }
}

/// What a person said they saw of the pull that put this step in force, where neither step nor lever has a sensor.
pub fn attested<'a>(state: &'a State, step: &'a Step) -> Option<(AttemptId, &'a Text)> {
    if step.done.is_some() || next_in_sequence(state, step).is_some() {
        return None;
    }
    let (attempt, pull) = effective_pull(state, step)?;
    Some((attempt, pull.attested.as_ref()?))
}

/// The newest pull of this step that was read back as done and was not taken back since.
fn effective_pull<'a>(state: &'a State, step: &'a Step) -> Option<(AttemptId, &'a PullState)> {
    let stands = |(attempt, pull): &(AttemptId, &PullState)| pull.is_effective() && !is_undone(state, *attempt, pull);
    pulls_of(state, step).find(stands)
}

/// The pulls that may have put a step in force, newest first.
fn pulls_of<'a>(state: &'a State, step: &'a Step) -> impl Iterator<Item = (AttemptId, &'a PullState)> {
    let of_step = |pull: &PullState| match &pull.step {
        Some(of) => *of == step.id,
        None => fits_unasked(state, step, &pull.lever),
    };
    let pulls = state.pulls.iter().rev().filter(move |(_, pull)| pull.way == Way::Do && of_step(pull));
    pulls.map(|(attempt, pull)| (*attempt, pull))
}

/// Whether a lever fired for no step does what this step asks for. Where there is a choice the step must have begun,
/// and the lever must be the one picked: nothing is chosen by accident.
fn fits_unasked(state: &State, step: &Step, lever: &Id) -> bool {
    if let StepKind::Sequence(levers) = &step.kind {
        return levers.contains(lever);
    }
    let StepKind::Pull(held) = &step.kind else { return false };
    let picked = state.pick.as_ref().filter(|pick| held.contains(pick));
    let chosen = held.len() == 1 || (state.steps.contains_key(&step.id) && picked.is_none_or(|pick| pick == lever));
    held.contains(lever) && chosen
}

/// Whether a pull was taken back since; an undo that changed nothing takes nothing back.
fn is_undone(state: &State, attempt: AttemptId, pull: &PullState) -> bool {
    let later = state.pulls.range(attempt + 1..).map(|(_, later)| later);
    later.filter(|later| later.lever == pull.lever && later.way == Way::Undo).any(may_change)
}

/// Whether a pull is in flight, or may have taken effect.
fn may_change(pull: &PullState) -> bool {
    pull.outcome.is_none() || pull.may_have_worked()
}

/// Whether a pull is in flight, or may have taken effect and was not seen to have failed.
fn may_stand(pull: &PullState) -> bool {
    may_change(pull) && pull.read_back != Some(ReadBack::Disagrees)
}

/// Whether what a step put in force has since been taken back on purpose. The undo of another lever of the same step
/// says nothing of the one that stands.
pub fn is_taken_back(state: &State, step: &Step) -> bool {
    let mut pulled = pulls_of(state, step).filter(|(_, pull)| may_stand(pull)).peekable();
    if pulled.peek().is_some() {
        // Taken back one after the other, a sequence is no whole any more from the first one on.
        if let StepKind::Sequence(levers) = &step.kind {
            let of = |lever: &Id| pulls_of(state, step).find(|(_, pull)| pull.lever == *lever && may_stand(pull));
            return levers.iter().filter_map(of).any(|(attempt, pull)| is_undone(state, attempt, pull));
        }
        return pulled.all(|(attempt, pull)| is_undone(state, attempt, pull));
    }
    // Found in force, by whoever did it: there is one lever that can have taken it back.
    let [lever] = levers_of(step) else { return false };
    let newest = state.pulls.values().rev().find(|pull| pull.lever == *lever && may_change(pull));
    newest.is_some_and(|pull| pull.way == Way::Undo)
}

/// Whether another lever has been pulled since that is read back by what this step's own pull is read back by: the
/// same pointer was moved on, on purpose.
pub fn is_moved_on(playbook: &Playbook, state: &State, step: &Step) -> bool {
    let seen_by = |pull: &PullState| verify_of(playbook.levers.get(&pull.lever)?, pull.way).map(|own| &own.condition);
    let Some((sensor, _)) = sensor_of(playbook, state, step).filter(|_| step.done.is_none()) else { return false };
    let through = |pull: &PullState| seen_by(pull).is_some_and(|condition| condition.asks(&sensor.probe));
    let Some((last, own)) = pulls_of(state, step).find(|(_, pull)| through(pull)) else { return false };
    let later = state.pulls.range(last + 1..).map(|(_, later)| later);
    later.filter(|later| later.lever != own.lever && through(later)).any(may_stand)
}

/// The pull that an undo of this lever takes back: the first that may have worked since the last undo that was seen to
/// work. It saw the world as it was before; a later one, fired again after a read-back that disagreed, may not have.
pub fn pull_to_undo<'a>(state: &'a State, lever: &Id) -> Option<&'a PullState> {
    let mut first = None;
    for pull in state.pulls.values().filter(|pull| pull.lever == *lever) {
        match pull.way {
            Way::Do if pull.may_have_worked() => first = first.or(Some(pull)),
            Way::Undo if pull.is_effective() => first = None,
            Way::Do | Way::Undo => {}
        }
    }
    let newest = || state.pulls.values().rev().find(|pull| pull.lever == *lever && pull.way == Way::Do);
    first.or_else(newest)
}

/// What this probe must show because it was flipped here, seen so, and not taken back: the newest pull that is read
/// back through it, or a step that it ticked.
pub fn in_force<'a>(playbook: &'a Playbook, state: &State, probe: &Id) -> Option<(&'a Condition, Vars)> {
    let through = |pull: &PullState| {
        let verify = playbook.levers.get(&pull.lever).and_then(|lever| verify_of(lever, pull.way))?;
        verify.condition.asks(probe).then_some(&verify.condition)
    };
    let mut newest = state.pulls.iter().rev().filter(|(_, pull)| may_stand(pull));
    if let Some((attempt, pull, condition)) = newest.find_map(|(attempt, pull)| Some((*attempt, pull, through(pull)?)))
    {
        // In flight, not read back or taken back, through whichever probe: what it shows is its own business.
        let stands = pull.way == Way::Do && pull.is_effective() && !is_undone(state, attempt, pull);
        return stands.then(|| (condition, pull.bindings.clone()));
    }
    let done = |step: &&Step| matches!(status(state, &step.id), Some(StepStatus::Sensed | StepStatus::Confirmed));
    let ticked = playbook
        .steps
        .iter()
        .filter(done)
        .find(|step| !is_taken_back(state, step) && step.done.as_ref().is_some_and(|c| c.asks(probe)));
    Some((ticked?.done.as_ref()?, Vars::new()))
}

/// Whether this probe shows what the newest pull that is read back through it asked for. Seen only after its read-back
/// had disagreed, that is the pull's doing all the same: it was late, and nothing went back by itself.
pub fn is_as_last_asked(playbook: &Playbook, state: &State, probe: &Id) -> bool {
    let through = |pull: &PullState| {
        let verify = verify_of(playbook.levers.get(&pull.lever)?, pull.way)?;
        verify.condition.asks(probe).then_some(&verify.condition)
    };
    let mut newest = state.pulls.values().rev().filter(|pull| may_change(pull));
    let Some((pull, condition)) = newest.find_map(|pull| Some((pull, through(pull)?))) else { return false };
    state.seen(probe).is_some_and(|seen| holds(condition, &pull.bindings, seen) == Some(true))
}

/// When what this lever put in force ends by itself, on the wall clock in ms: the time that was bound at arming and is
/// what the system was told, not what we hope.
pub fn ends_by_itself(playbook: &Playbook, state: &State, lever: &Id) -> Option<i64> {
    let pull = pull_to_undo(state, lever).filter(|pull| pull.may_have_worked())?;
    let timed = playbook.levers.get(lever)?.bind.iter().filter(|(_, bind)| matches!(bind, Bind::After(_)));
    let times = timed.filter_map(|(name, _)| chrono::DateTime::parse_from_rfc3339(pull.bindings.get(name)?).ok());
    times.map(|time| time.timestamp_millis()).min()
}

/// What was flipped and has gone back by itself, a sentence each.
pub fn reversions(playbook: &Playbook, state: &State) -> Vec<String> {
    state.reverted.iter().map(|(probe, reverted)| reversion(playbook, probe, reverted)).collect()
}

/// What was flipped and has gone back by itself, in a sentence.
pub fn reversion(playbook: &Playbook, probe: &Id, reverted: &super::Reversion) -> String {
    let title = playbook.probes.get(probe).map_or(probe.as_str(), |probe| probe.title.as_str());
    format!("{title} reverted: {} -> {}", reverted.was, reverted.now)
}

/// The steps of a stage, in order.
pub fn steps_of<'a>(playbook: &'a Playbook, stage: &Id) -> impl Iterator<Item = &'a Step> + Clone {
    playbook.steps.iter().filter(move |step| step.stage.as_ref() == Some(stage))
}

/// The levers a step holds.
pub fn levers_of(step: &Step) -> &[Id] {
    match &step.kind {
        StepKind::Pull(levers) | StepKind::Pick(levers) | StepKind::Sequence(levers) => levers,
        StepKind::Capture(_) | StepKind::Wait(_) | StepKind::Watch | StepKind::Ask(_) => &[],
    }
}

/// Where a step stands; `None` while it is PENDING or READY.
pub fn status(state: &State, step: &Id) -> Option<StepStatus> {
    state.steps.get(step).map(|step| step.status)
}

/// Whether the checklist may go on behind a step.
pub fn is_settled(state: &State, step: &Id) -> bool {
    status(state, step).is_some_and(StepStatus::is_settled)
}

/// Whether a step is flown: of the whole checklist, or of a branch that is open, and none is flown instead. Else it is
/// N/A.
pub fn is_flown(state: &State, step: &Step) -> bool {
    let is_open = |branch: &Id| state.branches.contains_key(branch);
    step.branch.as_ref().is_none_or(is_open) && !step.unless.as_ref().is_some_and(is_open)
}

/// The steps that are flown and not settled, in the order of the checklist.
fn open_steps<'a>(playbook: &'a Playbook, state: &State) -> impl Iterator<Item = &'a Step> {
    playbook.steps.iter().filter(|step| is_flown(state, step) && !is_settled(state, &step.id))
}

/// The step to fly now: the first that is not settled, or, where that failed and so opened a branch, the branch's first.
pub fn next_step<'a>(playbook: &'a Playbook, state: &State) -> Option<&'a Step> {
    let first = open_steps(playbook, state).next()?;
    let mut next = first;
    for _ in &playbook.steps {
        match first_of_its_branches(playbook, state, next) {
            Some(branched) => next = branched,
            None => return Some(next),
        }
    }
    // Steps that wait for each other's branches wait for a person.
    Some(first)
}

/// The first step before `step` that is still open. Nothing is before the next one; and what failed and waits for a
/// branch is not in the way of branches.
pub fn open_before<'a>(playbook: &'a Playbook, state: &State, step: &Id) -> Option<&'a Step> {
    if next_step(playbook, state).is_some_and(|next| next.id == *step) {
        return None;
    }
    let place = playbook.steps.iter().position(|known| known.id == *step)?;
    let branched = playbook.steps[place].branch.is_some();
    let in_the_way = |open: &&Step| !(branched && first_of_its_branches(playbook, state, open).is_some());
    let is_before = |open: &&Step| playbook.steps[..place].iter().any(|before| before.id == open.id);
    open_steps(playbook, state).filter(is_before).find(in_the_way)
}

/// The open branches that this step opens by failing.
pub fn branches_of_failure<'a>(playbook: &'a Playbook, state: &State, step: &Id) -> Vec<&'a Id> {
    let opens = |branch: &&Branch| matches!(&branch.when, Some(Opening::Failed(failed)) if failed == step);
    let open = playbook.branches.values().filter(opens).map(|branch| &branch.id);
    open.filter(|branch| state.branches.contains_key(*branch)).collect()
}

/// The first open step of the branches that this step opened by failing: it waits for that.
pub fn first_of_its_branches<'a>(playbook: &'a Playbook, state: &State, step: &Step) -> Option<&'a Step> {
    if status(state, &step.id) != Some(StepStatus::Failed) {
        return None;
    }
    let opened = branches_of_failure(playbook, state, &step.id);
    open_steps(playbook, state).find(|open| open.branch.as_ref().is_some_and(|of| opened.contains(&of)))
}

/// Metrics in BREACH.
pub fn breaches(state: &State) -> impl Iterator<Item = &Id> {
    state.verdicts.iter().filter(|(_, slot)| slot.verdict.state == VerdictState::Breach).map(|(id, _)| id)
}

/// Symptoms raised by verdicts or by a person, in the playbook's order.
pub fn raised(playbook: &Playbook, state: &State) -> Vec<Id> {
    let breached = |metric: &Id| state.verdicts.get(metric).is_some_and(|s| s.verdict.state == VerdictState::Breach);
    // A metric that warns or cannot be seen is not quiet: what it rules out stays ruled out.
    let quiet = |metric: &Id| state.verdicts.get(metric).is_some_and(|s| s.verdict.state == VerdictState::Ok);
    let seen = |id: &&Id| {
        let symptom = &playbook.symptoms[*id];
        let named = !symptom.when.is_empty() || !symptom.any.is_empty();
        let any = symptom.any.is_empty() || symptom.any.iter().any(breached);
        let by_verdict = named && any && symptom.when.iter().all(breached);
        (by_verdict && symptom.unless.iter().all(quiet)) || state.declared_symptoms.contains(*id)
    };
    playbook.symptoms.keys().filter(seen).cloned().collect()
}

/// Why a debt may not be paid yet without an override.
pub fn not_yet_payable(playbook: &Playbook, state: &State, debt: &Debt) -> Option<String> {
    match &debt.after {
        DebtAfter::Anytime => None,
        DebtAfter::Hold if state.marks.hold_met.is_some() => None,
        DebtAfter::Hold => Some("the hold is not met".into()),
        DebtAfter::Debt(other) => state.debts.get(other).filter(|other| other.paid.is_none()).map(|_| {
            let title = playbook.debts.get(other).map_or(other.as_str(), |debt| debt.title.as_str());
            format!("`{title}` comes first")
        }),
    }
}

/// Whether the hold looks for green.
pub fn hold_runs(state: &State) -> bool {
    state.marks.hold_started.is_some() && state.marks.hold_met.is_none() && state.closed.is_none()
}

/// How long the hold may take, in milliseconds: what the profile says, and what a person added.
pub fn hold_max_ms(playbook: &Playbook, state: &State) -> u64 {
    playbook.hold.max_ms.saturating_add(state.hold.extended_ms)
}

/// How long every exit target has been green; `None` before the hold was started.
pub fn green_for_ms(playbook: &Playbook, state: &State, now: &Moment) -> Option<u64> {
    let overall = state.hold.overall.as_ref()?;
    let green = overall.green_ms(now);
    let gap = now.since(&overall.since).ms;
    let lost = overall.state == super::StreakState::Paused && gap > playbook.hold.max_gap_ms;
    Some(if lost { 0 } else { green })
}

/// What stands against closing as recovered: each costs a reason.
pub fn open_before_closing(playbook: &Playbook, state: &State) -> Vec<String> {
    let mut open = Vec::new();
    if state.marks.hold_met.is_none() {
        open.push("the hold is not met".to_owned());
    }
    let broken = breaches(state).filter_map(|id| playbook.metrics.get(id));
    open.extend(broken.map(|metric| format!("{} is in BREACH", metric.title)));
    open.extend(reversions(playbook, state));
    if state.pulls.values().any(PullState::locks) {
        open.push("a pull's outcome is unknown".to_owned());
    }
    let debts: Vec<&str> = state.open_debts().map(|(_, debt)| debt.title.as_str()).collect();
    if !debts.is_empty() {
        open.push(format!("open debts: {}", debts.join(", ")));
    }
    open
}
