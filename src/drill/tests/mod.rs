//! Claims about scenarios and the world they make, flown against the shared playbook's own calls.

mod flight;
mod gold;
mod happening;
mod recording;
mod script;
mod stores;
mod served;
mod support;
mod wire;
