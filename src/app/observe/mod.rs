//! Looking over the commander's shoulder: the journal is followed, nothing is locked, asked or fired.

mod guest;
mod onlooker;

pub use onlooker::Onlooker;

use super::live::{Aside, Copies, Screen, Signals};
use super::printer;
use super::time::Clock;
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::{self, Actor, Record, State};
use crate::journal::{self, Error as JournalError, Journal, Torn};
use crate::playbook::Playbook;
use crate::text::Text;
use color_eyre::eyre::Result;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use guest::Guest;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the directory is looked at: an observer sees what happened within a quarter of a second.
const LOOK: Duration = Duration::from_millis(250);
/// After this many looks that found nothing new it is asked whether anybody still commands: 5 s, and then again.
const QUIET_LOOKS: u32 = 20;

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

struct Session {
    directory: PathBuf,
    onlooker: Onlooker,
    guest: Guest,
    opened: Option<Opened>,
    leaderless: bool,
    clock: Clock,
    human: Instant,
    ui: Arc<Mutex<Ui>>,
    toast: Option<(u64, Text)>,
    aside: Aside,
    copies: Copies,
    leaving: bool,
}

/// Who watches which directory, and whether to ask for command at once.
pub struct Observer {
    /// The incident directory.
    pub directory: PathBuf,
    /// The observer, as the journal would call them.
    pub role: Actor,
    /// Whether they have come to take command.
    pub takes: bool,
}

/// Shows the incident until the observer leaves or commands. One that is closed stays on screen.
pub async fn watch(observer: Observer, onlooker: Onlooker, mut screen: Screen) -> Result<Watched> {
    let mut session = Session {
        guest: Guest::new(&observer.directory, observer.role)?,
        directory: observer.directory,
        onlooker,
        opened: None,
        leaderless: false,
        clock: Clock::machine(),
        human: Instant::now(),
        ui: screen.ui(),
        toast: None,
        aside: Aside { redraw: true, ..Aside::default() },
        copies: Copies::kept_in(screen.clipboard.clone()),
        leaving: false,
    };
    if observer.takes {
        session.wish(Intent::AskCommand);
    }
    let mut signals = Signals::listen()?;
    let (mut looks, loan) = (tokio::time::interval(LOOK), screen.loan());
    while !session.leaving {
        session.show(&screen);
        tokio::select! {
            biased;
            () = signals.leave(Some(&loan)) => session.leaving = true,
            event = screen.next_event() => session.key(event),
            _ = looks.tick() => session.look(),
        }
    }
    session.guest.leave();
    screen.close();
    Ok(match (session.opened, session.onlooker.lost()) {
        (Some(opened), _) => Watched::Commands(Box::new(opened)),
        (None, Some(why)) => Watched::Lost(why.clone()),
        (None, None) => Watched::Left,
    })
}

/// Tells the incident a line per event until it is closed or the observer leaves.
pub async fn tell(mut onlooker: Onlooker, beginning: &[Record]) -> Result<Watched> {
    let mut signals = Signals::listen()?;
    let mut looks = tokio::time::interval(LOOK);
    let mut told = State::default();
    say(onlooker.playbook(), &mut told, beginning);
    loop {
        if onlooker.state().closed.is_some() {
            return Ok(Watched::Closed);
        }
        if let Some(why) = onlooker.lost() {
            return Ok(Watched::Lost(why.clone()));
        }
        tokio::select! {
            biased;
            () = signals.leave(None) => return Ok(Watched::Left),
            _ = looks.tick() => {
                let records = onlooker.look();
                say(onlooker.playbook(), &mut told, &records);
            }
        }
    }
}

/// Prints each record by the time it had then: what was declared later does not date what came before.
fn say(playbook: &Playbook, told: &mut State, records: &[Record]) {
    for record in records {
        incident::apply(playbook, told, record);
        printer::say(printer::line(playbook, told, record));
    }
}

impl Session {
    fn human_ms(&self) -> u64 {
        u64::try_from(self.human.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes in what has happened since, and gives a sign of life.
    fn look(&mut self) {
        self.onlooker.look();
        let answer = self.guest.hear_answer(self.onlooker.state());
        let closed = self.onlooker.state().closed.is_some();
        let signed = if closed { Ok(()) } else { self.guest.sign(self.human_ms()) };
        let news = signed.err().or(answer);
        self.toast = news.map(|news| (self.human_ms(), news)).or(self.toast.take());
        if self.guest.is_handed(self.onlooker.state()) {
            self.take_over();
        } else {
            self.ask_who_commands();
        }
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

    /// Takes the journal as soon as the one who had it has let it go: its lock decides, so that never two command.
    fn take_over(&mut self) {
        match Journal::open(&self.directory) {
            Ok(opened) => (self.opened, self.leaving) = (Some(opened), true),
            Err(JournalError::Locked(_)) => self.say("you take over as soon as the journal is let go"),
            Err(error) => self.say(error.to_string()),
        }
    }

    fn say(&mut self, sentence: impl Into<Text>) {
        self.toast = Some((self.human_ms(), sentence.into()));
    }

    fn scene(&mut self) -> Scene {
        let mut scene = self.onlooker.scene(&self.clock.now());
        scene.company.observers.clone_from(&self.guest.present);
        scene.company.leaderless = self.leaderless;
        scene.toast.clone_from(&self.toast);
        scene
    }

    fn show(&mut self, screen: &Screen) {
        self.toast = self.copies.news().map(|words| (self.human_ms(), words.into())).or(self.toast.take());
        let (scene, human_ms) = (self.scene(), self.human_ms());
        let intents = self.ui.lock().unwrap_or_else(PoisonError::into_inner).on_scene(&scene, human_ms);
        screen.show(scene, human_ms, std::mem::take(&mut self.aside));
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    fn key(&mut self, event: Option<TermEvent>) {
        let (scene, human_ms) = (self.scene(), self.human_ms());
        let ui = self.ui.clone();
        let mut ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
        let intents = match event {
            // The terminal is gone.
            None => vec![Intent::Exit],
            Some(TermEvent::Key(key)) if key.kind != KeyEventKind::Release => ui.on_key(key, &scene, human_ms),
            Some(TermEvent::Paste(text)) => {
                ui.on_paste(&text);
                Vec::new()
            }
            Some(TermEvent::Resize(..)) => vec![Intent::Redraw],
            Some(TermEvent::Mouse(mouse)) => {
                ui.on_mouse(mouse, &scene, (human_ms, Screen::size()));
                Vec::new()
            }
            Some(TermEvent::Key(_) | TermEvent::FocusGained | TermEvent::FocusLost) => Vec::new(),
        };
        drop(ui);
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    fn wish(&mut self, intent: Intent) {
        match intent {
            Intent::Copy(text) => {
                self.copies.keep(&text);
                self.aside.clipboard = Some(text);
            }
            Intent::Redraw => self.aside.redraw = true,
            Intent::Quit | Intent::Exit => self.leaving = true,
            Intent::Object(text) => match self.guest.object(text) {
                Ok(()) => self.say("the commander is told"),
                Err(why) => self.say(why),
            },
            Intent::AskCommand => match self.guest.turn_ask() {
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
            | Intent::KeepBookmarks(_) => {
                self.say("you observe; only the commander acts");
            }
        }
    }
}
