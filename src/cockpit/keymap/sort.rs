//! What sort of act a key stands for: the one list of those that only go about.

use super::{Act, LeverAct, StepAct, TalkAct};
use crate::cockpit::catalogue::Catalogue;

/// What sort of act it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cockpit) enum Sort {
    /// Something with a step.
    Step(StepAct),
    /// Something with a lever.
    Lever(LeverAct),
    /// Something told to people, or to the journal.
    Talk(TalkAct),
    /// A list to read.
    List(Catalogue),
    /// Lets the hold take longer.
    ExtendHold,
    /// Opens what is selected, which may be a change.
    Open,
    /// Copies an address.
    CopyLink,
    /// Begins a search.
    Search,
    /// Walks through what was found.
    Found,
    /// Shows what was acknowledged.
    Acknowledged,
    /// Goes about, shows, or answers what is open: it can always be done, and changes nothing by itself.
    Free,
}

impl Act {
    /// Its sort.
    pub(in crate::cockpit) fn sort(self) -> Sort {
        match self {
            Self::Step(act) => Sort::Step(act),
            Self::Lever(act) => Sort::Lever(act),
            Self::Talk(act) => Sort::Talk(act),
            Self::List(list) => Sort::List(list),
            Self::ExtendHold => Sort::ExtendHold,
            Self::Open => Sort::Open,
            Self::CopyLink => Sort::CopyLink,
            Self::Search => Sort::Search,
            Self::NextFound | Self::PrevFound => Sort::Found,
            Self::Acknowledged => Sort::Acknowledged,
            Self::Help
            | Self::Palette
            | Self::HalfDown
            | Self::HalfUp
            | Self::Down
            | Self::Up
            | Self::First
            | Self::Last
            | Self::Panel
            | Self::NextPanel
            | Self::PrevPanel
            | Self::Back
            | Self::Leave
            | Self::Levers
            | Self::Hold
            | Self::Clocks
            | Self::Debts
            | Self::Comms
            | Self::Tree
            | Self::Reel(_)
            | Self::Zoom
            | Self::Choose
            | Self::Accept
            | Self::Cancel
            | Self::Quit
            | Self::Stay
            | Self::Interrupt
            | Self::Theme
            | Self::Mouse
            | Self::Redraw => Sort::Free,
        }
    }
}
