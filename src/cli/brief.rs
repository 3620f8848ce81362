//! Times in a word, for tables that hold many.

/// A time in at most five letters: `0.4s`, `48s`, `9m12`, `12m`, `1h05`, `23h`, `3d`.
pub(super) fn brief(ms: u64) -> String {
    let s = ms / 1000;
    let (minutes, hours) = (s / 60, s / 3600);
    match s {
        0 => format!("0.{}s", ms / 100),
        1..60 => format!("{s}s"),
        60..600 => format!("{minutes}m{:02}", s % 60),
        600..3600 => format!("{minutes}m"),
        3600..36_000 => format!("{hours}h{:02}", minutes % 60),
        36_000..172_800 => format!("{hours}h"),
        172_800..864_000_000 => format!("{}d", hours / 24),
        _ => "years".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_is_as_precise_as_five_letters_allow() {
        let told = [0, 940, 1_000, 59_999, 60_000, 552_000, 600_000, 3_599_000, 3_900_000, 36_000_000, 259_200_000];
        let words = ["0.0s", "0.9s", "1s", "59s", "1m00", "9m12", "10m", "59m", "1h05", "10h", "3d"];
        assert_eq!(told.map(brief), words);
    }

    proptest! {
        #[test]
        fn no_time_is_longer_than_five_letters(ms: u64) {
            prop_assert!(brief(ms).len() <= 5, "{}", brief(ms));
        }
    }
}
