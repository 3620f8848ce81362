//! What the flight is waiting for: one job per exchange in the air, or between two looks of a read-back.

use super::{Flight, Request};
use crate::drill::About;
use crate::incident::{AttemptId, Command, Moment};
use crate::kind::{Answer, Exchange, Fault, Seen, Use};
use crate::playbook::Id;
use crate::text::Text;
use std::collections::BTreeMap;

/// The number of a job.
pub type JobId = u64;

/// An exchange for the driver to perform.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Whom to answer to.
    pub job: JobId,
    /// Which backend.
    pub backend: Id,
    /// What it is about, for who answers from a recording.
    pub about: About,
    /// What to send.
    pub exchange: Exchange,
    /// What for.
    pub purpose: Use,
    /// Its total deadline in milliseconds.
    pub deadline_ms: u64,
}

/// One thing under way.
#[derive(Debug)]
pub(super) enum Job {
    /// A probe's poll.
    Look { probe: Id, backend: Id, asked: Moment },
    /// A batch of metrics, or one of them alone after a batch failed; a value without a time of its own is as old as
    /// the question.
    Read { metrics: Vec<Id>, backend: Id, asked: Moment },
    /// A baseline that has to be asked for.
    Baseline { metric: Id, backend: Id },
    /// A pull's call.
    Pull { attempt: AttemptId, backend: Id, sent: Moment, exchange: Exchange },
    /// A pull's read-back.
    ReadBack(ReadingBack),
    /// One look of a capture.
    Capture { step: Id, probe: Id, backend: Id },
    /// One look of a step that waits.
    Wait { step: Id, probe: Id, backend: Id, asked: Moment },
    /// A message.
    Send { comm: Id, backend: Id },
}

/// A read-back between its first look and its verdict.
#[derive(Debug)]
pub(super) struct ReadingBack {
    pub(super) attempt: AttemptId,
    /// Every probe that must show it; never none.
    pub(super) sights: Vec<Sight>,
    /// The place of the one looked through now: one after the other, then all over again.
    pub(super) at: usize,
    pub(super) began: Moment,
    pub(super) deadline: Moment,
    pub(super) looks: u32,
    /// When to look again; `None` while a look is in the air.
    pub(super) again_at: Option<Moment>,
}

/// A capture of which some looks are still out.
#[derive(Debug, Default)]
pub(super) struct Capturing {
    pub(super) out: usize,
    pub(super) seen: BTreeMap<Id, Seen>,
}

/// What a read-back has seen through one of its probes.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) probe: Id,
    pub(super) backend: Id,
    /// How many looks in a row have seen what is wanted.
    pub(super) agreeing: u32,
    pub(super) saw: Seen,
}

/// Whether a command sends something, or tells what became of it.
pub(super) fn is_of_an_act(command: &Command) -> bool {
    matches!(
        command,
        Command::Fire(_)
            | Command::Settle { .. }
            | Command::ReadBack { .. }
            | Command::Send { .. }
            | Command::SettleMessage { .. }
            | Command::SendAgain { .. }
    )
}

impl Job {
    /// Whether it changes something outside.
    pub(super) fn is_act(&self) -> bool {
        matches!(self, Self::Pull { .. } | Self::Send { .. })
    }

    /// Whether it is one of the looks that go on for ever, and at this backend.
    pub(super) fn polls(&self, at: &Id) -> bool {
        match self {
            Self::Look { backend, .. } | Self::Read { backend, .. } | Self::Baseline { backend, .. } => backend == at,
            Self::Pull { .. } | Self::ReadBack(_) | Self::Capture { .. } | Self::Wait { .. } | Self::Send { .. } => {
                false
            }
        }
    }

    pub(super) fn wakes_at(&self) -> Option<&Moment> {
        match self {
            Self::ReadBack(reading) => reading.again_at.as_ref(),
            Self::Look { .. }
            | Self::Read { .. }
            | Self::Baseline { .. }
            | Self::Pull { .. }
            | Self::Capture { .. }
            | Self::Wait { .. }
            | Self::Send { .. } => None,
        }
    }

    /// What it asks about.
    fn about(&self) -> About {
        match self {
            Self::Look { probe, .. } | Self::Capture { probe, .. } | Self::Wait { probe, .. } => {
                About::Probe(probe.clone())
            }
            Self::Read { metrics, .. } => About::Metrics(metrics.clone()),
            Self::Baseline { .. } => About::Unrecorded,
            Self::Pull { .. } => About::Pull,
            Self::ReadBack(reading) => About::Probe(reading.sights[reading.at].probe.clone()),
            Self::Send { comm, .. } => About::Message(comm.clone()),
        }
    }

    fn backend(&self) -> &Id {
        match self {
            Self::Look { backend, .. }
            | Self::Read { backend, .. }
            | Self::Baseline { backend, .. }
            | Self::Pull { backend, .. }
            | Self::Capture { backend, .. }
            | Self::Wait { backend, .. }
            | Self::Send { backend, .. } => backend,
            Self::ReadBack(reading) => &reading.sights[reading.at].backend,
        }
    }
}

impl Flight {
    /// Puts an exchange into the air.
    pub(super) fn ask(&mut self, job: Job, exchange: Exchange, purpose: Use, deadline_ms: u64) {
        let id = self.next_job;
        self.next_job += 1;
        let backend = job.backend().clone();
        let about = job.about();
        self.jobs.insert(id, job);
        self.requests.push(Request::Ask(Ask { job: id, backend, about, exchange, purpose, deadline_ms }));
    }

    pub(super) fn answered(&mut self, now: &Moment, id: JobId, result: &Result<Answer, Fault>) {
        let Some(job) = self.jobs.remove(&id) else { return };
        self.note_health(now, &job.backend().clone(), result);
        match job {
            Job::Look { probe, asked, .. } => {
                self.unlooked.remove(&probe);
                self.looked(now, &asked, &probe, result);
            }
            Job::Read { metrics, backend, asked } => self.read(now, (&backend, &asked), &metrics, result),
            Job::Baseline { metric, .. } => self.baseline_read(now, &metric, result),
            Job::Pull { attempt, sent, exchange, .. } => self.pull_answered(now, attempt, &sent, &exchange, result),
            Job::ReadBack(reading) => self.read_back_looked(now, reading, result),
            Job::Capture { step, probe, .. } => self.capture_looked(now, &step, &probe, result),
            Job::Wait { step, asked, .. } => self.wait_looked(now, &step, &asked, result),
            Job::Send { comm, .. } => self.send_answered(now, &comm, result),
        }
    }

    fn note_health(&mut self, now: &Moment, backend: &Id, result: &Result<Answer, Fault>) {
        let Some(health) = self.health.get_mut(backend) else { return };
        let up = Some(result.is_ok());
        if health.up != up {
            (health.up, health.since) = (up, Some(now.clone()));
        }
        health.why = result.as_ref().err().map(|fault| Text::from(fault.to_string())).unwrap_or_default();
    }

    /// Looks again where a pause between two looks is over.
    pub(super) fn wake_jobs(&mut self, now: &Moment) {
        let due = |(id, job): (&JobId, &Job)| job.wakes_at().is_some_and(|at| at.boot_ns <= now.boot_ns).then_some(*id);
        let ids: Vec<JobId> = self.jobs.iter().filter_map(due).collect();
        for id in ids {
            if let Some(Job::ReadBack(reading)) = self.jobs.remove(&id) {
                self.look_back(now, reading);
            }
        }
    }
}
