//! Pulls: fired once, settled once, done only when the read-back agrees.

use super::{Decided, Draft, refuse};
use crate::incident::command::Fire;
use crate::incident::event::{Event, EvidenceRef};
use crate::incident::{Command, PullState, Way, derive};
use crate::kind::{Outcome, Seen, Settled};
use crate::playbook::{Condition, Id, Lever};
use crate::text::Text;
use std::collections::BTreeMap;

impl Draft<'_> {
    pub(super) fn fire(&mut self, fire: &Fire) -> Decided {
        self.ensure_declared()?;
        let Some(lever) = self.playbook.levers.get(&fire.lever) else {
            return refuse(format!("there is no lever `{}`", fire.lever));
        };
        self.refuse_locked(lever)?;
        self.refuse_needless(lever, fire)?;
        self.refuse_unapproved(lever, fire)?;
        self.refuse_out_of_sequence(lever, fire)?;
        let reason = fire.override_reason.as_ref().filter(|reason| !reason.is_empty());
        if let (Some(why), None) = (self.interlock(lever, fire), reason) {
            return refuse(format!("{}: {why}; firing all the same needs a reason", lever.title));
        }
        if let Some(step) = &fire.step {
            self.ensure_started(step)?;
            self.take_up_sequence(step);
        }
        let attempt = self.state.pulls.keys().next_back().map_or(1, |last| last + 1);
        self.push(Event::PullStarted {
            attempt,
            lever: fire.lever.clone(),
            way: fire.way,
            step: fire.step.clone(),
            want: fire.want.clone(),
            was: fire.was.clone(),
            bindings: fire.bindings.clone(),
            request_sha256: fire.request_sha256.clone(),
            deadline_ms: lever.timeout_ms,
            override_reason: reason.cloned(),
            by_hand: fire.by_hand,
        });
        if fire.by_hand {
            let settled = Settled::new(Outcome::Applied, "done by hand");
            self.settle(attempt, &settled, 0, None)?;
        }
        Ok(())
    }

    /// Never re-fire what may be under way or may have worked.
    fn refuse_locked(&self, lever: &Lever) -> Decided {
        let Some((attempt, pull)) = self.state.locking_pull(&lever.id) else { return Ok(()) };
        match &pull.outcome {
            None => refuse(format!("{} is locked: pull {attempt} is in flight", lever.title)),
            Some((outcome, _)) if derive::verify_of(lever, pull.way).is_none() => refuse(format!(
                "{} is locked: pull {attempt} is {} and nobody has said what they saw; v or n says it",
                lever.title,
                outcome.word()
            )),
            Some((outcome, _)) => refuse(format!(
                "{} is locked: pull {attempt} is {} and its read-back has not said; r reads it back",
                lever.title,
                outcome.word()
            )),
        }
    }

    /// A lever that is in force is not fired again, and what was never in force is not taken back.
    fn refuse_needless(&self, lever: &Lever, fire: &Fire) -> Decided {
        if fire.way == Way::Undo && lever.undo.is_none() {
            return refuse(format!("{} cannot be taken back", lever.title));
        }
        if fire.way == Way::Undo && !self.may_stand(lever) {
            return refuse(format!("{} was not pulled in this incident; there is nothing to take back", lever.title));
        }
        let last = self.state.last_pull(&lever.id).map(|(_, pull)| pull);
        let in_force = last.is_some_and(|pull| pull.way == fire.way && pull.is_effective());
        let condition = derive::verify_of(lever, fire.way).map(|verify| &verify.condition);
        let holds = condition.and_then(|c| derive::holds_now(&self.state, c, &last?.bindings));
        if in_force && holds != Some(false) {
            return refuse(format!("{} is in force already and read back so", lever.title));
        }
        Ok(())
    }

    /// Whether a lever may be in force: pulled here with an end that may have worked, or owed.
    fn may_stand(&self, lever: &Lever) -> bool {
        let worked = |pull: &PullState| pull.lever == lever.id && pull.way == Way::Do && pull.may_have_worked();
        let owed = self.playbook.debt_of(&lever.id).is_some_and(|debt| self.has_open_debt(&debt.id));
        owed || self.state.pulls.values().any(worked)
    }

    /// What stands against firing without a reason.
    fn interlock(&self, lever: &Lever, fire: &Fire) -> Option<String> {
        match fire.way {
            Way::Do => self.held_by_sequence(lever).or_else(|| {
                lever.precheck.iter().find_map(|check| {
                    let probe = derive::telling(check, &fire.bindings, |probe| self.state.seen(probe));
                    let title = &self.playbook.probes[probe].title;
                    let want = derive::want(check, &fire.bindings);
                    match derive::holds_now(&self.state, check, &fire.bindings) {
                        Some(true) => None,
                        Some(false) => Some(format!("{title} is not `{want}`")),
                        None => Some(format!("{title} cannot be seen")),
                    }
                })
            }),
            Way::Undo => derive::not_yet_payable(self.playbook, &self.state, self.playbook.debt_of(&lever.id)?),
        }
    }

    pub(super) fn settle(
        &mut self,
        attempt: u32,
        settled: &Settled,
        took_ms: u64,
        evidence: Option<&EvidenceRef>,
    ) -> Decided {
        match self.state.pulls.get(&attempt) {
            None => return refuse(format!("there is no pull {attempt}")),
            Some(pull) if pull.outcome.is_some() => return refuse(format!("pull {attempt} is settled already")),
            Some(_) => {}
        }
        self.push(Event::PullSettled {
            attempt,
            outcome: settled.outcome,
            detail: settled.detail.clone(),
            took_ms,
            evidence: evidence.cloned(),
        });
        match settled.outcome {
            // Nobody knows whether it took effect: what must be undone if it did is owed from here on.
            Outcome::Applied | Outcome::Unknown => self.open_debt_of(attempt),
            // An undo that was refused takes nothing back: what it was to take back is watched again.
            Outcome::Rejected | Outcome::NotSent => self.tick_steps(),
        }
        self.stop_sequence(attempt);
        Ok(())
    }

    pub(super) fn read_back(&mut self, command: &Command) -> Decided {
        let Command::ReadBack { attempt, result, saw, also, looks, took_ms } = command else { return Ok(()) };
        let (attempt, playbook) = (*attempt, self.playbook);
        let Some(pull) = self.state.pulls.get(&attempt) else { return refuse(format!("there is no pull {attempt}")) };
        if pull.outcome.is_none() {
            return refuse(format!("pull {attempt} has not settled; there is nothing to read back yet"));
        }
        let (lever, way, vars) = (pull.lever.clone(), pull.way, pull.bindings.clone());
        let verify = playbook.levers.get(&lever).and_then(|lever| derive::verify_of(lever, way));
        let condition = verify.map(|verify| &verify.condition);
        let saws: BTreeMap<&Id, &Seen> =
            condition.into_iter().flat_map(Condition::probes).zip(std::iter::once(saw).chain(also)).collect();
        let see = |probe: &Id| saws.get(probe).copied();
        self.push(Event::ReadBack {
            attempt,
            result: *result,
            saw: condition.and_then(|condition| see(derive::telling(condition, &vars, see))).unwrap_or(saw).clone(),
            looks: *looks,
            took_ms: *took_ms,
            detail: condition.and_then(|condition| derive::spread(playbook, condition, &vars, see)).map(Text::from),
        });
        saws.iter().for_each(|(probe, saw)| self.believe_seen(probe, saw));
        self.pay_debt_of(&lever, attempt, "read back");
        self.tick_steps();
        self.stop_sequence(attempt);
        Ok(())
    }

    /// A lever that was seen to be taken back is owed no more.
    pub(super) fn pay_debt_of(&mut self, lever: &Id, attempt: u32, how: &str) {
        // Behind a newer pull it says nothing any more: that one may be in force by now.
        let newest = self.state.last_pull(lever).filter(|(last, _)| *last == attempt).map(|(_, pull)| pull);
        let undone = newest.is_some_and(|pull| pull.way == Way::Undo && pull.is_effective());
        if let Some(debt) = self.playbook.debt_of(lever).filter(|debt| undone && self.has_open_debt(&debt.id)) {
            self.push(Event::DebtPaid { debt: debt.id.clone(), by: format!("pull {attempt}, {how}").into() });
        }
    }
}
