//! Claims about screens and keys, in a scene set by hand.

mod firing;
mod keys;
mod playbook;
mod screens;
mod stage;
mod themes;
