//! What keys do with the tape of a replay.

/// What a key does with the tape of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReelAct {
    /// Let it go on by itself, or stop it.
    Play,
    /// To the next event.
    NextEvent,
    /// To the event before.
    PrevEvent,
    /// To the next bookmark.
    NextMark,
    /// To the bookmark before.
    PrevMark,
    /// Set a bookmark here, or take it away.
    Mark,
    /// Play faster.
    Faster,
    /// Play slower.
    Slower,
    /// To so many tenths of the way.
    Percent,
    /// A second on.
    Ahead,
    /// A second back.
    Behind,
    /// Ten seconds on.
    FarAhead,
    /// Ten seconds back.
    FarBehind,
    /// To the beginning.
    Begin,
    /// To the end.
    End,
    /// Look for an event by its words.
    Find,
    /// To the next event found.
    NextFound,
    /// To the event found before.
    PrevFound,
}

impl ReelAct {
    /// Whether it goes to another place on the tape.
    pub(super) fn goes(self) -> bool {
        !matches!(self, Self::Play | Self::Mark | Self::Faster | Self::Slower | Self::Find)
    }
}
