//! How a flight is left: what is in flight is settled, the terminal is given back, and what is lost is said.

use super::clerk::Clerk;
use super::writer::Ack;
use super::{Helm, Session, Signals, debrief};
use crate::app::auto::Ending;
use crate::app::flight::{Input, JobId};
use crate::app::printer;
use crate::cockpit::Then;
use crate::kind::{Answer, Fault};
use std::sync::PoisonError;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// How long to wait for a pull that is in flight, or for the disk, when leaving.
pub(super) const LEAVE_MAX: Duration = Duration::from_secs(12);
/// How long the journal's thread may take to end, the terminal long given back.
const FINISH_MAX: Duration = Duration::from_secs(2);

impl Session {
    /// Keeps the words that were typed and not saved, where nobody was asked about them: the terminal is lost, a signal
    /// came, command went over. Who says that they leave has read that those are lost.
    pub(super) fn keep_words(&mut self, helm: &mut Helm) {
        let kept = match helm {
            _ if self.debriefs => Vec::new(),
            Helm::Person(screen) => screen.ui().lock().unwrap_or_else(PoisonError::into_inner).save_all(),
            Helm::Plain(console) => console.ui().save_all(),
            Helm::Pilot => Vec::new(),
        };
        kept.into_iter().for_each(|intent| self.wish(intent));
    }

    /// Waits for what is in flight, so that its outcome is on disk, but not for ever. Time passes meanwhile: a batch
    /// that failed is tried again.
    pub(super) async fn leave_by(
        &mut self,
        patience: Duration,
        helm: &mut Helm,
        answered: &mut mpsc::Receiver<(JobId, Result<Answer, Fault>)>,
        acks: &mut mpsc::Receiver<Ack>,
    ) {
        let deadline = Instant::now() + patience;
        while self.flight.has_acts_in_flight() || !self.flight.is_settled() {
            self.toast = Some((self.human_ms(), "leaving: waiting for what is in flight".into()));
            self.show(helm);
            tokio::select! {
                biased;
                () = sleep_until(deadline) => return,
                Some((job, result)) = answered.recv() => self.feed(Input::Answered(job, result)),
                Some(ack) = acks.recv() => self.synced(ack),
                () = self.wait() => self.feed(Input::Tick),
            }
        }
    }

    /// Gives the terminal back, writes down what is left to write, and debriefs whoever wants it.
    pub(super) async fn land(
        mut self,
        helm: Helm,
        ending: Ending,
        (acks, signals): (&mut mpsc::Receiver<Ack>, &mut Signals),
    ) -> (Ending, Then) {
        let mut screen = match helm {
            Helm::Person(screen) => screen,
            Helm::Plain(console) => {
                return self.land_by_lines(*console, ending, (acks, signals)).await;
            }
            Helm::Pilot => {
                let ending = self.finish(ending, acks).await;
                self.say_what_is_lost();
                return (ending, Then::Shell);
            }
        };
        let keeper = screen.keeper.take().filter(|_| self.debriefs && self.flight.state().marks.declared.is_some());
        let Some(keeper) = keeper else {
            // The terminal first: whoever leaves must not sit before a dead screen while a disk hangs.
            screen.close();
            let ending = self.finish(ending, acks).await;
            self.say_what_is_lost();
            return (ending, Then::Shell);
        };
        let mut clerk = Clerk::of(keeper);
        // A debrief reads the directory, so everything must lie there first.
        let ending = self.finish(ending, acks).await;
        let debriefed = match ending {
            Ending::Unsaved { .. } => Ok(Then::Shell),
            Ending::Closed { .. }
            | Ending::NotDeclared
            | Ending::LeftAlone
            | Ending::Differed(_)
            | Ending::Open(_)
            | Ending::HandedOver(_) => {
                let (scene, by) = (self.scene(), self.commander.clone());
                debrief::until_left(&mut screen, &scene, (&mut clerk, by), signals).await
            }
        };
        screen.close();
        self.say_what_is_lost();
        let then = debriefed.unwrap_or_else(|why| {
            printer::complain(format_args!("goaround: there is no debrief: {why:#}"));
            Then::Shell
        });
        (ending, clerk.leave(then).await)
    }

    /// Lets the journal's thread end, and says what it did not take. Nothing new is begun on what it still takes:
    /// who would wait for its answer is gone.
    pub(super) async fn finish(&mut self, ending: Ending, acks: &mut mpsc::Receiver<Ack>) -> Ending {
        let mut unsaved = self.flight.unsaved();
        self.writer.finish();
        let take_the_rest = async {
            while let Some(ack) = acks.recv().await {
                unsaved = unsaved.saturating_sub(ack.map_or(0, |records| records.len()));
            }
        };
        let ended = timeout(FINISH_MAX, take_the_rest).await;
        if unsaved == 0 {
            return ending;
        }
        let slow = || if ended.is_err() { "the disk does not answer" } else { "the disk was too slow" };
        let why = self.flight.trouble().cloned().unwrap_or_else(|| slow().into());
        Ending::Unsaved { records: unsaved, why }
    }

    /// Says which drafts are not on disk. The screen must be closed by then: what is said under it is gone with it.
    pub(super) fn say_what_is_lost(&self) {
        self.writer.drafts.lost().iter().for_each(|line| printer::complain(format_args!("goaround: {line}")));
    }

    /// What the journal says of the end.
    pub(super) fn left(&self) -> Ending {
        if let Some(why) = self.carrier.differs() {
            return Ending::Differed(why);
        }
        let state = self.flight.state();
        if let Some(handed) = &state.people.handed_over {
            return Ending::HandedOver(handed.to.clone());
        }
        match state.closed {
            Some(recovered) => Ending::Closed { recovered },
            None if state.marks.declared.is_none() => Ending::NotDeclared,
            None => Ending::Open("left before it was closed".into()),
        }
    }
}
