//! What can stand over the main screen.

use super::arming::Arming;
use super::catalogue::Catalogue;
use super::field::Field;
use super::menu::Menu;
use super::palette::Palette;
use super::posting::Posting;
use crate::playbook::Id;

/// What stands over the main screen; the last one gets the keys.
#[derive(Clone, Debug)]
pub(super) enum Dialog {
    Step(Id),
    Metric(Id),
    Levers,
    Hold,
    Clocks,
    Debts,
    Comms,
    /// The words of a message, being edited.
    Edit(Id),
    /// A message as it would leave, and what became of it.
    Preview(Box<Posting>),
    Tree,
    List(Catalogue),
    Journal,
    /// The alerts that were acknowledged.
    Acknowledged,
    Help,
    Palette(Box<Palette>),
    Quit,
    Arm(Box<Arming>),
    Menu(Menu),
    Field(Box<Field>),
}

/// What waits for an answer.
pub(super) enum Asks<'a> {
    /// The words of this message.
    Words(&'a Id),
    /// Whether a message leaves.
    Letter(&'a Posting),
    /// Whether to leave.
    Leave,
    /// Whether a lever is fired.
    Lever(&'a Arming),
    /// A choice.
    Choice(&'a Menu),
    /// A line of text.
    Text(&'a Field),
}

impl Dialog {
    /// What it waits for; `None` for what is only looked at.
    pub(super) fn asks(&self) -> Option<Asks<'_>> {
        Some(match self {
            Self::Edit(comm) => Asks::Words(comm),
            Self::Preview(posting) => Asks::Letter(posting),
            Self::Quit => Asks::Leave,
            Self::Arm(arming) => Asks::Lever(arming),
            Self::Menu(menu) => Asks::Choice(menu),
            Self::Field(field) => Asks::Text(field),
            Self::Step(_)
            | Self::Metric(_)
            | Self::Levers
            | Self::Hold
            | Self::Clocks
            | Self::Debts
            | Self::Comms
            | Self::Tree
            | Self::List(_)
            | Self::Journal
            | Self::Acknowledged
            | Self::Palette(_)
            | Self::Help => return None,
        })
    }
}
