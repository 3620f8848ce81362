//! The six panels of the main screen.

/// A panel of the main screen; its number is its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Panel {
    Metrics,
    Checklist,
    Levers,
    Comms,
    Journal,
    Hold,
}

impl Panel {
    pub(super) const ALL: [Self; 6] =
        [Self::Metrics, Self::Checklist, Self::Levers, Self::Comms, Self::Journal, Self::Hold];

    /// What it is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Checklist => "checklist",
            Self::Levers => "levers",
            Self::Comms => "messages",
            Self::Journal => "journal",
            Self::Hold => "hold",
        }
    }
}
