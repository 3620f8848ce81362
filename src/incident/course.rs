//! The incident's own clock, over every boot and whatever became of the wall clock.

use super::moment::NS_PER_MS;
use super::{BootId, Elapsed, Moment};
use std::collections::BTreeMap;

/// The clock of an incident over all of its boots: within each the boot clock, from one to the next the wall clock.
///
/// Where the wall clock went back meanwhile nobody knows for how long nothing ran, and no time is counted for it: what
/// lies across lasted at least that long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    boots: BTreeMap<BootId, Boot>,
    /// The boot of the newest record.
    now: Option<BootId>,
}

/// One boot, as far as records tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Boot {
    first_ns: u64,
    newest_ns: u64,
    newest_wall_ms: i64,
    /// Where its first moment lies behind the incident's first.
    began_ns: i128,
}

impl Boot {
    fn place_ns(&self, boot_ns: u64) -> i128 {
        self.began_ns + i128::from(boot_ns) - i128::from(self.first_ns)
    }
}

impl Course {
    /// Goes on to the moment of the next record.
    pub fn take(&mut self, at: &Moment) {
        let before = self.now.as_ref().and_then(|id| self.boots.get(id));
        let began_ns = before.map_or(0, |before| {
            let away_ms = i128::from(at.wall_ms) - i128::from(before.newest_wall_ms);
            before.place_ns(before.newest_ns) + away_ms.max(0) * NS_PER_MS
        });
        let new = || Boot { first_ns: at.boot_ns, newest_ns: at.boot_ns, newest_wall_ms: at.wall_ms, began_ns };
        let boot = self.boots.entry(at.boot_id.clone()).or_insert_with(new);
        (boot.newest_ns, boot.newest_wall_ms) = (at.boot_ns, at.wall_ms);
        self.now = Some(at.boot_id.clone());
    }

    /// How much later than `from` it was, in nanoseconds; less than 0 where it was earlier. A moment of a boot that no
    /// record tells of is placed by the wall clock.
    pub fn apart_ns(&self, from: &Moment, to: &Moment) -> i128 {
        if from.boot_id == to.boot_id {
            return i128::from(to.boot_ns) - i128::from(from.boot_ns);
        }
        match (self.place_ns(from), self.place_ns(to)) {
            (Some(from), Some(to)) => to - from,
            (_, _) => (i128::from(to.wall_ms) - i128::from(from.wall_ms)) * NS_PER_MS,
        }
    }

    /// The time from `earlier` to `later`.
    pub fn since(&self, later: &Moment, earlier: &Moment) -> Elapsed {
        let ms = u64::try_from(self.apart_ns(earlier, later) / NS_PER_MS).unwrap_or(0);
        Elapsed { ms, approximate: later.boot_id != earlier.boot_id }
    }

    fn place_ns(&self, at: &Moment) -> Option<i128> {
        Some(self.boots.get(&at.boot_id)?.place_ns(at.boot_ns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(boot_id: &str, wall_s: i64, boot_s: u64) -> Moment {
        Moment { wall_ms: wall_s * 1000, boot_ns: boot_s * 1_000_000_000, boot_id: boot_id.into() }
    }

    fn course(moments: &[Moment]) -> Course {
        let mut course = Course::default();
        moments.iter().for_each(|at| course.take(at));
        course
    }

    #[test]
    fn a_wall_clock_that_went_back_across_a_restart_takes_nothing_from_what_the_boots_counted() {
        let moments = [at("a", 10_000, 5), at("a", 10_030, 35), at("b", 6_440, 2), at("b", 6_510, 72)];
        let course = course(&moments);
        let all = course.since(&moments[3], &moments[0]);
        assert_eq!(all, Elapsed { ms: 100_000, approximate: true });
        assert_eq!(course.since(&moments[3], &moments[2]), Elapsed { ms: 70_000, approximate: false });
        assert_eq!(course.apart_ns(&moments[3], &moments[0]), -100_000_000_000);
    }

    #[test]
    fn a_restart_that_took_a_while_is_counted_by_the_wall_clock() {
        let moments = [at("a", 100, 5), at("a", 110, 15), at("b", 150, 2), at("b", 160, 12), at("c", 165, 1)];
        assert_eq!(course(&moments).since(&moments[4], &moments[0]), Elapsed { ms: 65_000, approximate: true });
    }

    #[test]
    fn a_boot_that_no_record_tells_of_yet_is_placed_by_the_wall_clock() {
        let moments = [at("a", 100, 5)];
        let course = course(&moments);
        assert_eq!(course.since(&at("new", 130, 1), &moments[0]), Elapsed { ms: 30_000, approximate: true });
        assert_eq!(course.since(&at("new", 70, 1), &moments[0]), Elapsed { ms: 0, approximate: true });
    }
}
