//! What is said after a drill: how it ended, what came about by itself, and the pitfalls fallen into.

use super::Verdict;
use super::flying::{self, resume};
use crate::app::auto::Ending;
use crate::app::printer::say;
use crate::drill::{Score, Stage};
use crate::incident::State;
use crate::playbook::Playbook;
use std::path::Path;

/// Prints the end of a drill; a pitfall fallen into costs the yes. The directory is the last line.
pub(super) fn land(ending: &Ending, flown: Flown<'_>, directory: &Path) -> Verdict {
    let verdict = flying::tell(ending, directory, &flown.again(directory));
    let score = match ending {
        Ending::Closed { .. } | Ending::LeftAlone => flown.score(),
        // What is still open may still be put right.
        Ending::NotDeclared | Ending::Differed(_) | Ending::Open(_) | Ending::Unsaved { .. } => Score::default(),
    };
    for (at_ms, says) in &score.told {
        say(format_args!("meanwhile at {:02}:{:02}: {says}", at_ms / 60_000, at_ms / 1000 % 60));
    }
    if score.needless {
        say("it was a false alarm: the right move was to leave it alone");
    }
    for (id, says) in &score.fallen {
        say(format_args!("fell into: {id}: {says}"));
    }
    score.aftermath.iter().for_each(say);
    say(directory.display());
    if score.needless || !score.fallen.is_empty() { Verdict::No } else { verdict }
}

/// A drill that was flown to its end.
pub(super) struct Flown<'a> {
    pub(super) stage: &'a mut Stage,
    pub(super) playbook: &'a Playbook,
    pub(super) state: &'a State,
    /// When it ended, in ms after the drill's start.
    pub(super) ended_ms: u64,
    /// The directory that was flown again, if it was a recording.
    pub(super) of: Option<&'a Path>,
}

impl Flown<'_> {
    /// What goes on with it.
    fn again(&self, directory: &Path) -> String {
        match self.of {
            Some(of) => format!("goaround drill --from {}", of.display()),
            None => resume(directory),
        }
    }

    fn score(self) -> Score {
        let Self { stage, playbook, state, ended_ms, of: _ } = self;
        stage.world().map(|world| world.score(playbook, state, ended_ms)).unwrap_or_default()
    }
}
