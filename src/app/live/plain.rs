//! A person at a line: lines in, sentences out. Nothing here moves a cursor, and neither side is waited for.

use super::Keeper;
use super::clerk::{Clerk, News};
use super::signals::Signals;
use super::typed::{LINE_MAX, Lines, Typed};
use super::writer::Ack;
use super::{Helm, Session};
use crate::app::auto::Ending;
use crate::app::printer;
use crate::cockpit::{Intent, Interview, Plain, Said, Then, Ui};
use crate::report::Answers;
use crate::text::Text;
use color_eyre::eyre::{Result, eyre};
use crossterm::event::Event as TermEvent;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// The most lines waiting to be printed.
const SAID_MAX: usize = 4096;
/// How long a reader that has stopped reading may keep us when leaving.
const CLOSE_MAX: Duration = Duration::from_secs(1);
/// How long is waited between two looks while a line is held, in ms.
const HELD_MS: u64 = 50;

/// Standard input and output as a person's.
pub struct Console {
    plain: Plain,
    typed: Lines,
    paper: SyncSender<String>,
    printed: Receiver<()>,
    /// Who writes a debrief down, if there is to be one.
    pub(super) keeper: Option<Keeper>,
    /// How many lines a slow reader has missed since the last one that went out.
    missed: usize,
}

impl Console {
    /// The cockpit's own state.
    pub fn ui(&mut self) -> &mut Ui {
        self.plain.ui()
    }

    /// Begins to read and to print; whoever leaves on purpose is debriefed, if `keeper` writes it down.
    pub fn open(plain: Plain, keeper: Option<Keeper>) -> Self {
        let (paper, lines) = sync_channel::<String>(SAID_MAX);
        let (printing, printed) = sync_channel(0);
        std::thread::spawn(move || {
            lines.iter().for_each(printer::say);
            // Its end is what is waited for.
            drop::<SyncSender<()>>(printing);
        });
        Self { plain, typed: Lines::of_stdin(), paper, printed, keeper, missed: 0 }
    }

    /// The next line; `None` once there is nobody to type one.
    async fn next_line(&mut self) -> Option<Typed> {
        self.typed.next().await
    }

    /// The debrief of a drill that was flown before, until the person leaves; whether it can go on from there.
    pub async fn debrief(&mut self, keeper: Keeper, by: Text) -> Result<Then> {
        let mut clerk = Clerk::of(keeper);
        let asked = self.ask(&mut clerk, by).await;
        let then = clerk.leave(Then::Shell).await;
        asked.map(|()| then)
    }

    /// Asks what a drill was like, has it written down and tells what was measured, until the person leaves.
    async fn ask(&mut self, clerk: &mut Clerk, by: Text) -> Result<()> {
        clerk.keep(Answers::default());
        let debrief = loop {
            match clerk.news().await {
                News::Saved(debrief) => break debrief,
                News::Unsaved if clerk.hangs() => {
                    self.print_all(vec!["the debrief is not read yet: the disk does not answer; Ctrl-C leaves".into()]);
                }
                News::Unsaved => return Err(eyre!("{}", clerk.trouble().unwrap_or_default())),
                News::Revised(_) | News::Refused(_) | News::Told(_) => {}
            }
        };
        let mut interview = self.plain.interview(debrief, by);
        self.print_all(interview.said());
        loop {
            let typed = tokio::select! {
                // What was said is written down before the next line is taken, as long as that takes no time.
                biased;
                news = clerk.news() => {
                    tell(&mut interview, clerk, news);
                    self.print_all(interview.said());
                    continue;
                }
                typed = self.typed.next(), if !clerk.is_busy() => typed,
            };
            match typed {
                None => return Ok(()),
                Some(Typed::TooLong) => {
                    interview.complain(&format!("a line over {LINE_MAX} bytes is not taken; say it shorter"));
                }
                Some(Typed::Line(line, _)) => match interview.on_line(&line) {
                    Some(Said::Leave(_)) => return Ok(()),
                    Some(Said::Papers(paper)) => clerk.print(paper),
                    Some(Said::Words(words)) => clerk.keep(words),
                    Some(Said::Revised(revision)) => clerk.revise(revision),
                    None => {}
                },
            }
            self.print_all(interview.said());
        }
    }

    /// Prints what was said; a reader that has stopped reading is not waited for.
    fn print(&mut self) {
        let said = self.plain.said();
        self.print_all(said);
    }

    fn print_all(&mut self, said: Vec<String>) {
        for line in said {
            if self.missed > 0 {
                let missed = format!("{} lines were not printed in time; journal tells what happened.", self.missed);
                self.missed = if self.paper.try_send(missed).is_ok() { 0 } else { self.missed };
            }
            if let Err(TrySendError::Full(_)) = self.paper.try_send(line) {
                self.missed += 1;
            }
        }
    }

    /// Waits until everything is printed, but not for ever.
    pub fn close(mut self) {
        self.print();
        drop(self.paper);
        match self.printed.recv_timeout(CLOSE_MAX) {
            Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
}

/// What a person did; nothing where there is nobody any more.
pub(super) enum Came {
    Event(Option<TermEvent>),
    Line(Option<Typed>),
}

/// The next terminal event or line; never, without a person.
pub(super) async fn next_input(helm: &mut Helm) -> Came {
    match helm {
        Helm::Person(screen) => Came::Event(screen.next_event().await),
        Helm::Plain(console) => Came::Line(console.next_line().await),
        Helm::Pilot => std::future::pending().await,
    }
}

/// Tells what became of what was written.
fn tell(interview: &mut Interview, clerk: &Clerk, news: News) {
    match news {
        News::Saved(debrief) => interview.show(debrief),
        News::Revised(debrief) => interview.revised(debrief),
        News::Refused(why) => interview.refused(&why),
        News::Told(told) => interview.complain(&told),
        News::Unsaved => interview.in_trouble(clerk.trouble()),
    }
}

impl Session {
    /// Takes what a person did.
    pub(super) fn take(&mut self, came: Came, helm: &mut Helm) {
        match (came, helm) {
            (Came::Line(line), Helm::Plain(console)) => self.typed(line, console),
            (Came::Event(event), Helm::Person(_)) => self.key(event),
            // Nothing comes from where nobody sits.
            (Came::Line(_) | Came::Event(_), Helm::Person(_) | Helm::Plain(_) | Helm::Pilot) => {}
        }
    }

    /// Takes a line, or that there will be none any more.
    fn typed(&mut self, typed: Option<Typed>, console: &mut Console) {
        let scene = self.scene();
        let intents = match typed {
            Some(Typed::Line(line, at)) => console.plain.on_line(&line, &scene, self.human_at(at)),
            Some(Typed::TooLong) => {
                console.plain.on_too_long(LINE_MAX);
                Vec::new()
            }
            None => console.plain.end(&scene, self.human_ms()),
        };
        self.wish_all(intents, console);
    }

    /// Tells what there is to tell. What was typed meanwhile goes first, or a paste would look like lines typed one by one.
    pub(super) fn tell(&mut self, console: &mut Console) {
        if self.leaving {
            console.plain.hold_fire();
        }
        while !self.leaving
            && let Some(typed) = console.typed.try_next()
        {
            self.typed(Some(typed), console);
        }
        let (scene, human_ms) = (self.scene(), self.human_ms());
        let intents = console.plain.on_scene(&scene, human_ms);
        self.wish_all(intents, console);
        self.frame_ms = Some(if console.plain.is_holding() { HELD_MS } else { super::FRAME_MS });
    }

    /// Ctrl-C: drops what is open; twice asks; three times leaves.
    pub(super) fn interrupted(&mut self, console: &mut Console) {
        let intents = console.plain.interrupt(&self.scene(), self.human_ms());
        self.wish_all(intents, console);
    }

    /// Writes down what is left to write, and then asks what it was like: a debrief reads the directory.
    pub(super) async fn land_by_lines(
        &mut self,
        mut console: Console,
        ending: Ending,
        (acks, signals): (&mut mpsc::Receiver<Ack>, &mut Signals),
    ) -> (Ending, Then) {
        // What settled last while leaving is told as well.
        self.tell(&mut console);
        let declared = self.flight.state().marks.declared.is_some();
        let keeper = console.keeper.take().filter(|_| self.debriefs && declared);
        let ending = self.finish(ending, acks).await;
        self.say_what_is_lost();
        let saved = !matches!(ending, Ending::Unsaved { .. });
        let mut then = Then::Shell;
        if let Some(keeper) = keeper.filter(|_| saved) {
            let mut clerk = Clerk::of(keeper);
            let debriefed = tokio::select! {
                () = signals.leave(None) => Ok(()),
                debriefed = console.ask(&mut clerk, self.commander.clone()) => debriefed,
            };
            if let Err(why) = debriefed {
                printer::complain(format_args!("goaround: there is no debrief: {why:#}"));
            }
            then = clerk.leave(then).await;
        }
        console.close();
        (ending, then)
    }

    fn wish_all(&mut self, intents: Vec<Intent>, console: &mut Console) {
        for intent in intents {
            match intent {
                // There is no clipboard at the other end of a pipe: it is printed.
                Intent::Copy(text) => console.plain.on_copy(&text),
                intent => self.wish(intent),
            }
        }
        console.print();
    }

    /// When that was, in ms of human time.
    fn human_at(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.human).as_millis()).unwrap_or(u64::MAX)
    }
}
