//! The input thread: keys, pastes, resizes, and whether the terminal is still there.

use crate::app::live::background::LateAnswer;
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
    let mut late = LateAnswer::default();
    while !events.is_closed() {
        let stdin = stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::try_from(HANG_UP_MS * 1_000_000).unwrap_or(0) };
        match poll(&mut fds, Some(&wait)) {
            Ok(ready) => {
                let typed = if ready == 0 { late.let_go() } else { Vec::new() };
                if !send(events, typed) {
                    return;
                }
            }
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
        }
        let state = fds[0].revents();
        if state.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return;
        }
        // A resize arrives without a byte to read: crossterm learns of it by its own signal handler.
        // Once nobody listens the keys are those of whoever takes the terminal next.
        while !events.is_closed() && crossterm::event::poll(SOON).unwrap_or(false) {
            let Ok(event) = crossterm::event::read() else { return };
            if !send(events, late.sift(event)) {
                return;
            }
        }
    }
}

/// Hands these on; answers whether anybody takes them.
fn send(events: &mpsc::Sender<TermEvent>, these: Vec<TermEvent>) -> bool {
    these.into_iter().all(|event| events.blocking_send(event).is_ok())
}
