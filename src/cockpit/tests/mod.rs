//! Claims about screens and keys, in a scene set by hand.

mod keys;
mod screens;
mod stage;
mod themes;
