//! The incident itself: commands become events, events become state. No clock, no disk, no network.

pub mod command;
pub mod event;
mod moment;
pub mod state;

pub use command::{Command, Fire, Stamped};
pub use event::{Actor, AttemptId, Event, EvidenceRef, ReadBack, Record, Way};
pub use moment::{BootId, Elapsed, Moment};
pub use state::{
    DebtState, HoldState, MessageState, PullState, SensorState, State, StepState, StepStatus, Streak, VerdictSlot,
};
