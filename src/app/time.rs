//! Where time comes from: the machine in production, a scenario's epoch in a drill.

use crate::incident::{BootId, Moment};
use std::time::{Duration, Instant};

/// A source of incident time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's wall clock and boot clock.
    Machine {
        /// The kernel's id of this boot.
        boot_id: BootId,
    },
    /// A drill's clock: it starts at the scenario's epoch and runs at the drill's speed.
    Drill {
        /// Where it starts.
        epoch: Moment,
        /// When it was started.
        started: Instant,
        /// How many drill seconds pass in one.
        speed: f64,
    },
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let boot_id = boot_id.trim();
        // Where the kernel tells no boot id, each process is a boot of its own: durations across are approximate.
        let boot_id = if boot_id.is_empty() { format!("pid-{}", std::process::id()) } else { boot_id.to_owned() };
        Self::Machine { boot_id: boot_id.into() }
    }

    /// A drill's clock, started now.
    pub fn drill(epoch: Moment, speed: f64) -> Self {
        Self::Drill { epoch, started: Instant::now(), speed }
    }

    /// Incident time.
    pub fn now(&self) -> Moment {
        match self {
            Self::Machine { boot_id } => {
                let boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
                let seconds = u64::try_from(boot.tv_sec).unwrap_or(0);
                let boot_ns = seconds * 1_000_000_000 + u64::try_from(boot.tv_nsec).unwrap_or(0);
                Moment { wall_ms: chrono::Utc::now().timestamp_millis(), boot_ns, boot_id: boot_id.clone() }
            }
            Self::Drill { epoch, started, speed } => {
                let passed = started.elapsed().mul_f64(*speed);
                epoch.plus_ms(u64::try_from(passed.as_millis()).unwrap_or(u64::MAX))
            }
        }
    }

    /// How long to wait, in real time, until `moment`.
    pub fn until(&self, moment: &Moment) -> Duration {
        let ns = moment.boot_ns.saturating_sub(self.now().boot_ns);
        self.real(Duration::from_nanos(ns))
    }

    /// Incident time as real time.
    pub fn real(&self, incident: Duration) -> Duration {
        match self {
            Self::Machine { .. } => incident,
            Self::Drill { speed, .. } => incident.div_f64(*speed),
        }
    }

    /// Real time as incident time, in ms.
    pub fn incident_ms(&self, real: Duration) -> u64 {
        let incident = match self {
            Self::Machine { .. } => real,
            Self::Drill { speed, .. } => real.mul_f64(*speed),
        };
        u64::try_from(incident.as_millis()).unwrap_or(u64::MAX)
    }
}
