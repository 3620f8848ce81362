//! How a step waits: looks of its own until what it waits for is seen, or its time is over.

use super::job::Job;
use super::{Flight, poll, sensor};
use crate::incident::{Command, Moment, SeenAt, StepStatus, WaitEnd, derive, wait};
use crate::kind::{Answer, Fault, Reading, Seen, Use, Vars};
use crate::playbook::{Condition, Id, Metric, StepKind, Until, Wait};
use crate::text::Text;

/// The pause between two looks of a wait, in ms.
const LOOK_AGAIN_MS: u64 = 250;

/// A wait between its first look and its end.
#[derive(Debug)]
pub(super) struct Waiting {
    deadline: Moment,
    looks: u32,
    agreeing: u32,
    /// When the first of the agreeing looks was sent.
    agrees_since: Moment,
    saw: Seen,
    /// When to look again; `None` while a look is in the air.
    again_at: Option<Moment>,
}

impl Waiting {
    pub(super) fn wakes_at(&self) -> Option<&Moment> {
        self.again_at.as_ref()
    }
}

/// What a step waits for.
fn wait_of(playbook: &crate::playbook::Playbook, step: &Id) -> Option<Wait> {
    match &playbook.step(step)?.kind {
        StepKind::Wait(wait) => Some(wait.clone()),
        StepKind::Capture(_)
        | StepKind::Pick(_)
        | StepKind::Pull(_)
        | StepKind::Sequence(_)
        | StepKind::Watch
        | StepKind::Ask(_) => None,
    }
}

impl Flight {
    /// Begins to look; an earlier wait of the same step is over.
    pub(super) fn begin_wait(&mut self, now: &Moment, step: &Id) {
        let Some(wait) = wait_of(&self.playbook, step) else { return };
        self.jobs.retain(|_, job| !matches!(job, Job::Wait { step: of, .. } if of == step));
        let waiting = Waiting {
            deadline: now.plus_ms(wait.within_ms),
            looks: 0,
            agreeing: 0,
            agrees_since: now.clone(),
            saw: Seen::Failed("not looked yet".into()),
            again_at: Some(now.clone()),
        };
        self.waits.insert(step.clone(), waiting);
        self.tick_waits(now);
    }

    /// Looks where a pause between two looks is over, and forgets the waits that have ended.
    pub(super) fn tick_waits(&mut self, now: &Moment) {
        let state = self.state.clone();
        let flown = |step: &Id| self.playbook.step(step).is_some_and(|step| derive::is_flown(&state, step));
        let runs = |step: &Id| {
            derive::status(&state, step) == Some(StepStatus::Running) && flown(step) && state.closed.is_none()
        };
        self.waits.retain(|step, _| runs(step));
        let due = |at: &Moment| at.boot_ns <= now.boot_ns;
        let waits = self.waits.iter().filter(|(_, waiting)| waiting.again_at.as_ref().is_some_and(due));
        let steps: Vec<Id> = waits.map(|(step, _)| step.clone()).collect();
        for step in steps {
            match wait_of(&self.playbook, &step).map(|wait| wait.until) {
                Some(Until::Seen { condition, .. }) => self.look_for(now, &step, &condition),
                Some(Until::Exits(metrics)) => self.judge_exits(now, &step, &metrics),
                None => {}
            }
        }
    }

    fn look_for(&mut self, now: &Moment, step: &Id, condition: &Condition) {
        let playbook = self.playbook.clone();
        let probe = &playbook.probes[&condition.probe];
        let Some(waiting) = self.waits.get_mut(step) else { return };
        match poll::encode(&playbook, &probe.call, Use::Look) {
            Ok((backend, exchange)) => {
                waiting.again_at = None;
                let (step, of) = (step.clone(), condition.probe.clone());
                let job = Job::Wait { step, probe: of, backend, asked: now.clone() };
                self.ask(job, exchange, Use::Look, probe.timeout_ms);
            }
            Err(why) => self.note_look(now, step, now, Seen::Failed(Text::from(why))),
        }
    }

    pub(super) fn wait_looked(&mut self, now: &Moment, step: &Id, asked: &Moment, result: &Result<Answer, Fault>) {
        let playbook = self.playbook.clone();
        let Some(Until::Seen { condition, .. }) = wait_of(&playbook, step).map(|wait| wait.until) else { return };
        let call = &playbook.probes[&condition.probe].call;
        let seen = call.see(result);
        self.note_seen(now, asked, &condition.probe, seen.clone());
        // A value that says when it was sampled says nothing of a later world.
        let seen = match call.read(result, asked.wall_ms) {
            Reading::Value { sampled_ms, .. }
                if sampled_ms < asked.wall_ms
                    && !wait::is_new(&playbook, &self.state, step, &SeenAt::Sampled(sampled_ms)) =>
            {
                Seen::Absent("only a sample from before is shown".into())
            }
            Reading::Value { .. } | Reading::NoData(_) | Reading::Error(_) => seen,
        };
        self.note_look(now, step, asked, seen);
    }

    /// Counts a look that was sent at `asked`, and ends the wait where that is enough.
    fn note_look(&mut self, now: &Moment, step: &Id, asked: &Moment, seen: Seen) {
        let playbook = self.playbook.clone();
        let Some(Wait { until: Until::Seen { condition, agree }, within_ms }) = wait_of(&playbook, step) else {
            return;
        };
        let new = |at: &Moment| wait::is_new(&playbook, &self.state, step, &SeenAt::Looked(at.clone()));
        let (new_look, want) = (new(asked), derive::want(&condition, &Vars::new()));
        let agrees = new_look && derive::holds(&condition, &Vars::new(), &seen) == Some(true);
        let Some(mut waiting) = self.waits.remove(step) else { return };
        // What agreed before a pull was about the world before it.
        let in_a_row = agrees && waiting.agreeing > 0 && new(&waiting.agrees_since);
        waiting.looks += 1;
        waiting.agreeing = u32::from(agrees) + if in_a_row { waiting.agreeing } else { 0 };
        if agrees && !in_a_row {
            waiting.agrees_since = asked.clone();
        }
        if new_look || waiting.looks == 1 {
            waiting.saw = seen;
        }
        waiting.again_at = Some(now.plus_ms(LOOK_AGAIN_MS));
        let end = if waiting.agreeing >= agree {
            let saw = Text::from(waiting.saw.value().unwrap_or_default());
            Some(WaitEnd::Met { saw, at: SeenAt::Looked(waiting.agrees_since.clone()) })
        } else if waiting.deadline.boot_ns <= now.boot_ns {
            let title = &playbook.probes[&condition.probe].title;
            let why = format!("{title} {}, not `{want}`, for {} s", shows(&waiting.saw), within_ms / 1000);
            Some(WaitEnd::Late { why: why.into() })
        } else {
            None
        };
        self.waits.insert(step.clone(), waiting);
        self.end_wait(now, step, end);
    }

    /// Whether every metric meets its exit limit by samples from behind the last pull alone.
    fn judge_exits(&mut self, now: &Moment, step: &Id, metrics: &[Id]) {
        let playbook = self.playbook.clone();
        let Some(after_ms) = wait::samples_after_ms(&self.state, step) else { return };
        let Some(waiting) = self.waits.get_mut(step) else { return };
        waiting.again_at = Some(now.plus_ms(LOOK_AGAIN_MS));
        let late = waiting.deadline.boot_ns <= now.boot_ns;
        let (mut met, mut unmet, mut oldest_ms) = (Vec::new(), Vec::new(), i64::MAX);
        for metric in metrics.iter().map(|id| &playbook.metrics[id]) {
            match self.board.met_after(metric, after_ms) {
                Some((value, sampled_ms)) => {
                    met.push(format!("{} {}", metric.title, metric.unit.show(value)));
                    oldest_ms = oldest_ms.min(sampled_ms);
                }
                None => unmet.push(self.not_met(metric, after_ms)),
            }
        }
        let at = SeenAt::Sampled(oldest_ms);
        let end = if unmet.is_empty() && wait::is_new(&playbook, &self.state, step, &at) {
            Some(WaitEnd::Met { saw: met.join(", ").into(), at })
        } else if late {
            let open = if unmet.is_empty() { "a pull is on its way".to_owned() } else { unmet.join(", ") };
            Some(WaitEnd::Late { why: format!("not met in time: {open}").into() })
        } else {
            None
        };
        self.end_wait(now, step, end);
    }

    /// What a metric shows instead of its exit limit met.
    fn not_met(&self, metric: &Metric, after_ms: i64) -> String {
        let title = &metric.title;
        match self.board.verdict(&metric.id) {
            Some(verdict) if !verdict.state.is_fresh() => format!("{title} {}", verdict.state.word()),
            Some(verdict) if verdict.sampled_ms.is_none_or(|at| at <= after_ms) => {
                format!("{title} has no sample from after the last pull")
            }
            Some(verdict) => {
                let value = verdict.value.map_or_else(|| "-".to_owned(), |value| metric.unit.show(value));
                let exit = metric.exit.as_ref().map_or("", |exit| exit.written.as_str());
                format!("{title} {value}, not {exit}")
            }
            None => format!("{title} was not read"),
        }
    }

    /// Asks for the end of a wait; it is over when that is believed, and looks go on until then.
    fn end_wait(&mut self, now: &Moment, step: &Id, end: Option<WaitEnd>) {
        let Some(end) = end else { return };
        self.withdraw(|command| !matches!(command, Command::EndWait { step: of, .. } if of == step));
        self.submit(now, sensor(), Command::EndWait { step: step.clone(), end }, Vec::new());
    }
}

/// What a look saw, for a sentence.
fn shows(seen: &Seen) -> String {
    match seen {
        Seen::Value(value) => format!("showed `{value}`"),
        Seen::Absent(why) => format!("showed nothing ({why})"),
        Seen::Failed(why) => format!("could not be seen ({why})"),
    }
}
