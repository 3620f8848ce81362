//! One turn of the loop: readings gather for a frame, and nothing that a person waits for waits with them.

use super::leave::{begun, hanging};
use crate::app::flight::{JobId, Unwritten};
use crate::app::live::pace::Pace;
use crate::app::live::screen::Screen;
use crate::app::live::signals::Told;
use crate::app::live::writer::Ack;
use crate::app::live::{Helm, Session, Ways};
use crate::cockpit::{Theme, Ui};
use crate::journal::Found;
use crate::kind::{Answer, Fault};
use crossterm::event::{Event as TermEvent, KeyCode};
use std::future::{pending, ready};
use std::sync::mpsc::Sender as Release;
use tokio::sync::mpsc::{Sender, channel};

/// A loop whose every input comes from the test. Its disk hangs, so that nothing comes from there by itself.
struct Wired {
    session: Session,
    helm: Helm,
    ways: Ways,
    keys: Sender<TermEvent>,
    answers: Sender<(JobId, Result<Answer, Fault>)>,
    acks: Sender<Ack>,
    _found: Sender<Vec<Found>>,
    _release: Release<()>,
}

impl Wired {
    /// One whose last frame is so new that what gathers never becomes due: what is shown was in a hurry.
    fn up() -> Self {
        let (release, paper) = hanging();
        let (mut session, _, _) = begun(paper);
        let (screen, keys) = Screen::undrawn(Ui::new(Theme::embedded("ansi16").unwrap()));
        (session.ui, session.frame_ms) = (Some(screen.ui()), Some(1));
        let ((answers, answered), (acks, acked), (found, slips)) = (channel(8), channel(8), channel(8));
        let ways = Ways { answered, acks: acked, found: slips };
        let helm = Helm::Person(Box::new(screen));
        let mut wired = Self { session, helm, ways, keys, answers, acks, _found: found, _release: release };
        wired.has_just_shown();
        wired
    }

    fn has_just_shown(&mut self) {
        self.session.pace = Pace::default();
        assert!(self.session.pace.shows(u64::MAX), "the first one");
    }

    /// What was read somewhere comes in.
    async fn read(&self) {
        self.answers.send((JobId::MAX, Err(Fault::Lost("too late".into())))).await.unwrap();
    }

    async fn turn(&mut self) {
        self.session.turn(&mut self.helm, &mut self.ways, pending()).await;
    }

    /// Whether the next turn shows what this one has brought, before it takes anything else.
    async fn shows_next(&mut self) -> bool {
        self.read().await;
        self.turn().await;
        let Helm::Person(screen) = &self.helm else { unreachable!("it was given a person") };
        let shown = screen.take_frame();
        if shown {
            self.has_just_shown();
        }
        shown
    }
}

#[tokio::test]
async fn a_key_draws_at_once_and_does_not_gather_with_the_readings() {
    let mut wired = Wired::up();
    for _ in 0..3 {
        wired.read().await;
        wired.turn().await;
        assert!(!wired.shows_next().await, "readings gather");
        wired.keys.send(TermEvent::Key(KeyCode::Char('?').into())).await.unwrap();
        wired.turn().await;
        assert!(wired.shows_next().await, "a key does not");
    }
}

#[tokio::test]
async fn what_is_written_down_and_what_a_signal_asks_draw_at_once() {
    let mut wired = Wired::up();
    wired.acks.send(Err(Unwritten::ForNow("No space left on device".into()))).await.unwrap();
    wired.turn().await;
    assert!(wired.shows_next().await, "what the disk says");
    wired.session.turn(&mut wired.helm, &mut wired.ways, ready(Told::Leave)).await;
    assert!(wired.shows_next().await, "a signal");
}

#[tokio::test]
async fn time_that_passes_draws_nothing_before_a_frame_is_due() {
    let mut wired = Wired::up();
    wired.turn().await;
    assert!(!wired.shows_next().await, "a tick gathers too");
}
