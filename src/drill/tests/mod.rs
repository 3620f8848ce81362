//! Claims about scenarios and the world they make, flown against the shared playbook's own calls.

mod flight;
mod script;
mod served;
mod support;
mod wire;
