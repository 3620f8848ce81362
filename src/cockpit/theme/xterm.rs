//! The 240 of a terminal's 256 colours that look the same everywhere.

use std::cmp::Reverse;

/// The steps of each channel in the 6x6x6 cube of the 256 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// Where that cube starts; the colours before are the terminal's own.
pub(super) const CUBE: u8 = 16;
/// Where the 24 greys start, and the first of them.
const GREYS: (u8, u8) = (232, 8);

/// The one of the 240 that is nearest.
pub(super) fn nearest(rgb: [u8; 3]) -> u8 {
    let distance = |index: &u8| -> u32 {
        rgb.iter().zip(rgb_of(*index)).map(|(have, want)| u32::from(have.abs_diff(want)).pow(2)).sum()
    };
    (CUBE..=u8::MAX).max_by_key(|index| Reverse(distance(index))).unwrap_or(CUBE)
}

/// What one of the 240 looks like.
pub(super) fn rgb_of(index: u8) -> [u8; 3] {
    if index >= GREYS.0 {
        return [GREYS.1 + 10 * (index - GREYS.0); 3];
    }
    let place = index.saturating_sub(CUBE);
    [place / 36, place / 6 % 6, place % 6].map(|step| STEPS[usize::from(step)])
}
