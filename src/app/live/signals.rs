//! Signals: what ends a flight in order, and what a person's Ctrl-C is where no terminal takes it as a key.

use color_eyre::eyre::Result;
use tokio::signal::unix::{self, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Told {
    /// To drop what is open; to leave, where nobody could have meant that.
    Interrupt,
    /// To leave, everything that matters on disk.
    Leave,
}

/// The signals that are listened to.
pub(in crate::app) struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
}

impl Signals {
    pub(in crate::app) fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    pub(in crate::app) async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.interrupt.recv() => Told::Interrupt,
            _ = self.terminate.recv() => Told::Leave,
            _ = self.hang_up.recv() => Told::Leave,
        }
    }
}
