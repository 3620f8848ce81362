//! `goaround`: a terminal cockpit for rollbacks.
//!
//! Decide, write down, believe, then act. The rooms below are listed in the order in which they may
//! import each other: a room imports only rooms above it (`tests/architecture.rs` enforces it).

pub mod incident;
pub mod kind;
pub mod metrics;
pub mod playbook;
pub mod text;
// pub mod report;
// pub mod journal;
// pub mod backend;
pub mod drill;
pub mod cockpit;
// pub mod app;
// pub mod cli;
