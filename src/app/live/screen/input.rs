//! The input thread: keys, pastes, resizes, and whether the terminal is still there.

use crossterm::event::Event as TermEvent;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::stdin;
use std::time::Duration;
use tokio::sync::mpsc;

/// How often the terminal is asked whether it is still there, in ms.
const HANG_UP_MS: u64 = 100;
/// What is there already is there by now; crossterm does not even look when it is asked for no time at all.
const SOON: Duration = Duration::from_millis(1);

/// Reads until the terminal is gone. crossterm's own wait spins after a hang-up, so the terminal is asked first.
pub(super) fn read(events: &mpsc::Sender<TermEvent>) {
    loop {
        let stdin = stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::try_from(HANG_UP_MS * 1_000_000).unwrap_or(0) };
        match poll(&mut fds, Some(&wait)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
        }
        let state = fds[0].revents();
        if state.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return;
        }
        // A resize arrives without a byte to read: crossterm learns of it by its own signal handler.
        while crossterm::event::poll(SOON).unwrap_or(false) {
            let Ok(event) = crossterm::event::read() else { return };
            if events.blocking_send(event).is_err() {
                return;
            }
        }
    }
}
