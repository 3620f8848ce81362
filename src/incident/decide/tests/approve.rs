//! Claims about the second person.

use super::*;
use crate::incident::{Move, pilot};

/// The shared playbook, its throttle in need of a second person.
fn declared() -> Incident {
    let title = "title = \"Throttle to 20 requests per second\"\n";
    assert!(PLAYBOOK.contains(title));
    Incident::declared_with(&PLAYBOOK.replacen(title, &format!("{title}approval = \"second-person\"\n"), 1))
}

/// The throttle with this request.
fn throttle(way: Way, request: &str) -> Command {
    let Command::Fire(fire) = fire("throttle", way, None) else { panic!("it fires") };
    Command::Fire(Fire { request_sha256: request.into(), ..fire })
}

fn approval(approver: &str, way: Way, request: &str) -> Command {
    Command::Approve {
        approver: approver.into(),
        lever: id("throttle"),
        way,
        want: "as wanted".into(),
        typed: "as wanted".into(),
        request_sha256: request.into(),
    }
}

#[test]
fn one_person_alone_cannot_fire_it_and_a_reason_does_not_help() {
    let mut incident = declared();
    incident.is_refused(throttle(Way::Do, "a"), "needs approval of a second person");
    incident.is_refused(overriding(throttle(Way::Do, "a"), "I know"), "needs approval of a second person");
    incident.does(approval("noor", Way::Do, "a"));
    incident.does(throttle(Way::Do, "a"));
}

#[test]
fn nobody_approves_their_own_pull_however_they_write_their_name() {
    let mut incident = declared();
    for own in ["mira", "Mira", " MIRA "] {
        incident.is_refused(approval(own, Way::Do, "a"), "somebody else must approve");
    }
    for nobody in ["", "  ", "-", "pilot", "Sensor", "mira\t", "mi\u{200b}ra", "\u{1b}[2Knoor"] {
        incident.is_refused(approval(nobody, Way::Do, "a"), "type the name");
    }
    assert!(incident.state.approvals.is_empty());
}

#[test]
fn an_approval_is_good_for_one_request_one_target_and_one_way() {
    let mut incident = declared();
    incident.does(approval("noor", Way::Do, "a"));
    incident.is_refused(throttle(Way::Do, "b"), "another request");
    let Command::Fire(fire) = throttle(Way::Do, "a") else { panic!("it fires") };
    incident.is_refused(Command::Fire(Fire { want: "10".into(), ..fire }), "another request");
    incident.does(throttle(Way::Do, "a"));
    incident.settles(1, Outcome::Rejected);
    incident.is_refused(throttle(Way::Do, "a"), "needs approval");
    incident.does(approval("noor", Way::Do, "a"));
    incident.pulls_approved(2);
    incident.is_refused(throttle(Way::Undo, "a"), "needs approval");
}

impl Incident {
    fn pulls_approved(&mut self, attempt: u32) {
        self.does(throttle(Way::Do, "a"));
        self.settles(attempt, Outcome::Applied);
        self.reads_back(attempt, ReadBack::Agrees, "20");
    }
}

#[test]
fn the_target_must_be_typed_exactly() {
    let mut incident = declared();
    let Command::Approve { approver, lever, way, want, request_sha256, .. } = approval("noor", Way::Do, "a") else {
        panic!("it approves")
    };
    let typed = "as wanted.".into();
    let command = Command::Approve { approver, lever, way, want, typed, request_sha256 };
    incident.is_refused(command, "must be typed exactly");
}

#[test]
fn an_approval_is_old_after_fifteen_minutes_and_after_a_resume() {
    let mut incident = declared();
    incident.does(approval("noor", Way::Do, "a"));
    incident.passes(15 * 60 + 1);
    incident.is_refused(throttle(Way::Do, "a"), "older than 15 minutes");
    incident.does(approval("noor", Way::Do, "a"));
    incident.passes(15 * 60);
    assert!(decide(&incident.playbook, &incident.state, &stamped(&incident, throttle(Way::Do, "a"))).is_ok());
    incident.does(Command::Resume { torn_bytes: 0 });
    incident.is_refused(throttle(Way::Do, "a"), "needs approval");
}

fn stamped(incident: &Incident, command: Command) -> Stamped {
    Stamped { at: incident.now.clone(), actor: "mira".into(), command }
}

#[test]
fn who_approved_and_then_took_command_cannot_fire() {
    let mut incident = declared();
    incident.does(approval("noor", Way::Do, "a"));
    let by_noor = Stamped { actor: "Noor".into(), ..stamped(&incident, throttle(Way::Do, "a")) };
    let refusal = decide(&incident.playbook, &incident.state, &by_noor).expect_err("it must be refused");
    assert!(refusal.0.contains("who approved commands now"), "{refusal}");
}

#[test]
fn the_pilot_stops_where_a_second_person_is_needed() {
    let mut incident = declared();
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate"]);
    incident.does(Command::StartStep { step: id("throttle"), out_of_order: None });
    let stop = pilot(&incident.playbook, &incident.state);
    assert!(matches!(&stop, Move::Stop(why) if why.contains("second person")), "{stop:?}");
}
