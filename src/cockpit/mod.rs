//! What a commander sees and presses. Draws a [`Scene`], never changes it; no disk, no network, no clock.

mod intent;
mod scene;

pub use intent::Intent;
pub use scene::{Armed, Health, Interlock, Mode, Scene};
