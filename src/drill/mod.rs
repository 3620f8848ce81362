//! The simulated production that a drill flies against: a [`Scenario`] (TOML) and the [`World`] it makes.
//!
//! The world answers the same exchanges that live carriers perform, so a drill runs the same playbook, encoders,
//! decoders and read-backs as an incident. It reads no clock, disk or network: time is an argument, and noise comes
//! from the seed. Only [`serve()`] opens a socket, on loopback, for `goaround live --world`.

mod answer;
mod curve;
mod cut;
mod files;
mod happening;
mod misfits;
mod noise;
mod policy;
mod prom;
mod questions;
mod recording;
mod scenario;
mod score;
mod serve;
mod stage;
mod undeclared;
mod world;
mod written;

pub use policy::{Asked, Crew, Line, Policy};
pub use recording::{About, Recording};
pub use scenario::Scenario;
pub use score::Score;
pub use serve::{Serving, Told, serve};
pub use stage::Stage;
pub use world::World;

/// The scenarios that come with goaround: id and text.
const EMBEDDED: &[(&str, &str)] = &[
    ("false-alarm", include_str!("../../fixtures/scenarios/false-alarm.toml")),
    ("index-mismatch", include_str!("../../fixtures/scenarios/index-mismatch.toml")),
    ("two-writers-reconciler", include_str!("../../fixtures/scenarios/two-writers-reconciler.toml")),
];

#[cfg(test)]
mod tests;
