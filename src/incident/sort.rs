//! What sort of command it is: the one list that says which count each, and which give way to a newer one.

use super::command::Command;
use crate::metrics::Verdict;
use crate::playbook::Id;

/// What sort of command it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sort<'a> {
    /// Somebody's wish, or something that happens once: each counts.
    Once,
    /// How something outside ended: others wait for it, so it must be known, if need be in fewer words.
    Ended,
    /// What is seen now, again and again: a newer one says more.
    Look(Look<'a>),
}

/// What is looked at again and again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look<'a> {
    /// A metric.
    Metric(&'a Id, &'a Verdict),
    /// A probe.
    Probe(&'a Id),
    /// Whether this message is due again.
    Due(&'a Id),
    /// The time.
    Time,
}

impl Command {
    /// Its sort.
    pub fn sort(&self) -> Sort<'_> {
        match self {
            Self::Judge { metric, verdict } => Sort::Look(Look::Metric(metric, verdict)),
            Self::Sense { probe, .. } => Sort::Look(Look::Probe(probe)),
            Self::SendAgain { comm } => Sort::Look(Look::Due(comm)),
            Self::Tick => Sort::Look(Look::Time),
            Self::Settle { .. } | Self::SettleMessage { .. } | Self::ReadBack { .. } | Self::Capture { .. } => {
                Sort::Ended
            }
            Self::Open { .. }
            | Self::Declare { .. }
            | Self::SizeUp { .. }
            | Self::DeclareSymptom { .. }
            | Self::OpenBranch { .. }
            | Self::StartStep { .. }
            | Self::Confirm { .. }
            | Self::Pick { .. }
            | Self::Skip { .. }
            | Self::Override { .. }
            | Self::Defer { .. }
            | Self::Reopen { .. }
            | Self::FailStep { .. }
            | Self::Approve { .. }
            | Self::Fire(_)
            | Self::Attest { .. }
            | Self::EndWait { .. }
            | Self::CaptureBaseline { .. }
            | Self::Send { .. }
            | Self::Note { .. }
            | Self::Acknowledge { .. }
            | Self::AcknowledgeReversion { .. }
            | Self::AcknowledgeObjection { .. }
            | Self::AskCommand { .. }
            | Self::DropAsk { .. }
            | Self::DeclineCommand { .. }
            | Self::HandOver { .. }
            | Self::Object { .. }
            | Self::ExtendHold { .. }
            | Self::Resume { .. }
            | Self::Close { .. }
            | Self::FollowUp { .. } => Sort::Once,
        }
    }
}
