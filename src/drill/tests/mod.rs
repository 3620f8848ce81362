//! Claims about scenarios and the world they make, flown against the shared playbook's own calls.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed, and says where")]

mod flight;
mod script;
mod served;
mod support;
mod wire;
