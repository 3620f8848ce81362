//! Looking over the commander's shoulder: the journal is followed, nothing is locked, asked or fired.

mod guest;
mod lines;
mod onlooker;
mod post;

pub use lines::{Input, tell};
pub use onlooker::Onlooker;

use super::desk::Desk;
use super::live::{Screen, Signals};
use super::time::Clock;
use crate::cockpit::{Intent, Scene};
use crate::incident::{Actor, Record};
use crate::journal::{Journal, Torn};
use crate::text::Text;
use color_eyre::eyre::Result;
use crossterm::event::Event as TermEvent;
use post::Post;
use std::path::PathBuf;
use std::time::Duration;

/// How often the directory is looked at: an observer sees what happened within a quarter of a second.
const LOOK: Duration = Duration::from_millis(250);

/// How watching ended.
pub enum Watched {
    /// The observer left.
    Left,
    /// The incident is closed, and everything of it was told.
    Closed,
    /// What was told does not hold any more, and why.
    Lost(Text),
    /// Command was handed to the observer, who holds the journal now.
    Commands(Box<Opened>),
}

/// A journal opened again: itself, its records, and the end that was torn.
pub type Opened = (Journal, Vec<Record>, Torn);

/// Who watches which directory, and why.
pub struct Observer {
    /// The incident directory.
    pub directory: PathBuf,
    /// The observer, as the journal would call them.
    pub role: Actor,
    /// What brings them.
    pub comes: Comes,
    /// Why they could not fly the incident from here, if so: command is then not asked for.
    pub barred: Option<Text>,
}

/// What brings an observer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comes {
    /// To watch.
    Watches,
    /// To take command: it is asked for at once.
    Takes,
    /// They commanded, and have handed command over to this one.
    Commanded(Text),
}

impl Comes {
    /// Whether they know what happened until now.
    fn has_commanded(&self) -> bool {
        matches!(self, Self::Commanded(_))
    }
}

struct Session {
    post: Post,
    clock: Clock,
    desk: Desk,
}

/// Shows the incident until the observer leaves or commands. One that is closed stays on screen.
pub async fn watch(observer: Observer, onlooker: Onlooker, mut screen: Screen) -> Result<Watched> {
    let (post, told) = Post::take_up(observer, onlooker)?;
    let mut session = Session { post, clock: Clock::machine(), desk: Desk::at(&screen, told) };
    let mut signals = Signals::listen()?;
    let (mut looks, loan) = (tokio::time::interval(LOOK), screen.loan());
    while !session.post.leaving {
        session.show(&screen);
        tokio::select! {
            biased;
            () = signals.leave(Some(&loan)) => session.post.leaving = true,
            event = screen.next_event() => session.key(event),
            _ = looks.tick() => session.look(),
        }
    }
    let watched = session.post.leave();
    screen.close();
    Ok(watched)
}

impl Session {
    fn human_ms(&self) -> u64 {
        self.post.human_ms()
    }

    fn look(&mut self) {
        let (_, news) = self.post.look();
        news.into_iter().for_each(|news| self.say(news));
    }

    fn say(&mut self, sentence: impl Into<Text>) {
        self.desk.say(self.human_ms(), sentence);
    }

    fn scene(&mut self) -> Scene {
        let mut scene = self.post.onlooker.scene(&self.clock.now());
        scene.company.observers.clone_from(&self.post.guest.present);
        scene.company.leaderless = self.post.leaderless;
        scene.toast.clone_from(&self.desk.toast);
        scene
    }

    fn show(&mut self, screen: &Screen) {
        let human_ms = self.human_ms();
        self.desk.hear(human_ms);
        let scene = self.scene();
        let intents = self.desk.show(screen, scene, human_ms);
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    fn key(&mut self, event: Option<TermEvent>) {
        let (scene, human_ms) = (self.scene(), self.human_ms());
        let intents = self.desk.touch(event, (&scene, human_ms));
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    fn wish(&mut self, intent: Intent) {
        match intent {
            Intent::Copy(text) => self.desk.copy(text),
            Intent::Redraw => self.desk.redraw(),
            Intent::Quit | Intent::Exit => self.post.leaving = true,
            Intent::Object(text) => match self.post.guest.object(text) {
                Ok(()) => self.say("the commander is told"),
                Err(why) => self.say(why),
            },
            Intent::AskCommand => match self.post.turn_ask() {
                Ok(said) => self.say(said),
                Err(why) => self.say(why),
            },
            // The cockpit refuses these before they are wished for; whoever changes it must not change production.
            Intent::Submit(_)
            | Intent::Arm { .. }
            | Intent::Disarm
            | Intent::Fire { .. }
            | Intent::ByHand { .. }
            | Intent::ReRead
            | Intent::ArmComm { .. }
            | Intent::SendComm { .. }
            | Intent::KeepDraft { .. }
            | Intent::KeepBookmark(_)
            | Intent::DropBookmark(_) => {
                self.say("you observe; only the commander acts");
            }
        }
    }
}
