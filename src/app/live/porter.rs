//! The inbox's thread: observers' slips come in once a second, and a slow disk stalls nobody.

use crate::journal::{Found, Inbox};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::mpsc::{self, error::TrySendError};

/// How often the inbox is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// The most slips waiting to be taken away; those beyond are found again.
const WAITING_MAX: usize = 256;

/// The way to the inbox's thread; it ends with it.
pub(super) struct Porter {
    removals: SyncSender<String>,
}

impl Porter {
    /// Starts the thread; answers where what it finds arrives, all that lies there each time.
    pub(super) fn start(incident: &Path) -> (Self, mpsc::Receiver<Vec<Found>>) {
        let (removals, asked) = sync_channel(WAITING_MAX);
        let (tell, found) = mpsc::channel(1);
        let incident = incident.to_owned();
        std::thread::spawn(move || tend(&incident, &asked, &tell));
        (Self { removals }, found)
    }

    /// Has a slip taken away.
    pub(super) fn remove(&self, name: String) {
        drop(self.removals.try_send(name));
    }
}

fn tend(incident: &Path, asked: &Receiver<String>, tell: &mpsc::Sender<Vec<Found>>) {
    // The first look always counts: who asked before a crash may be gone.
    let mut was_empty = false;
    loop {
        let gone = match asked.recv_timeout(LOOK) {
            Ok(name) => Some(name),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // Opened anew each time: a folder that comes back is an inbox again.
        let Ok(inbox) = Inbox::open(incident) else { continue };
        for name in gone.into_iter().chain(asked.try_iter()) {
            // What stays is found again.
            drop(inbox.remove(&name));
        }
        let found = inbox.look().unwrap_or_default();
        match tell_news(tell, found, was_empty) {
            Some(empty) => was_empty = empty,
            None => return,
        }
    }
}

/// Tells what lies there, but of an empty inbox only once. Answers whether it is known now to be empty: what found no
/// room was not heard, and is told again. `None` once nobody listens.
pub(super) fn tell_news(tell: &mpsc::Sender<Vec<Found>>, found: Vec<Found>, was_empty: bool) -> Option<bool> {
    let is_empty = found.is_empty();
    if was_empty && is_empty {
        return Some(true);
    }
    match tell.try_send(found) {
        Ok(()) => Some(is_empty),
        Err(TrySendError::Full(_)) => Some(false),
        Err(TrySendError::Closed(_)) => None,
    }
}
