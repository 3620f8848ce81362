//! What a terminal's event comes to in the cockpit: the same live, observed and played again.

use super::Screen;
use crate::cockpit::{Intent, Scene, Ui};
use crossterm::event::{Event as TermEvent, KeyEventKind};

/// What is wished for by a key, a paste, a click or a new size; leaving, when the terminal is gone.
pub fn touched(ui: &mut Ui, event: Option<TermEvent>, (scene, human_ms): (&Scene, u64)) -> Vec<Intent> {
    match event {
        None => vec![Intent::Exit],
        Some(TermEvent::Key(key)) if key.kind != KeyEventKind::Release => ui.on_key(key, scene, human_ms),
        Some(TermEvent::Paste(text)) => {
            ui.on_paste(&text);
            Vec::new()
        }
        Some(TermEvent::Resize(width, height)) => {
            // A terminal that tells no size is drawn on as one that has room.
            if width > 0 && height > 0 {
                ui.resized((width, height), human_ms);
            }
            vec![Intent::Redraw]
        }
        Some(TermEvent::Mouse(mouse)) => {
            ui.on_mouse(mouse, scene, (human_ms, Screen::size()));
            Vec::new()
        }
        Some(TermEvent::Key(_) | TermEvent::FocusGained | TermEvent::FocusLost) => Vec::new(),
    }
}
