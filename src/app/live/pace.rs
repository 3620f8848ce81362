//! When a frame is due: what a person does and what is written down is shown at once, readings gather for a moment.

use std::time::Duration;

/// How long what was only read may wait for its frame, in ms: a dozen backends answer on their own, and nobody reads ten
/// frames a second.
const GATHER_MS: u64 = 100;

/// When the last frame was shown, and what has come since.
#[derive(Default)]
pub(super) struct Pace {
    shown_ms: Option<u64>,
    hurried: bool,
    owed: bool,
}

impl Pace {
    /// The next frame does not wait.
    pub(super) fn hurry(&mut self) {
        self.hurried = true;
    }

    /// Whether a frame is shown now, after something has come; one that is not is owed.
    pub(super) fn shows(&mut self, human_ms: u64) -> bool {
        let shows = self.hurried || self.shown_ms.is_none_or(|shown| human_ms.saturating_sub(shown) >= GATHER_MS);
        *self = if shows {
            Self { shown_ms: Some(human_ms), hurried: false, owed: false }
        } else {
            Self { owed: true, ..*self }
        };
        shows
    }

    /// How long a frame that is owed may still wait; for ever, where none is.
    pub(super) fn patience(&self, human_ms: u64) -> Duration {
        let since = human_ms.saturating_sub(self.shown_ms.unwrap_or_default());
        if self.owed { Duration::from_millis(GATHER_MS.saturating_sub(since)) } else { Duration::MAX }
    }
}
