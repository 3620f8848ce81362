//! Deciding: a command and what is believed become events, or a refusal that says what to do.
//!
//! Pure. Time arrives inside the command. Each event is believed in a draft before the next is decided,
//! so what follows from an event (a step that ticks itself, a debt that opens) is decided in one place.

mod approve;
mod attest;
mod baseline;
mod branches;
mod follow_up;
mod hold;
mod life;
mod mend;
mod messages;
mod people;
mod pulls;
mod sequence;
mod steps;
mod unflip;
mod wait;

use super::apply::apply;
use super::command::{Command, Stamped};
use super::event::{Event, Record};
use super::state::State;
use crate::playbook::Playbook;
use std::fmt;

pub use approve::{is_a_name, same_person};
pub use attest::says_something;

/// Why a command was refused, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a command leads to.
pub fn decide(playbook: &Playbook, state: &State, stamped: &Stamped) -> Result<Vec<Event>, Refusal> {
    let mut draft = Draft { playbook, state: state.clone(), stamped, events: Vec::new() };
    draft.command(&stamped.command)?;
    draft.open_branches();
    Ok(draft.events)
}

/// The events so far, and the state as they would leave it.
struct Draft<'a> {
    playbook: &'a Playbook,
    state: State,
    stamped: &'a Stamped,
    events: Vec<Event>,
}

type Decided = Result<(), Refusal>;

impl Draft<'_> {
    /// Believes `event` in the draft.
    fn push(&mut self, event: Event) {
        let record = Record {
            seq: self.state.seq + 1,
            at: self.stamped.at.clone(),
            actor: self.stamped.actor.clone(),
            event: event.clone(),
        };
        apply(self.playbook, &mut self.state, &record);
        self.events.push(event);
    }

    /// Nothing of the checklist is done, and nothing pulled, before the playbook's own word for it is declared.
    fn ensure_declared(&self) -> Decided {
        if self.state.marks.declared.is_some() {
            return Ok(());
        }
        let declares = &self.playbook.declares;
        refuse(format!("no {declares} is declared: declare it first, which starts the checklist"))
    }

    fn command(&mut self, command: &Command) -> Decided {
        self.is_open_for(command)?;
        match command {
            Command::Open { incident, playbook_sha256, version, drill } => {
                self.open(incident, playbook_sha256, version, drill.as_ref())
            }
            Command::Declare { severity, size_up } => self.declare(*severity, size_up),
            Command::SizeUp { size_up } => self.note_down(Event::SizedUp { size_up: size_up.clone() }),
            Command::DeclareSymptom { symptom } => self.declare_symptom(symptom),
            Command::OpenBranch { branch, reason } => self.open_branch(branch, reason),
            Command::StartStep { step, out_of_order } => self.start_step(step, out_of_order.as_ref()),
            Command::Confirm { step, saw, took_ms, approver } => self.confirm(step, saw, *took_ms, approver.as_ref()),
            Command::Pick { step, lever, took_ms, reason } => self.pick(step, lever, *took_ms, reason.as_ref()),
            Command::Skip { step, reason } => self.skip(step, reason),
            Command::Override { step, reason } => self.override_step(step, reason),
            Command::Defer { step, trigger } => self.defer(step, trigger),
            Command::Reopen { step, why } => self.reopen(step, why),
            Command::FailStep { step, why } => self.fail_step(step, why),
            Command::Approve { .. } => self.approve(command),
            Command::Fire(fire) => self.fire(fire),
            Command::Settle { attempt, settled, took_ms, evidence } => {
                self.settle(*attempt, settled, *took_ms, evidence.as_ref())
            }
            Command::ReadBack { .. } => self.read_back(command),
            Command::Attest { attempt, result, saw } => self.attest(*attempt, *result, saw),
            Command::Judge { metric, verdict } => self.judge(metric, verdict),
            Command::CaptureBaseline { metric, median, samples } => self.capture_baseline(metric, *median, *samples),
            Command::Sense { probe, seen } => self.sense(probe, seen),
            Command::EndWait { step, end } => self.end_wait(step, end),
            Command::Capture { step, title, file, values, missing } => {
                self.capture(step.as_ref(), title, file, values, missing)
            }
            Command::Send { comm, file } => self.send(comm, file),
            Command::SettleMessage { comm, outcome, detail, retry } => {
                self.settle_message(comm, *outcome, detail, *retry)
            }
            Command::SendAgain { comm } => self.send_again(comm),
            Command::Note { text } => self.note_down(Event::NoteAdded { text: text.clone() }),
            Command::Acknowledge { metric } => self.acknowledge(metric),
            Command::AcknowledgeReversion { probe } => self.acknowledge_reversion(probe),
            Command::Object { id, text } => self.object(id, text),
            Command::AcknowledgeObjection { objection } => self.acknowledge_objection(*objection),
            Command::AskCommand { id } => self.ask_command(id),
            Command::DropAsk { id } => self.drop_ask(id),
            Command::DeclineCommand { id } => self.decline_command(id),
            Command::HandOver { id } => self.hand_over(id),
            Command::ExtendHold { by_ms } => self.extend_hold(*by_ms),
            Command::Tick => self.tick(),
            Command::Resume { torn_bytes } => self.resume(*torn_bytes),
            Command::Close { override_reason } => self.close(override_reason.as_ref()),
            Command::FollowUp { id, note } => self.follow_up(id, note),
        }
    }
}

/// A refusal.
fn refuse(why: impl Into<String>) -> Decided {
    Err(Refusal(why.into()))
}

#[cfg(test)]
mod tests;
