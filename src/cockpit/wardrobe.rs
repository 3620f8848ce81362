//! The themes a cockpit has: the one it wears, those that `T` goes round, and those that wait for the background.

use super::ground::{Background, Grounds};
use super::theme::Theme;
use super::ui::Ui;

impl Ui {
    /// The same with these themes to go round by `T`; the one it has is among them.
    #[must_use]
    pub fn with_themes(mut self, themes: Vec<Theme>) -> Self {
        self.themes = themes;
        self
    }

    /// The same, in one of these themes as soon as it is known what is behind the text.
    #[must_use]
    pub fn with_grounds(mut self, grounds: Option<Grounds>) -> Self {
        self.grounds = grounds;
        self
    }

    /// Whether it matters what is behind the text.
    pub fn asks_background(&self) -> bool {
        self.grounds.is_some()
    }

    /// Takes the theme that fits. Whoever has chosen one meanwhile keeps it, and a second answer changes nothing.
    pub fn on_background(&mut self, background: Background) {
        let Some(grounds) = self.grounds.take() else { return };
        self.theme = match background {
            Background::Dark => grounds.dark,
            Background::Light => grounds.light,
        };
    }

    /// The next theme, and its name as news.
    pub(super) fn next_theme(&mut self, human_ms: u64) {
        let place = self.themes.iter().position(|theme| *theme == self.theme).map_or(0, |place| place + 1);
        let Some(next) = self.themes.get(place).or(self.themes.first()).filter(|next| **next != self.theme) else {
            return self.say(human_ms, "there is one theme here: this terminal shows the others no differently");
        };
        self.theme = next.clone();
        self.grounds = None;
        self.say(human_ms, format!("theme {}", self.theme.name));
    }
}
