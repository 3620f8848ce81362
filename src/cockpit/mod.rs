//! What a commander sees and presses. Draws a [`Scene`], never changes it; no disk, no network, no clock.

mod alarm;
mod arming;
mod catalogue;
mod chart;
mod draft;
mod facts;
mod field;
mod groups;
mod intent;
mod keymap;
mod menu;
mod mouse;
mod panels;
mod posting;
mod press;
mod red;
mod row;
mod scene;
mod screen;
mod sheet;
mod theme;
mod title;
mod tree;
mod trend;
mod ui;
mod views;
mod waits;
mod words;

pub use alarm::Alarms;
pub use catalogue::Catalogue;
pub use intent::Intent;
pub use keymap::{Act, Binding, KEYMAP, Key, LeverAct, Place, StepAct, TalkAct};
pub use scene::{Armed, Health, Interlock, Letter, Mode, Scene};
pub use sheet::{Said, Sheet};
pub use theme::{Theme, Token, theme_names};
pub use title::title;
pub use ui::Ui;

#[cfg(test)]
mod tests;
