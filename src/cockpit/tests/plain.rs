//! The cockpit by lines: what is typed, what is told, and above all what a line does not do.

use super::seat::Seat;
use super::stage::{armed, asking, at, change, declared, id, pull, submitted, undeclared, watching};
use crate::cockpit::{Intent, Letter};
use crate::incident::{Command, Event, PullState, ReadBack, Record, Way};
use crate::kind::{Outcome, Seen};
use crate::text::Text;
use std::sync::Arc;

#[test]
fn an_empty_line_never_acts_wherever_one_stands() {
    let opens: [&[&str]; 8] = [&[], &["run"], &["skip"], &["quit"], &["arm 4"], &["preview 1"], &["close"], &["note"]];
    for lines in opens {
        let mut seat = Seat::at(declared());
        for line in lines {
            seat.types(line);
        }
        seat.scene.armed = Some(armed(0));
        seat.pass(5_000);
        seat.told();
        for blank in ["", " ", "\t", "\r"] {
            assert_eq!(seat.types(blank), [], "after {lines:?}");
        }
        assert!(!seat.told().is_empty(), "after {lines:?} it says again what is asked");
    }
}

#[test]
fn fire_within_700_ms_of_arming_is_dropped_and_says_so() {
    let mut seat = Seat::armed();
    seat.pass(600);
    seat.told();
    assert_eq!(seat.pastes("fire"), []);
    assert_eq!(seat.pass(5_000), [], "it is dropped, not kept");
    assert!(seat.told().contains("Dropped: it came within 0.7 s of arming"));
    assert_eq!(seat.types("fire"), [Intent::Fire { override_reason: None }]);
    assert_eq!(seat.types("fire"), [], "a second one fires nothing");
}

#[test]
fn fire_is_offered_only_once_it_is_live() {
    let mut seat = Seat::armed();
    seat.pass(650);
    let early = seat.told();
    assert!(early.contains("CHANGE index alias docs_vB -> docs_vA"), "{early}");
    assert!(!early.contains("Type fire"), "{early}");
    seat.pass(100);
    assert!(seat.told().contains("Type fire on a line of its own"));
}

#[test]
fn nothing_but_the_whole_word_fires() {
    for line in ["F", "f", "fir", "fire!", "Fire", "FIRE", "y", "yes", "1", "send", "fire 4", "run fire", "enter"] {
        let mut seat = Seat::armed();
        seat.pass(1_000);
        let fired = |intent: &Intent| matches!(intent, Intent::Fire { .. } | Intent::ByHand { .. });
        assert!(!seat.types(line).iter().any(fired), "{line}");
        assert!(!seat.pass(1_000).iter().any(fired), "{line}");
    }
}

#[test]
fn arming_expires_after_30_s_and_says_so() {
    let mut seat = Seat::armed();
    seat.pass(29_000);
    seat.told();
    assert_eq!(seat.pass(2_000), [Intent::Disarm]);
    let told = seat.told();
    assert!(told.contains("disarmed: 30 s passed; nothing was sent"), "{told}");
    assert_eq!(seat.types("fire"), []);
}

#[test]
fn a_pasted_line_never_fires_however_it_is_pasted() {
    // Before it, behind it, and both.
    for lines in [&["s", "fire"][..], &["fire", "s"], &["s", "fire", "s"], &["fire", "fire"], &["fire", ""]] {
        let mut seat = Seat::armed();
        seat.pass(2_000);
        let mut intents = Vec::new();
        for line in lines {
            intents.extend(seat.pastes(line));
            seat.now_ms += 1;
        }
        intents.extend(seat.pass(5_000));
        assert_eq!(intents, [], "{lines:?}");
        assert!(seat.told().contains("a pasted line never fires"), "{lines:?}");
    }
}

#[test]
fn a_script_pasted_whole_arms_and_fires_nothing() {
    let mut seat = Seat::at(declared());
    let first = seat.pastes("arm 4");
    assert_eq!(first, [Intent::Arm { lever: id("alias"), way: Way::Do, step: None }]);
    // Armed at once, as it is where its position is known.
    seat.scene.armed = Some(armed(seat.now_ms));
    seat.look();
    for line in ["fire", "y", "fire"] {
        assert_eq!(seat.pastes(line), []);
    }
    assert_eq!(seat.pass(5_000), []);
}

#[test]
fn the_end_of_the_lines_leaves_what_is_open_and_drops_what_waits() {
    let mut seat = Seat::armed();
    seat.pass(2_000);
    assert_eq!(seat.pastes("fire"), []);
    assert_eq!(seat.plain.end(&seat.scene, seat.now_ms), [Intent::Disarm, Intent::Exit]);
    assert_eq!(seat.pass(5_000), []);
}

#[test]
fn what_was_typed_last_fires_no_more_once_it_is_being_left() {
    let mut seat = Seat::armed();
    seat.pass(2_000);
    assert_eq!(seat.pastes("fire"), []);
    seat.plain.hold_fire();
    assert_eq!(seat.pass(5_000), []);
}

#[test]
fn ctrl_c_drops_then_asks_then_leaves() {
    let mut seat = Seat::armed();
    assert_eq!(seat.plain.interrupt(&seat.scene, seat.now_ms), [Intent::Disarm], "and is never too early");
    assert_eq!(seat.plain.interrupt(&seat.scene, seat.now_ms), []);
    seat.look();
    assert!(seat.told().contains("LEAVE GOAROUND?"));
    assert_eq!(seat.plain.interrupt(&seat.scene, seat.now_ms), [Intent::Exit]);
}

#[test]
fn leaving_asks_and_says_what_stays_open() {
    let mut seat = Seat::at(watching());
    seat.told();
    assert_eq!(seat.types("quit"), []);
    let told = seat.told();
    for words in ["DEBT unfreeze writers", "DEBT throttle off", "`resume` goes on", "Type leave to leave"] {
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(seat.types("stay"), []);
    assert_eq!(seat.types("quit"), []);
    assert_eq!(seat.types("leave"), [Intent::Quit]);
}

#[test]
fn a_rollback_is_declared_with_a_number_and_a_line() {
    let mut seat = Seat::at(undeclared());
    assert!(seat.told().contains("Type declare to declare a rollback"));
    seat.types("declare");
    assert_eq!(seat.types("7"), [], "no such severity");
    assert!(seat.told().contains("7 is none of the choices"));
    seat.types("2");
    assert!(seat.told().contains("Offered: coverage BREACH."));
    let intents = seat.types("=");
    let declared = [&Command::Declare { severity: 2, size_up: "coverage BREACH".into() }];
    assert_eq!(submitted(&intents), declared);
    seat.types("declare");
    seat.types("1");
    let intents = seat.types("answers are mixed");
    assert_eq!(submitted(&intents), [&Command::Declare { severity: 1, size_up: "answers are mixed".into() }]);
}

#[test]
fn a_dot_alone_drops_a_question_and_a_line_answers_it() {
    let mut seat = Seat::at(declared());
    seat.types("note");
    assert_eq!(seat.types("."), []);
    seat.types("note");
    let intents = seat.types("fire");
    assert_eq!(submitted(&intents), [&Command::Note { text: "fire".into() }], "what is asked for is text, no command");
}

#[test]
fn a_number_names_a_step_and_going_out_of_order_asks_why() {
    let mut seat = Seat::at(declared());
    seat.types("run 3");
    assert!(seat.told().contains("OUT OF ORDER"));
    seat.types("eu is worse");
    assert!(seat.told().contains("PICK A LEVER"));
    seat.types("back");
    assert_eq!(seat.types("run 99"), []);
    assert!(seat.told().contains("there is no 99 for run"));
    assert_eq!(seat.types("run x"), []);
    seat.types("skip 2");
    let intents = seat.types("writers are stopped already");
    let skipped = Command::Skip { step: id("freeze"), reason: "writers are stopped already".into() };
    assert_eq!(submitted(&intents), [&skipped]);
}

#[test]
fn a_question_of_the_checklist_is_answered_by_the_number_of_what_was_seen() {
    let mut scene = declared();
    Arc::make_mut(&mut scene.playbook).steps.insert(0, asking());
    let mut seat = Seat::at(scene);
    assert!(seat.told().contains("confirm answers"));
    seat.types("confirm");
    let told = seat.told();
    assert!(told.contains("what you SAW"), "{told}");
    let intents = seat.types("1");
    let confirmed = |intent: &Intent| matches!(intent, Intent::Submit(Command::Confirm { .. }));
    assert!(intents.iter().any(confirmed), "{intents:?}");
}

#[test]
fn a_read_back_that_agrees_needs_nobody_and_one_that_disagrees_is_told_whole() {
    let mut seat = Seat::armed();
    seat.pass(1_000);
    seat.types("fire");
    seat.scene.armed = None;
    change(&mut seat.scene, |state| drop(state.pulls.insert(1, pull("alias", "docs_vA", "flip"))));
    seat.told();
    seat.pass(500);
    assert!(seat.told().contains("NEXT step 1"), "back where the checklist stands");

    let mut seat = Seat::armed();
    seat.pass(1_000);
    seat.types("fire");
    seat.scene.armed = None;
    let wrong = PullState { read_back: Some(ReadBack::Disagrees), ..pull("alias", "docs_vA", "flip") };
    change(&mut seat.scene, |state| drop(state.pulls.insert(1, wrong)));
    let event = Event::ReadBack {
        attempt: 1,
        result: ReadBack::Disagrees,
        saw: Seen::Value("docs_vB".into()),
        looks: 4,
        took_ms: 4100,
        detail: None,
    };
    let record = Record { seq: 40, at: at(300), actor: "mira".into(), event };
    Arc::make_mut(&mut seat.scene.records).push_back(record);
    seat.told();
    seat.look();
    let told = seat.told();
    assert!(told.contains("T+01:00 WARNING pull 1 read-back DISAGREES"), "{told}");
    assert!(told.contains("lever and step stay open") && told.contains("reread arms it again"), "{told}");
    assert!(!told.contains("Esc"), "{told}");
}

#[test]
fn a_rejected_pull_says_what_to_do() {
    let mut seat = Seat::armed();
    seat.pass(1_000);
    seat.types("fire");
    seat.scene.armed = None;
    let outcome = Some((Outcome::Rejected, Text::from("no such map")));
    let rejected = PullState { outcome, read_back: None, ..pull("alias", "docs_vA", "flip") };
    change(&mut seat.scene, |state| drop(state.pulls.insert(1, rejected)));
    seat.told();
    seat.look();
    let told = seat.told();
    assert!(
        told.contains("REJECTED") && told.contains("firing again will not help: back, then another lever"),
        "{told}"
    );
    assert_eq!(seat.types("back"), [], "what was fired is not disarmed");
}

#[test]
fn an_irreversible_lever_wants_its_target_typed_as_it_was_told() {
    let mut seat = Seat::at(declared());
    let mut playbook = (*seat.scene.playbook).clone();
    playbook.levers.get_mut(&id("alias")).expect("the alias lever").irreversible = true;
    seat.scene.playbook = Arc::new(playbook);
    seat.types("arm 4");
    let lever = crate::cockpit::Armed { want: "docs-ü".into(), ..armed(seat.now_ms) };
    seat.scene.armed = Some(lever);
    seat.pass(1_000);
    assert!(seat.told().contains("Type target first"));
    assert_eq!(seat.types("fire"), []);
    assert!(seat.told().contains("type target, then what it names"));
    seat.types("target");
    assert!(seat.told().contains("docs-\\u{fc}"));
    seat.types("docs-u");
    assert!(seat.told().contains("that is not the target"));
    seat.types("docs-\\u{fc}");
    assert_eq!(seat.types("fire"), [Intent::Fire { override_reason: None }]);
}

#[test]
fn an_interlock_that_does_not_hold_wants_a_reason() {
    let mut seat = Seat::at(declared());
    seat.types("arm 4");
    let mut lever = armed(seat.now_ms);
    lever.interlocks[0].holds = Some(false);
    seat.scene.armed = Some(lever);
    seat.pass(1_000);
    assert_eq!(seat.types("fire"), []);
    assert!(seat.told().contains("type override first, then a reason"));
    seat.types("override");
    seat.types("writers are stopped by hand");
    let fired = Intent::Fire { override_reason: Some("writers are stopped by hand".into()) };
    assert_eq!(seat.types("fire"), [fired]);
}

#[test]
fn a_message_is_typed_line_by_line_previewed_and_sent_by_the_word() {
    let mut seat = Seat::at(declared());
    seat.types("edit 1");
    assert!(seat.told().contains("a dot alone keeps it"));
    for line in ["We roll back.", "", "fire", "send"] {
        assert_eq!(seat.pastes(line), [], "words of a message do nothing: {line}");
    }
    seat.types(".");
    let intents = seat.types("preview 1");
    let comm = seat.scene.playbook.comms.get_index(0).expect("a message").0.clone();
    let words = "We roll back.\n\nfire\nsend".to_owned();
    assert_eq!(intents, [Intent::ArmComm { comm: comm.clone(), words: Some(words.clone()) }]);
    seat.scene.letter = Some(Letter {
        comm: comm.clone(),
        words: words.clone(),
        request: vec!["POST http://chat/hook".into()],
        pasted: None,
        file: "comms/1.txt".into(),
        blocked: None,
        armed_at_ms: seat.now_ms,
    });
    seat.look();
    assert_eq!(seat.pastes("send"), [], "too soon");
    assert_eq!(seat.pass(2_000), []);
    assert!(seat.told().contains("Type send on a line of its own"));
    assert_eq!(seat.types("send"), [Intent::SendComm { comm, words }]);
}

#[test]
fn a_blank_is_filled_and_a_message_can_be_left_as_it_was() {
    let mut seat = Seat::at(declared());
    seat.types("edit 1");
    let offered = seat.told();
    seat.types("We roll back. Impact: [[who]], [[where]].");
    seat.types(".fill readers");
    assert!(seat.told().contains("Impact: readers, [[where]]."));
    seat.types(".drop");
    seat.told();
    seat.types("edit 1");
    let line = |told: &str| told.lines().find(|line| line.starts_with("line 1:")).map(str::to_owned);
    assert_eq!(line(&seat.told()), line(&offered), "what was dropped is gone");
}
