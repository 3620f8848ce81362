//! Claims about screens and keys, in a scene set by hand.

mod colours;
mod endings;
mod finding;
mod firing;
mod grouped;
mod holding;
mod keymap;
mod keys;
mod letters;
mod receivers;
mod lists;
mod output;
mod overlays;
mod people;
mod plain;
mod playbook;
mod readiness;
mod reading;
mod screens;
mod sights;
mod stage;
mod themes;
mod timing;
mod tree;
