//! What was kept is changed or taken out by the clerk: in its turn, once, and never without a word.

use super::debrief::seated;
use crate::app::flight::Unwritten;
use crate::app::live::clerk::{Clerk, News};
use crate::app::live::debrief::ask;
use crate::app::live::screen::Keeper;
use crate::cockpit::{Paper, Then};
use crate::report::{Answer, Answers, Debrief, Finding, Question, Revision};
use color_eyre::eyre::{Result, eyre};
use crossterm::event::KeyCode;
use std::sync::mpsc::{Receiver, channel};

fn one() -> Finding {
    Finding::new("one", "ops", "2026-12-01").unwrap()
}

fn removal() -> Revision {
    Revision { was: one(), now: None }
}

fn words() -> Answers {
    let mut said = Answers::default();
    said.findings.push(one());
    said
}

/// Keeps nothing, tells what it is asked for in order, and fails so before it takes a revision or makes the debrief.
fn fake_keeper(
    mut refuse: Vec<Unwritten>,
    mut fail: Vec<&'static str>,
    kept: Answers,
) -> (Keeper, Receiver<&'static str>) {
    let (asks, asked) = channel();
    let (revises, prints) = (asks.clone(), asks.clone());
    let keep = move |words: &Answers| -> Result<Debrief> {
        let is_new = *words != Answers::default();
        asks.send(if is_new { "said" } else { "made" })?;
        let why = if is_new { None } else { fail.pop() };
        why.map_or_else(|| Ok(Debrief { answers: kept.clone(), ..Debrief::default() }), |why| Err(eyre!(why)))
    };
    let revise = move |_: &Revision| {
        revises.send("revised").expect("the test listens");
        refuse.pop().map_or(Ok(()), Err)
    };
    let print = move |_| prints.send("printed").map(|()| "it is written".into()).map_err(Into::into);
    (Keeper { keep: Box::new(keep), revise: Box::new(revise), print: Box::new(print) }, asked)
}

fn clerk(refuse: Vec<Unwritten>, fail: Vec<&'static str>) -> (Clerk, Receiver<&'static str>) {
    let (keeper, asked) = fake_keeper(refuse, fail, Answers::default());
    (Clerk::of(keeper), asked)
}

fn lost(clerk: &Clerk) -> Vec<String> {
    clerk.lost().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_revision_waits_for_what_was_said_before_it_and_keeps_what_comes_after_waiting() {
    let (mut clerk, asked) = clerk(vec![], vec![]);
    clerk.keep(words());
    clerk.revise(removal());
    clerk.print(Paper::Markdown);
    assert!(matches!(clerk.news().await, News::Saved(_)));
    assert!(matches!(clerk.news().await, News::Revised(_)));
    assert!(matches!(clerk.news().await, News::Told(_)));
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), ["said", "revised", "made", "printed"]);
}

#[tokio::test]
async fn a_revision_that_failed_for_now_is_tried_again_before_anything_else() {
    let (mut clerk, asked) = clerk(vec![Unwritten::ForNow("No space left on device".into())], vec![]);
    clerk.revise(removal());
    clerk.keep(words());
    assert!(matches!(clerk.news().await, News::Unsaved));
    assert_eq!(clerk.trouble(), Some("No space left on device".into()));
    assert!(lost(&clerk).contains(&"take out `one, ops, 2026-12-01`".into()), "{:?}", lost(&clerk));
    assert!(matches!(clerk.news().await, News::Revised(_)));
    assert!(matches!(clerk.news().await, News::Saved(_)));
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), ["revised", "revised", "made", "said"]);
}

#[tokio::test]
async fn of_a_revision_that_is_in_its_file_only_what_is_made_of_it_is_tried_again() {
    let (mut clerk, asked) = clerk(vec![], vec!["debrief.md cannot be written"]);
    clerk.revise(removal());
    assert!(matches!(clerk.news().await, News::Unsaved));
    assert_eq!(lost(&clerk), ["debrief.md NOT written: debrief.md cannot be written"]);
    assert!(matches!(clerk.news().await, News::Revised(_)));
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), ["revised", "made", "made"]);
}

#[tokio::test]
async fn a_refused_revision_is_told_with_what_was_wanted_and_keeps_nothing_waiting() {
    let (mut clerk, asked) = clerk(vec![Unwritten::Never("it is not there".into())], vec![]);
    clerk.revise(removal());
    clerk.keep(words());
    let News::Refused(why) = clerk.news().await else { panic!("it is refused") };
    assert_eq!(why, "it is not there (wanted: take out `one, ops, 2026-12-01`)");
    assert!(matches!(clerk.news().await, News::Saved(_)));
    assert!(lost(&clerk).is_empty());
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), ["revised", "said"]);
}

#[tokio::test]
async fn a_revision_that_a_hung_disk_has_is_marked_and_told_in_words_to_whoever_leaves() {
    let (mut screen, person) = seated();
    let scene = person.scene.clone();
    let mut kept = words();
    kept.answers.extend(Question::ALL.map(|to| Answer { to, says: None, by: "mira".into() }));
    let (mut keeper, _asked) = fake_keeper(vec![], vec![], kept);
    let (release, held) = channel::<()>();
    keeper.revise = Box::new(move |_| held.recv().map_err(|_| Unwritten::Never("the test is over".into())));
    let mut clerk = Clerk::of(keeper);
    let does = async {
        person.sees(|screen| screen.contains("  one, ops, 2026-12-01")).await;
        for key in ['j', 'x', 'y'] {
            person.presses(KeyCode::Char(key).into()).await;
        }
        person.sees(|screen| screen.contains("> one, ops, 2026-12-01  (taken out, not saved yet)")).await;
        person
            .sees(|screen| screen.contains("NOT SAVED YET: the disk does not answer; leaving prints what is not"))
            .await;
        person.leaves().await;
    };
    let (then, ()) = tokio::join!(ask(&mut screen, &scene, (&mut clerk, "mira".into())), does);
    assert_eq!(then.unwrap(), Then::Shell);
    let head = "debrief NOT changed: the disk does not answer; what of this is not so in debrief.toml, do by hand:";
    assert_eq!(lost(&clerk), [head, "take out `one, ops, 2026-12-01`"]);
    assert_eq!(clerk.leave(Then::Shell).await, Then::Stuck);
    drop(release);
}
