//! When something happened: the wall clock for people, the boot clock for durations.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Nanoseconds of the boot clock in a millisecond.
pub const NS_PER_MS: i128 = 1_000_000;

/// The kernel's id of one boot; `drill` in a drill.
pub type BootId = Arc<str>;

/// An instant. Durations come from the boot clock within a boot, else from the wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970, UTC.
    pub wall_ms: i64,
    /// Nanoseconds since boot, suspends included.
    pub boot_ns: u64,
    /// Which boot.
    pub boot_id: BootId,
}

/// A duration, and whether it had to be taken from the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elapsed {
    /// Milliseconds, never negative.
    pub ms: u64,
    /// Whether a reboot lay between, so that the wall clock had to be believed.
    pub approximate: bool,
}

impl Moment {
    /// The time from `earlier` to here.
    pub fn since(&self, earlier: &Self) -> Elapsed {
        if self.boot_id == earlier.boot_id {
            return Elapsed { ms: self.boot_ns.saturating_sub(earlier.boot_ns) / 1_000_000, approximate: false };
        }
        let ms = u64::try_from(self.wall_ms.saturating_sub(earlier.wall_ms)).unwrap_or(0);
        Elapsed { ms, approximate: true }
    }

    /// When something was sampled, as its source says: on a wall clock that is not ours, so that every duration from it is
    /// taken from wall clocks and marked approximate.
    pub fn sampled(wall_ms: i64) -> Self {
        Self { wall_ms, boot_ns: 0, boot_id: BootId::from("sample") }
    }

    /// The wall clock as RFC 3339 has it, in UTC and whole seconds: `2026-11-21T03:42:00Z`.
    pub fn rfc3339(&self) -> Option<String> {
        let time = chrono::DateTime::from_timestamp_millis(self.wall_ms)?;
        Some(time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
    }

    /// The instant `ms` after this one, on both clocks.
    #[must_use]
    pub fn plus_ms(&self, ms: u64) -> Self {
        Self {
            wall_ms: self.wall_ms.saturating_add_unsigned(ms),
            boot_ns: self.boot_ns.saturating_add(ms.saturating_mul(1_000_000)),
            boot_id: self.boot_id.clone(),
        }
    }
}
