//! Where somebody sits who looks and does not command: the cockpit, what it was last told, and what goes to the terminal.

use super::live::{Aside, Copies, Screen, touched};
use crate::cockpit::{Intent, Scene, Ui};
use crate::text::Text;
use crossterm::event::Event as TermEvent;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The seat of an observer, or of whoever plays an incident again.
pub(super) struct Desk {
    ui: Arc<Mutex<Ui>>,
    /// What was said last, and when in human time.
    pub(super) toast: Option<(u64, Text)>,
    aside: Aside,
    copies: Copies,
}

impl Desk {
    /// At this screen; `told` is said first.
    pub(super) fn at(screen: &Screen, told: Option<impl Into<Text>>) -> Self {
        Self {
            ui: screen.ui(),
            toast: told.map(|told| (0, told.into())),
            aside: Aside { redraw: true, ..Aside::default() },
            copies: Copies::kept_in(screen.clipboard.clone()),
        }
    }

    /// The cockpit. A frame that panicked must not take whoever looks with it.
    pub(super) fn ui(&self) -> MutexGuard<'_, Ui> {
        self.ui.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says something on the toast line.
    pub(super) fn say(&mut self, human_ms: u64, sentence: impl Into<Text>) {
        self.toast = Some((human_ms, sentence.into()));
    }

    /// Says what became of a copy, once it is known.
    pub(super) fn hear(&mut self, human_ms: u64) {
        self.copies.news().into_iter().for_each(|words| self.say(human_ms, words));
    }

    /// Draws this next; what the cockpit wishes for by itself then.
    pub(super) fn show(&mut self, screen: &Screen, scene: Scene, human_ms: u64) -> Vec<Intent> {
        let intents = self.ui().on_scene(&scene, human_ms);
        screen.show(scene, human_ms, std::mem::take(&mut self.aside));
        intents
    }

    /// What a terminal's event wishes for.
    pub(super) fn touch(&self, event: Option<TermEvent>, seen: (&Scene, u64)) -> Vec<Intent> {
        touched(&mut self.ui(), event, seen)
    }

    /// Puts text on the clipboard, and into its file.
    pub(super) fn copy(&mut self, text: String) {
        self.copies.keep(&text);
        self.aside.clipboard = Some(text);
    }

    /// Everything is drawn again.
    pub(super) fn redraw(&mut self) {
        self.aside.redraw = true;
    }
}
