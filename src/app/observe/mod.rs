//! Looking over the commander's shoulder: the journal is followed, nothing is locked, asked or fired.

mod onlooker;

pub use onlooker::Onlooker;

use super::live::{Screen, Signals};
use super::printer;
use super::time::Clock;
use crate::cockpit::{Intent, Scene, Ui};
use crate::incident::{self, Record, State};
use crate::playbook::Playbook;
use crate::text::Text;
use color_eyre::eyre::Result;
use crossterm::event::{Event as TermEvent, KeyEventKind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the directory is looked at: an observer sees what happened within a quarter of a second.
const LOOK: Duration = Duration::from_millis(250);

/// How watching ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// The observer left.
    Left,
    /// The incident is closed, and everything of it was told.
    Closed,
    /// What was told does not hold any more, and why.
    Lost(Text),
}

struct Session {
    onlooker: Onlooker,
    clock: Clock,
    human: Instant,
    ui: Arc<Mutex<Ui>>,
    toast: Option<(u64, Text)>,
    redraw: bool,
    clipboard: Option<String>,
    leaving: bool,
}

/// Shows the incident until the observer leaves. One that is closed stays on screen.
pub async fn watch(onlooker: Onlooker, mut screen: Screen) -> Result<Watched> {
    let mut session = Session {
        onlooker,
        clock: Clock::machine(),
        human: Instant::now(),
        ui: screen.ui(),
        toast: None,
        redraw: true,
        clipboard: None,
        leaving: false,
    };
    let mut signals = Signals::listen()?;
    let mut looks = tokio::time::interval(LOOK);
    while !session.leaving {
        session.show(&screen);
        tokio::select! {
            biased;
            () = signals.next() => session.leaving = true,
            event = screen.next_event() => session.key(event),
            _ = looks.tick() => drop(session.onlooker.look()),
        }
    }
    screen.close();
    Ok(session.onlooker.lost().cloned().map_or(Watched::Left, Watched::Lost))
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
            () = signals.next() => return Ok(Watched::Left),
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

    fn scene(&mut self) -> Scene {
        let mut scene = self.onlooker.scene(&self.clock.now());
        scene.toast.clone_from(&self.toast);
        scene
    }

    fn show(&mut self, screen: &Screen) {
        let (scene, human_ms) = (self.scene(), self.human_ms());
        let intents = self.ui.lock().unwrap_or_else(PoisonError::into_inner).on_scene(&scene, human_ms);
        screen.show(scene, human_ms, std::mem::take(&mut self.redraw), self.clipboard.take());
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
            Some(TermEvent::Key(_) | TermEvent::Mouse(_) | TermEvent::FocusGained | TermEvent::FocusLost) => Vec::new(),
        };
        drop(ui);
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    fn wish(&mut self, intent: Intent) {
        match intent {
            Intent::Copy(text) => self.clipboard = Some(text),
            Intent::Redraw => self.redraw = true,
            Intent::Quit | Intent::Exit => self.leaving = true,
            // The cockpit refuses these before they are wished for; whoever changes it must not change production.
            Intent::Submit(_)
            | Intent::Arm { .. }
            | Intent::Disarm
            | Intent::Fire { .. }
            | Intent::ByHand { .. }
            | Intent::ReRead
            | Intent::ArmComm { .. }
            | Intent::SendComm { .. } => {
                self.toast = Some((self.human_ms(), "you observe; only the commander acts".into()));
            }
        }
    }
}
