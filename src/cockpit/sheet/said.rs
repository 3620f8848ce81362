//! What a key on the sheet came to, and what is wanted once it is left.

use crate::report::{Answers, Revision};

/// What a key came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// This is to be written down.
    Words(Answers),
    /// A finding that was kept is to be changed or taken out.
    Revised(Revision),
    /// The report is to be written so, and the debrief with it.
    Papers(Paper),
    /// The sheet is left.
    Leave(Then),
}

/// What the report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// `report.md`.
    Markdown,
    /// `report.html`.
    Page,
}

impl Paper {
    /// The file it is written to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "report.md",
            Self::Page => "report.html",
        }
    }
}

/// What is wanted once the sheet is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// Back to the shell.
    #[default]
    Shell,
    /// The drill again, from the moment of this record; then the sheet.
    Replay(u64),
    /// The next drill.
    Drill,
    /// Back to the shell, and nothing more of a disk that hangs.
    Stuck,
}
