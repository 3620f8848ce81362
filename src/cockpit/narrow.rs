//! A window too small to show what keys would do: in it nothing is begun, fired, sent or typed.

use super::ui::Ui;

/// Below this nothing can be told honestly.
pub(super) const LEAST: (u16, u16) = (40, 10);

/// Whether a window of so many columns and rows shows too little to act on.
pub(super) fn is_too_small((width, height): (u16, u16)) -> bool {
    width < LEAST.0 || height < LEAST.1
}

impl Ui {
    /// Takes note of the window's size, in columns and rows, as soon as it is known: a key may come before the next
    /// frame. What a larger window shows again was not on the terminal until now, so keys wait as after arming.
    pub fn resized(&self, size: (u16, u16), human_ms: u64) {
        let too_small = is_too_small(size);
        if self.shown.too_small.replace(too_small) && !too_small {
            self.unseen_ms.set(Some(human_ms));
        }
    }

    /// Whether the window shows nothing that a key could be meant for.
    pub(super) fn is_blind(&self) -> bool {
        self.shown.too_small.get()
    }
}
