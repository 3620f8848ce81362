//! An incident played again from what it left on disk: nothing is asked, sent or written but bookmarks.

use super::desk::Desk;
use super::flight::set_known_baselines;
use super::live::{Screen, Signals};
use super::printer;
use crate::cockpit::{Company, Cursor, Intent, Mode, Scene, Scrub, Tape};
use crate::incident::{self, Moment, State};
use crate::journal;
use crate::metrics::Board;
use chrono::DateTime;
use color_eyre::eyre;
use crossterm::event::Event as TermEvent;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The newest records kept for the journal panel.
const RECORDS_MAX: usize = 200;
/// Records between one checkpoint and the next: to fold as many takes about a millisecond.
const RECORDS_EVERY: usize = 128;
/// Samples between one checkpoint and the next, at least, and the most checkpoints: each holds every chart.
const SAMPLES_EVERY: (usize, usize) = (4096, 32);
/// How often time passes while it plays.
const FRAME: Duration = Duration::from_millis(100);
/// How often it does while it stands still: for news to go away.
const STILL: Duration = Duration::from_secs(1);

/// What was believed, measured and seen at any place of a tape.
pub struct Player {
    tape: Arc<Tape>,
    states: Scrub<State>,
    boards: Scrub<Board>,
}

impl Player {
    /// Over this tape, nothing played yet.
    pub fn new(tape: Arc<Tape>) -> Self {
        let samples = SAMPLES_EVERY.0.max(tape.sample_count() / SAMPLES_EVERY.1);
        Self { tape, states: Scrub::new(RECORDS_EVERY), boards: Scrub::new(samples) }
    }

    /// What was believed there: the fold of every record until then.
    pub fn state(&mut self, cursor: Cursor) -> Arc<State> {
        let (playbook, records) = (self.tape.playbook().clone(), self.tape.clone());
        self.states
            .seek(cursor.count, |state, place| incident::apply(&playbook, state, &records.records()[place]))
            .clone()
    }

    /// The cockpit as it stood there.
    pub fn scene(&mut self, cursor: Cursor) -> Scene {
        let (tape, state) = (self.tape.clone(), self.state(cursor));
        let playbook = tape.playbook().clone();
        let heard = self.boards.seek(tape.samples_until(cursor), |board, place| tape.hear(board, place));
        let mut board = (**heard).clone();
        let now = tape.moment(cursor).unwrap_or_else(|| Moment::sampled(0));
        let now = state.marks.closed.clone().unwrap_or(now);
        set_known_baselines(&mut board, &playbook, &state, &now);
        for (id, slot) in &state.verdicts {
            if let Some(metric) = playbook.metrics.get(id) {
                board.told(metric, &slot.verdict, now.wall_ms);
            }
        }
        let newest = cursor.count.saturating_sub(RECORDS_MAX)..cursor.count;
        Scene {
            mode: Mode::Replay,
            records: Arc::new(tape.records()[newest].iter().cloned().collect()),
            commander: state.people.commander.clone(),
            ranked: incident::ranked(&playbook, &state),
            playbook,
            state,
            board: Arc::new(board),
            now,
            looked: Arc::default(),
            backends: Vec::new(),
            journal_saved: true,
            armed: None,
            letter: None,
            brief: Arc::new([]),
            company: Company::default(),
            refused: None,
            toast: None,
        }
    }
}

struct Session {
    directory: PathBuf,
    player: Player,
    human: Instant,
    desk: Desk,
    leaving: bool,
}

/// Shows the incident that lies in `directory` until the person leaves. The screen's cockpit has `tape` in its reel.
pub async fn replay(directory: &Path, tape: Arc<Tape>, mut screen: Screen) -> eyre::Result<()> {
    let mut session = Session {
        directory: directory.to_owned(),
        desk: Desk::at(&screen, still_open(&tape, directory)),
        player: Player::new(tape),
        human: Instant::now(),
        leaving: false,
    };
    let mut signals = Signals::listen()?;
    let loan = screen.loan();
    while !session.leaving {
        let wait = session.show(&screen);
        tokio::select! {
            biased;
            () = signals.leave(Some(&loan)) => session.leaving = true,
            event = screen.next_event() => session.key(event),
            () = tokio::time::sleep(wait) => {}
        }
    }
    screen.close();
    Ok(())
}

/// That more may come, if nobody has closed the incident: a tape is what there was when it was read.
pub fn still_open(tape: &Tape, directory: &Path) -> Option<String> {
    let until = tape.moment(tape.at(tape.end_ms())).filter(|_| tape.is_open())?;
    let until = DateTime::from_timestamp_millis(until.wall_ms)?.format("%H:%M:%S");
    let directory = directory.display();
    Some(format!("this incident is still open, shown up to {until} UTC; to follow it: goaround watch {directory}"))
}

/// Tells each event on a line of its own, up to a place, with the time it had then.
pub fn tell(tape: &Tape, until: Cursor) {
    let mut told = State::default();
    for record in &tape.records()[..until.count] {
        incident::apply(tape.playbook(), &mut told, record);
        printer::say(printer::line(tape.playbook(), &told, record));
    }
}

impl Session {
    fn human_ms(&self) -> u64 {
        u64::try_from(self.human.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The cockpit where the tape stands now, and whether it goes on by itself.
    fn scene(&mut self, human_ms: u64) -> (Scene, bool) {
        let (cursor, plays) = self.desk.ui().tick_reel(human_ms).unwrap_or_default();
        let mut scene = self.player.scene(cursor);
        scene.toast.clone_from(&self.desk.toast);
        (scene, plays)
    }

    /// Draws what is there now; how long that is good for.
    fn show(&mut self, screen: &Screen) -> Duration {
        let human_ms = self.human_ms();
        self.desk.hear(human_ms);
        let (scene, plays) = self.scene(human_ms);
        let intents = self.desk.show(screen, scene, human_ms);
        intents.into_iter().for_each(|intent| self.wish(intent));
        if plays { FRAME } else { STILL }
    }

    fn key(&mut self, event: Option<TermEvent>) {
        let human_ms = self.human_ms();
        let (scene, _) = self.scene(human_ms);
        let intents = self.desk.touch(event, (&scene, human_ms));
        intents.into_iter().for_each(|intent| self.wish(intent));
    }

    /// Says so where a change of the bookmarks is lost with this replay.
    fn kept(&mut self, kept: Result<(), String>) {
        if let Err(why) = kept {
            self.desk.say(self.human_ms(), format!("the bookmarks were not changed on disk: {why}"));
        }
    }

    fn wish(&mut self, intent: Intent) {
        match intent {
            Intent::Copy(text) => self.desk.copy(text),
            Intent::Redraw => self.desk.redraw(),
            Intent::Quit | Intent::Exit => self.leaving = true,
            Intent::KeepBookmark(at_ms) => self.kept(journal::keep_bookmark(&self.directory, at_ms)),
            Intent::DropBookmark(at_ms) => self.kept(journal::drop_bookmark(&self.directory, at_ms)),
            // The cockpit refuses these before they are wished for; whoever changes it must not change production.
            Intent::Submit(_)
            | Intent::Arm { .. }
            | Intent::Disarm
            | Intent::Fire { .. }
            | Intent::ByHand { .. }
            | Intent::ReRead
            | Intent::ArmComm { .. }
            | Intent::SendComm { .. }
            | Intent::Object(_)
            | Intent::AskCommand
            | Intent::KeepDraft { .. } => {
                self.desk.say(self.human_ms(), "this is a replay; nothing is changed by looking at it");
            }
        }
    }
}
