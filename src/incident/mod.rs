//! The incident itself: commands become events, events become state. No clock, no disk, no network.

pub mod about;
mod alarm;
mod apply;
pub mod branches;
mod clocks;
pub mod command;
mod condition;
mod course;
mod decide;
pub mod derive;
mod done;
pub mod event;
mod evidence;
mod follow_up;
mod message;
mod moment;
pub mod people;
mod pilot;
mod rank;
mod react;
mod ready;
mod rehearsal;
mod sort;
pub mod state;
mod streak;
mod trigger;
pub mod wait;
mod way;
mod words;

pub use alarm::{ACKNOWLEDGEMENTS_MAX, Acknowledgement, Alarm, UnseenAlarm, VerdictSlot};
pub use apply::{apply, replay};
pub use clocks::{ClockKind, ClockReading, Fit, budget_ms, clocks, fits, mark, stages};
pub use command::{Command, Fire, Retry, SeenAt, Stamped, WaitEnd};
pub use course::Course;
pub use decide::{Refusal, decide, is_a_name, same_person, says_something};
pub use derive::{green_for_ms, next_step, raised};
pub use event::{Actor, AttemptId, Event, EvidenceRef, ReadBack, Record, Way};
pub use follow_up::{Due, follow_ups};
pub use message::{blanks_in, fill_known, message};
pub use moment::{BootId, Elapsed, Moment, NS_PER_MS};
pub use people::People;
pub use pilot::{Move, pilot};
pub use rank::{candidates, expected_ms, goes_past_ranking, measured_ms, ranked};
pub use react::{Effect, react};
pub use ready::{Readiness, bound, readiness};
pub use rehearsal::{can_rehearse, rehearse};
pub use sort::{Look, Sort};
pub use state::{
    Approval, BranchState, DebtState, Episode, FollowedUp, HoldState, Impact, MessageState, PullState, Reversion,
    SensorState, StageMarks, State, StepState, StepStatus, Streak, StreakState, TakenBaseline,
};
pub use words::tell;
