//! Recipes against the real systems they are for: done, read back, taken back, and what is said when it cannot be.

mod alias;
mod cache;
mod code;
mod comms;
mod control;
mod fake_kube;
mod flag;
mod freeze;
mod harness;
mod pointer;
mod rollback;
#[path = "../common/servers.rs"]
mod servers;
mod throttle;
mod wire;
