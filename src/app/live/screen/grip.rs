//! Taking the terminal and giving it back, whatever happens in between.

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, is_raw_mode_enabled,
};
use crossterm::{Command, cursor, execute};
use std::fmt;
use std::io::{Result, stdout};

/// Keeps the window's title on the terminal's own stack, where whoever had it before finds it again.
struct PushTitle;
/// Puts the window's title back.
struct PopTitle;
/// Presses and the wheel, with places as numbers. Nothing else: a moving pointer is no news.
pub(super) struct MouseOn;
/// The pointer belongs to the terminal again, to select text with.
pub(super) struct MouseOff;

impl Command for PushTitle {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[22;2t")
    }
}

impl Command for PopTitle {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[23;2t")
    }
}

impl Command for MouseOn {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1000h\x1b[?1006h")
    }
}

impl Command for MouseOff {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1006l\x1b[?1000l")
    }
}

/// Takes the terminal over.
pub(super) fn take() -> Result<()> {
    make_raw()?;
    enter()
}

/// Every key is ours from here on, Ctrl-C and Ctrl-Z among them.
pub(super) fn make_raw() -> Result<()> {
    // Asked twice, crossterm would do nothing, and a shell that had the terminal meanwhile has made it its own.
    disable_raw_mode()?;
    enable_raw_mode()
}

/// The line discipline as it was.
pub(super) fn make_cooked() {
    drop(disable_raw_mode());
}

/// The screen beside the one that was there.
pub(super) fn enter() -> Result<()> {
    execute!(stdout(), PushTitle, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

/// Leaves the terminal as it was.
pub(super) fn give_back() {
    if is_raw_mode_enabled().unwrap_or(false) {
        drop(execute!(stdout(), MouseOff, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show, PopTitle));
        make_cooked();
    }
}
