//! Work that blocks a thread, and may hang for ever on a dead mount: one at a time for each file, and few in all.
//!
//! A thread that hangs in the kernel cannot be ended. Each look at a dead mount would take one more, until none is
//! left for a file that is well.

use super::{Deadline, lost, not_sent};
use crate::kind::Fault;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;

/// Where one sort of work goes one by one.
pub(super) struct Lane {
    /// `read` or `change`.
    verb: &'static str,
    max: usize,
    room: Arc<Semaphore>,
    /// Files are named by playbooks, so there are not many.
    places: Mutex<BTreeMap<PathBuf, Arc<Place>>>,
}

/// A file with somebody at it, or not.
#[derive(Default)]
struct Place {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Whether whoever has the turn has outlived its deadline.
    overdue: AtomicBool,
}

/// What a thread holds while it works, and gives back when its work has really ended.
struct Turn {
    _file: OwnedMutexGuard<()>,
    _room: OwnedSemaphorePermit,
}

impl Lane {
    pub(super) fn new(verb: &'static str, max: usize) -> Self {
        Self { verb, max, room: Arc::new(Semaphore::new(max)), places: Mutex::default() }
    }

    /// Runs `work` at `path` on a thread where blocking is allowed.
    ///
    /// At the deadline the answer is that nobody knows, and the thread keeps its turn until its work ends.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        path: &Path,
        deadline: Deadline,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let place = self.place(path);
        let turn = self.turn(&place, path, deadline).await?;
        let working = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        match timeout_at(deadline.at, working).await {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => Err(lost(format!("{}: the work was broken off: {error}", path.display()))),
            Err(_) => {
                place.overdue.store(true, Ordering::Relaxed);
                Err(deadline.passed(&path.display().to_string()))
            }
        }
    }

    fn place(&self, path: &Path) -> Arc<Place> {
        let mut places = self.places.lock().expect("no place is looked up by a thread that panics");
        places.entry(path.to_owned()).or_default().clone()
    }

    async fn turn(&self, place: &Place, path: &Path, deadline: Deadline) -> Result<Turn, Fault> {
        let (verb, shown) = (self.verb, path.display());
        let taken = || not_sent(format!("still waiting for an earlier {verb} of {shown}"));
        let file = match place.turn.clone().try_lock_owned() {
            Ok(file) => file,
            // Whoever came before was given up: it is the disk that hangs, and it would hang for this one too.
            Err(_) if place.overdue.load(Ordering::Relaxed) => return Err(taken()),
            Err(_) => timeout_at(deadline.at, place.turn.clone().lock_owned()).await.map_err(|_| taken())?,
        };
        place.overdue.store(false, Ordering::Relaxed);
        let full = || not_sent(format!("{shown}: still waiting for {} earlier {verb}s of other files", self.max));
        let room = timeout_at(deadline.at, self.room.clone().acquire_owned()).await.map_err(|_| full())?;
        Ok(Turn { _file: file, _room: room.expect("the room is never closed") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Use;
    use std::sync::mpsc;

    /// Work that hangs until the sender is dropped, as a read of a dead mount does.
    fn hanging() -> (mpsc::Sender<()>, impl FnOnce() -> Result<(), Fault>) {
        let (mount, dead) = mpsc::channel::<()>();
        (mount, move || {
            let _ = dead.recv();
            Ok(())
        })
    }

    fn soon() -> Deadline {
        Deadline::after(50, Use::Look)
    }

    fn well() -> Result<&'static str, Fault> {
        Ok("on")
    }

    #[tokio::test]
    async fn a_read_of_a_file_that_hangs_is_not_begun_twice() {
        let lane = Lane::new("read", 4);
        let (mount, work) = hanging();
        let first = lane.run(Path::new("/dead/flag"), soon(), work).await;
        assert!(matches!(first, Err(Fault::Lost(_))), "{first:?}");

        // A deadline far away: the answer must not wait for it.
        let again =
            lane.run(Path::new("/dead/flag"), Deadline::after(3_600_000, Use::Look), || panic!("it was begun")).await;
        let again: Result<(), Fault> = again;
        assert_eq!(again, Err(not_sent("still waiting for an earlier read of /dead/flag")));
        assert_eq!(lane.run(Path::new("/well/flag"), Deadline::after(60_000, Use::Look), well).await, Ok("on"));

        drop(mount);
        // The mount is back: sooner or later the thread has given its turn back.
        while lane.room.available_permits() < 4 {
            tokio::task::yield_now().await;
        }
        assert_eq!(lane.run(Path::new("/dead/flag"), Deadline::after(60_000, Use::Look), well).await, Ok("on"));
    }

    #[tokio::test]
    async fn two_reads_of_a_file_that_is_well_both_answer() {
        let lane = Lane::new("read", 4);
        let (mount, work) = hanging();
        let path = Path::new("/slow/flag");
        let slow = lane.run(path, Deadline::after(60_000, Use::Look), work);
        let second = async {
            drop(mount);
            lane.run(path, Deadline::after(60_000, Use::Look), well).await
        };
        assert_eq!(tokio::join!(slow, second), (Ok(()), Ok("on")));
    }

    #[tokio::test]
    async fn few_threads_hang_however_many_files_there_are() {
        let lane = Lane::new("read", 2);
        let (mut held, mut began) = (Vec::new(), 0);
        for number in 0..5 {
            let (mount, work) = hanging();
            held.push(mount);
            match lane.run(Path::new(&format!("/dead/{number}")), soon(), work).await {
                Err(Fault::Lost(_)) => began += 1,
                Err(Fault::NotSent(why)) => {
                    assert!(why.as_str().ends_with("still waiting for 2 earlier reads of other files"), "{why}");
                }
                other => panic!("it ended: {other:?}"),
            }
        }
        assert_eq!(began, 2);
    }
}
