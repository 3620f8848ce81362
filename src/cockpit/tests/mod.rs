//! Claims about screens and keys, in a scene set by hand.

mod endings;
mod firing;
mod grouped;
mod holding;
mod keys;
mod letters;
mod receivers;
mod lists;
mod output;
mod overlays;
mod playbook;
mod readiness;
mod screens;
mod sights;
mod stage;
mod themes;
mod timing;
mod tree;
