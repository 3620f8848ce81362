//! The incident itself: commands become events, events become state. No clock, no disk, no network.

mod apply;
mod clocks;
pub mod command;
mod decide;
pub mod derive;
pub mod event;
mod follow_up;
mod message;
mod moment;
mod pilot;
mod rank;
mod react;
mod ready;
pub mod state;
mod trigger;
mod words;

pub use apply::{apply, replay};
pub use clocks::{ClockReading, budget_ms, clocks, mark};
pub use command::{Command, Fire, Retry, Stamped};
pub use decide::{Refusal, decide, same_person, says_something};
pub use derive::{green_for_ms, next_step, raised};
pub use event::{Actor, AttemptId, Event, EvidenceRef, ReadBack, Record, Way};
pub use follow_up::{Due, follow_ups};
pub use message::message;
pub use moment::{BootId, Elapsed, Moment};
pub use pilot::{Move, pilot};
pub use rank::{candidates, expected_ms, measured_ms, ranked};
pub use react::{Effect, react};
pub use ready::{Readiness, bound, readiness};
pub use state::{
    Approval, DebtState, FollowedUp, HoldState, MessageState, PullState, Reversion, SensorState, State, StepState,
    StepStatus, Streak, StreakState, VerdictSlot,
};
pub use words::tell;
