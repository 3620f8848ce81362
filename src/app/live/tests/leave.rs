//! Leaving with a disk that fails or hangs: what can be saved is, and what cannot is said.

use crate::app::arming::Arming;
use crate::app::auto::Ending;
use crate::app::flight::{Batch, Flight, Input, Unwritten};
use crate::app::live::company::Reception;
use crate::app::live::copy::Copies;
use crate::app::live::pace::Pace;
use crate::app::live::porter::Porter;
use crate::app::live::screen::Aside;
use crate::app::live::writer::{Ack, Paper, Writer};
use crate::app::live::{Carrier, Helm, Session};
use crate::app::time::Clock;
use crate::cockpit::{Alarms, Intent, Mode};
use crate::drill::{Scenario, World};
use crate::incident::{Command, Moment, Record};
use crate::kind::{Answer, Fault};
use crate::playbook::{self, Id, Playbook};
use crate::text::{Redactor, Text};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// So fast that a pause of a second is over in ten milliseconds.
const SPEED: f64 = 100.0;

/// A disk that fails so many times and then takes everything.
pub(super) struct Failing {
    pub(super) left: u32,
    pub(super) seq: u64,
}

impl Paper for Failing {
    fn write(&mut self, batch: &Batch) -> Ack {
        if self.left > 0 {
            self.left -= 1;
            return Err(Unwritten::ForNow("No space left on device".into()));
        }
        let numbered = (self.seq + 1..).zip(batch.entries.iter().cloned());
        let records: Vec<_> = numbered.map(|(seq, (at, actor, event))| Record { seq, at, actor, event }).collect();
        self.seq += records.len() as u64;
        Ok(records)
    }

    fn draft(&mut self, _comm: &Id, _words: Option<&str>) -> Result<(), Text> {
        Err("No space left on device".into())
    }

    fn sample(&mut self, _line: &str) {}

    fn flush(&mut self) {}
}

/// A disk that answers nothing until the test is over.
pub(super) struct Hanging(Receiver<()>);

impl Paper for Hanging {
    fn write(&mut self, _batch: &Batch) -> Ack {
        let _released = self.0.recv();
        Err(Unwritten::ForNow("too late".into()))
    }

    fn draft(&mut self, _comm: &Id, _words: Option<&str>) -> Result<(), Text> {
        let _released = self.0.recv();
        Err("too late".into())
    }

    fn sample(&mut self, _line: &str) {}

    fn flush(&mut self) {}
}

pub(super) fn hanging() -> (Sender<()>, Hanging) {
    let (release, held) = channel();
    (release, Hanging(held))
}

pub(super) type Answers = mpsc::Receiver<(u64, Result<Answer, Fault>)>;

/// A drill that has just been asked to begin its journal on this paper.
pub(super) fn begun(paper: impl Paper + Send + 'static) -> (Session, Answers, mpsc::Receiver<Ack>) {
    begun_on(paper, playbook::embedded("docs-rag").unwrap())
}

/// The same with another playbook.
pub(super) fn begun_on(paper: impl Paper + Send + 'static, playbook: &str) -> (Session, Answers, mpsc::Receiver<Ack>) {
    let scenario = Scenario::parse("index-mismatch", Scenario::embedded("index-mismatch").unwrap()).unwrap();
    let playbook = Playbook::parse("docs-rag", playbook, Some("drill")).unwrap();
    let world = World::new(&scenario, &playbook, 1).unwrap();
    let epoch = Moment { wall_ms: scenario.epoch_ms, boot_ns: 0, boot_id: "drill".into() };
    let (writer, acks) = Writer::start(paper);
    let (answers, answered) = mpsc::channel(256);
    let mut session = Session {
        flight: Flight::new(Arc::new(playbook), &[], Redactor::default(), &epoch),
        clock: Clock::drill(epoch.clone(), SPEED),
        carrier: Carrier::Drill(Arc::new(Mutex::new(world.into())), epoch),
        mode: Mode::Drill,
        commander: "mira".into(),
        writer,
        answers,
        human: Instant::now(),
        ui: None,
        frame_ms: None,
        toast: None,
        denied: None,
        refused: None,
        arming: Arming::default(),
        cast: None,
        said: None,
        reception: Reception::new(Porter::start(Path::new("/nowhere")).0),
        leaving: true,
        debriefs: false,
        aside: Aside::default(),
        copies: Copies::kept_in(None),
        alarms: Alarms::default(),
        brief: Arc::default(),
        pace: Pace::default(),
    };
    // At this speed a thread that gets no processor for a moment would be a disk that does not answer.
    session.flight.set_patience(session.clock.incident_ms(Duration::from_secs(60)));
    let open =
        Command::Open { incident: "left".into(), playbook_sha256: String::new(), version: "0".into(), drill: None };
    session.feed(Input::Command("mira".into(), open));
    (session, answered, acks)
}

#[tokio::test]
async fn a_batch_that_failed_is_tried_again_on_leaving() {
    let (mut session, mut answered, mut acks) = begun(Failing { left: 3, seq: 0 });
    let patience = Duration::from_secs(30);
    session.leave_by(patience, &mut Helm::Pilot, &mut answered, &mut acks).await;
    assert!(session.flight.is_settled(), "the disk was well again, and nobody tried it");
    let ending = session.left();
    assert_eq!(session.finish(ending, &mut acks).await, Ending::NotDeclared);
}

#[tokio::test]
async fn leaving_with_a_full_disk_says_how_much_is_lost_and_why() {
    let (mut session, mut answered, mut acks) = begun(Failing { left: u32::MAX, seq: 0 });
    let patience = Duration::from_secs(2);
    session.leave_by(patience, &mut Helm::Pilot, &mut answered, &mut acks).await;
    let ending = session.left();
    let Ending::Unsaved { records, why } = session.finish(ending, &mut acks).await else { panic!("all is saved?") };
    assert!(records >= 1 && why.as_str() == "No space left on device", "{records}: {why}");
}

#[tokio::test]
async fn a_disk_that_hangs_keeps_nobody() {
    let (release, paper) = hanging();
    let (mut session, mut answered, mut acks) = begun(paper);
    let began = Instant::now();
    let patience = Duration::from_millis(100);
    session.leave_by(patience, &mut Helm::Pilot, &mut answered, &mut acks).await;
    let ending = session.left();
    let ending = session.finish(ending, &mut acks).await;
    assert!(began.elapsed() < Duration::from_secs(10), "two seconds and not for ever");
    assert!(matches!(ending, Ending::Unsaved { records: 1.., .. }), "{ending:?}");
    drop(release);
}

#[tokio::test]
async fn what_the_disk_takes_at_the_last_moment_is_not_lost() {
    let (mut session, _answered, mut acks) = begun(Failing { left: 0, seq: 0 });
    assert_eq!(session.flight.unsaved(), 1, "the answer is not read yet");
    assert_eq!(session.finish(Ending::NotDeclared, &mut acks).await, Ending::NotDeclared);
}

#[tokio::test]
async fn a_draft_that_the_disk_does_not_take_is_spoken_of_with_its_reason() {
    let (mut session, _answered, mut acks) = begun(Failing { left: 0, seq: 0 });
    let comm = first_message(&session);
    session.wish(Intent::KeepDraft { comm: comm.clone(), words: Some("we roll back".into()) });
    // Its acknowledgement comes behind the draft.
    let note = Command::Note { text: "x".into() };
    while session.toast.is_none() {
        session.synced(acks.recv().await.unwrap());
        session.feed(Input::Command("mira".into(), note.clone()));
        session.show(&mut Helm::Pilot);
    }
    let (_, said) = session.toast.unwrap();
    let words = format!("draft of {comm} NOT kept: No space left on device");
    assert!(said.as_str().starts_with(&words), "{said}");
}

/// The first message of the flight's playbook.
fn first_message(session: &Session) -> Id {
    session.flight.playbook().comms.keys().next().unwrap().clone()
}

#[tokio::test]
async fn a_draft_behind_a_hanging_disk_is_told_with_its_words_and_its_place_when_the_program_ends() {
    let (release, paper) = hanging();
    let (mut session, _answered, mut acks) = begun(paper);
    let comm = first_message(&session);
    for words in ["we look", "we roll back\nnext update 14:55"] {
        session.wish(Intent::KeepDraft { comm: comm.clone(), words: Some(words.into()) });
    }
    session.show(&mut Helm::Pilot);
    assert_eq!(session.toast, None, "the disk may still take it");
    let _ending = session.finish(Ending::NotDeclared, &mut acks).await;
    let lost: Vec<String> = session.writer.drafts.lost().iter().map(ToString::to_string).collect();
    let said = format!(
        "draft of {comm} NOT kept: the disk does not answer; comms/draft-{comm}.txt is not what it should be: \
         copy it from here"
    );
    assert_eq!(lost, [said.as_str(), "we roll back", "next update 14:55"], "the newest words, and each line of them");
    drop(release);
}

#[tokio::test]
async fn each_draft_that_the_disk_did_not_take_is_told_again_when_the_program_ends() {
    let (mut session, _answered, mut acks) = begun(Failing { left: 0, seq: 0 });
    let comms = ["first", "second", "third"].map(|id| Id::new(id).unwrap());
    for comm in &comms {
        session.wish(Intent::KeepDraft { comm: comm.clone(), words: None });
    }
    assert_eq!(session.finish(Ending::NotDeclared, &mut acks).await, Ending::NotDeclared);
    let lost = session.writer.drafts.lost();
    let says = |(comm, line): (&Id, &Text)| {
        line.as_str().starts_with(&format!("old draft of {comm} not taken away: No space left on device; remove "))
    };
    assert!(comms.len() == lost.len() && comms.iter().zip(&lost).all(says), "{lost:?}");
    let told = std::iter::from_fn(|| session.writer.drafts.complaint()).count();
    assert_eq!(told, comms.len(), "and each was spoken of once before");
}

#[test]
fn a_batch_waits_for_no_room_behind_the_samples_of_a_hanging_disk() {
    let (release, paper) = hanging();
    let (writer, _acks) = Writer::start(paper);
    let comm = Id::new("first").unwrap();
    writer.draft(comm, None);
    (0..2000).for_each(|at| writer.sample(at.to_string()));
    let late = Id::new("late").unwrap();
    writer.draft(late, Some("we roll back".into()));
    let said = writer.drafts.complaint().expect("there is no room for it");
    assert!(said.as_str().starts_with("draft of late NOT kept: the disk does not answer; "), "{said}");
    let (done, handed_over) = channel();
    std::thread::spawn(move || {
        writer.write(Batch { incident: "left".into(), entries: Vec::new(), files: Vec::new() });
        done.send(()).expect("the test listens");
    });
    let waited = handed_over.recv_timeout(Duration::from_secs(20));
    assert_eq!(waited, Ok(()), "the loop would stand still for as long as the disk hangs");
    drop(release);
}
