//! Recipes against the real systems they are for: done, read back, taken back, and what is said when it cannot be.

mod code;
mod comms;
mod control;
mod flag;
mod harness;
mod pointer;
#[path = "../common/servers.rs"]
mod servers;
