//! The input thread: keys, pastes, resizes, what the terminal answers, and whether it is still there.

use crate::app::live::background::Sieve;
use crate::cockpit::Background;
use crossterm::event::Event as TermEvent;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::stdin;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How often the terminal is asked whether it is still there, in ms.
const HANG_UP_MS: u64 = 100;
/// How long an Esc may be held back because the rest of an answer may follow, in ms.
const ESC_MS: u64 = 20;
/// How long one may: the terminal answers sooner, or never.
const DUE: Duration = Duration::from_secs(10);
/// What is there already is there by now. crossterm does not even look when it is asked for no time at all, and spins
/// for as long as it is asked for less than two milliseconds; what it misses is there at the next look.
const SOON: Duration = Duration::from_micros(50);

/// Reads until the terminal is gone. crossterm's own wait spins after a hang-up, so the terminal is asked first.
/// `asked` is whether it was asked for its background, which `learn` is told.
pub(super) fn read(events: &mpsc::Sender<TermEvent>, asked: bool, learn: impl Fn(Background)) {
    let mut sieve = Sieve::expecting(asked);
    let began = Instant::now();
    while !events.is_closed() {
        let stdin = stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let wait_ms = if sieve.holds_esc() { ESC_MS } else { HANG_UP_MS };
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::try_from(wait_ms * 1_000_000).unwrap_or(0) };
        match poll(&mut fds, Some(&wait)) {
            Ok(ready) => {
                let typed = if ready == 0 { sieve.on_silence() } else { Vec::new() };
                if !send(events, typed) {
                    return;
                }
                sieve.told().into_iter().for_each(&learn);
            }
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
        }
        let state = fds[0].revents();
        if state.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return;
        }
        if began.elapsed() > DUE {
            sieve.give_up();
        }
        // A resize arrives without a byte to read: crossterm learns of it by its own signal handler.
        // Once nobody listens the keys are those of whoever takes the terminal next.
        while !events.is_closed() && crossterm::event::poll(SOON).unwrap_or(false) {
            let Ok(event) = crossterm::event::read() else { return };
            if !send(events, sieve.sift(event)) {
                return;
            }
            sieve.told().into_iter().for_each(&learn);
        }
    }
}

/// Hands these on; answers whether anybody takes them.
fn send(events: &mpsc::Sender<TermEvent>, these: Vec<TermEvent>) -> bool {
    these.into_iter().all(|event| events.blocking_send(event).is_ok())
}
