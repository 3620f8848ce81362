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
    ("analyzer-mismatch", include_str!("../../fixtures/scenarios/analyzer-mismatch.toml")),
    ("bad-deploy", include_str!("../../fixtures/scenarios/bad-deploy.toml")),
    ("bucket-collapse", include_str!("../../fixtures/scenarios/bucket-collapse.toml")),
    ("cache-not-rotated", include_str!("../../fixtures/scenarios/cache-not-rotated.toml")),
    ("canary-hides-tail", include_str!("../../fixtures/scenarios/canary-hides-tail.toml")),
    ("client-only-flag", include_str!("../../fixtures/scenarios/client-only-flag.toml")),
    ("duplicate-effects", include_str!("../../fixtures/scenarios/duplicate-effects.toml")),
    ("env-without-restart", include_str!("../../fixtures/scenarios/env-without-restart.toml")),
    ("false-alarm", include_str!("../../fixtures/scenarios/false-alarm.toml")),
    ("false-alarm-alert", include_str!("../../fixtures/scenarios/false-alarm-alert.toml")),
    ("false-alarm-cold-start", include_str!("../../fixtures/scenarios/false-alarm-cold-start.toml")),
    ("flag-api-down", include_str!("../../fixtures/scenarios/flag-api-down.toml")),
    ("green-worse", include_str!("../../fixtures/scenarios/green-worse.toml")),
    ("index-mismatch", include_str!("../../fixtures/scenarios/index-mismatch.toml")),
    ("lever-fails-first", include_str!("../../fixtures/scenarios/lever-fails-first.toml")),
    ("mixed-arm-cache", include_str!("../../fixtures/scenarios/mixed-arm-cache.toml")),
    ("no-backup", include_str!("../../fixtures/scenarios/no-backup.toml")),
    ("pointer-reverted", include_str!("../../fixtures/scenarios/pointer-reverted.toml")),
    ("region-drift", include_str!("../../fixtures/scenarios/region-drift.toml")),
    ("retry-storm", include_str!("../../fixtures/scenarios/retry-storm.toml")),
    ("ship-clean", include_str!("../../fixtures/scenarios/ship-clean.toml")),
    ("two-writers", include_str!("../../fixtures/scenarios/two-writers.toml")),
    ("two-writers-reconciler", include_str!("../../fixtures/scenarios/two-writers-reconciler.toml")),
];

#[cfg(test)]
mod tests;
