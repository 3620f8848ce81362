//! Signals: what ends a flight in order, what a person's Ctrl-C is where no terminal takes it as a key, and what lends
//! the terminal for a while and takes it again.

use super::screen::Loan;
use crate::app::printer;
use color_eyre::eyre::Result;
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{self, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Told {
    /// To drop what is open; to leave, where nobody could have meant that.
    Interrupt,
    /// To leave, everything that matters on disk.
    Leave,
    /// To stop until we are told to go on.
    Stop,
    /// To go on.
    Continue,
}

/// The signals that are listened to.
pub(in crate::app) struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
    quit: unix::Signal,
    stop: unix::Signal,
    go_on: unix::Signal,
}

impl Signals {
    pub(in crate::app) fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
        })
    }

    pub(in crate::app) async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.interrupt.recv() => Told::Interrupt,
            _ = self.terminate.recv() => Told::Leave,
            _ = self.hang_up.recv() => Told::Leave,
            _ = self.quit.recv() => Told::Leave,
            _ = self.stop.recv() => Told::Stop,
            _ = self.go_on.recv() => Told::Continue,
        }
    }

    /// Until one asks to leave, where nothing is in flight that could not stand still; `loan` lends the terminal, if a
    /// screen has it.
    pub(in crate::app) async fn leave(&mut self, loan: Option<&Loan>) {
        loop {
            match self.next().await {
                Told::Interrupt | Told::Leave => return,
                Told::Stop => stop(loan),
                Told::Continue => loan.into_iter().for_each(Loan::take_again),
            }
        }
    }
}

/// Lends the terminal and stands still until somebody tells us to go on.
pub(super) fn stop(loan: Option<&Loan>) {
    if let Some(loan) = loan {
        loan.lend();
        printer::complain("goaround: stopped, nothing is in flight; nothing is watched either until it goes on (fg)");
    }
    // The signal that cannot be listened to: a process whose parent is no shell would not stand still for the other.
    let _ = kill_process(getpid(), Signal::STOP);
}
