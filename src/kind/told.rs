//! What a recording tells instead of an answer: what was made of the answer when it came.

use super::{Answer, Fault, Outcome, Reading, Seen, Settled};

/// What a recording knows of an exchange. Its raw answer is not in a journal; what was read out of it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// What a look saw.
    Seen(Seen),
    /// What metrics read, in the order they were asked for.
    Readings(Vec<Reading>),
    /// How an act ended.
    Settled(Settled),
    /// Nothing: it was not recorded, and nothing is made up for it.
    Nothing,
}

impl Told {
    /// What stands wherever a recording has nothing to say.
    pub const NOT_RECORDED: &'static str = "not recorded";

    /// What this result tells, if it comes from a recording.
    pub fn of(result: &Result<Answer, Fault>) -> Option<&Self> {
        match result {
            Ok(Answer::Told(told)) => Some(told),
            Ok(_) | Err(_) => None,
        }
    }

    /// What a look saw.
    pub(super) fn seen(&self) -> Seen {
        match self {
            Self::Seen(seen) => seen.clone(),
            Self::Readings(_) | Self::Settled(_) | Self::Nothing => Seen::Absent(Self::NOT_RECORDED.into()),
        }
    }

    /// What `count` metrics read.
    pub fn readings(&self, count: usize) -> Vec<Reading> {
        match self {
            Self::Readings(readings) if readings.len() == count => readings.clone(),
            Self::Readings(_) | Self::Seen(_) | Self::Settled(_) | Self::Nothing => {
                vec![Reading::NoData(Self::NOT_RECORDED.into()); count]
            }
        }
    }

    /// How an act ended; of one that was not recorded nobody knows.
    pub(super) fn settled(&self) -> Settled {
        match self {
            Self::Settled(settled) => settled.clone(),
            Self::Seen(_) | Self::Readings(_) | Self::Nothing => Settled::new(Outcome::Unknown, Self::NOT_RECORDED),
        }
    }
}
