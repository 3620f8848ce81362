//! What a commander sees and presses. Draws a [`Scene`], never changes it; no disk, no network, no clock.

mod alarm;
mod arming;
mod catalogue;
mod chart;
mod checks;
mod dialog;
mod draft;
mod facts;
mod field;
mod ground;
mod groups;
mod intent;
mod item;
mod keymap;
mod layout;
mod mail;
mod menu;
mod mouse;
mod narrow;
mod palette;
mod panel;
mod panels;
mod plain;
mod posting;
mod press;
mod red;
mod replay;
mod row;
mod scene;
mod screen;
mod search;
mod sheet;
mod theme;
mod title;
mod tree;
mod trend;
mod typed;
mod ui;
mod unread;
mod views;
mod waits;
mod wardrobe;
mod watch;
mod words;

pub use alarm::Alarms;
pub use catalogue::Catalogue;
pub use ground::{Background, Grounds};
pub use intent::Intent;
pub use keymap::{
    Act, Binding, Bound, Change, KEYMAP, Key, Keymap, LeverAct, Misbound, Place, ReelAct, StepAct, TalkAct,
};
pub use plain::{Interview, Plain};
pub use replay::{BOOKMARKS_MAX, Cursor, Reel, SPEEDS, Scrub, Tape};
pub use scene::{Armed, Company, Health, Interlock, Letter, Mode, Scene};
pub use sheet::{Paper, Said, Sheet, Then};
pub use theme::{Depth, STATES, Shelf, Source, TOKENS, Theme, Token, TokenRow};
pub use title::title;
pub use ui::Ui;

#[cfg(test)]
mod tests;
