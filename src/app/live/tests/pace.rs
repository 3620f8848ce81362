//! Readings gather for a frame; nothing else waits.

use crate::app::live::pace::Pace;
use proptest::prelude::*;
use std::time::Duration;

#[test]
fn the_first_frame_and_whatever_is_in_a_hurry_are_shown_at_once() {
    let mut pace = Pace::default();
    assert!(pace.shows(0), "the first one");
    assert!(!pace.shows(1), "a reading gathers");
    pace.hurry();
    assert!(pace.shows(2), "a key does not");
    assert!(!pace.shows(3), "and makes nothing after it hurry");
}

#[test]
fn a_frame_is_waited_for_only_where_one_is_owed() {
    let mut pace = Pace::default();
    assert!(pace.shows(1000));
    assert_eq!(pace.patience(1001), Duration::MAX, "nothing has come");
    assert!(!pace.shows(1030));
    assert_eq!(pace.patience(1040), Duration::from_millis(60));
    assert!(pace.shows(1100));
    assert_eq!(pace.patience(1101), Duration::MAX);
}

proptest! {
    /// However fast readings come, they are shown in time and never more often than they are read by a person.
    #[test]
    fn readings_are_shown_within_a_tenth_of_a_second_and_at_most_ten_times_in_one(
        gaps in prop::collection::vec(0_u64..400, 1..200),
    ) {
        let (mut pace, mut now_ms, mut frames) = (Pace::default(), 0, Vec::new());
        for gap in gaps {
            let came_ms = now_ms + gap;
            // The loop wakes when patience ends, or when the next reading comes.
            let woken_ms = pace.patience(now_ms).as_millis().try_into().unwrap_or(u64::MAX).saturating_add(now_ms);
            for at_ms in [woken_ms, came_ms] {
                if at_ms <= came_ms && pace.shows(at_ms) {
                    frames.push(at_ms);
                }
            }
            prop_assert!(pace.patience(came_ms) == Duration::MAX || frames.last().is_some_and(|last| came_ms - last < 100));
            now_ms = came_ms;
        }
        prop_assert!(frames.windows(2).all(|pair| pair[1] - pair[0] >= 100), "{frames:?}");
    }
}
