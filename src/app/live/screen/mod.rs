//! The terminal: entered once, drawn by a thread that may block, and always given back.

mod broken;
mod draw;
mod escape;
mod glass;
mod grip;
mod input;

#[cfg(test)]
pub(super) use draw::draw_guarded;
pub use escape::{COPY_MAX, Notify};

use crate::app::flight::Unwritten;
use crate::app::printer;
use crate::cockpit::{Paper, Scene, Ui};
use crate::report::{Answers, Debrief, Revision};
use color_eyre::eyre::Result;
use crossterm::event::Event as TermEvent;
use crossterm::terminal::size;
use draw::{Picture, Shared, Wanted};
use escape::Voice;
use glass::{GIVEN, Glass};
use ratatui::Terminal;
use std::fmt;
use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The smallest terminal that shows anything useful.
const LEAST: (u16, u16) = (20, 5);
/// The most terminal events waiting to be read.
const EVENTS_MAX: usize = 256;
/// How long a stalled terminal may keep us when leaving.
const CLOSE_MAX: Duration = Duration::from_secs(1);
/// How long what is being written may take to arrive before it is thrown away, so that we can leave.
const ARRIVE_MAX: Duration = Duration::from_millis(400);
/// How long its answer may keep us when the terminal goes into other hands.
const ANSWER_MAX: Duration = Duration::from_millis(100);
/// A frame that takes this long to write is read by nobody.
const STALLED: Duration = Duration::from_millis(500);
/// How often what stands in the way is thrown away after that.
const THROW_EVERY: Duration = Duration::from_millis(20);

/// From here on nothing is added to a call that waits for a stalled terminal: it says enough.
const ALARM_BYTES: usize = 200;

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
                f.write_str("the cockpit needs a terminal on standard input and output; --plain works by lines instead, --auto flies without one")
            }
            Self::TooSmall(width, height) => write!(
                f,
                "this terminal is {width}x{height}; the cockpit needs {}x{} at least (80x24 is comfortable); --plain works by lines instead, --auto flies without one",
                LEAST.0, LEAST.1
            ),
        }
    }
}

impl std::error::Error for ScreenError {}

/// How the terminal is spoken to beside the screen itself.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// How a person is called.
    pub notify: Notify,
    /// The file that takes whatever is copied; none, where no folder for it is known.
    pub clipboard: Option<PathBuf>,
}

/// What is said to the terminal beside a frame.
#[derive(Clone, Debug, Default)]
pub struct Aside {
    /// Whether everything is drawn again.
    pub redraw: bool,
    /// What goes on the clipboard.
    pub clipboard: Option<String>,
    /// What a person is called for.
    pub alarm: Option<String>,
}

impl Aside {
    /// What was not said yet, and this.
    fn after(self, missed: Self) -> Self {
        Self {
            redraw: self.redraw || missed.redraw,
            clipboard: self.clipboard.or(missed.clipboard),
            alarm: match (missed.alarm, self.alarm) {
                (Some(first), Some(then)) if first.len() < ALARM_BYTES => Some(format!("{first} | {then}")),
                (first, then) => first.or(then),
            },
        }
    }
}

/// Writes down what was said, and answers with the debrief as it is then.
pub type Keeping = Box<dyn FnMut(&Answers) -> Result<Debrief> + Send>;

/// Changes what was kept, or takes it out. What failed for now is given to it again before anything else is.
pub type Revising = Box<dyn FnMut(&Revision) -> Result<(), Unwritten> + Send>;

/// Writes the report so, and the debrief; answers with where they are, as a sentence.
pub type Printing = Box<dyn FnMut(Paper) -> Result<String> + Send>;

/// What writes a debrief down.
pub struct Keeper {
    /// Writes down what was said, and answers with the debrief as it is then.
    pub keep: Keeping,
    /// Changes what was kept, or takes it out. What failed for now is given to it again before anything else is.
    pub revise: Revising,
    /// Writes the report so, and the debrief; answers with where they are, as a sentence.
    pub print: Printing,
}

/// The terminal in the cockpit's hands.
pub struct Screen {
    ui: Arc<Mutex<Ui>>,
    shared: Shared,
    events: mpsc::Receiver<TermEvent>,
    /// Where whatever is copied is kept as well.
    pub(in crate::app) clipboard: Option<PathBuf>,
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
            // A terminal that does not tell its size is drawn on as it comes.
            Ok((0, _) | (_, 0)) | Err(_) => Ok(()),
            Ok((width, height)) if width < LEAST.0 || height < LEAST.1 => Err(ScreenError::TooSmall(width, height)),
            Ok(_) => Ok(()),
        }
    }

    /// Takes the terminal over; from here on every exit gives it back. `directory` is where the incident is kept.
    pub fn open(ui: Ui, directory: &Path, manners: Manners) -> Result<Self> {
        let shared = Shared::default();
        broken::give_back_on_panic(&shared);
        grip::take()?;
        let voice = Voice::of_environment(manners.notify);
        let terminal = Terminal::new(Glass::of_stdout()?)?;
        let ui = ui.kept_in(&directory.display().to_string());
        let asks = ui.asks_background();
        shared.0.lock().unwrap_or_else(PoisonError::into_inner).awaits = asks;
        let ui = Arc::new(Mutex::new(ui));
        let drawing = draw::Drawing::new(terminal, voice, ui.clone(), directory.to_owned());
        let drawn = shared.clone();
        std::thread::spawn(move || drawing.run(&drawn, asks));
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        let (dressed, redrawn) = (ui.clone(), shared.clone());
        let learn = move |background| {
            dressed.lock().unwrap_or_else(PoisonError::into_inner).on_background(background);
            draw::answered(&redrawn);
        };
        std::thread::spawn(move || input::read(&sender, asks, learn));
        Ok(Self { ui, shared, events, clipboard: manners.clipboard, keeper: None })
    }

    /// One that nobody draws: its keys come from the test, and its frames stay where the drawing thread would find them.
    #[cfg(test)]
    pub(in crate::app::live) fn undrawn(ui: Ui) -> (Self, mpsc::Sender<TermEvent>) {
        let (keys, events) = mpsc::channel(EVENTS_MAX);
        let (ui, shared) = (Arc::new(Mutex::new(ui)), Shared::default());
        (Self { ui, shared, events, clipboard: None, keeper: None }, keys)
    }

    /// Takes the frame that is to be drawn next away; answers whether there was one.
    #[cfg(test)]
    pub(in crate::app::live) fn take_frame(&self) -> bool {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).frame.take().is_some()
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

    /// The size that is drawn on.
    pub fn size() -> (u16, u16) {
        size().ok().filter(|(width, height)| *width > 0 && *height > 0).unwrap_or(GIVEN)
    }

    /// Draws this next; a frame that was not drawn yet is replaced, and what was to be said with it is said now.
    pub fn show(&self, scene: Scene, human_ms: u64, aside: Aside) {
        let (drawn, wake) = &*self.shared;
        let mut drawn = drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = drawn.frame.take().map(|frame| frame.aside).unwrap_or_default();
        drawn.frame = Some(Picture { scene, human_ms, aside: aside.after(missed) });
        wake.notify_all();
    }

    /// Whether what it shows is old: somebody has stopped reading what is written.
    pub(super) fn is_stalled(&self) -> bool {
        let began = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).began;
        began.is_some_and(|began| began.elapsed() >= STALLED)
    }

    /// What lends the terminal and takes it again.
    pub(in crate::app) fn loan(&self) -> Loan {
        Loan(self.shared.clone())
    }

    /// Gives the terminal back; a stalled one is not waited for.
    pub fn close(self) {
        let broken = self.loan().hand_over(Wanted::GivenBack);
        for why in broken {
            printer::complain(format_args!("this is a bug of goaround, and the flight went on: {why}"));
        }
    }
}

/// What lends the terminal and takes it again.
pub(in crate::app) struct Loan(Shared);

impl Loan {
    /// Lends the terminal to whoever started us, until `take_again`.
    pub(in crate::app) fn lend(&self) {
        drop(self.hand_over(Wanted::Lent));
    }

    /// Takes the terminal again; everything is drawn anew.
    pub(in crate::app) fn take_again(&self) {
        // Whoever had it meanwhile may have left it as they like it: what it is like now is what they get back.
        drop(grip::make_raw());
        draw::draw_anew(&self.0);
        self.want(Wanted::Held);
    }

    /// Waits for the answer that a terminal owes, while the input thread still takes it out of the keys: a shell would
    /// take it for something typed. One that takes longer is: many a terminal never answers, and nobody stays for that.
    fn hear_out(&self, patience: Duration) {
        let (drawn, wake) = &*self.0;
        let guard = drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = wake.wait_timeout_while(guard, patience, |drawn| drawn.awaits);
        waited.unwrap_or_else(PoisonError::into_inner).0.awaits = false;
    }

    fn want(&self, wanted: Wanted) {
        let (drawn, wake) = &*self.0;
        drawn.lock().unwrap_or_else(PoisonError::into_inner).wanted = wanted;
        wake.notify_all();
    }

    /// Waits until the terminal is in other hands, at most for `CLOSE_MAX`; answers what broke meanwhile.
    fn hand_over(&self, wanted: Wanted) -> Vec<String> {
        self.hear_out(ANSWER_MAX);
        self.want(wanted);
        let (drawn, wake) = &*self.0;
        let began = Instant::now();
        let mut guard = drawn.lock().unwrap_or_else(PoisonError::into_inner);
        while guard.now != wanted && began.elapsed() < CLOSE_MAX {
            let patient = began.elapsed() < ARRIVE_MAX;
            let wait = if patient { ARRIVE_MAX } else { THROW_EVERY };
            guard = wake.wait_timeout(guard, wait).unwrap_or_else(PoisonError::into_inner).0;
            if guard.now != wanted && !guard.restoring && began.elapsed() >= ARRIVE_MAX {
                // Nobody reads: half a frame is in the way of the few bytes that restore their terminal.
                glass::throw_away();
            }
        }
        let broken = std::mem::take(&mut guard.broken);
        drop(guard);
        // Needs no writing, so it works on a stalled terminal too.
        grip::make_cooked();
        broken
    }
}

#[cfg(test)]
mod tests;
