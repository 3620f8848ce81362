//! Claims about a flight, whatever its commander, its wire, its disk and its power do.

mod commander;
mod dice;
mod oracle;
mod sky;

use oracle::Seen;
use sky::Sky;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many flights.
const SEEDS: u64 = 200;
/// How long everything behaves at the end, so that whatever can settle has.
const CALM_MS: u64 = 40_000;

/// Says which seed to fly again, if a flight ends in a panic.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was seed {}", self.0);
        }
    }
}

/// One flight with a random commander; its promises are asserted on the way.
fn fly(seed: u64) -> Seen {
    let _named = Named(seed);
    let mut sky = Sky::new(seed);
    let sober = *sky.dice.pick(&[30, 70, 95]);
    let crashes = *sky.dice.pick(&[0, 2, 6]);
    let until_ms = 60_000 + sky.dice.below(120_000);
    while sky.passed_ms() < until_ms {
        let next_move_ms = sky.passed_ms() + 1 + sky.dice.below(1500);
        while sky.passed_ms() < next_move_ms {
            sky.pass(next_move_ms);
            // Anywhere: in a pull, in a sync, in a read-back, in nothing.
            if sky.dice.below(4000) < crashes * 10 && sky.flight.state().closed.is_none() {
                sky.crash();
            }
        }
        sky.command_something(sober);
    }
    sky.calm = true;
    while sky.passed_ms() < until_ms + CALM_MS {
        sky.pass(until_ms + CALM_MS);
    }
    assert!(sky.flight.is_settled() && !sky.flight.has_acts_in_flight(), "everything ends");
    sky.assert_replays();
    sky.oracle.audit(&sky.playbook, sky.flight.state());
    sky.oracle.seen
}

#[test]
fn no_commander_wire_disk_or_crash_breaks_a_promise() {
    let next = AtomicU64::new(1);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let seen = std::thread::scope(|scope| {
        let fly_some = || {
            let mut seen = Seen::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed > SEEDS {
                    return seen;
                }
                seen.add(fly(seed));
            }
        };
        let flights: Vec<_> = (0..threads).map(|_| scope.spawn(fly_some)).collect();
        let mut all = Seen::default();
        flights.into_iter().for_each(|flight| all.add(flight.join().unwrap()));
        all
    });
    println!("{seen:?}");
}
