//! Medians and their like over many incidents.

use super::summary::Took;
use schemars::JsonSchema;
use serde::Serialize;

/// How a time is spread over those in which it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spread {
    /// In how many it was reached.
    pub count: u64,
    /// The median, in milliseconds: the smallest that at least half of them do not exceed (nearest rank).
    pub median_ms: u64,
    /// The smallest that at least nine of ten do not exceed (nearest rank), in milliseconds.
    pub p90_ms: u64,
    /// Whether any of them rests on the wall clock, or on a sample's own time.
    pub approximate: bool,
}

impl Spread {
    /// Of at least one value.
    pub(super) fn of(times: &[Took]) -> Option<Self> {
        let mut values_ms: Vec<u64> = times.iter().map(|took| took.ms).collect();
        values_ms.sort_unstable();
        Some(Self {
            count: values_ms.len() as u64,
            median_ms: nearest_rank(&values_ms, 50)?,
            p90_ms: nearest_rank(&values_ms, 90)?,
            approximate: times.iter().any(|took| took.approximate),
        })
    }
}

/// The smallest value that at least `percent` of all do not exceed: the one at rank ⌈percent/100 · n⌉, from 1. Always
/// one that was measured, never one in between.
fn nearest_rank(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_textbook_example_of_nearest_rank_holds() {
        let sorted = [15, 20, 35, 40, 50];
        let ranks = [5, 30, 40, 50, 90, 100].map(|percent| nearest_rank(&sorted, percent));
        assert_eq!(ranks, [Some(15), Some(20), Some(20), Some(35), Some(50), Some(50)]);
        assert_eq!(Spread::of(&[]), None);
    }

    proptest! {
        #[test]
        fn enough_values_lie_at_or_below_it_and_too_few_lie_below(
            values in prop::collection::vec(0_u64..50, 1..200),
            percent in 1_usize..=100,
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let found = nearest_rank(&sorted, percent).expect("there are values");
            let at_most = values.iter().filter(|value| **value <= found).count();
            let below = values.iter().filter(|value| **value < found).count();
            prop_assert!(values.contains(&found));
            prop_assert!(at_most * 100 >= percent * values.len());
            prop_assert!(below * 100 < percent * values.len());
        }

        #[test]
        fn the_order_of_the_values_does_not_matter(values in prop::collection::vec(any::<(u64, bool)>(), 1..50)) {
            let took = |(ms, approximate): &(u64, bool)| Took { ms: *ms, approximate: *approximate };
            let mut times: Vec<Took> = values.iter().map(took).collect();
            let one = Spread::of(&times);
            times.reverse();
            prop_assert_eq!(one, Spread::of(&times));
            prop_assert_eq!(one.map(|one| one.approximate), Some(values.iter().any(|(_, approximate)| *approximate)));
        }
    }
}
