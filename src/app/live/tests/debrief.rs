//! A debrief whose disk hangs or fails: keys, drawing and leaving go on, and what is not saved is said.

use super::leave::{begun, hanging};
use crate::app::flight::Unwritten;
use crate::app::live::clerk::Clerk;
use crate::app::live::debrief::ask;
use crate::app::live::screen::{Keeper, Screen};
use crate::cockpit::{Scene, Theme, Then, Ui};
use crate::report::{Answers, Debrief, Revision};
use color_eyre::eyre::{Result, eyre};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::mpsc::{Sender as Release, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// A person at a debrief.
pub(super) struct Person {
    keys: Sender<TermEvent>,
    ui: Arc<Mutex<Ui>>,
    pub(super) scene: Scene,
}

impl Person {
    pub(super) async fn presses(&self, key: KeyEvent) {
        self.keys.send(TermEvent::Key(key)).await.expect("somebody takes keys");
    }

    async fn answers(&self, words: &str) {
        for letter in words.chars() {
            self.presses(KeyCode::Char(letter).into()).await;
        }
        self.presses(KeyCode::Enter.into()).await;
    }

    pub(super) async fn leaves(&self) {
        self.presses(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)).await;
    }

    fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| self.ui.lock().unwrap().draw(frame, &self.scene, 0)).unwrap();
        terminal.backend().to_string()
    }

    /// Looks until the screen is so, for as long as nobody would wait.
    pub(super) async fn sees(&self, is_so: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !is_so(&self.screen()) {
            assert!(began.elapsed() < Duration::from_secs(60), "{}", self.screen());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A screen, and the person in front of it.
pub(super) fn seated() -> (Screen, Person) {
    let (_release, paper) = hanging();
    let (session, _, _) = begun(paper);
    let (screen, keys) = Screen::undrawn(Ui::new(Theme::embedded("ansi16").unwrap()));
    let person = Person { keys, ui: screen.ui(), scene: session.scene() };
    (screen, person)
}

/// Keeps what is said in memory, and asks this before each thing.
fn fake_keeper(mut before: impl FnMut(&Answers) -> Result<()> + Send + 'static) -> Keeper {
    let mut said = Answers::default();
    let keep = move |words: &Answers| {
        before(words)?;
        said.add(words);
        Ok(Debrief { title: "a drill".into(), answers: said.clone(), ..Debrief::default() })
    };
    let revise = |_: &Revision| Err(Unwritten::Never("nothing was kept here".into()));
    Keeper { keep: Box::new(keep), revise: Box::new(revise), print: Box::new(|_| Ok("it is written".into())) }
}

/// A clerk whose disk hangs over what is said until it is released, and over reading too if `reading` does.
fn hung(reading: bool) -> (Release<()>, Clerk) {
    let (release, held) = channel::<()>();
    let keeper = fake_keeper(move |words| {
        if reading || *words != Answers::default() {
            let _released = held.recv();
        }
        Ok(())
    });
    (release, Clerk::of(keeper))
}

#[tokio::test]
async fn a_disk_that_hangs_stops_no_key_and_no_leaving_and_what_it_did_not_take_is_told() {
    let ((mut screen, person), (release, mut clerk)) = (seated(), hung(false));
    let scene = person.scene.clone();
    let does = async {
        person.answers("the alias moved").await;
        person.sees(|screen| screen.contains("surprised by?  the alias moved  (not saved yet)")).await;
        person.sees(|screen| screen.contains("NOT SAVED YET: the disk does not answer")).await;
        person.answers("more qa").await;
        person.sees(|screen| screen.contains("more qa  (not saved yet)") && screen.contains("> change?")).await;
        person.leaves().await;
    };
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), does);
    assert_eq!(then.unwrap(), Then::Shell);
    let lost: Vec<String> = clerk.lost().iter().map(ToString::to_string).collect();
    let first = "debrief NOT saved: the disk does not answer; what of this is missing in debrief.toml, add by hand:";
    assert_eq!(lost[0], first);
    assert!(lost.contains(&"says = \"the alias moved\"".into()) && lost.contains(&"says = \"more qa\"".into()));
    assert_eq!(clerk.leave(Then::Replay(1)).await, Then::Stuck, "nothing more is asked of that disk");
    drop(release);
}

#[tokio::test]
async fn what_hung_is_saved_once_the_disk_is_well_again() {
    let ((mut screen, person), (release, mut clerk)) = (seated(), hung(false));
    let scene = person.scene.clone();
    let does = async {
        person.answers("the alias moved").await;
        person.sees(|screen| screen.contains("NOT SAVED YET: the disk does not answer")).await;
        release.send(()).unwrap();
        person.sees(|screen| screen.contains("the alias moved") && !screen.to_lowercase().contains("not saved")).await;
        person.leaves().await;
    };
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), does);
    assert!(clerk.lost().is_empty());
    assert_eq!(clerk.leave(then.unwrap()).await, Then::Shell);
}

#[tokio::test]
async fn what_could_not_be_saved_is_tried_again_and_kept_once() {
    let (mut screen, person) = seated();
    let scene = person.scene.clone();
    let mut full = true;
    let mut clerk = Clerk::of(fake_keeper(move |words| {
        let fails = *words != Answers::default() && std::mem::take(&mut full);
        if fails { Err(eyre!("No space left on device")) } else { Ok(()) }
    }));
    let does = async {
        person.answers("the alias moved").await;
        person.sees(|screen| screen.contains("NOT SAVED YET: No space left on device")).await;
        person.sees(|screen| !screen.to_lowercase().contains("not saved")).await;
        assert_eq!(person.screen().matches("the alias moved").count(), 1, "{}", person.screen());
        person.leaves().await;
    };
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), does);
    assert_eq!(clerk.leave(then.unwrap()).await, Then::Shell);
}

#[tokio::test]
async fn a_debrief_that_cannot_be_read_is_left_all_the_same_and_what_was_typed_waits_for_one_that_can() {
    let ((mut screen, person), (release, mut clerk)) = (seated(), hung(true));
    let scene = person.scene.clone();
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), person.leaves());
    assert_eq!(then.unwrap(), Then::Shell);
    assert!(clerk.lost().is_empty(), "nothing was said");
    assert_eq!(clerk.leave(Then::Shell).await, Then::Stuck);
    drop(release);

    let ((mut screen, person), (release, mut clerk)) = (seated(), hung(true));
    let does = async {
        person.answers("early").await;
        release.send(()).unwrap();
        person.sees(|screen| screen.contains("surprised by?  early  (not saved yet)")).await;
        person.leaves().await;
    };
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), does);
    assert_eq!(then.unwrap(), Then::Shell);
    drop(release);
}
