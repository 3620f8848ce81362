//! What is believed: the fold of all events. Panels and reports read it, only `apply` writes it.

use super::alarm::{Acknowledgement, VerdictSlot};
use super::event::{DoneBy, Drill, EvidenceRef, Trigger};
use super::people::People;
pub use super::streak::{Streak, StreakState};
use super::{AttemptId, Course, Elapsed, Moment, ReadBack, Way};
use crate::kind::{Outcome, Seen};
use crate::playbook::Id;
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Everything known of an incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The seq of the last event applied; 0 before the first.
    pub seq: u64,
    /// The incident's id.
    pub incident: Text,
    /// The drill's script, if it is one.
    pub drill: Option<Drill>,
    /// Who commands, objects and asks for command.
    pub people: People,
    /// Its own clock, over restarts.
    pub course: Course,
    /// When each thing that happens once happened.
    pub marks: Marks,
    /// 1 (worst) to 4; 0 before the declaration.
    pub severity: u8,
    /// What it was declared on.
    pub triggers: Vec<Trigger>,
    /// What the commander says the situation is.
    pub size_up: Text,
    /// Symptoms a person declared.
    pub declared_symptoms: BTreeSet<Id>,
    /// The steps that have left PENDING, by id.
    pub steps: BTreeMap<Id, StepState>,
    /// The branches that are open.
    pub branches: BTreeMap<Id, BranchState>,
    /// The lever chosen.
    pub pick: Option<Id>,
    /// Every pull, by number.
    pub pulls: BTreeMap<AttemptId, PullState>,
    /// The newest verdict of each metric.
    pub verdicts: BTreeMap<Id, VerdictSlot>,
    /// The baselines that were taken at the start, or why there is none.
    pub baselines: BTreeMap<Id, TakenBaseline>,
    /// What each probe saw last.
    pub sensors: BTreeMap<Id, SensorState>,
    /// What was flipped and has gone back by itself, by the probe that sees it.
    pub reverted: BTreeMap<Id, Reversion>,
    /// The newest alerts that were acknowledged, oldest first, at most [`super::ACKNOWLEDGEMENTS_MAX`].
    pub acknowledgements: Vec<Acknowledgement>,
    /// Debts, open and paid.
    pub debts: BTreeMap<Id, DebtState>,
    /// The hold.
    pub hold: HoldState,
    /// Values captured by name (pins and samples).
    pub captured: BTreeMap<String, Text>,
    /// The newest approval of each lever and way, until it is used.
    pub approvals: BTreeMap<(Id, Way), Approval>,
    /// Messages by comm.
    pub messages: BTreeMap<Id, MessageState>,
    /// Whether the incident is closed, and whether it was recovered.
    pub closed: Option<bool>,
    /// The follow-ups seen to after closing.
    pub followed_up: BTreeMap<Id, FollowedUp>,
}

/// When each thing that happens once happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The directory was opened.
    pub opened: Option<Moment>,
    /// The first sample beyond a stop limit, of the episode that was detected.
    pub impact: Option<Impact>,
    /// The metrics whose newest samples are beyond their stop limits, whether or not its window has passed.
    pub beyond: BTreeSet<Id>,
    /// The episode that lasts, if any metric is beyond its stop limit.
    pub episode: Option<Episode>,
    /// The first BREACH of the episode that led here: the newest that began before the declaration, else the first.
    pub detected: Option<Moment>,
    /// A person acknowledged an alert, or declared.
    pub acknowledged: Option<Moment>,
    /// The declaration.
    pub declared: Option<Moment>,
    /// The first step was started.
    pub first_step: Option<Moment>,
    /// No step of the 60-second clock is open any more.
    pub sixty_done: Option<Moment>,
    /// The first lever was fired.
    pub first_lever: Option<Moment>,
    /// The hold was started.
    pub hold_started: Option<Moment>,
    /// The hold was met.
    pub hold_met: Option<Moment>,
    /// The last debt was paid after the hold was met.
    pub debts_paid: Option<Moment>,
    /// Closed.
    pub closed: Option<Moment>,
    /// The stages that have begun.
    pub stages: BTreeMap<Id, StageMarks>,
}

/// The first sample beyond a stop limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// The metric that showed it.
    pub metric: Id,
    /// When it was sampled.
    pub at: Moment,
    /// When its verdict was written down. The sample lies as far before this as the wall clock said then; a clock that
    /// is set later moves neither.
    pub seen: Moment,
}

/// A time in which some metric was beyond its stop limit throughout, for all that could be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Its first sample beyond.
    pub impact: Impact,
    /// Its first BREACH.
    pub detected: Option<Moment>,
}

/// When a stage began and ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageMarks {
    /// Its first step was started.
    pub started: Moment,
    /// None of its steps is open any more.
    pub done: Option<Moment>,
}

/// One step that has left PENDING.
#[derive(Clone, Debug, PartialEq)]
pub struct StepState {
    /// Where it stands.
    pub status: StepStatus,
    /// When it was started.
    pub started: Option<Moment>,
    /// When it came to this status.
    pub since: Moment,
    /// How it was done, if it was.
    pub done_by: Option<DoneBy>,
    /// The reason given for skipping, overriding, deferring or failing.
    pub reason: Option<Text>,
}

/// Where a step stands. PENDING and READY are derived from the order of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepStatus {
    /// Begun.
    Running,
    /// Done: its sensor saw the state.
    Sensed,
    /// Done: a person said what they saw.
    Confirmed,
    /// Tried, and not done.
    Failed,
    /// Left out, with a reason.
    Skipped,
    /// Declared done against its sensor, with a reason.
    Overridden,
    /// Put off; a debt is open.
    Deferred,
    /// Was done, and its sensor says it no longer is.
    Reopened,
}

impl StepStatus {
    /// Whether the checklist may go on behind it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Sensed | Self::Confirmed | Self::Skipped | Self::Overridden | Self::Deferred)
    }

    /// Its word in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Sensed => "sensed",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Overridden => "overridden",
            Self::Deferred => "deferred",
            Self::Reopened => "open again",
        }
    }
}

/// A branch that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchState {
    /// Since when.
    pub opened: Moment,
    /// What opened it, or the reason of the person who did.
    pub why: Text,
}

/// One pull.
#[derive(Clone, Debug, PartialEq)]
pub struct PullState {
    /// The lever.
    pub lever: Id,
    /// Which way.
    pub way: Way,
    /// The step it was pulled for.
    pub step: Option<Id>,
    /// What the world should show.
    pub want: Text,
    /// What it showed before.
    pub was: Option<Text>,
    /// The names bound at arming.
    pub bindings: BTreeMap<String, String>,
    /// When it was started.
    pub started: Moment,
    /// Whether a person does it by hand.
    pub by_hand: bool,
    /// How its call ended; `None` while it is in flight.
    pub outcome: Option<(Outcome, Text)>,
    /// When it ended.
    pub settled: Option<Moment>,
    /// What its newest read-back found.
    pub read_back: Option<ReadBack>,
    /// When it was first seen to have worked.
    pub effective_at: Option<Moment>,
    /// What a person said they saw, where nothing can read it back.
    pub attested: Option<Text>,
}

impl PullState {
    /// Whether its lever must not be fired: in flight, or nobody knows and no read-back has said.
    pub fn locks(&self) -> bool {
        match (&self.outcome, self.read_back) {
            (None, _) => true,
            // Accepted is not done: until it was seen, firing again might act on a world nobody knows.
            (Some((Outcome::Applied | Outcome::Unknown, _)), None | Some(ReadBack::Unknown)) => true,
            (Some((Outcome::Applied | Outcome::Unknown, _)), Some(ReadBack::Agrees | ReadBack::Disagrees)) => false,
            (Some((Outcome::Rejected | Outcome::NotSent, _)), _) => false,
        }
    }

    /// Whether it may have taken effect: accepted, or nobody knows.
    pub fn may_have_worked(&self) -> bool {
        matches!(self.outcome, Some((Outcome::Applied | Outcome::Unknown, _)))
    }

    /// Whether the world was seen to have followed.
    pub fn is_effective(&self) -> bool {
        self.read_back == Some(ReadBack::Agrees)
    }
}

/// What became of a baseline that was to be taken at the start.
#[derive(Clone, Debug, PartialEq)]
pub enum TakenBaseline {
    /// The median of so many samples.
    Median {
        /// In the metric's unit.
        value: f64,
        /// How many.
        samples: u32,
    },
    /// There is none, and why.
    Missed(Text),
}

/// What a probe saw last.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorState {
    /// What it sees.
    pub seen: Seen,
    /// Since when.
    pub since: Moment,
    /// The newest value, kept while it cannot be seen.
    pub last_value: Option<Text>,
}

/// A debt.
#[derive(Clone, Debug, PartialEq)]
pub struct DebtState {
    /// In words.
    pub title: Text,
    /// Since when.
    pub opened: Moment,
    /// When it was paid.
    pub paid: Option<Moment>,
}

/// The hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HoldState {
    /// Green while every exit target is met and no stop limit is broken; `None` before the hold was started.
    pub overall: Option<Streak>,
    /// The streak of each exit target since the hold was started.
    pub streaks: BTreeMap<Id, Streak>,
    /// Why it stands still, if it does.
    pub paused: Option<Text>,
    /// Why it was last reset.
    pub last_reset: Option<Text>,
    /// How much longer than the playbook says it may take, in milliseconds.
    pub extended_ms: u64,
}

/// A flip that did not last.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversion {
    /// What was seen while it was in force.
    pub was: Text,
    /// What was seen instead.
    pub now: Text,
    /// When.
    pub at: Moment,
    /// Whether a person has acknowledged it.
    pub acknowledged: bool,
}

/// That a second person approved a pull.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Who.
    pub approver: Text,
    /// The target.
    pub want: Text,
    /// The SHA-256 of the exchange, in hex.
    pub request_sha256: String,
    /// When.
    pub at: Moment,
}

/// A follow-up that was seen to.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedUp {
    /// By whom.
    pub by: Text,
    /// What was done, and where it can be read.
    pub note: Text,
    /// When it was written down.
    pub at: Moment,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageState {
    /// When it was written.
    pub queued: Moment,
    /// Its words, in the incident directory.
    pub file: EvidenceRef,
    /// How sending ended; `None` while it is on its way.
    pub outcome: Option<(Outcome, Text)>,
    /// How often it was sent, the try on its way included.
    pub tries: u32,
    /// When the same words are sent again by themselves.
    pub again_at: Option<Moment>,
    /// How long that wait was from its beginning, in ms.
    pub pause_ms: u64,
}

impl State {
    /// The time since the declaration.
    pub fn since_declared(&self, now: &Moment) -> Option<Elapsed> {
        self.marks.declared.as_ref().map(|declared| self.course.since(now, declared))
    }

    /// What a probe saw last.
    pub fn seen(&self, probe: &Id) -> Option<&Seen> {
        self.sensors.get(probe).map(|sensor| &sensor.seen)
    }

    /// The debts still open.
    pub fn open_debts(&self) -> impl Iterator<Item = (&Id, &DebtState)> {
        self.debts.iter().filter(|(_, debt)| debt.paid.is_none())
    }

    /// The newest pull of a lever.
    pub fn last_pull(&self, lever: &Id) -> Option<(AttemptId, &PullState)> {
        self.pulls.iter().rev().find(|(_, pull)| pull.lever == *lever).map(|(attempt, pull)| (*attempt, pull))
    }

    /// The pull that keeps a lever locked.
    pub fn locking_pull(&self, lever: &Id) -> Option<(AttemptId, &PullState)> {
        self.pulls.iter().find(|(_, pull)| pull.lever == *lever && pull.locks()).map(|(attempt, pull)| (*attempt, pull))
    }
}
