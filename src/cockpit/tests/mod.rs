//! Claims about screens and keys, in a scene set by hand.

mod calls;
mod endings;
mod firing;
mod grouped;
mod hostile;
mod keys;
mod letters;
mod lists;
mod mouse;
mod overlays;
mod playbook;
mod readiness;
mod reading;
mod screens;
mod sights;
mod stage;
mod themes;
mod timing;
mod tree;
