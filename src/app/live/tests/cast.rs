//! The cast beside a person: it answers what is asked and approves what is armed, once and under its own name.

use super::leave::{Answers, Failing, begun_on};
use crate::app::flight::Input;
use crate::app::live::Session;
use crate::app::live::writer::Ack;
use crate::drill::{Crew, Scenario};
use crate::incident::event::DoneBy;
use crate::incident::{Command, StepStatus, Way};
use crate::playbook::{self, Id};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// A drill whose checklist begins with a question, and whose writers two people freeze.
fn begun() -> (Session, Answers, mpsc::Receiver<Ack>) {
    let (title, first) = ("title = \"Freeze writers\"\n", "[[steps]]\nid = \"capture\"\n");
    let ask = "[[steps]]\nid = \"alert-real\"\ntitle = \"is it real\"\nask = { question = \"Real?\", answers = [\"yes\", \"no\"] }\n\n";
    let text = playbook::embedded("docs-rag").unwrap();
    assert!(text.contains(title) && text.contains(first));
    let text = text.replacen(title, &format!("{title}approval = \"second-person\"\n"), 1);
    let (mut session, answered, acks) =
        begun_on(Failing { left: 0, seq: 0 }, &text.replacen(first, &format!("{ask}{first}"), 1));
    let cast = "[cast]\nanswers = { alert-real = \"yes\" }\napprovals = { freeze = \"DBA\" }\n";
    let scenario = Scenario::embedded("index-mismatch").unwrap();
    let scenario = scenario.replacen("[cast]\ncommander = \"incident commander\"\n", cast, 1);
    session.cast = Some(Crew::of(&Scenario::parse("cast", &scenario).unwrap()));
    // In a drill this fast a busy machine's disk would soon count as one that hangs, and be spoken of instead.
    session.flight.set_patience(session.clock.incident_ms(Duration::from_secs(60)));
    session.leaving = false;
    (session, answered, acks)
}

/// Lets the drill go on until `done`, for so long as nobody would wait.
async fn until(
    session: &mut Session,
    answered: &mut Answers,
    acks: &mut mpsc::Receiver<Ack>,
    done: impl Fn(&Session) -> bool,
) {
    let began = Instant::now();
    while !done(session) {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not come about: {:?}", session.toast);
        session.let_the_cast_speak();
        tokio::select! {
            Some((job, result)) = answered.recv() => session.feed(Input::Answered(job, result)),
            Some(ack) = acks.recv() => session.synced(ack),
            () = session.wait() => session.feed(Input::Tick),
        }
    }
}

#[tokio::test]
async fn the_cast_answers_and_approves_for_a_person_in_the_cockpit() {
    let (mut session, mut answered, mut acks) = begun();
    let ask = id("alert-real");
    let mira = |command| Input::Command("mira".into(), command);
    until(&mut session, &mut answered, &mut acks, |session| session.flight.state().seq > 0).await;
    session.feed(mira(Command::Declare { severity: 2, size_up: "a drill".into() }));
    until(&mut session, &mut answered, &mut acks, |session| session.flight.state().marks.declared.is_some()).await;
    assert_eq!(session.flight.state().steps.get(&ask), None, "nobody has asked yet");
    session.feed(mira(Command::StartStep { step: ask.clone(), out_of_order: None }));
    until(&mut session, &mut answered, &mut acks, |session| {
        session.flight.state().steps.get(&ask).is_some_and(|step| step.status == StepStatus::Confirmed)
    })
    .await;
    let done = session.flight.state().steps[&ask].done_by.clone();
    assert!(matches!(&done, Some(DoneBy::Confirmed { saw, .. }) if saw.as_str() == "yes"), "{done:?}");
    assert!(session.toast.as_ref().is_some_and(|(_, words)| words.as_str() == "cast answers: yes"));

    let now = session.clock.now();
    session.flight.arm(&now, &id("freeze"), Way::Do, None, 0);
    until(&mut session, &mut answered, &mut acks, |session| {
        session.flight.armed().is_some_and(|armed| armed.blocked.is_none())
    })
    .await;
    let approval = session.flight.state().approvals.get(&(id("freeze"), Way::Do));
    assert_eq!(approval.map(|approval| approval.approver.as_str()), Some("DBA"));
}
