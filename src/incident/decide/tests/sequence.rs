//! Claims about levers that are pulled one after the other.

use super::*;
use crate::incident::{Move, candidates, pilot};

const SEQUENCE: &str = r#"
[[steps]]
id = "regions"
sequence = ["freeze", "throttle", "rotate"]
"#;

fn begun() -> Incident {
    let mut incident = Incident::declared_with(&format!("{PLAYBOOK}{SEQUENCE}"));
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle", "watch"]);
    incident.does(Command::StartStep { step: id("regions"), out_of_order: None });
    incident
}

fn anyway(lever: &str) -> Command {
    overriding(fire(lever, Way::Do, Some("regions")), "for this claim")
}

fn next(incident: &Incident) -> Vec<Id> {
    candidates(&incident.playbook, &incident.state, incident.playbook.step(&id("regions")).unwrap())
}

#[test]
fn the_next_of_a_sequence_waits_for_the_read_back_of_the_one_before() {
    let mut incident = begun();
    incident.is_refused(anyway("throttle"), "comes after");
    incident.does(anyway("freeze"));
    incident.settles(1, Outcome::Applied);
    incident.is_refused(anyway("throttle"), "comes after");
    incident.reads_back(1, ReadBack::Agrees, "no permissions");
    assert_eq!(next(&incident), [id("throttle")]);
    for (attempt, lever, saw) in [(2, "throttle", "20"), (3, "rotate", "x")] {
        assert_eq!(incident.status("regions"), Some(StepStatus::Running));
        incident.does(anyway(lever));
        incident.settles(attempt, Outcome::Applied);
        incident.reads_back(attempt, ReadBack::Agrees, saw);
    }
    assert!(next(&incident).is_empty());
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn the_first_that_does_not_read_back_fails_the_sequence_and_the_rest_stays() {
    for (outcome, result) in [
        (Outcome::Applied, Some(ReadBack::Disagrees)),
        (Outcome::Applied, Some(ReadBack::Unknown)),
        (Outcome::Rejected, None),
        (Outcome::NotSent, None),
    ] {
        let mut incident = begun();
        incident.pulls(1, "freeze", Way::Do, Some("regions"), "no permissions");
        incident.does(anyway("throttle"));
        incident.settles(2, outcome);
        result.into_iter().for_each(|result| incident.reads_back(2, result, "100000"));
        assert_eq!(incident.status("regions"), Some(StepStatus::Failed), "{outcome:?} {result:?}");
        let why = incident.state.steps[&id("regions")].reason.clone().unwrap();
        assert!(why.as_str().contains("not pulled: "), "{why}");
        incident.is_refused(anyway("rotate"), "comes after");
        assert!(matches!(pilot(&incident.playbook, &incident.state), Move::Stop(_)));
    }
}

#[test]
fn a_failed_sequence_goes_on_where_it_stopped() {
    let mut incident = begun();
    incident.pulls(1, "freeze", Way::Do, Some("regions"), "no permissions");
    incident.does(anyway("throttle"));
    incident.settles(2, Outcome::NotSent);
    incident.pulls(3, "throttle", Way::Do, Some("regions"), "20");
    assert_eq!(incident.status("regions"), Some(StepStatus::Running));
    assert_eq!(next(&incident), [id("rotate")]);
}

#[test]
fn a_lever_of_an_open_sequence_is_pulled_elsewhere_only_with_a_reason() {
    let mut incident = begun();
    incident.sees("writers", "OK");
    incident.is_refused(fire("throttle", Way::Do, None), "first; firing all the same needs a reason");
}

#[test]
fn a_sequence_opens_again_when_one_of_its_levers_turns() {
    let text = SEQUENCE.replace(", \"rotate\"", "");
    let mut incident = Incident::declared_with(&format!("{PLAYBOOK}{text}"));
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle", "watch"]);
    incident.pulls(1, "freeze", Way::Do, Some("regions"), "no permissions");
    assert_eq!(incident.status("regions"), Some(StepStatus::Running));
    incident.pulls(2, "throttle", Way::Do, Some("regions"), "20");
    assert_eq!(incident.status("regions"), Some(StepStatus::Sensed));
    incident.sees("writers", "OK");
    assert_eq!(incident.status("regions"), Some(StepStatus::Reopened));
}

#[test]
fn the_first_that_is_taken_back_on_purpose_is_no_failure_of_a_sequence_with_a_sensor() {
    let sensed = SEQUENCE.replace("id = \"regions\"", "id = \"regions\"\ndone = { probe = \"limit\", is = \"20\" }");
    let mut incident = Incident::declared_with(&format!("{PLAYBOOK}{sensed}"));
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle", "watch"]);
    incident.does(Command::StartStep { step: id("regions"), out_of_order: None });
    for (attempt, lever, saw) in [(1, "freeze", "no permissions"), (2, "throttle", "20"), (3, "rotate", "x")] {
        incident.pulls(attempt, lever, Way::Do, Some("regions"), saw);
    }
    incident.sees("limit", "20");
    assert_eq!(incident.status("regions"), Some(StepStatus::Sensed));
    incident.pulls(4, "throttle", Way::Undo, None, "100000");
    incident.sees("limit", "100000");
    assert_eq!(incident.status("regions"), Some(StepStatus::Sensed), "nothing has come undone by itself");
    assert!(incident.state.reverted.is_empty());
}
