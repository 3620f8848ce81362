//! The table as it is bound at this terminal: ours, with the changes of whoever sits here.

use super::key::number_of;
use super::{Act, Binding, KEYMAP, Key, Place};
use crate::text::nearest;
use crossterm::event::{KeyCode, KeyEvent};
use std::borrow::Cow;
use std::fmt;

/// Every key there is, as it is bound here.
#[derive(Clone, Debug)]
pub struct Keymap {
    rows: Vec<Bound>,
}

/// One row of it.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The row of the table.
    pub binding: &'static Binding,
    /// Any of these keys.
    pub keys: Cow<'static, [Key]>,
    /// The keys as people write them.
    pub shown: Cow<'static, str>,
    /// The line of the change, if these are not the table's own keys.
    pub changed_at: Option<usize>,
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug)]
pub struct Pressed {
    /// What it does.
    pub act: Act,
    /// The number it stands for, or 0.
    pub number: u8,
    /// Which of the row's keys it is.
    pub key: Key,
}

/// What somebody wants to have other keys.
#[derive(Clone, Debug)]
pub struct Change {
    /// The row: `main.levers`.
    pub name: String,
    /// Its keys as written.
    pub keys: Vec<String>,
    /// Where this is written.
    pub line: usize,
}

/// Why a change cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misbound {
    /// Where it is written.
    pub line: usize,
    /// What is wrong, and what to do.
    pub why: String,
}

impl fmt::Display for Misbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.why)
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Self { rows: KEYMAP.iter().map(Bound::of).collect() }
    }
}

impl Bound {
    fn of(binding: &'static Binding) -> Self {
        Self { binding, keys: Cow::Borrowed(binding.keys), shown: Cow::Borrowed(binding.shown), changed_at: None }
    }

    /// The key that is named first.
    pub fn first_key(&self) -> &str {
        self.shown.split(' ').next().unwrap_or_default()
    }

    /// Whether it takes a number or a letter that stands for one.
    pub fn is_numbered(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, Key::Digit(_) | Key::Letter(_)))
    }

    /// A key that both have.
    fn shared(&self, other: &Self) -> Option<Key> {
        self.keys.iter().copied().find(|key| other.keys.iter().any(|theirs| key.overlaps(*theirs)))
    }
}

impl Keymap {
    /// The table with these changes; every one that cannot be, and why.
    pub fn changed(changes: &[Change]) -> Result<Self, Vec<Misbound>> {
        let mut map = Self::default();
        let mut wrong = Vec::new();
        for change in changes {
            if let Err(why) = map.change(change) {
                wrong.push(Misbound { line: change.line, why: format!("`{}`: {why}", change.name) });
            }
        }
        wrong.extend(map.conflicts());
        if wrong.is_empty() { Ok(map) } else { Err(wrong) }
    }

    /// Every row, in the table's order.
    pub fn rows(&self) -> impl Iterator<Item = &Bound> {
        self.rows.iter()
    }

    /// The rows of a place.
    pub fn of(&self, place: Place) -> impl Iterator<Item = &Bound> {
        self.rows.iter().filter(move |row| row.binding.place == place)
    }

    /// The key that does this there, as people write it.
    pub fn key(&self, place: Place, act: Act) -> &str {
        self.of(place).find(|row| row.binding.act == act).map_or("", Bound::first_key)
    }

    /// A sentence with the keys it names as they are bound here: `<main.declare>` is the key that declares.
    pub fn spell(&self, text: &str) -> String {
        let (mut said, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, from)) = rest.split_once('<') {
            said.push_str(before);
            let named = from.split_once('>').and_then(|(name, behind)| Some((self.named(name)?, behind)));
            if let Some((bound, behind)) = named {
                said.push_str(bound.first_key());
                rest = behind;
            } else {
                said.push('<');
                rest = from;
            }
        }
        said + rest
    }

    /// The row of this name.
    fn named(&self, name: &str) -> Option<&Bound> {
        let is_name = name.contains('.') && name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '-'));
        is_name.then(|| self.rows.iter().find(|row| row.binding.name() == name)).flatten()
    }

    /// What `event` does in the first of `places` that knows it.
    pub fn lookup(&self, places: &[Place], event: KeyEvent) -> Option<Pressed> {
        let number = event.code.as_char().and_then(number_of).unwrap_or(0);
        let rows = places.iter().flat_map(|place| self.of(*place));
        let keys = rows.flat_map(|row| row.keys.iter().map(|key| (row.binding.act, *key)));
        let (act, key) = keys.into_iter().find(|(_, key)| key.is(event))?;
        Some(Pressed { act, number, key })
    }

    /// Whether the key of `row` that is named first means that row where these places hold, the inner first.
    pub fn reaches(&self, places: &[Place], row: &Bound) -> bool {
        let Some(key) = row.keys.first() else { return false };
        let same = |other: &Bound| other.binding.place == row.binding.place && other.binding.act == row.binding.act;
        let inner = places.iter().flat_map(|place| self.of(*place)).take_while(|other| !same(other));
        inner.flat_map(|other| other.keys.iter()).all(|other| !other.overlaps(*key))
    }

    fn change(&mut self, change: &Change) -> Result<(), String> {
        let Some(place) = self.rows.iter().position(|row| row.binding.name() == change.name) else {
            let names: Vec<String> = self.rows.iter().map(|row| row.binding.name()).collect();
            let meant = nearest(&change.name, names.iter().map(String::as_str));
            let hint = meant.map_or("`goaround keys` lists them".into(), |name| format!("did you mean `{name}`?"));
            return Err(format!("nothing has this name; {hint}"));
        };
        let binding = self.rows[place].binding;
        if self.rows[place].is_numbered() {
            return Err(format!("its keys ({}) are numbers and stay so; take the line away", binding.shown));
        }
        if change.keys.is_empty() {
            return Err("name one key at least, or take the line away".into());
        }
        let keys = change.keys.iter().map(|written| Key::parse(written)).collect::<Result<Vec<_>, _>>()?;
        if let Some(why) = keys.iter().find_map(|key| unsafe_for(binding, *key)) {
            return Err(why);
        }
        if binding.act == Act::Interrupt && !keys.contains(&Key::Ctrl('c')) {
            return Err("Ctrl-C stays among its keys: it is the way out that always works".into());
        }
        let shown: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let row = &mut self.rows[place];
        (row.keys, row.shown, row.changed_at) = (keys.into(), shown.join(" ").into(), Some(change.line));
        Ok(())
    }

    /// Changed keys that mean two things where both rows hold, or that could fire where something else was meant.
    fn conflicts(&self) -> Vec<Misbound> {
        let mut wrong = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            for other in &self.rows[place + 1..] {
                wrong.extend(conflict(row, other));
            }
        }
        wrong
    }
}

/// Why a row may not have a key at all.
fn unsafe_for(binding: &Binding, key: Key) -> Option<String> {
    let is_enter = matches!(key, Key::Code(KeyCode::Enter) | Key::Char(' '));
    if binding.act.reaches_out() && is_enter {
        return Some(format!(
            "{key} never fires, sends, or speaks for a person; choose a key that nobody presses by habit"
        ));
    }
    if matches!(binding.act, Act::Leave | Act::Quit) && key == Key::Code(KeyCode::Esc) {
        return Some("Esc never leaves; choose another key".into());
    }
    if binding.place.is_typed_in() && key.is_typed() {
        return Some(format!("{key} is text there; choose a key with Ctrl, or one without a character"));
    }
    None
}

/// Why two rows cannot both have the keys they have.
fn conflict(row: &Bound, other: &Bound) -> Option<Misbound> {
    let line = row.changed_at.max(other.changed_at)?;
    let key = row.shared(other)?;
    let (mine, theirs) = (row.binding, other.binding);
    // A key that fires is no other key anywhere: who presses it twice must not fire with the second.
    let (fires, also) = (mine.act.reaches_far(), theirs.act.reaches_far());
    let apart = !Place::are_together(mine.place, theirs.place) && fires == also;
    let by_design = Bound::of(mine).shared(&Bound::of(theirs)).is_some();
    if apart || mine.act == theirs.act || by_design {
        return None;
    }
    let told = |bound: &Bound| {
        let at = bound.changed_at.map_or("ours".to_owned(), |line| format!("line {line}"));
        format!("`{}` ({at}: {})", bound.binding.name(), bound.binding.help)
    };
    let why = format!("{key} would mean two things: {} and {}; give one of them another key", told(row), told(other));
    Some(Misbound { line, why })
}
