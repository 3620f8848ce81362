//! What ratatui draws on: standard output, by a way of its own, and silent when there is nothing to say.

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{Action, QueueSelector, tcflow, tcflush, tcgetwinsize};
use std::fs::File;
use std::io::{BufWriter, Result, Write, stdout};
use std::os::fd::AsFd;

/// A whole frame is one write, so that no half of it is ever seen.
const FRAME_BYTES: usize = 1 << 16;
/// The size of a terminal that does not tell its own.
pub(super) const GIVEN: (u16, u16) = (80, 24);

/// A backend that writes nothing where nothing changed: ratatui's own says at least "no colours, no cursor" each time.
pub(super) struct Glass<W: Write> {
    inner: CrosstermBackend<W>,
    cursor_shown: bool,
    size: fn() -> Size,
}

impl Glass<BufWriter<File>> {
    /// Standard output. Not through the handle everybody shares: a stalled terminal would keep its lock, and the last
    /// words of a flight would wait for it.
    pub(super) fn of_stdout() -> Result<Self> {
        let file = File::from(stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::new(BufWriter::with_capacity(FRAME_BYTES, file), size_of_stdout))
    }
}

impl<W: Write> Glass<W> {
    pub(super) fn new(writer: W, size: fn() -> Size) -> Self {
        Self { inner: CrosstermBackend::new(writer), cursor_shown: true, size }
    }

    /// Says this to the terminal, at once.
    pub(super) fn say(&mut self, bytes: &[u8]) -> Result<()> {
        self.inner.write_all(bytes)?;
        Write::flush(&mut self.inner)
    }

    /// The terminal was in other hands: what is known of its cursor does not hold any more.
    pub(super) fn forget(&mut self) {
        self.cursor_shown = true;
    }
}

/// Asked of the terminal itself, which costs one call; crossterm would start a program where it is not told.
fn size_of_stdout() -> Size {
    match tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size::new(size.ws_col, size.ws_row),
        Ok(_) | Err(_) => Size::new(GIVEN.0, GIVEN.1),
    }
}

/// Whether there is no room for another byte.
pub(super) fn is_full() -> bool {
    let stdout = stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    poll(&mut fds, Some(&Timespec::default())) == Ok(0)
}

/// Throws away what is written and not read.
pub(super) fn throw_away() {
    // A terminal that is gone has nothing to throw away.
    let _ = tcflush(stdout(), QueueSelector::OFlush);
    // Room alone wakes no one who waits for it; being stopped and started does.
    let _ = tcflow(stdout(), Action::OOff).and_then(|()| tcflow(stdout(), Action::OOn));
}

impl<W: Write> Backend for Glass<W> {
    type Error = std::io::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> Result<()> {
        if std::mem::take(&mut self.cursor_shown) { self.inner.hide_cursor() } else { Ok(()) }
    }

    fn show_cursor(&mut self) -> Result<()> {
        self.cursor_shown = true;
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size> {
        Ok((self.size)())
    }

    fn window_size(&mut self) -> Result<WindowSize> {
        Ok(WindowSize { columns_rows: (self.size)(), pixels: Size::default() })
    }

    fn flush(&mut self) -> Result<()> {
        Write::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    //! Claims about what is written.

    use super::*;
    use crate::app::flight::Flight;
    use crate::cockpit::{Mode, Shelf, Ui};
    use crate::incident::Moment;
    use crate::playbook::{self, Playbook};
    use crate::text::Redactor;
    use ratatui::Terminal;
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::sync::Arc;

    /// What was written, kept where the test can look at it.
    #[derive(Clone, Default)]
    struct Kept(Rc<RefCell<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    fn small() -> Size {
        Size::new(20, 2)
    }

    #[test]
    fn what_did_not_change_writes_not_a_byte() {
        let kept = Kept::default();
        let mut terminal = Terminal::new(Glass::new(kept.clone(), small)).expect("memory never fails");
        let mut draw = |words: &str| {
            terminal.draw(|frame| frame.render_widget(words, frame.area())).expect("memory never fails");
            kept.0.take().len()
        };
        assert!(draw("T+00:01") > 0, "the first frame is written");
        for _ in 0..1000 {
            assert_eq!(draw("T+00:01"), 0, "nothing changed");
        }
        let changed = draw("T+00:02");
        assert!((1..60).contains(&changed), "one digit changed, and {changed} bytes were written");
    }
    #[test]
    fn a_whole_cockpit_with_nothing_new_writes_not_a_byte() {
        let playbook = Playbook::parse("docs-rag", playbook::embedded("docs-rag").unwrap(), Some("drill")).unwrap();
        let start = Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: "drill".into() };
        let flight = Flight::new(Arc::new(playbook), &[], Redactor::default(), &start);
        let scene = |at: &Moment| flight.scene(Mode::Drill, &"mira".into(), at);
        let ui = Ui::new(Shelf::new(Vec::new()).named("dark").unwrap());
        let kept = Kept::default();
        let mut terminal = Terminal::new(Glass::new(kept.clone(), || Size::new(80, 24))).expect("memory never fails");
        let mut draw = |at: &Moment, human_ms| {
            terminal.draw(|frame| ui.draw(frame, &scene(at), human_ms)).expect("memory never fails");
            kept.0.take().len()
        };
        let first = draw(&start, 0);
        assert!(first > 1000, "a whole screen is written, not {first} bytes");
        for human_ms in (250..60_000).step_by(250) {
            assert_eq!(draw(&start, human_ms), 0, "the world stands still, {human_ms} ms after the first frame");
        }
    }
}
