//! The terminal: entered once, drawn by a thread that may block, and always given back.

use super::background::LateAnswer;
use crate::app::printer;
use crate::cockpit::{Scene, Ui};
use crate::report::{Answers, Debrief};
use color_eyre::eyre::Result;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event as TermEvent};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, is_raw_mode_enabled, size,
};
use crossterm::{cursor, execute};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::widgets::{Paragraph, Wrap};
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::io::{IsTerminal, Stdout, stdin, stdout};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The smallest terminal that shows anything useful.
const LEAST: (u16, u16) = (20, 5);
/// The most terminal events waiting to be read.
const EVENTS_MAX: usize = 256;
/// How often the input thread asks whether the terminal is still there, in ms.
const HANG_UP_MS: u64 = 100;
/// What is there already is there by now; crossterm does not even look when it is asked for no time at all.
const SOON: Duration = Duration::from_millis(1);
/// How long a stalled terminal may keep us when leaving.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// Why there can be no cockpit here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenError {
    /// Standard output or input is no terminal.
    NoTerminal,
    /// The terminal is too small.
    TooSmall(u16, u16),
}

impl fmt::Display for ScreenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerminal => {
                f.write_str("the cockpit needs a terminal on standard input and output; --auto flies without one")
            }
            Self::TooSmall(width, height) => write!(
                f,
                "this terminal is {width}x{height}; the cockpit needs {}x{} at least (80x24 is comfortable), --auto flies without one",
                LEAST.0, LEAST.1
            ),
        }
    }
}

impl std::error::Error for ScreenError {}

/// What the drawing thread draws next; only the newest matters.
#[derive(Default)]
struct Mailbox {
    frame: Option<Picture>,
    closing: bool,
    closed: bool,
    /// Why a frame could not be drawn, the first time.
    broken: Option<String>,
}

struct Picture {
    scene: Scene,
    human_ms: u64,
    redraw: bool,
    clipboard: Option<String>,
}

type Shared = Arc<(Mutex<Mailbox>, Condvar)>;

/// What writes down what was said, and answers with the debrief as it is then.
pub type Keeper = Box<dyn FnMut(&Answers) -> Result<Debrief> + Send>;

/// The terminal in the cockpit's hands.
pub struct Screen {
    ui: Arc<Mutex<Ui>>,
    mailbox: Shared,
    events: mpsc::Receiver<TermEvent>,
    /// Who writes a debrief down, if there is to be one.
    pub(super) keeper: Option<Keeper>,
}

impl Screen {
    /// Whether a cockpit can be shown here.
    pub fn check() -> Result<(), ScreenError> {
        if !stdout().is_terminal() || !stdin().is_terminal() {
            return Err(ScreenError::NoTerminal);
        }
        match size() {
            Ok((width, height)) if width < LEAST.0 || height < LEAST.1 => Err(ScreenError::TooSmall(width, height)),
            // A terminal that does not tell its size is drawn on as it comes.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Takes the terminal over; from here on every exit gives it back. `directory` is where the incident is kept.
    pub fn open(ui: Ui, directory: &Path) -> Result<Self> {
        give_back_on_panic();
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        let ui = Arc::new(Mutex::new(ui));
        let mailbox: Shared = Arc::default();
        let (drawn_ui, drawn) = (ui.clone(), mailbox.clone());
        let directory = directory.to_owned();
        std::thread::spawn(move || draw(terminal, &drawn_ui, &drawn, &directory));
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        std::thread::spawn(move || read(&sender));
        Ok(Self { ui, mailbox, events, keeper: None })
    }

    /// Whoever leaves on purpose is debriefed, and this writes it down.
    #[must_use]
    pub fn debriefed_by(self, keeper: Keeper) -> Self {
        Self { keeper: Some(keeper), ..self }
    }

    /// The cockpit's own state, shared with the drawing thread.
    pub fn ui(&self) -> Arc<Mutex<Ui>> {
        self.ui.clone()
    }

    /// The next key, paste or resize; `None` when the terminal is gone.
    pub async fn next_event(&mut self) -> Option<TermEvent> {
        self.events.recv().await
    }

    /// Draws this next; a frame that was not drawn yet is replaced.
    pub fn show(&self, scene: Scene, human_ms: u64, redraw: bool, clipboard: Option<String>) {
        let (mailbox, wake) = &*self.mailbox;
        let mut mailbox = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = mailbox.frame.take();
        let redraw = redraw || missed.as_ref().is_some_and(|frame| frame.redraw);
        let clipboard = clipboard.or_else(|| missed.and_then(|frame| frame.clipboard));
        mailbox.frame = Some(Picture { scene, human_ms, redraw, clipboard });
        wake.notify_one();
    }

    /// Gives the terminal back; a stalled one is not waited for.
    pub fn close(self) {
        let (mailbox, wake) = &*self.mailbox;
        let mut guard = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
        guard.closing = true;
        wake.notify_all();
        let deadline = Instant::now() + CLOSE_MAX;
        while !guard.closed {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            guard = wake.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let broken = guard.broken.take();
        drop(guard);
        // Needs no writing, so it works on a stalled terminal too.
        drop(disable_raw_mode());
        if let Some(why) = broken {
            printer::complain(format_args!("a screen could not be drawn, and this is a bug of goaround: {why}"));
        }
    }
}

thread_local! {
    /// Whether this thread is drawing a frame, whose panic is caught and costs that frame alone.
    static DRAWING: Cell<bool> = const { Cell::new(false) };
}

/// Gives the terminal back before the panic's report is printed.
fn give_back_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !DRAWING.get() {
            give_back();
            report(panic);
        }
    }));
}

/// Leaves the terminal as it was.
fn give_back() {
    if is_raw_mode_enabled().unwrap_or(false) {
        drop(execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show));
        drop(disable_raw_mode());
    }
}

/// The drawing thread: a stalled terminal blocks it and nothing else.
fn draw(terminal: Terminal<CrosstermBackend<Stdout>>, ui: &Mutex<Ui>, shared: &Shared, directory: &Path) {
    // Dropped, it would complain on standard error, which a lost terminal turns into a panic. We give back ourselves.
    let mut terminal = ManuallyDrop::new(terminal);
    let (mailbox, wake) = &**shared;
    loop {
        let mut guard = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
        while guard.frame.is_none() && !guard.closing {
            guard = wake.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        let frame = guard.frame.take();
        let closing = guard.closing;
        drop(guard);
        if closing {
            give_back();
            mailbox.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
            wake.notify_all();
            return;
        }
        if let Some(frame) = frame {
            // A terminal that cannot be written to is noticed by the input thread, which ends the flight.
            if let Ok(Some(why)) = paint(&mut terminal, ui, &frame, directory) {
                mailbox.lock().unwrap_or_else(PoisonError::into_inner).broken.get_or_insert(why);
            }
        }
    }
}

fn paint(
    terminal: &mut Terminal<CrosstermBackend<Stdout>>,
    ui: &Mutex<Ui>,
    frame: &Picture,
    directory: &Path,
) -> std::io::Result<Option<String>> {
    if frame.redraw {
        // Not `clear`: it asks the terminal where its cursor is and waits two seconds for the answer, which the
        // input thread may have taken and some terminals never give.
        let size = terminal.size()?;
        terminal.resize(size.into())?;
    }
    if let Some(text) = &frame.clipboard {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))?;
    }
    draw_guarded(terminal, directory, |canvas| {
        let ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
        ui.draw(canvas, &frame.scene, frame.human_ms);
    })
}

/// Draws one frame. A panic in it costs this frame and nothing else: one plain line stands there instead, the next
/// frame is drawn as if nothing had been, and why comes back.
pub(super) fn draw_guarded<B: Backend>(
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
fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it did not say why").to_owned()
}

/// The input thread. crossterm's own wait spins after a hang-up, so the terminal is asked first.
fn read(events: &mpsc::Sender<TermEvent>) {
    let mut late = LateAnswer::default();
    loop {
        let stdin = stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::try_from(HANG_UP_MS * 1_000_000).unwrap_or(0) };
        match poll(&mut fds, Some(&wait)) {
            Ok(ready) => {
                let typed = if ready == 0 { late.let_go() } else { Vec::new() };
                if !send(events, typed) {
                    return;
                }
            }
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
        }
        let state = fds[0].revents();
        if state.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return;
        }
        // A resize arrives without a byte to read: crossterm learns of it by its own signal handler.
        while crossterm::event::poll(SOON).unwrap_or(false) {
            let Ok(event) = crossterm::event::read() else { return };
            if !send(events, late.sift(event)) {
                return;
            }
        }
    }
}

/// Hands these on; answers whether anybody takes them.
fn send(events: &mpsc::Sender<TermEvent>, these: Vec<TermEvent>) -> bool {
    these.into_iter().all(|event| events.blocking_send(event).is_ok())
}
