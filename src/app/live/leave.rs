//! How a flight is left: what is in flight is settled, the terminal is given back, and what is lost is said.

use super::writer::Ack;
use super::{Helm, Session};
use crate::app::auto::Ending;
use crate::app::flight::{Input, JobId};
use crate::kind::{Answer, Fault};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// How long to wait for a pull that is in flight, or for the disk, when leaving.
pub(super) const LEAVE_MAX: Duration = Duration::from_secs(12);
/// How long the journal's thread may take to end, the terminal long given back.
const FINISH_MAX: Duration = Duration::from_secs(2);

impl Session {
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
