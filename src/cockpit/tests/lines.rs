//! What a line is taken for: which message a number names, when words are left, and what no paste says for a person.

use super::letters::queued;
use super::seat::Seat;
use super::stage::{armed, at, change, declared, id, landed, pull, settle, submitted, undeclared, watching};
use crate::cockpit::{Intent, Letter, Scene};
use crate::incident::people::Ask;
use crate::incident::{Command, PullState, StepStatus};
use crate::kind::Outcome;
use crate::playbook::Comm;
use std::sync::Arc;

/// Everything done, nothing owed.
fn recovered() -> Scene {
    let mut scene = watching();
    landed(&mut scene);
    change(&mut scene, |state| settle(state, "watch", StepStatus::Sensed, 290));
    scene
}

/// Two lines that arrive as one paste.
fn paste(seat: &mut Seat, lines: [&str; 2]) -> Vec<Intent> {
    seat.pass(200);
    let mut intents = seat.pastes(lines[0]);
    seat.now_ms += 1;
    intents.extend(seat.pastes(lines[1]));
    intents.extend(seat.pass(200));
    intents
}

#[test]
fn a_number_names_another_message_than_the_one_that_nobody_took() {
    let mut scene = declared();
    let comms = &mut Arc::make_mut(&mut scene.playbook).comms;
    let second = Comm { id: id("second"), ..comms[&id("first")].clone() };
    comms.insert(id("second"), second);
    for outcome in [Outcome::Rejected, Outcome::NotSent, Outcome::Unknown] {
        let mut seat = Seat::at(scene.clone());
        seat.types("preview 1");
        seat.scene.letter = Some(Letter {
            comm: id("first"),
            words: "We roll back.".into(),
            request: vec!["POST http://chat/hook".into()],
            pasted: None,
            file: "comms/1.txt".into(),
            blocked: None,
            armed_at_ms: seat.now_ms,
        });
        seat.pass(2_000);
        assert!(matches!(seat.types("send")[..], [Intent::SendComm { .. }]));
        seat.scene.letter = None;
        queued(&mut seat.scene, Some(outcome));
        seat.pass(200);
        assert_eq!(seat.types("preview 3"), [], "there is no such message");
        let second = Intent::ArmComm { comm: id("second"), words: None };
        assert_eq!(seat.types("preview 2"), [second], "{outcome:?}");
    }
}

#[test]
fn words_that_nobody_changed_are_left_by_a_dot_like_others() {
    let mut seat = Seat::at(declared());
    seat.types("edit 1");
    seat.told();
    seat.types(".");
    let told = seat.told();
    assert!(told.contains("it goes on being written anew") && !told.contains("saved;"), "{told}");
    assert_eq!(seat.types("preview 1"), [Intent::ArmComm { comm: id("first"), words: None }]);
}

#[test]
fn a_paste_closes_nothing_and_hands_nothing_over() {
    let mut asked = watching();
    change(&mut asked, |state| {
        state.people.asks.insert("two".into(), Ask { by: "ed".into(), at: at(290), answered: false });
    });
    let close = Command::Close { override_reason: None };
    let anyway = Command::Close { override_reason: Some("1".into()) };
    let over = Command::HandOver { id: "two".into() };
    for (scene, word, command) in
        [(recovered(), "close", close), (watching(), "close", anyway), (asked, "command", over)]
    {
        let mut seat = Seat::at(scene);
        assert_eq!(paste(&mut seat, [word, "1"]), [], "{command:?}");
        let told = seat.told();
        assert!(told.contains("a pasted line never fires, sends, closes or hands over"), "{told}");
        assert_eq!(submitted(&seat.types("1")), [&command], "the question is still open");
    }
}

#[test]
fn a_paste_that_begins_with_the_answer_closes_nothing_either() {
    let close = Command::Close { override_reason: None };
    let anyway = Command::Close { override_reason: Some("1".into()) };
    for (scene, command) in [(recovered(), close), (watching(), anyway)] {
        for behind in ["2 apples", "1", ""] {
            let mut seat = Seat::at(scene.clone());
            seat.types("close");
            seat.told();
            assert_eq!(paste(&mut seat, ["1", behind]), [], "{behind:?}");
            let told = seat.told();
            assert!(told.contains("a pasted line never fires, sends, closes or hands over"), "{behind:?}: {told}");
            assert_eq!(submitted(&seat.types("1")), [&command], "alone it closes");
        }
    }
}

#[test]
fn an_answer_with_the_end_of_the_lines_behind_it_came_alone() {
    let mut seat = Seat::at(recovered());
    seat.types("close");
    assert_eq!(seat.pastes("1"), [], "a paste may go on behind it");
    let intents = seat.plain.end(&seat.scene, seat.now_ms);
    assert_eq!(submitted(&intents[..1]), [&Command::Close { override_reason: None }]);
    assert_eq!(intents.last(), Some(&Intent::Exit));
}

#[test]
fn what_was_answered_is_not_taken_for_an_answer_to_something_else() {
    let mut seat = Seat::at(recovered());
    seat.types("close");
    assert_eq!(seat.pastes("1"), []);
    seat.plain.ui().put_away();
    assert_eq!(seat.pass(200), []);
    assert!(seat.told().contains("That is not asked any more; nothing was done."));
}

#[test]
fn a_paste_is_nobodys_word_for_what_was_seen() {
    let mut seat = Seat::at(declared());
    let alias = id("alias");
    Arc::make_mut(&mut seat.scene.playbook).levers[&alias].verify = None;
    seat.types("arm 4");
    seat.scene.armed = Some(armed(seat.now_ms));
    seat.pass(1_000);
    seat.types("fire");
    change(&mut seat.scene, |state| {
        drop(state.pulls.insert(1, PullState { read_back: None, ..pull("alias", "docs_vA", "flip") }));
    });
    seat.pass(1_000);
    assert_eq!(paste(&mut seat, ["wanted", "docs_vA answers"]), []);
    assert!(seat.told().contains("a pasted line never"));
    assert!(matches!(submitted(&seat.types("docs_vA answers"))[..], [Command::Attest { .. }]));
}

#[test]
fn a_rollback_can_still_be_declared_by_a_script() {
    let mut seat = Seat::at(undeclared());
    assert_eq!(paste(&mut seat, ["declare", "2"]), []);
    let intents = seat.types("answers are mixed");
    assert_eq!(submitted(&intents), [&Command::Declare { severity: 2, size_up: "answers are mixed".into() }]);
}
