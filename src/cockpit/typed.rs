//! A few words typed to find something: one line, inert, bounded, the cursor always at its end.

use crate::text::Text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The longest, in characters.
const TYPED_MAX: usize = 80;

/// The words so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed(String);

impl Typed {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Appends what is pasted or typed; what would act on a terminal is left out.
    pub(super) fn insert(&mut self, text: &str) {
        let room = TYPED_MAX.saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().filter(|c| Text::keeps(*c)).take(room));
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let plain = key.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        let control = key.modifiers == KeyModifiers::CONTROL;
        match key.code {
            KeyCode::Char(c) if plain => self.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Char('u') if control => self.0.clear(),
            KeyCode::Char('w') if control => {
                let kept = self.0.trim_end().rfind(' ').map_or(0, |blank| blank + 1);
                self.0.truncate(kept);
            }
            KeyCode::Backspace => drop(self.0.pop()),
            _ => {}
        }
    }
}
