//! Where one stands on the tape, and how one goes on: by time, by event, by bookmark, by words, or as time passes.

use super::tape::{Cursor, Tape};
use crate::cockpit::keymap::ReelAct;
use crate::cockpit::search::places;
use std::sync::Arc;

/// How many times faster than it was.
pub const SPEEDS: [u64; 6] = [1, 2, 4, 8, 16, 60];
/// The most bookmarks kept.
pub const BOOKMARKS_MAX: usize = 200;
/// A bookmark this close to where one stands is the one that is meant, in ms.
const SAME_MS: u64 = 500;
/// One step, and a long one, in ms.
const STEPS_MS: (u64, u64) = (1_000, 10_000);

/// The tape, and where one stands on it.
#[derive(Clone, Debug)]
pub struct Reel {
    tape: Arc<Tape>,
    cursor: Cursor,
    /// While it plays: the human time in ms up to which it has.
    played_ms: Option<u64>,
    speed: u64,
    /// In ms, in order. Of a damaged journal the tape may be shorter: one behind its end is kept as it is.
    bookmarks: Vec<u64>,
    sought: Option<String>,
}

impl Reel {
    /// The tape, stopped at its declaration.
    pub fn new(tape: Arc<Tape>, bookmarks: impl IntoIterator<Item = u64>) -> Self {
        let cursor = tape.at(tape.declared_ms());
        let mut marks: Vec<u64> = bookmarks.into_iter().collect();
        marks.sort_unstable();
        marks.dedup();
        marks.truncate(BOOKMARKS_MAX);
        Self { tape, cursor, played_ms: None, speed: SPEEDS[0], bookmarks: marks, sought: None }
    }

    /// The same, stopped at another place.
    #[must_use]
    pub fn standing_at(self, cursor: Cursor) -> Self {
        Self { cursor, ..self }
    }

    /// The same, playing so many times faster than it was.
    #[must_use]
    pub fn playing(self, speed: u64) -> Self {
        Self { speed, played_ms: Some(0), ..self }
    }

    /// The tape.
    pub fn tape(&self) -> &Arc<Tape> {
        &self.tape
    }

    /// Where one stands.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Whether it goes on by itself.
    pub fn is_playing(&self) -> bool {
        self.played_ms.is_some()
    }

    /// How many times faster than it was.
    pub fn speed(&self) -> u64 {
        self.speed
    }

    /// The bookmarks, in ms and in order; some may lie behind the end of the tape.
    pub fn bookmarks(&self) -> &[u64] {
        &self.bookmarks
    }

    /// Goes on by what human time has passed. At the end it stops.
    pub fn tick(&mut self, human_ms: u64) {
        let Some(played) = self.played_ms else { return };
        let passed = human_ms.saturating_sub(played).saturating_mul(self.speed);
        self.played_ms = Some(human_ms.max(played));
        // An event that shares its time with one that was stepped to is not taken back by time standing still.
        let on = self.tape.at(self.cursor.at_ms.saturating_add(passed));
        if passed > 0 {
            self.cursor = Cursor { count: on.count.max(self.cursor.count), ..on };
        }
        if self.cursor == self.tape.at(self.tape.end_ms()) {
            self.played_ms = None;
        }
    }

    /// Does what a key asks for; a sentence where that cannot be, or is not to be seen.
    pub(in crate::cockpit) fn act(&mut self, act: ReelAct, number: u8, human_ms: u64) -> Option<String> {
        self.tick(human_ms);
        match act {
            ReelAct::Play => self.turn_playing(human_ms),
            ReelAct::NextEvent => return self.go_to_next(),
            ReelAct::PrevEvent => self.cursor = self.before(),
            ReelAct::NextMark | ReelAct::PrevMark => return self.go_to_mark(act == ReelAct::NextMark),
            ReelAct::Mark => return Some(self.turn_mark()),
            ReelAct::Faster => self.speed = SPEEDS.into_iter().find(|speed| *speed > self.speed).unwrap_or(self.speed),
            ReelAct::Slower => {
                self.speed = SPEEDS.into_iter().rev().find(|speed| *speed < self.speed).unwrap_or(self.speed);
            }
            ReelAct::Percent => self.go_to(self.tape.share(u64::from(number) * 10)),
            ReelAct::Ahead => self.go_to(self.cursor.at_ms.saturating_add(STEPS_MS.0)),
            ReelAct::Behind => self.go_to(self.cursor.at_ms.saturating_sub(STEPS_MS.0)),
            ReelAct::FarAhead => self.go_to(self.cursor.at_ms.saturating_add(STEPS_MS.1)),
            ReelAct::FarBehind => self.go_to(self.cursor.at_ms.saturating_sub(STEPS_MS.1)),
            ReelAct::Begin => self.cursor = self.tape.behind(1),
            ReelAct::End => self.go_to(self.tape.end_ms()),
            ReelAct::Find => {}
            ReelAct::NextFound | ReelAct::PrevFound => return self.go_to_found(act == ReelAct::NextFound),
        }
        None
    }

    /// Looks for events that say `words`, and goes to the next of them.
    pub(in crate::cockpit) fn seek(&mut self, words: &str) -> Option<String> {
        self.sought = Some(words.to_owned());
        self.go_to_found(true)
    }

    fn turn_playing(&mut self, human_ms: u64) {
        if self.played_ms.take().is_some() {
            return;
        }
        // Who plays at the end wants to see it again.
        if self.cursor == self.tape.at(self.tape.end_ms()) {
            self.cursor = self.tape.behind(1);
        }
        self.played_ms = Some(human_ms);
    }

    fn go_to(&mut self, at_ms: u64) {
        self.cursor = self.tape.at(at_ms);
    }

    /// The tape may be longer than the last event: then there is none behind, and nothing goes back to it.
    fn go_to_next(&mut self) -> Option<String> {
        if self.cursor.count >= self.tape.records().len() {
            return Some("no event behind here".into());
        }
        self.cursor = self.tape.behind(self.cursor.count + 1);
        None
    }

    /// The event before where one stands: the one that has just happened, if time has passed since.
    fn before(&self) -> Cursor {
        let here = self.tape.behind(self.cursor.count);
        if here.at_ms < self.cursor.at_ms { here } else { self.tape.behind(self.cursor.count.saturating_sub(1)) }
    }

    fn go_to_mark(&mut self, forward: bool) -> Option<String> {
        let here = self.cursor.at_ms;
        let mut reached = self.bookmarks.iter().map(|at| (*at).min(self.tape.end_ms()));
        let found = if forward { reached.find(|at| *at > here) } else { reached.rev().find(|at| *at < here) };
        match found {
            Some(at) => {
                self.go_to(at);
                None
            }
            None => Some(format!("no bookmark {} here; b sets one", if forward { "behind" } else { "before" })),
        }
    }

    /// Sets a bookmark here, or takes the one away that is here. One behind the end is not here: it is not seen what it marks.
    fn turn_mark(&mut self) -> String {
        let here = self.cursor.at_ms;
        let clock = self.tape.clock(here);
        if let Some(place) = self.bookmarks.iter().position(|at| at.abs_diff(here) < SAME_MS) {
            self.bookmarks.remove(place);
            return format!("the bookmark at {clock} is taken away");
        }
        if self.bookmarks.len() == BOOKMARKS_MAX {
            return format!("there are {BOOKMARKS_MAX} bookmarks already: take one away first");
        }
        self.bookmarks.insert(self.bookmarks.partition_point(|at| *at < here), here);
        format!("bookmark at {clock}")
    }

    /// To the next event that says what is looked for, or the one before; round the end.
    fn go_to_found(&mut self, forward: bool) -> Option<String> {
        let Some(words) = self.sought.clone() else { return Some("nothing is searched for: / begins".into()) };
        let records = 0..self.tape.records().len();
        let found: Vec<usize> = records.filter(|place| !places(&self.tape.words(*place), &words).is_empty()).collect();
        let here = self.cursor.count;
        let next = if forward {
            found.iter().position(|place| place + 1 > here).or(Some(0))
        } else {
            found.iter().rposition(|place| place + 1 < here).or(found.len().checked_sub(1))
        };
        let Some((at, place)) = next.and_then(|at| Some((at, found.get(at)?))) else {
            return Some(format!("no event says \"{words}\""));
        };
        self.cursor = self.tape.behind(place + 1);
        Some(format!("\"{words}\": {} of {}", at + 1, found.len()))
    }
}
