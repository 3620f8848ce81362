//! The drawing thread: a stalled terminal blocks it and nothing else.

use super::escape::Voice;
use super::glass::{self, Glass};
use super::{ARRIVE_MAX, Aside, grip};
use crate::app::live::background;
use crate::cockpit::{Scene, Ui, title};
use crossterm::Command;
use ratatui::backend::Backend;
use ratatui::widgets::{Paragraph, Wrap};
use ratatui::{Frame, Terminal};
use std::any::Any;
use std::cell::Cell;
use std::fs::File;
use std::io::BufWriter;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most that is kept of what broke.
const BROKEN_MAX: usize = 8;
/// A title is written at most this often: some window managers redraw a whole bar for it.
const TITLE_EVERY: Duration = Duration::from_secs(1);

/// In whose hands the terminal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The cockpit's.
    #[default]
    Held,
    /// For a while those of whoever started us.
    Lent,
    /// Given back for good.
    GivenBack,
}

/// What the drawing thread draws next; only the newest matters.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) frame: Option<Picture>,
    pub(super) wanted: Wanted,
    /// In whose hands it is, as far as the drawing thread is concerned.
    pub(super) now: Wanted,
    /// What broke and did not end the flight: to be said when the terminal is given back.
    pub(super) broken: Vec<String>,
    /// Since when a frame is being written.
    pub(super) began: Option<Instant>,
    /// Whether what is being written is what restores the terminal: that is not to be thrown away.
    pub(super) restoring: bool,
    /// Whether everything is to be drawn again, also where nothing is new.
    pub(super) anew: bool,
    /// Whether the terminal is asked for its background and has not answered.
    pub(super) awaits: bool,
}

impl Drawn {
    /// Keeps why something broke; what breaks with every frame is said once.
    pub(super) fn note(&mut self, why: String) {
        if self.broken.len() < BROKEN_MAX && !self.broken.contains(&why) {
            self.broken.push(why);
        }
    }
}

pub(super) struct Picture {
    pub(super) scene: Scene,
    pub(super) human_ms: u64,
    pub(super) aside: Aside,
}

pub(super) type Shared = Arc<(Mutex<Drawn>, Condvar)>;

thread_local! {
    /// Whether this thread is drawing a frame, whose panic is caught and costs that frame alone.
    static DRAWING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is drawing a frame.
pub(super) fn is_drawing() -> bool {
    DRAWING.get()
}

/// Has everything drawn again, also where nothing is new.
pub(super) fn draw_anew(shared: &Shared) {
    shared.0.lock().unwrap_or_else(PoisonError::into_inner).anew = true;
    shared.1.notify_all();
}

/// The terminal has answered: what is drawn is of another colour from here on.
pub(super) fn answered(shared: &Shared) {
    shared.0.lock().unwrap_or_else(PoisonError::into_inner).awaits = false;
    draw_anew(shared);
}

/// Everything that is drawn with.
pub(super) struct Drawing {
    /// Dropped, it would complain on standard error, which a lost terminal turns into a panic. We give back ourselves.
    terminal: ManuallyDrop<Terminal<Glass<BufWriter<File>>>>,
    voice: Voice,
    ui: Arc<Mutex<Ui>>,
    directory: PathBuf,
    title: String,
    titled: Option<Instant>,
    /// Whether the terminal tells of its mouse.
    mouse: bool,
    /// Whether the last frame was read by nobody for so long that what is left of it is in the way.
    stalled: bool,
    /// What was drawn last: drawn again where the terminal was in other hands and nothing is new.
    last: Option<Picture>,
    /// Whether the terminal is still to be asked for its background: nothing comes before the first frame.
    asks: bool,
}

impl Drawing {
    pub(super) fn new(
        terminal: Terminal<Glass<BufWriter<File>>>,
        voice: Voice,
        ui: Arc<Mutex<Ui>>,
        directory: PathBuf,
    ) -> Self {
        let terminal = ManuallyDrop::new(terminal);
        Self {
            terminal,
            voice,
            ui,
            directory,
            title: String::new(),
            titled: None,
            mouse: false,
            stalled: false,
            last: None,
            asks: false,
        }
    }

    /// Draws until the terminal is given back for good.
    pub(super) fn run(mut self, shared: &Shared, asks: bool) {
        self.asks = asks;
        let (drawn, wake) = &**shared;
        loop {
            let mut guard = drawn.lock().unwrap_or_else(PoisonError::into_inner);
            while guard.now == guard.wanted && !guard.anew && (guard.frame.is_none() || guard.now != Wanted::Held) {
                guard = wake.wait(guard).unwrap_or_else(PoisonError::into_inner);
            }
            let (now, wanted) = (guard.now, guard.wanted);
            // A frame for a terminal that is in other hands keeps what is to be said until it is ours again.
            let frame = if wanted == Wanted::Held { guard.frame.take() } else { None };
            let changes = now != wanted;
            let anew = std::mem::take(&mut guard.anew) || changes;
            guard.began = Some(Instant::now());
            guard.restoring = changes && wanted != Wanted::Held;
            let frame = frame.or_else(|| if anew && wanted == Wanted::Held { self.last.take() } else { None });
            drop(guard);
            if changes {
                self.change_hands(wanted);
                let mut guard = drawn.lock().unwrap_or_else(PoisonError::into_inner);
                (guard.now, guard.restoring) = (wanted, false);
                drop(guard);
                wake.notify_all();
                if wanted == Wanted::GivenBack {
                    return;
                }
            }
            // A terminal that cannot be written to is noticed by the input thread, which ends the flight.
            let why = frame.as_ref().and_then(|frame| self.paint(frame, anew).ok()?);
            self.last = frame.map(|frame| Picture { aside: Aside::default(), ..frame }).or(self.last.take());
            let mut guard = drawn.lock().unwrap_or_else(PoisonError::into_inner);
            self.stalled = guard.began.take().is_some_and(|began| began.elapsed() >= ARRIVE_MAX);
            if let Some(why) = why {
                guard.note(format!("a screen could not be drawn: {why}"));
            }
        }
    }

    fn change_hands(&mut self, wanted: Wanted) {
        match wanted {
            Wanted::Held => drop(grip::enter()),
            Wanted::Lent | Wanted::GivenBack => {
                if self.stalled || glass::is_full() {
                    glass::throw_away();
                }
                grip::give_back();
            }
        }
        self.terminal.backend_mut().forget();
        (self.title, self.titled, self.mouse) = (String::new(), None, false);
    }

    fn paint(&mut self, frame: &Picture, anew: bool) -> std::io::Result<Option<String>> {
        if frame.aside.redraw || anew {
            // Not `clear`: it asks the terminal where its cursor is and waits two seconds for the answer, which the
            // input thread may have taken and some terminals never give.
            let size = self.terminal.size()?;
            self.terminal.resize(size.into())?;
        }
        self.speak(frame)?;
        let ui = &self.ui;
        let broken = draw_guarded(&mut self.terminal, &self.directory, |canvas| {
            let ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
            ui.draw(canvas, &frame.scene, frame.human_ms);
        })?;
        if std::mem::take(&mut self.asks) {
            self.terminal.backend_mut().say(background::ASK)?;
        }
        Ok(broken)
    }

    /// What is said beside the picture: the title, whether the mouse is wanted, a call, what was copied.
    fn speak(&mut self, frame: &Picture) -> std::io::Result<()> {
        let mut said = String::new();
        let wants_mouse = self.ui.lock().unwrap_or_else(PoisonError::into_inner).mouse();
        if wants_mouse != std::mem::replace(&mut self.mouse, wants_mouse) {
            let written =
                if wants_mouse { grip::MouseOn.write_ansi(&mut said) } else { grip::MouseOff.write_ansi(&mut said) };
            written.expect("a string takes every write");
        }
        let title = title(&frame.scene);
        if title != self.title && self.titled.is_none_or(|at| at.elapsed() >= TITLE_EVERY) {
            said.push_str(&self.voice.title(&title));
            (self.title, self.titled) = (title, Some(Instant::now()));
        }
        said.extend(frame.aside.alarm.iter().map(|words| self.voice.call(words)));
        said.extend(frame.aside.clipboard.iter().map(|text| self.voice.copy(text)));
        if said.is_empty() { Ok(()) } else { self.terminal.backend_mut().say(said.as_bytes()) }
    }
}

/// Draws one frame. A panic in it costs this frame and nothing else: one plain line stands there instead, the next
/// frame is drawn as if nothing had been, and why comes back.
pub(in crate::app::live) fn draw_guarded<B: Backend>(
    terminal: &mut Terminal<B>,
    directory: &Path,
    picture: impl FnOnce(&mut Frame),
) -> Result<Option<String>, B::Error> {
    DRAWING.set(true);
    let drawn = catch_unwind(AssertUnwindSafe(|| terminal.draw(picture).map(drop)));
    DRAWING.set(false);
    match drawn {
        Ok(drawn) => drawn.map(|()| None),
        Err(panic) => {
            let words = format!("this screen could not be drawn; state is safe in {}", directory.display());
            terminal.draw(|canvas| {
                // What the broken picture has left in the buffer is not shown.
                canvas.buffer_mut().reset();
                canvas.render_widget(Paragraph::new(words.as_str()).wrap(Wrap { trim: false }), canvas.area());
            })?;
            Ok(Some(message_of(&*panic)))
        }
    }
}

/// What a panic said.
pub(super) fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it did not say why").to_owned()
}
