//! The debrief's clerk: what was said goes to the disk on a thread of its own, one thing after the other. A disk that
//! hangs keeps nobody from the keys, and nobody from leaving.

use super::{DISK_MAX, Keeper};
use crate::app::flight::Unwritten;
use crate::app::printer;
use crate::cockpit::{Paper, Then};
use crate::report::{Answers, Debrief, Revision};
use crate::text::Text;
use color_eyre::eyre::Result;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// How long after a failure the same is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the clerk may take to finish, the terminal long given back.
const FINISH_MAX: Duration = Duration::from_secs(2);

/// Something for the disk.
#[derive(Clone, Debug, PartialEq)]
enum Work {
    Words(Answers),
    Revision(Revision),
    /// What is made of it all, anew: a revision is in its file.
    Anew,
    Paper(Paper),
}

/// What became of it.
enum Done {
    Words(Result<Debrief>),
    Revision(Result<(), Unwritten>),
    Anew(Result<Debrief>),
    Paper(Result<String>),
}

/// What the thread is at.
enum Hand {
    /// It waits for something to do.
    Free,
    /// It has the oldest of what is open; whether that takes so long that it was spoken of.
    Writing { since: Instant, told: bool },
    /// It could not write the oldest down, which is tried again then.
    Failed { until: Instant, why: Text },
}

/// What is to be told to the person.
#[derive(Debug)]
pub(super) enum News {
    /// The debrief as it is written down now.
    Saved(Debrief),
    /// The same, and the oldest revision is in it.
    Revised(Debrief),
    /// Why the oldest revision is not written down and never will be.
    Refused(String),
    /// What became of the report.
    Told(String),
    /// The oldest is not saved, for the reason that [`Clerk::trouble`] tells.
    Unsaved,
}

/// Who writes a debrief down.
pub(super) struct Clerk {
    work: SyncSender<Work>,
    done: mpsc::Receiver<Done>,
    /// What is not on disk as far as is known, the oldest first: as much as a person has typed.
    open: VecDeque<Work>,
    hand: Hand,
}

impl Clerk {
    /// Starts the thread.
    pub(super) fn of(keeper: Keeper) -> Self {
        let (work, next) = sync_channel(1);
        let (tell, done) = mpsc::channel(1);
        std::thread::spawn(move || write(keeper, &next, &tell));
        Self { work, done, open: VecDeque::new(), hand: Hand::Free }
    }

    /// Has this written down behind what is open.
    pub(super) fn keep(&mut self, words: Answers) {
        self.open.push_back(Work::Words(words));
        self.go_on();
    }

    /// Has a finding changed or taken out behind what is open.
    pub(super) fn revise(&mut self, revision: Revision) {
        self.open.push_back(Work::Revision(revision));
        self.go_on();
    }

    /// Has the report written, unless it is waiting to be.
    pub(super) fn print(&mut self, paper: Paper) {
        if !self.open.contains(&Work::Paper(paper)) {
            self.open.push_back(Work::Paper(paper));
            self.go_on();
        }
    }

    /// Why the oldest of what is open is not saved, where that is more than that it was begun just now.
    pub(super) fn trouble(&self) -> Option<Text> {
        match &self.hand {
            Hand::Failed { why, .. } => Some(why.clone()),
            Hand::Writing { told: true, .. } => Some("the disk does not answer".into()),
            Hand::Writing { told: false, .. } | Hand::Free => None,
        }
    }

    /// Whether something is being written that may be done in a moment.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.hand, Hand::Writing { told: false, .. })
    }

    /// Whether the disk has something and does not answer.
    pub(super) fn hangs(&self) -> bool {
        matches!(self.hand, Hand::Writing { .. })
    }

    /// What there is to tell next; never anything, where nothing is open.
    pub(super) async fn news(&mut self) -> News {
        loop {
            let wake = match self.hand {
                Hand::Writing { since, told: false } => Some(since + DISK_MAX),
                Hand::Failed { until, .. } => Some(until),
                Hand::Writing { told: true, .. } | Hand::Free => None,
            };
            let wakes = async {
                match wake {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Some(done) = self.done.recv() => match self.settle(done) {
                    Some(news) => return news,
                    None => continue,
                },
                () = wakes => {}
            }
            if let Hand::Writing { told, .. } = &mut self.hand {
                *told = true;
                return News::Unsaved;
            }
            self.hand = Hand::Free;
            self.go_on();
        }
    }

    /// Ends, once what is being written is written or has taken too long, and says what is lost. What is wanted then
    /// comes back, and that it cannot be had where the disk hangs.
    pub(super) async fn leave(mut self, then: Then) -> Then {
        let finish = async {
            while self.is_busy() {
                drop(self.news().await);
            }
        };
        // Who waited in vain knows it from what is still open.
        drop(timeout(FINISH_MAX, finish).await);
        self.lost().iter().for_each(|line| printer::complain(format_args!("goaround: {line}")));
        if self.hangs() { Then::Stuck } else { then }
    }

    /// What is not on disk, line by line, as its file would have it.
    pub(super) fn lost(&self) -> Vec<Text> {
        let mut said = Answers::default();
        let (mut lines, mut revisions) = (Vec::new(), Vec::new());
        let why = self.trouble().unwrap_or_else(|| "the disk does not answer".into());
        for work in &self.open {
            match work {
                Work::Words(words) => said.add(words),
                Work::Revision(revision) => revisions.push(revision.to_string().into()),
                Work::Anew => lines.push(format!("debrief.md NOT written: {why}").into()),
                Work::Paper(paper) => lines.push(format!("{} NOT written: {why}", paper.name()).into()),
            }
        }
        if !revisions.is_empty() {
            lines.push(
                format!("debrief NOT changed: {why}; what of this is not so in debrief.toml, do by hand:").into(),
            );
            lines.append(&mut revisions);
        }
        if said != Answers::default() {
            lines.push(
                format!("debrief NOT saved: {why}; what of this is missing in debrief.toml, add by hand:").into(),
            );
            let as_written = said.added_to("\n");
            lines.extend(as_written.lines().filter(|line| !line.is_empty()).map(Text::from));
        }
        lines
    }

    /// Hands the oldest to the thread, if that is free.
    fn go_on(&mut self) {
        if let (Hand::Free, Some(oldest)) = (&self.hand, self.open.front()) {
            // There is room: the thread has taken what it had before. One that has broken is one that does not answer.
            drop(self.work.try_send(oldest.clone()));
            self.hand = Hand::Writing { since: Instant::now(), told: false };
        }
    }

    /// What is to be told of what the thread did; nothing, where it goes on with the same.
    fn settle(&mut self, done: Done) -> Option<News> {
        let news = match done {
            Done::Words(Err(why)) | Done::Anew(Err(why)) => return Some(self.failed(format!("{why:#}").into())),
            Done::Revision(Err(Unwritten::ForNow(why))) => return Some(self.failed(why)),
            Done::Revision(Err(Unwritten::Never(why))) => Some(News::Refused(self.refusal(&why))),
            Done::Revision(Ok(())) => None,
            Done::Words(Ok(debrief)) => Some(News::Saved(debrief)),
            Done::Anew(Ok(debrief)) => Some(News::Revised(debrief)),
            Done::Paper(told) => Some(News::Told(told.unwrap_or_else(|why| format!("not written: {why:#}")))),
        };
        self.open.pop_front();
        if news.is_none() {
            // It is in the file and is not done twice. What is made of the file is an order of its own, tried until it is.
            self.open.push_front(Work::Anew);
        }
        self.hand = Hand::Free;
        self.go_on();
        news
    }

    /// The oldest is tried again in a while.
    fn failed(&mut self, why: Text) -> News {
        self.hand = Hand::Failed { until: Instant::now() + PAUSE, why };
        News::Unsaved
    }

    /// Why the oldest is refused, with what it was: it is nowhere else any more.
    fn refusal(&self, why: &Text) -> String {
        match self.open.front() {
            Some(Work::Revision(revision)) => format!("{why} (wanted: {revision})"),
            Some(Work::Words(_) | Work::Anew | Work::Paper(_)) | None => why.to_string(),
        }
    }
}

fn write(mut keeper: Keeper, work: &Receiver<Work>, tell: &mpsc::Sender<Done>) {
    for work in work {
        let done = match work {
            Work::Words(words) => Done::Words((keeper.keep)(&words)),
            Work::Revision(revision) => Done::Revision((keeper.revise)(&revision)),
            Work::Anew => Done::Anew((keeper.keep)(&Answers::default())),
            Work::Paper(paper) => Done::Paper((keeper.print)(paper)),
        };
        if tell.blocking_send(done).is_err() {
            return;
        }
    }
}
