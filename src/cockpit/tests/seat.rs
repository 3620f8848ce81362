//! A person at a line of `--plain`, and the human time there.

use super::stage::{armed, declared, id};
use crate::cockpit::{Intent, Plain, Scene, Theme};
use crate::incident::Way;

/// A person at a line, and the human time there.
pub(super) struct Seat {
    pub(super) plain: Plain,
    pub(super) scene: Scene,
    pub(super) now_ms: u64,
    transcript: Vec<String>,
}

impl Seat {
    pub(super) fn at(scene: Scene) -> Self {
        let plain = Plain::new(Theme::embedded("dark").expect("the dark theme is embedded"));
        let mut seat = Self { plain, scene, now_ms: 1000, transcript: Vec::new() };
        seat.pass(500);
        seat
    }

    /// Lever 4, the alias, armed just now.
    pub(super) fn armed() -> Self {
        let mut seat = Self::at(declared());
        assert_eq!(seat.types("arm 4"), [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
        seat.scene.armed = Some(armed(seat.now_ms));
        seat.look();
        seat
    }

    /// Types a line some time after the last one.
    pub(super) fn types(&mut self, line: &str) -> Vec<Intent> {
        self.pass(200);
        let mut intents = self.pastes(line);
        self.now_ms += 60;
        intents.extend(self.look());
        intents
    }

    /// A line that arrives right now.
    pub(super) fn pastes(&mut self, line: &str) -> Vec<Intent> {
        self.transcript.push(format!("> {line}"));
        let intents = self.plain.on_line(line, &self.scene, self.now_ms);
        self.transcript.extend(self.plain.said());
        intents
    }

    pub(super) fn look(&mut self) -> Vec<Intent> {
        let intents = self.plain.on_scene(&self.scene, self.now_ms);
        self.transcript.extend(self.plain.said());
        intents
    }

    /// Lets time pass, looked at as often as a driver does.
    pub(super) fn pass(&mut self, ms: u64) -> Vec<Intent> {
        let end = self.now_ms + ms;
        let mut intents = Vec::new();
        while self.now_ms < end {
            self.now_ms = (self.now_ms + 50).min(end);
            intents.extend(self.look());
        }
        intents
    }

    /// What was told since this was last asked.
    pub(super) fn told(&mut self) -> String {
        std::mem::take(&mut self.transcript).join("\n")
    }
}
