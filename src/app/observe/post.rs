//! Where an observer stands: what they know, what they have left for the commander, and command once it is theirs.

use super::guest::Guest;
use super::{Comes, Observer, Onlooker, Opened, Watched};
use crate::incident::Record;
use crate::journal::{self, Error as JournalError, Journal};
use crate::text::Text;
use std::io::Result;
use std::path::PathBuf;
use std::time::Instant;

/// After this many looks that found nothing new it is asked whether anybody still commands: 5 s, and then again.
const QUIET_LOOKS: u32 = 20;

/// An observer at an incident.
pub(super) struct Post {
    directory: PathBuf,
    pub(super) onlooker: Onlooker,
    pub(super) guest: Guest,
    /// The journal, once it was handed over.
    opened: Option<Opened>,
    /// Whether nobody commands any more.
    pub(super) leaderless: bool,
    human: Instant,
    pub(super) leaving: bool,
}

impl Post {
    /// Takes the post up; answers with what its observer is told first, if anything.
    pub(super) fn take_up(observer: Observer, onlooker: Onlooker) -> Result<(Self, Option<Text>)> {
        let mut guest = Guest::new(&observer.directory, observer.role, observer.barred)?;
        let told = match observer.comes {
            Comes::Watches => None,
            Comes::Takes => Some(guest.turn_ask().map_or_else(|why| why, Text::from)),
            Comes::Commanded(to) => Some(format!("command was handed over to {to}; you observe from here").into()),
        };
        let directory = observer.directory;
        let human = Instant::now();
        let post = Self { directory, onlooker, guest, opened: None, leaderless: false, human, leaving: false };
        Ok((post, told))
    }

    pub(super) fn human_ms(&self) -> u64 {
        u64::try_from(self.human.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes in what has happened since, and gives a sign of life; answers with the new records and what there is to say.
    pub(super) fn look(&mut self) -> (Vec<Record>, Option<Text>) {
        let records = self.onlooker.look();
        let answer = self.guest.hear_answer(self.onlooker.state());
        let closed = self.onlooker.state().closed.is_some();
        let signed = if closed { Ok(()) } else { self.guest.sign(self.human_ms()) };
        let news = signed.err().or(answer);
        if self.guest.is_handed(self.onlooker.state()) {
            return (records, self.take_over().or(news));
        }
        self.ask_who_commands();
        (records, news)
    }

    /// Asking touches the lock for a moment, which must not stand in the way of who resumes: only in silence, and seldom.
    fn ask_who_commands(&mut self) {
        match self.onlooker.quiet_looks() {
            0 => self.leaderless = false,
            looks if looks % QUIET_LOOKS == 0 => {
                let closed = self.onlooker.state().closed.is_some();
                self.leaderless = !closed && matches!(journal::is_held(&self.directory), Ok(false));
            }
            _ => {}
        }
    }

    /// Asks for command, or takes that back; says which. Where nobody commands nobody could answer.
    pub(super) fn turn_ask(&mut self) -> std::result::Result<Text, Text> {
        match self.nobody_commands().filter(|_| !self.guest.asks()) {
            Some(nobody) => Err(nobody),
            None => self.guest.turn_ask().map(Text::from),
        }
    }

    /// That nobody commands, if so, and who did.
    pub(super) fn nobody_commands(&self) -> Option<Text> {
        let (commander, directory) = (&self.onlooker.state().people.commander, self.directory.display());
        let gone = || format!("nobody commands: {commander} is gone; go on with: goaround resume {directory}");
        self.leaderless.then(|| gone().into())
    }

    /// Takes the journal as soon as the one who had it has let it go: its lock decides, so that never two command.
    /// Why not yet, if so.
    fn take_over(&mut self) -> Option<Text> {
        match Journal::open(&self.directory) {
            Ok(opened) => {
                (self.opened, self.leaving) = (Some(opened), true);
                None
            }
            Err(JournalError::Locked(_)) => Some("you take over as soon as the journal is let go".into()),
            Err(error) => Some(error.to_string().into()),
        }
    }

    /// Takes the sign of life away; how it ended.
    pub(super) fn leave(self) -> Watched {
        self.guest.leave();
        match (self.opened, self.onlooker.lost()) {
            (Some(opened), _) => Watched::Commands(Box::new(opened)),
            (None, Some(why)) => Watched::Lost(why.clone()),
            (None, None) => Watched::Left,
        }
    }
}
