//! Claims about screens and keys, in a scene set by hand.

mod charts;
mod colours;
mod endings;
mod finding;
mod firing;
mod grouped;
mod keymap;
mod keys;
mod letters;
mod lists;
mod overlays;
mod playbook;
mod readiness;
mod screens;
mod sights;
mod sizes;
mod stage;
mod themes;
mod timing;
mod tree;
mod trend;
