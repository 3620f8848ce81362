//! The loop of a flight in real time: a cockpit or a headless pilot, real carriers or a paced drill.
//!
//! Signals, settlements, keys, readings and time come in here one after the other; nothing in this loop waits
//! for a backend, the disk or the terminal.

mod background;
mod carry;
mod beside;
mod cast;
mod clerk;
mod company;
mod copy;
mod debrief;
mod drafts;
mod leave;
mod pace;
mod person;
mod plain;
mod porter;
mod screen;
mod signals;
mod touch;
mod typed;
mod writer;

pub use carry::Carrier;
pub(in crate::app) use copy::Copies;
pub use debrief::debrief;
pub use plain::Console;
pub(in crate::app) use screen::Aside;
pub use screen::{Keeper, Manners, Notify, Screen, ScreenError};
pub(in crate::app) use signals::Signals;
pub(in crate::app) use touch::touched;
pub(in crate::app) use typed::{LINE_MAX, Lines, Typed};

use super::arming::{Arming, Wanted};
use super::auto::Ending;
use super::flight::{Flight, Input, JobId, Refused, Request};
use super::ledger::Ledger;
use super::printer;
use super::time::Clock;
use crate::cockpit::{Alarms, Mode, Scene, Then, Ui};
use crate::drill::{Crew, Line};
use crate::incident::{Actor, Command, Move, pilot};
use crate::journal::Found;
use crate::kind::{Answer, Fault};
use crate::text::Text;
use color_eyre::eyre::Result;
use company::Reception;
use pace::Pace;
use plain::next_input;
use porter::Porter;
use signals::Told;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use writer::{Ack, Writer};

/// The most answers waiting to be read.
const ANSWERS_MAX: usize = 256;
/// How often clocks on screen move, in ms.
const FRAME_MS: u64 = 250;
/// How long the disk may take before the journal counts as not saved.
const DISK_MAX: Duration = Duration::from_secs(2);

/// What a flight in real time is made of.
pub struct Setup {
    /// The flight.
    pub flight: Flight,
    /// Where it is written down.
    pub ledger: Ledger,
    /// Where its time comes from.
    pub clock: Clock,
    /// Who performs its exchanges.
    pub carrier: Carrier,
    /// Live or drill.
    pub mode: Mode,
    /// Who commands.
    pub commander: Actor,
    /// The first command: open, or resume.
    pub first: Command,
    /// What the person who flies a drill is told before it starts; empty in production.
    pub brief: String,
    /// Who answers and approves beside the person, in a drill.
    pub cast: Option<Crew>,
}

/// Who steers.
pub enum Helm {
    /// A person at a terminal.
    Person(Box<Screen>),
    /// A person at a line: lines in, sentences out.
    Plain(Box<Console>),
    /// The pilot, headless, one line per event.
    Pilot,
}

struct Session {
    flight: Flight,
    clock: Clock,
    carrier: Carrier,
    mode: Mode,
    commander: Actor,
    brief: Arc<[Text]>,
    writer: Writer,
    answers: mpsc::Sender<(JobId, Result<Answer, Fault>)>,
    human: Instant,
    ui: Option<Arc<Mutex<Ui>>>,
    /// How often a person is shown or told something, in ms. Where the pilot flies there is nobody: what happens is
    /// printed as it is written down.
    frame_ms: Option<u64>,
    toast: Option<(u64, Text)>,
    /// What was refused last of what the commander asked for, and when in human time: no other news is mistaken for it.
    denied: Option<(u64, Text)>,
    refused: Option<Text>,
    arming: Arming,
    cast: Option<Crew>,
    /// What the cast said last: it does not insist.
    said: Option<Line>,
    reception: Reception,
    leaving: bool,
    /// Whether it is left because the person asked to, and not at once.
    debriefs: bool,
    /// What the terminal is told with the next frame.
    aside: Aside,
    copies: Copies,
    alarms: Alarms,
    pace: Pace,
}

/// On which a flight's news come in.
struct Ways {
    answered: mpsc::Receiver<(JobId, Result<Answer, Fault>)>,
    acks: mpsc::Receiver<Ack>,
    found: mpsc::Receiver<Vec<Found>>,
}

/// Flies until the pilot lands or stops, the person leaves, or the terminal is lost; and what is wanted after the debrief.
pub async fn fly(setup: Setup, mut helm: Helm) -> Result<(Ending, Then)> {
    let (mut session, mut ways, first) = Session::begin(setup, &helm);
    let mut signals = Signals::listen()?;
    session.feed(Input::Command(session.commander.clone(), first));
    let ending = loop {
        if let Helm::Pilot = helm
            && let Some(ending) = session.steer()
        {
            break ending;
        }
        session.turn(&mut helm, &mut ways, signals.next()).await;
        if session.leaving {
            session.keep_words(&mut helm);
            session.leave_by(leave::LEAVE_MAX, &mut helm, &mut ways.answered, &mut ways.acks).await;
            break session.left();
        }
    };
    Ok(session.land(helm, ending, (&mut ways.acks, &mut signals)).await)
}

impl Session {
    /// A flight about to give its first command, and the ways on which its news come in.
    fn begin(setup: Setup, helm: &Helm) -> (Self, Ways, Command) {
        let (answers, answered) = mpsc::channel(ANSWERS_MAX);
        let (porter, found) = Porter::start(setup.ledger.dir());
        let (writer, acks) = Writer::start(setup.ledger);
        let (ui, clipboard) = match helm {
            Helm::Person(screen) => (Some(screen.ui()), screen.clipboard.clone()),
            Helm::Plain(_) | Helm::Pilot => (None, None),
        };
        let alarms = Alarms::new(setup.flight.state());
        let mut session = Self {
            flight: setup.flight,
            clock: setup.clock,
            carrier: setup.carrier,
            mode: setup.mode,
            commander: setup.commander,
            brief: setup.brief.lines().map(Text::from).collect(),
            writer,
            answers,
            human: Instant::now(),
            ui,
            frame_ms: (!matches!(helm, Helm::Pilot)).then_some(FRAME_MS),
            toast: None,
            denied: None,
            refused: None,
            arming: Arming::default(),
            cast: setup.cast,
            said: None,
            reception: Reception::new(porter),
            leaving: false,
            debriefs: false,
            aside: Aside { redraw: true, ..Aside::default() },
            copies: Copies::kept_in(clipboard),
            alarms,
            pace: Pace::default(),
        };
        session.flight.set_patience(session.clock.incident_ms(DISK_MAX));
        (session, Ways { answered, acks, found }, setup.first)
    }

    /// Shows what is due, and takes the next of what comes in.
    async fn turn(&mut self, helm: &mut Helm, ways: &mut Ways, told: impl Future<Output = Told>) {
        self.let_the_cast_speak();
        if self.pace.shows(self.human_ms()) {
            self.show(helm);
        }
        tokio::select! {
            biased;
            told = told => self.at_once(|session| session.told(told, helm)),
            Some((job, result)) = ways.answered.recv() => self.feed(Input::Answered(job, result)),
            Some(ack) = ways.acks.recv() => self.at_once(|session| session.synced(ack)),
            came = next_input(helm) => self.at_once(|session| session.take(came, helm)),
            Some(slips) = ways.found.recv() => self.attend(slips),
            () = self.wait() => self.feed(Input::Tick),
        }
    }

    /// Does what is shown without waiting.
    fn at_once(&mut self, does: impl FnOnce(&mut Self)) {
        self.pace.hurry();
        does(self);
    }

    /// Hands an input to the flight and performs what it asks for.
    fn feed(&mut self, input: Input) {
        let now = self.clock.now();
        for request in self.flight.handle(&now, input) {
            match request {
                Request::Ask(ask) => self.carrier.carry(ask, &self.clock, self.answers.clone()),
                Request::Write(batch) => self.writer.write(batch),
                Request::Sample(line) => self.writer.sample(line),
                Request::Refused(Refused { actor, why }) => {
                    self.toast = Some((self.human_ms(), why.clone()));
                    if actor == self.commander {
                        self.denied.clone_from(&self.toast);
                    }
                    self.refused = Some(why);
                }
                Request::Notice(why) => self.notice(why),
            }
        }
    }

    /// Says why what the commander asks for cannot be.
    fn deny(&mut self, why: Text) {
        self.toast = Some((self.human_ms(), why));
        self.denied.clone_from(&self.toast);
    }

    /// Says something nobody asked for.
    fn notice(&mut self, why: impl Into<Text>) {
        let why = why.into();
        if self.frame_ms.is_none() {
            printer::complain(&why);
        }
        self.toast = Some((self.human_ms(), why));
    }

    fn synced(&mut self, ack: Ack) {
        if let (None, Ok(records)) = (self.frame_ms, &ack) {
            for record in records {
                printer::say(printer::line(self.flight.playbook(), self.flight.state(), record));
            }
        }
        if let Ok(records) = &ack {
            self.carrier.follow(records);
        }
        let news = ack.as_ref().cloned().unwrap_or_default();
        self.feed(Input::Written(ack));
        self.hear_company(&news);
        // Whoever was handed command waits for the journal.
        self.leaving |= self.flight.state().people.handed_over.is_some();
        for record in &news {
            self.alarms.hear(self.flight.playbook(), self.flight.state(), &record.event);
        }
        if self.carrier.differs().is_some() {
            (self.leaving, self.debriefs) = (true, true);
        }
    }

    fn human_ms(&self) -> u64 {
        u64::try_from(self.human.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Until the flight wants to be woken, or the clocks on screen move.
    async fn wait(&self) {
        let wake = self.flight.next_wake().map_or(Duration::from_secs(1), |at| self.clock.until(&at));
        let frame = self.frame_ms.map_or(Duration::MAX, Duration::from_millis);
        tokio::time::sleep(wake.min(frame).min(self.pace.patience(self.human_ms()))).await;
    }

    /// Everything a frame is drawn from, and a key is judged by.
    fn scene(&self) -> Scene {
        let mut scene = self.flight.scene(self.mode, &self.commander, &self.clock.now());
        scene.toast.clone_from(&self.toast);
        scene.refused.clone_from(&self.denied);
        scene.brief = self.brief.clone();
        scene.company = self.reception.company.clone();
        scene
    }

    fn show(&mut self, helm: &mut Helm) {
        while let Some(why) = self.writer.drafts.complaint() {
            self.notice(why);
        }
        let screen = match helm {
            Helm::Person(screen) => screen,
            Helm::Plain(console) => return self.tell(console),
            Helm::Pilot => return,
        };
        self.toast = self.copies.news().map(|words| (self.human_ms(), words.into())).or(self.toast.take());
        let scene = self.scene();
        let human_ms = self.human_ms();
        // A frame that panicked must not end what the cockpit watches for.
        let (ui, stalled) = (screen.ui(), screen.is_stalled());
        let mut ui = ui.lock().unwrap_or_else(PoisonError::into_inner);
        if stalled {
            ui.not_seen(human_ms);
        }
        let intents = ui.on_scene(&scene, human_ms);
        drop(ui);
        screen.show(scene, human_ms, self.take_aside(human_ms));
        for intent in intents {
            self.wish(intent);
        }
    }

    /// Asks the pilot, as long as there is something to decide now.
    fn steer(&mut self) -> Option<Ending> {
        if !self.flight.is_settled() {
            return None;
        }
        if let Some(why) = self.refused.take() {
            return Some(Ending::Open(format!("refused: {why}")));
        }
        let now = self.clock.now();
        if !self.flight.has_looked_around(&now) {
            return None;
        }
        match pilot(self.flight.playbook(), self.flight.state()) {
            Move::Wait => None,
            Move::Landed => Some(self.left()),
            Move::Stop(why) => Some(Ending::Open(why)),
            Move::Submit(command) => {
                self.feed(Input::Command(Actor::from("pilot"), command));
                None
            }
            Move::Pull { lever, way, step } => {
                match self.arming.arm(&mut self.flight, &now, Wanted { lever, way, step, against: None }) {
                    Ok(Some(fire)) => self.feed(Input::Command(Actor::from("pilot"), Command::Fire(fire))),
                    Ok(None) => {}
                    Err(why) => return Some(Ending::Open(why)),
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
