//! Claims about a flight, whatever its commander, its wire, its disk and its power do.

mod again;
mod approved;
mod baselines;
mod bound_time;
mod capture_twice;
mod clock_behind;
mod commander;
mod dice;
mod flapping;
mod hung;
mod hung_disk;
mod long_values;
mod messages;
mod oracle;
mod pins;
mod races;
mod recall;
mod rewrite;
mod scrapes;
mod sky;
mod slow_disk;
mod sources;
mod stale;
mod standing_still;
mod too_long;
mod typed;
mod undo;

use oracle::Seen;
use sky::Sky;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many flights.
const SEEDS: u64 = 200;
/// How long everything behaves at the end, so that whatever can settle has.
const CALM_MS: u64 = 25_000;

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
    let sober = *sky.dice.pick(&[40, 90, 100]);
    sky.rough = *sky.dice.pick(&[0, 10, 45, 45]);
    let crashes = *sky.dice.pick(&[0, 1, 4]);
    let until_ms = 30_000 + sky.dice.below(80_000);
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

/// Flies every seed once, on every core.
fn fly_all() -> Seen {
    let next = AtomicU64::new(1);
    let seeds = || std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|seed| *seed <= SEEDS);
    let fly_some = || {
        let mut seen = Seen::default();
        seeds().for_each(|seed| seen.add(fly(seed)));
        seen
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let flights: Vec<_> = (0..threads).map(|_| scope.spawn(fly_some)).collect();
        let mut all = Seen::default();
        flights.into_iter().for_each(|flight| all.add(flight.join().expect("a flight broke a promise")));
        all
    })
}

#[test]
fn no_commander_wire_disk_or_crash_breaks_a_promise() {
    let seen = fly_all();
    // What never happened was not shown.
    let often = [
        (seen.sent, 400),
        (seen.unknown, 60),
        (seen.crashes, 300),
        (seen.crashes_in_a_pull, 20),
        (seen.failed_appends, 200),
        (seen.hung_appends, 60),
        (seen.branches_opened, 100),
        (seen.branches_flown, 100),
        (seen.holds_met, 10),
        (seen.recovered, 5),
        (seen.given_up, 10),
    ];
    assert!(often.iter().all(|(times, least)| times >= least), "too little has happened: {seen:?}");
}
