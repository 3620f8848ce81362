//! How a lever is pulled: sent once, settled once, then looked at until the world agrees or time is up.

use super::job::{Job, ReadingBack, Sight};
use super::{Flight, arm, capture, poll, sensor, turns};
use crate::incident::{AttemptId, Command, Moment, ReadBack, derive};
use crate::kind::{Answer, Exchange, Fault, Outcome, Seen, Settled, Use};
use crate::playbook::Id;
use crate::text::Text;

/// The pause between two looks of a read-back, in ms.
const LOOK_AGAIN_MS: u64 = 100;

impl Flight {
    /// Sends a pull whose start is on disk.
    pub(super) fn begin_pull(&mut self, now: &Moment, attempt: AttemptId) {
        let playbook = self.playbook.clone();
        let pull = &self.state.pulls[&attempt];
        if !self.is_expected(now, &pull.started) {
            return self.settle_unsent(now, attempt, "the journal was too slow; nothing was sent".into());
        }
        let lever = &playbook.levers[&pull.lever];
        let call = arm::call_of(lever, pull.way);
        match poll::encode_with(&playbook, call, Use::Act, &pull.bindings) {
            Ok((backend, exchange)) => {
                let job = Job::Pull { attempt, backend, sent: now.clone(), exchange: exchange.clone() };
                self.ask(job, exchange, Use::Act, lever.timeout_ms);
            }
            Err(why) => self.settle_unsent(now, attempt, why.into()),
        }
    }

    fn settle_unsent(&mut self, now: &Moment, attempt: AttemptId, why: Text) {
        let settled = Settled::new(Outcome::NotSent, why);
        let command = Command::Settle { attempt, settled, took_ms: 0, evidence: None };
        self.submit(now, sensor(), command, Vec::new());
    }

    pub(super) fn pull_answered(
        &mut self,
        now: &Moment,
        attempt: AttemptId,
        sent: &Moment,
        exchange: &Exchange,
        result: &Result<Answer, Fault>,
    ) {
        let playbook = self.playbook.clone();
        let pull = &self.state.pulls[&attempt];
        let settled = arm::call_of(&playbook.levers[&pull.lever], pull.way).settle(result);
        let took_ms = now.since(sent).ms;
        let name = format!("pull-{attempt}-{}", pull.lever);
        let evidence = serde_json::json!({
            "pull": attempt,
            "lever": pull.lever,
            "way": pull.way,
            "request": exchange,
            "answer": capture::answer_json(result),
            "outcome": settled.outcome,
            "detail": settled.detail,
            "took_ms": took_ms,
        });
        let (file, kept) = self.evidence(&name, "json", &capture::pretty(&evidence));
        let command = Command::Settle { attempt, settled, took_ms, evidence: Some(file) };
        self.submit(now, sensor(), command, vec![kept]);
    }

    /// Begins to look whether the world followed.
    pub(super) fn begin_read_back(&mut self, now: &Moment, attempt: AttemptId) {
        let playbook = self.playbook.clone();
        let pull = &self.state.pulls[&attempt];
        let Some(verify) = derive::verify_of(&playbook.levers[&pull.lever], pull.way) else { return };
        let sight = |probe: &Id| Sight {
            probe: probe.clone(),
            backend: turns::backend_of(&playbook, &playbook.probes[probe].call),
            agreeing: 0,
            saw: Seen::Failed("not looked yet".into()),
        };
        let reading = ReadingBack {
            attempt,
            sights: verify.condition.probes().map(sight).collect(),
            at: 0,
            began: now.clone(),
            deadline: now.plus_ms(verify.within_ms),
            looks: 0,
            again_at: None,
        };
        self.look_back(now, reading);
    }

    /// Reads a pull back once more because a person asks; looking changes nothing.
    pub fn read_back_again(&mut self, now: &Moment, attempt: AttemptId) {
        let under_way = |job: &Job| matches!(job, Job::ReadBack(reading) if reading.attempt == attempt);
        let settled = self.state.pulls.get(&attempt).is_some_and(|pull| pull.outcome.is_some());
        if settled && !self.jobs.values().any(under_way) {
            self.begin_read_back(now, attempt);
        }
    }

    pub(super) fn look_back(&mut self, now: &Moment, mut reading: ReadingBack) {
        let playbook = self.playbook.clone();
        let sight = &mut reading.sights[reading.at];
        let probe = &playbook.probes[&sight.probe];
        match poll::encode(&playbook, &probe.call, Use::Look) {
            Ok((_, exchange)) => {
                reading.again_at = None;
                self.ask(Job::ReadBack(reading), exchange, Use::Look, probe.timeout_ms);
            }
            Err(why) => {
                sight.saw = Seen::Failed(Text::from(why));
                self.end_read_back(now, reading, ReadBack::Unknown);
            }
        }
    }

    pub(super) fn read_back_looked(&mut self, now: &Moment, mut reading: ReadingBack, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        let pull = &self.state.pulls[&reading.attempt];
        let lever = &playbook.levers[&pull.lever];
        let Some(verify) = derive::verify_of(lever, pull.way) else { return };
        let holds = |seen: &Seen| derive::holds(&verify.condition, &pull.bindings, seen);
        let sight = &mut reading.sights[reading.at];
        sight.saw = playbook.probes[&sight.probe].call.see(result);
        // Agreeing looks count only in a row: a replica that flaps is not a world that followed.
        sight.agreeing = if holds(&sight.saw) == Some(true) { sight.agreeing + 1 } else { 0 };
        reading.looks += 1;
        // One that agreed is looked through again with the others: all of them must agree at the same time.
        if reading.at + 1 < reading.sights.len() {
            reading.at += 1;
            return self.look_back(now, reading);
        }
        reading.at = 0;
        if reading.sights.iter().all(|sight| sight.agreeing >= verify.agree) {
            return self.end_read_back(now, reading, ReadBack::Agrees);
        }
        let again = now.plus_ms(LOOK_AGAIN_MS);
        if again.boot_ns > reading.deadline.boot_ns {
            // Seen at last, and something else than wanted; seen and right, but too seldom, is not known.
            let differs = reading.sights.iter().any(|sight| holds(&sight.saw) == Some(false));
            let result = if differs { ReadBack::Disagrees } else { ReadBack::Unknown };
            return self.end_read_back(now, reading, result);
        }
        reading.again_at = Some(again);
        let id = self.next_job;
        self.next_job += 1;
        self.jobs.insert(id, Job::ReadBack(reading));
    }

    fn end_read_back(&mut self, now: &Moment, reading: ReadingBack, result: ReadBack) {
        let took_ms = now.since(&reading.began).ms;
        let ReadingBack { attempt, sights, looks, .. } = reading;
        let mut saws = sights.into_iter().map(|sight| sight.saw);
        let Some(saw) = saws.next() else { return };
        let command = Command::ReadBack { attempt, result, saw, also: saws.collect(), looks, took_ms };
        self.submit(now, sensor(), command, Vec::new());
    }
}
