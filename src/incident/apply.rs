//! Believing an event: the only code that writes [`State`]. Replay calls nothing else.

mod debts;
mod hold;
mod marks;

use super::alarm::{Alarm, VerdictSlot, remember};
use super::event::{DoneBy, Event, Record};
use super::state::{
    Approval, BranchState, FollowedUp, MessageState, PullState, Reversion, SensorState, State, StepState, StepStatus,
    TakenBaseline,
};
use super::{AttemptId, Moment, ReadBack, Way, derive};
use crate::kind::{Outcome, Seen};
use crate::metrics::{ExitState, Verdict, VerdictState};
use crate::playbook::{Id, Lever, Playbook, Step};
use crate::text::Text;

/// Folds a whole journal.
pub fn replay(playbook: &Playbook, records: &[Record]) -> State {
    let mut state = State::default();
    for record in records {
        apply(playbook, &mut state, record);
    }
    state
}

/// Folds one event in.
pub fn apply(playbook: &Playbook, state: &mut State, record: &Record) {
    let at = &record.at;
    state.seq = record.seq;
    state.course.take(at);
    match &record.event {
        Event::Opened { incident, drill, .. } => {
            (state.incident, state.drill) = (incident.clone(), drill.clone());
            state.marks.opened = Some(at.clone());
        }
        Event::Declared { severity, triggers, size_up } => {
            (state.severity, state.triggers, state.size_up) = (*severity, triggers.clone(), size_up.clone());
            state.marks.declared = Some(at.clone());
            // Who declares has seen that something is wrong.
            state.marks.acknowledged.get_or_insert_with(|| at.clone());
        }
        Event::SizedUp { size_up } => state.size_up = size_up.clone(),
        Event::SymptomDeclared { symptom } => {
            state.declared_symptoms.insert(symptom.clone());
        }
        Event::BranchOpened { branch, why } => {
            let opened = BranchState { opened: at.clone(), why: why.clone() };
            state.branches.entry(branch.clone()).or_insert(opened);
        }
        Event::VerdictChanged { metric, verdict } => judge(playbook, state, metric, verdict, at),
        Event::BaselineCaptured { metric, value, samples } => {
            let taken = TakenBaseline::Median { value: *value, samples: *samples };
            state.baselines.insert(metric.clone(), taken);
        }
        Event::BaselineMissed { metric, why } => {
            state.baselines.insert(metric.clone(), TakenBaseline::Missed(why.clone()));
        }
        Event::SensorTurned { probe, seen } => turn_sensor(playbook, state, (probe, seen), at),
        Event::Reverted { probe, was, now } => {
            let reversion = Reversion { was: was.clone(), now: now.clone(), at: at.clone(), acknowledged: false };
            state.reverted.insert(probe.clone(), reversion);
        }
        Event::ReversionAcknowledged { probe } => {
            if let Some(reverted) = state.reverted.get_mut(probe) {
                reverted.acknowledged = true;
                remember(&mut state.acknowledgements, Alarm::Reverted(probe.clone()), "REVERTED", record);
            }
        }
        event @ (Event::DebtOpened { .. } | Event::DebtPaid { .. }) => debts::debt(state, event, at),
        Event::EvidenceCaptured { values, .. } => state.captured.extend(values.clone()),
        event @ (Event::MessageQueued { .. } | Event::MessageSettled { .. } | Event::MessageRetried { .. }) => {
            message(state, event, at);
        }
        Event::Approved { approver, lever, way, want, request_sha256 } => {
            let (approver, want, request_sha256) = (approver.clone(), want.clone(), request_sha256.clone());
            let approval = Approval { approver, want, request_sha256, at: at.clone() };
            state.approvals.insert((lever.clone(), *way), approval);
        }
        Event::Acknowledged { metric } => {
            state.marks.acknowledged.get_or_insert_with(|| at.clone());
            if let Some(slot) = state.verdicts.get_mut(metric) {
                slot.acknowledged = true;
                let saw = slot.alarm().map_or(slot.verdict.state, |alarm| alarm.state).word();
                remember(&mut state.acknowledgements, Alarm::Metric(metric.clone()), saw, record);
            }
        }
        Event::Closed { recovered, .. } => {
            state.closed = Some(*recovered);
            state.marks.closed = Some(at.clone());
        }
        Event::FollowedUp { id, by, note } => {
            let seen_to = FollowedUp { by: by.clone(), note: note.clone(), at: at.clone() };
            state.followed_up.insert(id.clone(), seen_to);
        }
        event @ (Event::StepStarted { .. }
        | Event::StepDone { .. }
        | Event::StepFailed { .. }
        | Event::StepSkipped { .. }
        | Event::StepOverridden { .. }
        | Event::StepDeferred { .. }
        | Event::StepReopened { .. }) => step(state, event, at),
        event @ (Event::PullStarted { .. }
        | Event::PullSettled { .. }
        | Event::ReadBack { .. }
        | Event::Attested { .. }
        | Event::Resumed { .. }) => {
            pull(playbook, state, event, at);
            follow_pull(playbook, state, event, at);
        }
        event @ (Event::HoldStarted
        | Event::HoldPaused { .. }
        | Event::HoldResumed
        | Event::HoldReset { .. }
        | Event::HoldExtended { .. }
        | Event::HoldMet { .. }) => hold::turn(playbook, state, event, at),
        Event::ChecklistStarted
        | Event::NoteAdded { .. }
        | Event::Objected { .. }
        | Event::ObjectionAcknowledged { .. }
        | Event::CommandAsked { .. }
        | Event::CommandDeclined { .. }
        | Event::CommandAskDropped { .. }
        | Event::HandedOver { .. } => {}
    }
    state.people.apply(record);
    marks::mark(playbook, state, at);
}

/// What a probe sees now, and whether what had gone back is there again.
fn turn_sensor(playbook: &Playbook, state: &mut State, (probe, seen): (&Id, &Seen), at: &Moment) {
    let before = state.sensors.get(probe).and_then(|sensor| sensor.last_value.clone());
    let last_value = seen.value().map(Text::from).or(before);
    state.sensors.insert(probe.clone(), SensorState { seen: seen.clone(), since: at.clone(), last_value });
    // Back again, by whatever hand, or where the newest pull wanted it, late: the alarm is over.
    let back = state.reverted.get(probe).is_some_and(|reverted| seen.value() == Some(reverted.was.as_str()));
    if back || derive::is_as_last_asked(playbook, state, probe) {
        state.reverted.remove(probe);
    }
    see_again(playbook, state, probe);
}

/// What else a pull that was seen to work changes, and what a resume takes away.
fn follow_pull(playbook: &Playbook, state: &mut State, event: &Event, at: &Moment) {
    if let Event::ReadBack { attempt, result: ReadBack::Agrees, .. }
    | Event::Attested { attempt, result: ReadBack::Agrees, .. } = event
    {
        turn_sensed(playbook, state, *attempt);
    }
    if matches!(event, Event::Resumed { .. }) {
        forget_readings(playbook, state, at);
    }
}

/// What a step's sensor saw holds no more once its lever was seen to be taken back, and again once it was seen in force.
fn turn_sensed(playbook: &Playbook, state: &mut State, attempt: AttemptId) {
    let Some(pull) = state.pulls.get(&attempt) else { return };
    match (pull.way, playbook.levers.get(&pull.lever)) {
        (Way::Do, Some(Lever { verify: Some(verify), .. })) => {
            verify.condition.probes().for_each(|probe| see_again(playbook, state, probe));
        }
        (Way::Do, Some(_) | None) => {}
        (Way::Undo, _) => {
            let taken_back = |step: &&Step| derive::is_taken_back(state, step);
            let steps: Vec<&Id> = playbook.steps.iter().filter(taken_back).map(|step| &step.id).collect();
            for step in steps {
                if let Some(step) = state.steps.get_mut(step).filter(|step| step.status == StepStatus::Sensed) {
                    step.done_by = None;
                }
            }
        }
    }
}

/// A step whose sensed value was forgotten has one again when its sensor, this probe, sees it in force.
fn see_again(playbook: &Playbook, state: &mut State, probe: &Id) {
    for step in &playbook.steps {
        let forgotten = |step: &StepState| step.status == StepStatus::Sensed && step.done_by.is_none();
        let Some((condition, vars)) = derive::sensor_of(playbook, state, step) else { continue };
        let again = condition.asks(probe) && derive::holds_now(state, condition, &vars) == Some(true);
        let saw = state.sensors.get(probe).and_then(|sensor| sensor.seen.value()).map(Text::from);
        if let (true, Some(saw), Some(step)) = (again, saw, state.steps.get_mut(&step.id))
            && forgotten(step)
        {
            step.done_by = Some(DoneBy::Sensed { saw });
        }
    }
}

/// What was read before goaround was away is not known now: no exit target is met until it is read again.
fn forget_readings(playbook: &Playbook, state: &mut State, at: &Moment) {
    for slot in state.verdicts.values_mut() {
        slot.unseen = slot.alarm();
        slot.verdict.state = VerdictState::Stale;
        if slot.verdict.exit != ExitState::None {
            slot.verdict.exit = ExitState::Unknown;
        }
    }
    // No lever fires on what was seen before: its prechecks are unseen until they are looked at again.
    for sensor in state.sensors.values_mut() {
        sensor.seen = Seen::Absent("not looked since goaround was away".into());
    }
    if state.hold.overall.is_some() && state.marks.hold_met.is_none() {
        hold::turn_streaks(playbook, state, at);
    }
}

fn judge(playbook: &Playbook, state: &mut State, metric: &Id, verdict: &Verdict, at: &Moment) {
    marks::mark_episode(playbook, state, metric, verdict, at);
    let slot = VerdictSlot::after(state.verdicts.get(metric), verdict, at);
    state.verdicts.insert(metric.clone(), slot);
    if state.hold.overall.is_some() && state.marks.hold_met.is_none() {
        hold::turn_streaks(playbook, state, at);
    }
}

fn step(state: &mut State, event: &Event, at: &Moment) {
    match event {
        Event::StepStarted { step, .. } => {
            state.marks.first_step.get_or_insert_with(|| at.clone());
            let entry = entry(state, step, at);
            entry.started.get_or_insert_with(|| at.clone());
            enter(entry, StepStatus::Running, None, at);
        }
        Event::StepDone { step, by, pick } => {
            if pick.is_some() {
                state.pick.clone_from(pick);
            }
            let status = match by {
                DoneBy::Sensed { .. } => StepStatus::Sensed,
                DoneBy::Confirmed { .. } => StepStatus::Confirmed,
            };
            let entry = entry(state, step, at);
            enter(entry, status, None, at);
            entry.done_by = Some(by.clone());
        }
        Event::StepFailed { step, why } => enter(entry(state, step, at), StepStatus::Failed, Some(why), at),
        Event::StepSkipped { step, reason } => enter(entry(state, step, at), StepStatus::Skipped, Some(reason), at),
        Event::StepOverridden { step, reason } => {
            enter(entry(state, step, at), StepStatus::Overridden, Some(reason), at);
        }
        Event::StepDeferred { step, trigger } => enter(entry(state, step, at), StepStatus::Deferred, Some(trigger), at),
        Event::StepReopened { step, why } => enter(entry(state, step, at), StepStatus::Reopened, Some(why), at),
        _ => unreachable!("`apply` sends only step events here"),
    }
}

fn entry<'a>(state: &'a mut State, step: &Id, at: &Moment) -> &'a mut StepState {
    state.steps.entry(step.clone()).or_insert_with(|| StepState {
        status: StepStatus::Running,
        started: None,
        since: at.clone(),
        done_by: None,
        reason: None,
    })
}

fn enter(entry: &mut StepState, status: StepStatus, reason: Option<&Text>, at: &Moment) {
    entry.status = status;
    entry.since = at.clone();
    entry.reason = reason.cloned();
    entry.done_by = None;
}

fn pull(playbook: &Playbook, state: &mut State, event: &Event, at: &Moment) {
    match event {
        Event::PullStarted { attempt, lever, way, step, want, was, bindings, by_hand, .. } => {
            state.marks.first_lever.get_or_insert_with(|| at.clone());
            // Good for one pull only.
            state.approvals.remove(&(lever.clone(), *way));
            // Someone acts on it: what is seen from here on is their doing.
            let verify = playbook.levers.get(lever).and_then(|lever| derive::verify_of(lever, *way));
            for probe in verify.iter().flat_map(|verify| verify.condition.probes()) {
                state.reverted.remove(probe);
            }
            let pull = PullState {
                lever: lever.clone(),
                way: *way,
                step: step.clone(),
                want: want.clone(),
                was: was.clone(),
                bindings: bindings.clone(),
                started: at.clone(),
                by_hand: *by_hand,
                outcome: None,
                settled: None,
                read_back: None,
                effective_at: None,
                attested: None,
            };
            state.pulls.insert(*attempt, pull);
        }
        Event::PullSettled { attempt, outcome, detail, .. } => settle(state, *attempt, *outcome, detail, at),
        Event::ReadBack { attempt, result, .. } => {
            if let Some(pull) = state.pulls.get_mut(attempt) {
                pull.read_back = Some(*result);
                if *result == ReadBack::Agrees {
                    pull.effective_at.get_or_insert_with(|| at.clone());
                }
            }
        }
        Event::Attested { attempt, result, saw } => {
            if let Some(pull) = state.pulls.get_mut(attempt) {
                pull.read_back = Some(*result);
                pull.attested = Some(saw.clone());
            }
        }
        Event::Resumed { unsettled, .. } => {
            let lost = Text::from("goaround ended before an answer came");
            // Whoever approved saw the world as it was.
            state.approvals.clear();
            state.messages.values_mut().for_each(|message| wait_on(message, at));
            unsettled.iter().for_each(|attempt| settle(state, *attempt, Outcome::Unknown, &lost, at));
        }
        _ => unreachable!("`apply` sends only pull events here"),
    }
}

fn message(state: &mut State, event: &Event, at: &Moment) {
    match event {
        Event::MessageQueued { comm, file } => {
            let (queued, file) = (at.clone(), file.clone());
            let message = MessageState { queued, file, outcome: None, tries: 1, again_at: None, pause_ms: 0 };
            state.messages.insert(comm.clone(), message);
        }
        Event::MessageSettled { comm, outcome, detail, again_in_ms } => {
            if let Some(message) = state.messages.get_mut(comm) {
                message.outcome = Some((*outcome, detail.clone()));
                message.again_at = again_in_ms.map(|ms| at.plus_ms(ms));
                message.pause_ms = again_in_ms.unwrap_or(0);
            }
        }
        Event::MessageRetried { comm, attempt } => {
            if let Some(message) = state.messages.get_mut(comm) {
                (message.outcome, message.tries, message.again_at) = (None, *attempt, None);
            }
        }
        _ => unreachable!("`apply` sends only message events here"),
    }
}

/// What was left of a message's wait goes on from `resumed`, on the clock of its boot. A wall clock that was set back
/// meanwhile makes it wait once more from the beginning, and never longer.
fn wait_on(message: &mut MessageState, resumed: &Moment) {
    let left_ms = |again: Moment| again.since(resumed).ms.min(message.pause_ms);
    message.again_at = message.again_at.take().map(left_ms).map(|ms| resumed.plus_ms(ms));
}

fn settle(state: &mut State, attempt: u32, outcome: Outcome, detail: &Text, at: &Moment) {
    if let Some(pull) = state.pulls.get_mut(&attempt) {
        pull.outcome = Some((outcome, detail.clone()));
        pull.settled = Some(at.clone());
    }
}
